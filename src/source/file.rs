//! One file: its text as it stands on disk, and where its lines are.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::outline::Outline;

const BOM: &str = "\u{feff}";

/// A file as it stands on disk.
#[derive(Debug)]
pub struct SourceFile {
    /// Absolute.
    pub path: PathBuf,
    /// Every byte of it, byte order mark and shebang too.
    pub text: String,
    /// Where each line starts.
    lines: OnceLock<Vec<u32>>,
    outline: OnceLock<Outline>,
}

impl SourceFile {
    pub fn new(path: PathBuf, text: String) -> Self {
        SourceFile {
            path,
            text,
            lines: OnceLock::new(),
            outline: OnceLock::new(),
        }
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = self.text.match_indices('\n').map(|(at, _)| at as u32 + 1);
            std::iter::once(0).chain(ends).collect()
        })
    }

    /// What can be told of it without parsing.
    pub fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| Outline::of(&self.text))
    }

    /// Line and column, from 1, columns in chars; a byte order mark has no width.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.floor_boundary(offset);
        let line = self
            .lines()
            .partition_point(|start| *start as usize <= offset)
            .max(1);
        let before = &self.text[self.lines()[line - 1] as usize..offset];
        let before = match line {
            1 => before.trim_start_matches(BOM),
            _ => before,
        };
        (line, before.chars().count() + 1)
    }

    /// How many lines there are.
    pub fn line_count(&self) -> usize {
        self.lines().len()
    }

    /// The text of a line (from 1) without its line end and byte order mark; empty beyond the last.
    pub fn line(&self, line: usize) -> &str {
        let Some(start) = line.checked_sub(1).and_then(|at| self.lines().get(at)) else {
            return "";
        };
        let end = self
            .lines()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::new(PathBuf::from("/a.rs"), text.to_owned())
    }

    fn position_of(text: &str, word: &str) -> (usize, usize) {
        file(text).line_column(text.find(word).unwrap())
    }

    #[test]
    fn columns_count_chars_from_one_and_a_tab_is_one_char() {
        assert_eq!(position_of("x", "x"), (1, 1));
        assert_eq!(position_of("\tx", "x"), (1, 2));
        assert_eq!(position_of("a\n\u{e9}\u{4e2d}x", "x"), (2, 3));
    }

    #[test]
    fn a_byte_order_mark_has_no_width() {
        assert_eq!(position_of("\u{feff}x", "x"), (1, 1));
        assert_eq!(position_of("\u{feff}a\nx", "x"), (2, 1));
        assert_eq!(file("\u{feff}x").line_column(0), (1, 1));
    }

    #[test]
    fn windows_line_ends_belong_to_their_line() {
        assert_eq!(position_of("a\r\nbx\r\n", "x"), (2, 2));
        assert_eq!(file("a\r\nbx\r\n").line(2), "bx");
    }

    #[test]
    fn offsets_beyond_the_end_and_inside_a_char_are_moved_back() {
        assert_eq!(file("\u{e9}").line_column(1), (1, 1));
        assert_eq!(file("ab\n").line_column(99), (2, 1));
    }

    #[test]
    fn lines_are_given_without_their_ends() {
        let file = file("\u{feff}#!run\n\nlast");
        assert_eq!(file.line_count(), 3);
        assert_eq!(
            [1, 2, 3, 4, 0].map(|line| file.line(line)),
            ["#!run", "", "last", "", ""]
        );
    }
}
