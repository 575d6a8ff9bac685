//! Edits on a text.

use crate::lints::Edit;

/// A text after edits, and where its parts came to lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub text: String,
    /// Of each edit in order: start and end before, and the length of what stands there now.
    moves: Vec<(usize, usize, usize)>,
}

impl Edited {
    /// Where a place of the old text lies in the new one; a place inside a replaced range lies at its start.
    pub fn moved(&self, place: usize) -> usize {
        let mut shift = 0isize;
        for (start, end, length) in &self.moves {
            if *end > place || *start >= place {
                if *start < place {
                    return start.saturating_add_signed(shift);
                }
                break;
            }
            shift += *length as isize - (end - start) as isize;
        }
        place.saturating_add_signed(shift)
    }
}

/// The text with the edits made; None if two of them overlap, or one lies outside the text. Equal edits are one. Line ends in replacements
/// become those of the text.
pub fn edited(text: &str, edits: &[Edit]) -> Option<Edited> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    edits.dedup();
    let line_end = line_end(text);
    let mut result = String::with_capacity(text.len());
    let mut moves = Vec::new();
    let mut at = 0;
    let mut last_insertion = None;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        // Of two insertions at one place no one can tell which comes first.
        let is_ambiguous = last_insertion == Some(start);
        if start < at || is_ambiguous {
            return None;
        }
        text.get(start..end)?;
        let replacement = edit.replacement.replace('\n', line_end);
        result.push_str(text.get(at..start)?);
        result.push_str(&replacement);
        moves.push((start, end, replacement.len()));
        at = end;
        last_insertion = (start == end).then_some(start);
    }
    result.push_str(text.get(at..)?);
    Some(Edited {
        text: result,
        moves,
    })
}

/// What ends the first line.
fn line_end(text: &str) -> &'static str {
    match text.split_once('\n') {
        Some((first, _)) if first.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn edit(start: u32, end: u32, replacement: &str) -> Edit {
        let file = FileId(0);
        Edit {
            span: Span { file, start, end },
            replacement: replacement.into(),
        }
    }

    #[test]
    fn edits_are_made_whatever_their_order() {
        let edits = [edit(4, 5, "yy"), edit(0, 1, ""), edit(2, 2, "+")];
        assert_eq!(edited("a bc d", &edits).unwrap().text, " +bcyyd");
    }

    #[test]
    fn equal_edits_are_one() {
        let edits = [edit(1, 1, "x"), edit(1, 1, "x")];
        assert_eq!(edited("ab", &edits).unwrap().text, "axb");
    }

    #[test]
    fn overlapping_edits_are_refused() {
        assert_eq!(edited("abcd", &[edit(0, 2, "x"), edit(1, 3, "y")]), None);
        assert_eq!(edited("abcd", &[edit(1, 1, "x"), edit(1, 1, "y")]), None);
        assert_eq!(edited("abcd", &[edit(2, 9, "x")]), None);
        assert_eq!(edited("ä", &[edit(1, 1, "x")]), None);
    }

    #[test]
    fn adjoining_edits_are_made() {
        assert_eq!(
            edited("&p/", &[edit(0, 1, ""), edit(2, 2, ".g()")])
                .unwrap()
                .text,
            "p.g()/"
        );
    }

    #[test]
    fn new_lines_end_as_the_others_do() {
        let text = edited("a\r\nb\r\n", &[edit(3, 3, "x\ny\n")]).unwrap().text;
        assert_eq!(text, "a\r\nx\r\ny\r\nb\r\n");
    }

    #[test]
    fn places_move_with_the_text_around_them() {
        let result = edited("0123456789", &[edit(2, 4, "abcde"), edit(7, 7, "-")]).unwrap();
        let moved: Vec<usize> = [0, 2, 3, 4, 6, 7, 8].map(|at| result.moved(at)).into();
        assert_eq!(moved, [0, 2, 2, 7, 9, 10, 12]);
    }
}
