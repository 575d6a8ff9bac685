//! Strings that are known, hold a loop's index, or have parts that are not known.

use std::rc::Rc;

use super::num::{IndexId, Num};

/// A piece of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Literal(Rc<str>),
    /// The decimal form of `scale * index + offset`.
    Index {
        index: IndexId,
        scale: i128,
        offset: i128,
    },
    /// Not known; the name says what it stands for.
    Hole(Rc<str>),
}

/// A string, as its pieces; neighbouring literals are one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text {
    parts: Vec<Part>,
}

impl Text {
    pub fn literal(text: &str) -> Text {
        let mut result = Text::default();
        result.push(Part::Literal(text.into()));
        result
    }

    pub fn hole(name: &str) -> Text {
        Text {
            parts: vec![Part::Hole(name.into())],
        }
    }

    pub fn of_num(num: &Num) -> Text {
        match num {
            Num::Known(value) => Text::literal(&value.to_string()),
            Num::Affine {
                index,
                scale,
                offset,
            } => Text {
                parts: vec![Part::Index {
                    index: *index,
                    scale: *scale,
                    offset: *offset,
                }],
            },
            Num::Named(name) => Text::hole(name),
        }
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The string, if all of it is known.
    pub fn known(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The name of the first piece that is not known.
    pub fn first_hole(&self) -> Option<&str> {
        self.parts.iter().find_map(|part| match part {
            Part::Hole(name) => Some(&**name),
            _ => None,
        })
    }

    pub fn push(&mut self, part: Part) {
        if let (Some(Part::Literal(last)), Part::Literal(next)) = (self.parts.last_mut(), &part) {
            *last = format!("{last}{next}").into();
            return;
        }
        if !matches!(&part, Part::Literal(text) if text.is_empty()) {
            self.parts.push(part);
        }
    }

    pub fn append(&mut self, other: &Text) {
        for part in &other.parts {
            self.push(part.clone());
        }
    }

    /// `self`, `separator`, `other`; the separator only between two strings that aren't empty.
    pub fn joined(&self, separator: &str, other: &Text) -> Text {
        let mut result = self.clone();
        if !self.is_empty() && !other.is_empty() {
            result.push(Part::Literal(separator.into()));
        }
        result.append(other);
        result
    }

    /// The string with each index replaced by what `value` gives for it.
    pub fn with_index(&self, wanted: IndexId, value: i128) -> Text {
        let mut result = Text::default();
        for part in &self.parts {
            match part {
                Part::Index {
                    index,
                    scale,
                    offset,
                } if *index == wanted => {
                    result.push(Part::Literal((scale * value + offset).to_string().into()));
                }
                other => result.push(other.clone()),
            }
        }
        result
    }

    /// True if some part of it is there whatever is not known.
    pub fn is_surely_not_empty(&self) -> bool {
        self.parts.iter().any(|part| !matches!(part, Part::Hole(_)))
    }

    /// Whether it starts so, if that is known.
    pub fn starts_with(&self, start: &str) -> Option<bool> {
        match self.parts.first() {
            _ if start.is_empty() => Some(true),
            None => Some(false),
            Some(Part::Literal(text)) if text.len() >= start.len() || self.parts.len() == 1 => {
                Some(text.starts_with(start))
            }
            Some(Part::Literal(text)) if !start.starts_with(&**text) => Some(false),
            Some(Part::Index { .. }) if !starts_like_a_number(start) => Some(false),
            _ => None,
        }
    }

    /// Whether it ends so, if that is known.
    pub fn ends_with(&self, end: &str) -> Option<bool> {
        match self.parts.last() {
            _ if end.is_empty() => Some(true),
            None => Some(false),
            Some(Part::Literal(text)) if text.len() >= end.len() || self.parts.len() == 1 => {
                Some(text.ends_with(end))
            }
            Some(Part::Literal(text)) if !end.ends_with(&**text) => Some(false),
            Some(Part::Index { .. }) if !end.ends_with(|c: char| c.is_ascii_digit()) => Some(false),
            _ => None,
        }
    }

    /// Whether it holds such a piece, if that is known.
    pub fn contains(&self, piece: &str) -> Option<bool> {
        let found = self.parts.iter().any(|part| match part {
            Part::Literal(text) => text.contains(piece),
            _ => false,
        });
        if found || piece.is_empty() {
            return Some(true);
        }
        self.is_cut_by_indices(piece).then_some(false)
    }

    /// True if the piece can only be found inside of literals: no index is a part of it.
    fn is_cut_by_indices(&self, piece: &str) -> bool {
        self.first_hole().is_none() && !piece.contains(|c: char| c.is_ascii_digit() || c == '-')
    }

    /// Without that many bytes of its first literal.
    pub fn without_start(&self, length: usize) -> Text {
        let mut rest = Text::default();
        for (place, part) in self.parts.iter().enumerate() {
            match part {
                Part::Literal(text) if place == 0 => {
                    rest.push(Part::Literal(text.get(length..).unwrap_or_default().into()));
                }
                part => rest.push(part.clone()),
            }
        }
        rest
    }

    /// Without that many bytes of its last literal.
    pub fn without_end(&self, length: usize) -> Text {
        let mut rest = Text::default();
        for (place, part) in self.parts.iter().enumerate() {
            match part {
                Part::Literal(text) if place + 1 == self.parts.len() => {
                    let kept = text.len().saturating_sub(length);
                    rest.push(Part::Literal(text.get(..kept).unwrap_or_default().into()));
                }
                part => rest.push(part.clone()),
            }
        }
        rest
    }

    /// With the first pieces that are `from` replaced; None if they can't all be told.
    pub fn replaced(&self, from: &str, to: &str, limit: i128) -> Option<Text> {
        if from.is_empty() || !self.is_cut_by_indices(from) {
            return None;
        }
        let mut left = limit;
        let mut result = Text::default();
        for part in &self.parts {
            match part {
                Part::Literal(text) => {
                    let count = text.matches(from).count() as i128;
                    let here = count.min(left);
                    left -= here;
                    let here = usize::try_from(here).unwrap_or(usize::MAX);
                    result.push(Part::Literal(text.replacen(from, to, here).into()));
                }
                part => result.push(part.clone()),
            }
        }
        Some(result)
    }

    pub fn indices(&self) -> impl Iterator<Item = IndexId> + '_ {
        self.parts.iter().filter_map(|part| match part {
            Part::Index { index, .. } => Some(*index),
            _ => None,
        })
    }
}

fn starts_like_a_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::literal(text)
    }
}
