//! The module tree of a model: its parameters, and where they are trained.

mod build;
mod module_paths;
mod node;
mod parameters;
mod tree;

pub use build::{Settable, models};
pub use node::{Count, Kind, Node, framework_of, node_of};
pub use parameters::written_path;
pub use tree::{Bounds, Dimension, GroupMembers, Model, Opaque, Parameter, TrainingSite};
