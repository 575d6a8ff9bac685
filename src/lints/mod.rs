//! The lints: pure functions from the analysis to findings, one file each.

mod finding;

pub use finding::{Applicability, Edit, Finding, Help, Label, Level};
