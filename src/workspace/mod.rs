//! Which packages, targets and files there are, from cargo or, where cargo fails, from the manifests alone.

mod package;

pub use package::{
    Dependency, DependencyKind, Package, ResolvedDependency, Target, TargetKind, Workspace,
};
