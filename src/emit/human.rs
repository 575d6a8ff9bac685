//! Findings for people: snippets with a label on each place, notes and ways out.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use miette::{
    Diagnostic as Miette, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode,
};

use super::Report;
use super::change::changed_lines;
use super::snippet::Snippet;
use super::summary::summary;
use crate::analysis::Diagnostic;
use crate::lints::{Finding, Label, Level};
use crate::source::{FileId, Span};

pub(super) fn write(report: &Report<'_>, coloured: bool, out: &mut dyn Write) -> io::Result<()> {
    let theme = match coloured {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::unicode_nocolor(),
    };
    let writer = Writer::new(report, theme);
    for diagnostic in &report.diagnostics {
        out.write_all(writer.diagnostic(diagnostic).as_bytes())?;
    }
    for finding in &report.findings {
        out.write_all(writer.finding(finding).as_bytes())?;
    }
    writeln!(out, "{}", summary(report))
}

/// The part of a span before the first label within: labels on one place hide each other.
fn before_labels(span: Span, labels: &[Label]) -> Span {
    let within = labels.iter().map(|label| label.span).filter(|label| {
        label.file == span.file && span.start < label.start && label.start < span.end
    });
    let end = within.map(|label| label.start).min();
    Span {
        end: end.unwrap_or(span.end),
        ..span
    }
}

/// Renders one thing after another.
pub(super) struct Writer<'a> {
    report: &'a Report<'a>,
    handler: GraphicalReportHandler,
}

impl<'a> Writer<'a> {
    /// A writer without colour and in ASCII, for the texts that programs pass on.
    pub fn plain(report: &'a Report<'a>) -> Self {
        Writer::new(report, GraphicalTheme::none())
    }

    fn new(report: &'a Report<'a>, theme: GraphicalTheme) -> Self {
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(120)
            .with_wrap_lines(false)
            .with_context_lines(1)
            .without_syntax_highlighting();
        Writer { report, handler }
    }

    pub fn finding(&self, finding: &Finding) -> String {
        let mut places = vec![Place {
            span: self.first_line(finding.span),
            text: finding.primary_label.clone(),
            is_primary: true,
        }];
        places.extend(finding.labels.iter().map(|label| Place {
            span: self.first_line(label.span),
            text: label.text.clone(),
            is_primary: false,
        }));
        places[0].span = before_labels(places[0].span, &finding.labels);
        let (here, elsewhere): (Vec<Place>, Vec<Place>) = places
            .into_iter()
            .partition(|place| place.span.file == finding.span.file);
        let related = elsewhere
            .chunk_by(|left, right| left.span.file == right.span.file)
            .map(|places| Shown {
                severity: Severity::Advice,
                code: None,
                message: format!("in `{}`", self.shown(places[0].span.file)),
                snippet: Some(self.snippet(places[0].span.file)),
                places: places.to_vec(),
                related: Vec::new(),
            })
            .collect();
        let shown = Shown {
            severity: match finding.level {
                Level::Deny => Severity::Error,
                _ => Severity::Warning,
            },
            code: Some(format!("modlint::{}", finding.lint)),
            message: finding.message.clone(),
            snippet: Some(self.snippet(finding.span.file)),
            places: here,
            related,
        };
        let mut text = self.rendered(&shown);
        for note in &finding.notes {
            text.push_str(&footer("note", note));
        }
        for help in &finding.helps {
            text.push_str(&footer("help", &help.message));
            text.push_str(&changed_lines(help, self.report));
        }
        text.push('\n');
        text
    }

    pub fn diagnostic(&self, diagnostic: &Diagnostic) -> String {
        let path = self.report.shown(&diagnostic.path);
        let shown = Shown {
            severity: Severity::Warning,
            code: None,
            message: match diagnostic.span {
                Some(_) => diagnostic.message.clone(),
                None => format!("{path}: {}", diagnostic.message),
            },
            snippet: diagnostic.span.map(|span| self.snippet(span.file)),
            places: diagnostic
                .span
                .map(|span| Place {
                    span: self.first_line(span),
                    text: "here".to_owned(),
                    is_primary: true,
                })
                .into_iter()
                .collect(),
            related: Vec::new(),
        };
        let mut text = self.rendered(&shown);
        if !diagnostic.help.is_empty() {
            text.push_str(&footer("help", &diagnostic.help));
        }
        text.push('\n');
        text
    }

    fn rendered(&self, shown: &Shown) -> String {
        let mut text = String::new();
        match self.handler.render_report(&mut text, shown) {
            Ok(()) => text,
            // Never seen; the message is worth more than the picture.
            Err(fmt::Error) => format!("{}\n", shown.message),
        }
    }

    /// The part of a span on its first line: brackets over many lines hide the labels within.
    fn first_line(&self, span: Span) -> Span {
        let file = self.report.sources.get(span.file);
        let text = file
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("");
        let line = text.split('\n').next().unwrap_or("").trim_end();
        Span {
            end: span.start + line.len() as u32,
            ..span
        }
    }

    fn snippet(&self, file: FileId) -> Arc<Snippet> {
        Arc::new(Snippet {
            file: self.report.sources.get(file),
            shown: self.shown(file),
        })
    }

    fn shown(&self, file: FileId) -> String {
        self.report.shown(&self.report.sources.get(file).path)
    }
}

/// `  = note: ..`, later lines beneath the first.
fn footer(kind: &str, text: &str) -> String {
    let indented = text.replace('\n', "\n          ");
    format!("  = {kind}: {indented}\n")
}

#[derive(Clone, Debug)]
struct Place {
    span: Span,
    text: String,
    is_primary: bool,
}

/// One thing as miette takes it.
#[derive(Debug)]
struct Shown {
    severity: Severity,
    code: Option<String>,
    message: String,
    snippet: Option<Arc<Snippet>>,
    places: Vec<Place>,
    related: Vec<Shown>,
}

impl fmt::Display for Shown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Miette for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code.as_ref()?))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.snippet.as_deref()?)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.places.is_empty() {
            return None;
        }
        Some(Box::new(self.places.iter().map(|place| {
            let span = (
                place.span.start as usize,
                (place.span.end - place.span.start) as usize,
            );
            let text = (!place.text.is_empty()).then(|| place.text.clone());
            match place.is_primary {
                true => LabeledSpan::new_primary_with_span(text, span),
                false => LabeledSpan::new_with_span(text, span),
            }
        })))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Miette> + 'a>> {
        if self.related.is_empty() {
            return None;
        }
        Some(Box::new(
            self.related.iter().map(|related| related as &dyn Miette),
        ))
    }
}
