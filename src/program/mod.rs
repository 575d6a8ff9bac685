//! Items and names of all files of a run.

pub mod hir;
