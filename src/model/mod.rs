//! The module tree of a model: its parameters, and where they are trained.

mod tree;

pub use tree::{Bounds, Dimension, GroupMembers, Model, Opaque, Parameter, TrainingSite};
