//! Checkpoints on disk, and how their keys and shapes compare with a model's parameters.

mod compare;
mod safetensors;

pub use compare::{Comparison, Misshapen, Unexpected, compare};
pub use safetensors::{CheckpointError, Header, read_header};
