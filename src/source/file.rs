//! One file: its text as it stands on disk, and where its lines are.

use std::path::PathBuf;

const BOM: &str = "\u{feff}";

/// A file as it stands on disk.
#[derive(Debug)]
pub struct SourceFile {
    /// Absolute.
    pub path: PathBuf,
    /// Every byte of it, byte order mark and shebang too.
    pub text: String,
    /// Where each line starts.
    lines: Vec<u32>,
}

impl SourceFile {
    pub fn new(path: PathBuf, text: String) -> Self {
        let lines = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|(_, byte)| *byte == b'\n')
                    .map(|(at, _)| at as u32 + 1),
            )
            .collect();
        SourceFile { path, text, lines }
    }

    /// Line and column, from 1, columns in chars; a byte order mark has no width.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.floor_boundary(offset);
        let line = self
            .lines
            .partition_point(|start| *start as usize <= offset)
            .max(1);
        let before = &self.text[self.lines[line - 1] as usize..offset];
        let before = match line {
            1 => before.trim_start_matches(BOM),
            _ => before,
        };
        (line, before.chars().count() + 1)
    }

    /// How many lines there are.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// The text of a line (from 1) without its line end and byte order mark; empty beyond the last.
    pub fn line(&self, line: usize) -> &str {
        let Some(start) = line.checked_sub(1).and_then(|at| self.lines.get(at)) else {
            return "";
        };
        let end = self
            .lines
            .get(line)
            .map_or(self.text.len(), |end| *end as usize);
        let text = &self.text[*start as usize..end];
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        text.strip_prefix(BOM).unwrap_or(text)
    }

    fn floor_boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}
