//! A type-checker for parameter groups.

pub mod analysis;
pub mod check;
pub mod checkpoint;
pub mod cli;
pub mod config;
pub mod emit;
pub mod eval;
pub mod fix;
pub mod frameworks;
pub mod lints;
pub mod model;
pub mod name;
pub mod program;
pub mod regroup;
pub mod source;
pub mod suppression;
pub mod training;
pub mod workspace;
