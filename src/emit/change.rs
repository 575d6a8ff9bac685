//! An edit as a person reads it: the lines before and after.

use std::fmt::Write;

use super::Report;
use crate::lints::{Edit, Help};
use crate::source::SourceFile;

/// More lines than this are not shown: a big change is read in the file.
const MOST_LINES: usize = 12;

/// The changed lines of a help's edits, `-` before and `+` after; empty where there are no edits or too many lines.
pub(super) fn changed_lines(help: &Help, report: &Report<'_>) -> String {
    let mut edits: Vec<&Edit> = help.edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
    let mut text = String::new();
    for of_file in edits.chunk_by(|left, right| left.span.file == right.span.file) {
        let file = report.sources.get(of_file[0].span.file);
        let elsewhere = of_file[0].span.file != edits[0].span.file;
        let line_of = |offset: u32| file.line_column(offset as usize).0;
        let near =
            |left: &&Edit, right: &&Edit| line_of(right.span.start) <= line_of(left.span.end);
        for hunk in of_file.chunk_by(near) {
            if elsewhere {
                let _ = writeln!(text, "  {}", report.shown(&file.path));
            }
            write_hunk(&mut text, hunk, &file);
        }
    }
    match text.lines().count() {
        0..=MOST_LINES => text,
        _ => String::new(),
    }
}

/// The lines that these edits, in order, touch.
fn write_hunk(text: &mut String, edits: &[&Edit], file: &SourceFile) {
    let first = file.line_column(edits[0].span.start as usize).0;
    let end = edits.iter().map(|edit| edit.span.end).max().unwrap_or(0);
    let last = file.line_column(end as usize).0;
    let before: Vec<&str> = (first..=last).map(|line| file.line(line)).collect();
    let after = applied(edits, file, before.join("\n").len(), first);
    for (number, line) in (first..).zip(&before) {
        let _ = writeln!(text, "{number:>4} - {}", line.trim_end());
    }
    for (number, line) in (first..).zip(after.lines()) {
        let _ = writeln!(text, "{number:>4} + {}", line.trim_end());
    }
}

/// The text of the touched lines with the edits made.
fn applied(edits: &[&Edit], file: &SourceFile, length: usize, first: usize) -> String {
    let text = file.text.as_str();
    let (_, column) = file.line_column(edits[0].span.start as usize);
    let head: String = file.line(first).chars().take(column - 1).collect();
    let mut after = String::with_capacity(length);
    after.push_str(&head);
    let mut at = edits[0].span.start as usize;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        after.push_str(text.get(at..start).unwrap_or(""));
        after.push_str(&edit.replacement);
        at = at.max(end);
    }
    let rest = text.get(at..).unwrap_or("");
    after.push_str(rest.split('\n').next().unwrap_or(""));
    after
}
