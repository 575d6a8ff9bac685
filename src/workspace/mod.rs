//! Which packages, targets and files there are, from cargo or, where cargo fails, from the manifests alone.

mod package;
mod request;
mod selection;

pub use package::{
    Dependency, DependencyKind, Package, ResolvedDependency, Target, TargetId, TargetKind,
    Workspace,
};
pub use request::Request;
pub use selection::Selection;
