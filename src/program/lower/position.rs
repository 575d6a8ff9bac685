//! From line and column, as proc-macro2 gives them, to bytes of the file.

use proc_macro2::{LineColumn, Span as SynSpan};

use super::skeleton::Cut;
use crate::source::{FileId, Span};

/// Where the lines of the parsed code start.
pub(super) struct Positions<'a> {
    file: FileId,
    code: &'a str,
    /// Where `code` starts in the file.
    base: u32,
    /// What `code` leaves out.
    cuts: &'a [Cut],
    /// Start of each line in `code`, and whether all of it is ASCII.
    lines: Vec<(u32, bool)>,
}

impl<'a> Positions<'a> {
    pub fn new(file: FileId, code: &'a str, base: u32, cuts: &'a [Cut]) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in code.split_inclusive('\n') {
            lines.push((start, line.is_ascii()));
            start += line.len() as u32;
        }
        lines.push((start, true));
        Positions {
            file,
            code,
            base,
            cuts,
            lines,
        }
    }

    /// The empty range where the code starts.
    pub fn start(&self) -> Span {
        Span {
            file: self.file,
            start: self.base,
            end: self.base,
        }
    }

    pub fn span(&self, span: SynSpan) -> Span {
        let start = self.offset(span.start());
        Span {
            file: self.file,
            start,
            end: self.offset(span.end()).max(start),
        }
    }

    fn offset(&self, place: LineColumn) -> u32 {
        let line = place.line.saturating_sub(1).min(self.lines.len() - 1);
        let (start, is_ascii) = self.lines[line];
        let bytes = match is_ascii {
            true => place.column,
            false => self.code[start as usize..]
                .chars()
                .take(place.column)
                .map(char::len_utf8)
                .sum(),
        };
        let end = self.code.len() as u32;
        let at = (start + bytes as u32).min(end);
        let cut = self.cuts.partition_point(|cut| cut.at <= at).checked_sub(1);
        self.base + at + cut.map_or(0, |cut| self.cuts[cut].missing)
    }
}
