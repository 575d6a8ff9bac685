//! Findings and module trees as text, for people and for programs. Nothing is decided here.

mod change;
mod colour;
mod comparison;
mod human;
mod json;
mod names;
mod report;
mod rustc;
mod short;
mod snippet;
mod summary;
mod tree_human;
mod tree_json;

pub use colour::Colour;
pub use comparison::write_comparison;
pub use names::write_names;
pub use report::Report;
pub(crate) use summary::counted;
#[cfg(test)]
pub(crate) use tree_human::tests::model as example_model;
pub use tree_human::write_trees;
pub use tree_json::write_trees_as_json;

use std::io::{self, Write};

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Snippets with labels.
    #[default]
    Human,
    /// One line a finding.
    Short,
    /// Cargo's stream of JSON messages.
    Json,
}

/// Writes the findings and, for people, a closing summary.
pub fn write(
    report: &Report<'_>,
    format: Format,
    coloured: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, coloured, out),
        Format::Short => short::write(report, out),
        Format::Json => json::write(report, out),
    }
}
