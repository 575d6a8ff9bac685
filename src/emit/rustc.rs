//! Findings in the form of rustc's JSON diagnostics.

use serde::Serialize;

use super::Report;
use super::human::Writer;
use crate::analysis::Diagnostic as FileDiagnostic;
use crate::lints::{Applicability, Finding, Help, Level};
use crate::source::Span;

#[derive(Debug, Serialize)]
pub(super) struct Diagnostic {
    #[serde(rename = "$message_type")]
    message_type: &'static str,
    message: String,
    code: Option<Code>,
    level: &'static str,
    spans: Vec<DiagnosticSpan>,
    children: Vec<Diagnostic>,
    rendered: Option<String>,
}

#[derive(Debug, Serialize)]
struct Code {
    code: String,
    explanation: Option<String>,
}

#[derive(Debug, Serialize)]
struct DiagnosticSpan {
    file_name: String,
    byte_start: u32,
    byte_end: u32,
    line_start: usize,
    line_end: usize,
    /// From 1, in chars.
    column_start: usize,
    column_end: usize,
    is_primary: bool,
    text: Vec<SpanLine>,
    label: Option<String>,
    suggested_replacement: Option<String>,
    suggestion_applicability: Option<&'static str>,
    /// Never set: no finding points into the expansion of a macro.
    expansion: Option<()>,
}

#[derive(Debug, Serialize)]
struct SpanLine {
    text: String,
    highlight_start: usize,
    highlight_end: usize,
}

/// A finding, its labels as secondary spans, its notes and ways out as children.
pub(super) fn of_finding(finding: &Finding, report: &Report<'_>) -> Diagnostic {
    let mut spans = vec![DiagnosticSpan {
        label: (!finding.primary_label.is_empty()).then(|| finding.primary_label.clone()),
        ..span(finding.span, true, report)
    }];
    spans.extend(finding.labels.iter().map(|label| DiagnosticSpan {
        label: Some(label.text.clone()),
        ..span(label.span, false, report)
    }));
    let notes = finding.notes.iter().map(|note| child("note", note.clone()));
    let helps = finding
        .helps
        .iter()
        .map(|help| of_help(help, finding.span, report));
    Diagnostic {
        message_type: "diagnostic",
        message: finding.message.clone(),
        code: Some(Code {
            code: format!("modlint::{}", finding.lint),
            explanation: None,
        }),
        level: match finding.level {
            Level::Deny => "error",
            _ => "warning",
        },
        spans,
        children: notes.chain(helps).collect(),
        rendered: Some(Writer::plain(report).finding(finding)),
    }
}

/// A problem with a file.
pub(super) fn of_file(diagnostic: &FileDiagnostic, report: &Report<'_>) -> Diagnostic {
    let help = (!diagnostic.help.is_empty()).then(|| child("help", diagnostic.help.clone()));
    Diagnostic {
        spans: diagnostic
            .span
            .map(|place| span(place, true, report))
            .into_iter()
            .collect(),
        children: help.into_iter().collect(),
        rendered: Some(Writer::plain(report).diagnostic(diagnostic)),
        ..child("warning", diagnostic.message.clone())
    }
}

/// A way out. Editors offer its edits where the first span is, so that one is the finding's own and edits nothing.
fn of_help(help: &Help, squiggle: Span, report: &Report<'_>) -> Diagnostic {
    let mut spans = Vec::new();
    if !help.edits.is_empty() {
        spans.push(span(squiggle, true, report));
    }
    spans.extend(help.edits.iter().map(|edit| DiagnosticSpan {
        suggested_replacement: Some(edit.replacement.clone()),
        suggestion_applicability: Some(applicability(help.applicability)),
        ..span(edit.span, true, report)
    }));
    Diagnostic {
        spans,
        ..child("help", help.message.clone())
    }
}

fn child(level: &'static str, message: String) -> Diagnostic {
    Diagnostic {
        message_type: "diagnostic",
        message,
        code: None,
        level,
        spans: Vec::new(),
        children: Vec::new(),
        rendered: None,
    }
}

fn applicability(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::MachineApplicable => "MachineApplicable",
        Applicability::MaybeIncorrect => "MaybeIncorrect",
        Applicability::HasPlaceholders => "HasPlaceholders",
        Applicability::Unspecified => "Unspecified",
    }
}

fn span(span: Span, is_primary: bool, report: &Report<'_>) -> DiagnosticSpan {
    let file = report.sources.get(span.file);
    let (line_start, column_start) = file.line_column(span.start as usize);
    let (line_end, column_end) = file.line_column(span.end as usize);
    let text = (line_start..=line_end)
        .map(|line| {
            let text = file.line(line);
            SpanLine {
                highlight_start: if line == line_start { column_start } else { 1 },
                highlight_end: match line == line_end {
                    true => column_end,
                    false => text.chars().count() + 1,
                },
                text: text.to_owned(),
            }
        })
        .collect();
    DiagnosticSpan {
        file_name: file.path.display().to_string(),
        byte_start: span.start,
        byte_end: span.end,
        line_start,
        line_end,
        column_start,
        column_end,
        is_primary,
        text,
        label: None,
        suggested_replacement: None,
        suggestion_applicability: None,
        expansion: None,
    }
}
