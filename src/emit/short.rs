//! One line a finding.

use std::io::{self, Write};

use super::Report;
use super::summary::summary;
use crate::lints::Level;

/// `src/net.rs:3:5: warning: message [modlint::flat_sequential]`
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        let path = report.shown(&diagnostic.path);
        let place = diagnostic.span.map(|span| {
            let file = report.sources.get(span.file);
            let (line, column) = file.line_column(span.start as usize);
            format!(":{line}:{column}")
        });
        writeln!(
            out,
            "{path}{}: warning: {}",
            place.unwrap_or_default(),
            diagnostic.message
        )?;
    }
    for finding in &report.findings {
        let file = report.sources.get(finding.span.file);
        let (line, column) = file.line_column(finding.span.start as usize);
        let level = match finding.level {
            Level::Deny => "error",
            _ => "warning",
        };
        writeln!(
            out,
            "{}:{line}:{column}: {level}: {} [modlint::{}]",
            report.shown(&file.path),
            finding.message,
            finding.lint
        )?;
    }
    writeln!(out, "{}", summary(report))
}
