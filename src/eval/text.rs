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

    pub fn indices(&self) -> impl Iterator<Item = IndexId> + '_ {
        self.parts.iter().filter_map(|part| match part {
            Part::Index { index, .. } => Some(*index),
            _ => None,
        })
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::literal(text)
    }
}
