//! A type-checker for parameter groups.

pub mod lints;
pub mod name;
pub mod program;
pub mod source;
pub mod workspace;
