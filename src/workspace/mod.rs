//! Which packages, targets and files there are, from cargo or, where cargo fails, from the manifests alone.

mod cargo;
mod dependencies;
mod discover;
mod edited;
mod error;
mod features;
mod lock;
mod loose;
mod manifest;
mod members;
mod package;
mod reach;
mod read;
mod request;
mod resolve;
mod selection;
mod source_index;
mod targets;
#[cfg(test)]
pub(crate) mod testing;

pub use discover::discover;
pub use error::{DiscoverError, ManifestError};
pub use package::{
    Dependency, DependencyKind, Package, ResolvedDependency, Target, TargetId, TargetKind,
    Workspace,
};
pub use request::Request;
pub use selection::Selection;
