//! The line that closes a run.

use super::Report;
use crate::lints::Level;

/// `1 error, 2 warnings; 3 constructs not analysed; 1 file left out`
pub(super) fn summary(report: &Report<'_>) -> String {
    let counts: Vec<String> = [
        (report.count(Level::Deny), "error"),
        (report.count(Level::Warn), "warning"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| counted(count, word))
    .collect();
    let mut parts = vec![match counts.is_empty() {
        true => "no findings".to_owned(),
        false => counts.join(", "),
    }];
    if !report.not_analysed.is_empty() {
        let constructs = counted(report.not_analysed.len(), "construct");
        parts.push(format!("{constructs} not analysed"));
    }
    if !report.diagnostics.is_empty() {
        let problems = counted(report.diagnostics.len(), "problem");
        parts.push(format!("{problems} with files"));
    }
    parts.join("; ")
}

/// `1 finding`, `2 findings`
pub fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
