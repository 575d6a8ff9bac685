//! Integers that are known, that follow a loop's index, or that have only a name.

use std::fmt;
use std::rc::Rc;

/// An index of a loop whose number of rounds is not known; its name and range stand in the machine's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndexId(pub u32);

/// An integer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Num {
    Known(i128),
    /// `scale * index + offset`, `scale` not zero.
    Affine {
        index: IndexId,
        scale: i128,
        offset: i128,
    },
    /// Only its name, or the expression it came from, is known.
    Named(Rc<str>),
}

impl Num {
    pub fn known(&self) -> Option<i128> {
        match self {
            Num::Known(value) => Some(*value),
            _ => None,
        }
    }

    pub fn index(index: IndexId) -> Num {
        Num::Affine {
            index,
            scale: 1,
            offset: 0,
        }
    }

    pub fn named(name: &str) -> Num {
        Num::Named(name.into())
    }

    /// True for a number without a name of its own, which equals no other for certain.
    pub fn is_nameless(&self) -> bool {
        matches!(self, Num::Named(name) if !super::symbol::tells_apart(name))
    }

    fn is_compound(&self) -> bool {
        match self {
            Num::Named(name) => name.contains(|c: char| "+-*/% ".contains(c)),
            _ => false,
        }
    }

    fn operand(&self) -> String {
        if self.is_compound() {
            format!("({self})")
        } else {
            self.to_string()
        }
    }

    fn written(&self, operator: &str, other: &Num) -> Num {
        let text = format!("{}{operator}{}", self.operand(), other.operand());
        // A name that no one would read says no more than that the number is not known.
        if text.len() > 120 {
            Num::named("?")
        } else {
            Num::Named(text.into())
        }
    }

    pub fn add(&self, other: &Num) -> Num {
        match (self, other) {
            (Num::Known(a), Num::Known(b)) => {
                bounded(a.checked_add(*b)).unwrap_or_else(|| self.written("+", other))
            }
            (Num::Known(0), n) | (n, Num::Known(0)) => n.clone(),
            (
                Num::Affine {
                    index,
                    scale,
                    offset,
                },
                Num::Known(k),
            )
            | (
                Num::Known(k),
                Num::Affine {
                    index,
                    scale,
                    offset,
                },
            ) => affine(*index, Some(*scale), offset.checked_add(*k)),
            (_, Num::Known(k)) if *k < 0 => self.written("-", &Num::Known(k.saturating_neg())),
            _ => self.written("+", other),
        }
    }

    pub fn sub(&self, other: &Num) -> Num {
        match (self, other) {
            (Num::Known(a), Num::Known(b)) => {
                bounded(a.checked_sub(*b)).unwrap_or_else(|| self.written("-", other))
            }
            (_, Num::Known(0)) => self.clone(),
            (
                Num::Affine {
                    index,
                    scale,
                    offset,
                },
                Num::Known(k),
            ) => affine(*index, Some(*scale), offset.checked_sub(*k)),
            (a, b) if a == b && !a.is_nameless() => Num::Known(0),
            _ => self.written("-", other),
        }
    }

    pub fn mul(&self, other: &Num) -> Num {
        match (self, other) {
            (Num::Known(a), Num::Known(b)) => {
                bounded(a.checked_mul(*b)).unwrap_or_else(|| self.written("*", other))
            }
            (Num::Known(1), n) | (n, Num::Known(1)) => n.clone(),
            (Num::Known(0), _) | (_, Num::Known(0)) => Num::Known(0),
            (
                Num::Affine {
                    index,
                    scale,
                    offset,
                },
                Num::Known(k),
            )
            | (
                Num::Known(k),
                Num::Affine {
                    index,
                    scale,
                    offset,
                },
            ) => affine(*index, scale.checked_mul(*k), offset.checked_mul(*k)),
            _ => self.written("*", other),
        }
    }

    pub fn div(&self, other: &Num) -> Num {
        match (self, other) {
            (Num::Known(a), Num::Known(b)) if *b != 0 => Num::Known(a / b),
            (_, Num::Known(1)) => self.clone(),
            _ => self.written("/", other),
        }
    }

    pub fn rem(&self, other: &Num) -> Num {
        match (self, other) {
            (Num::Known(a), Num::Known(b)) if *b != 0 => Num::Known(a % b),
            _ => self.written("%", other),
        }
    }
}

/// Numbers beyond this are not counted with: what adds two of them needs no care.
const LARGEST: i128 = 1 << 100;

fn bounded(value: Option<i128>) -> Option<Num> {
    value
        .filter(|value| (-LARGEST..=LARGEST).contains(value))
        .map(Num::Known)
}

fn affine(index: IndexId, scale: Option<i128>, offset: Option<i128>) -> Num {
    match (bounded(scale), bounded(offset)) {
        (Some(Num::Known(scale)), Some(Num::Known(offset))) => Num::Affine {
            index,
            scale,
            offset,
        },
        _ => Num::named("?"),
    }
}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Num::Known(value) => write!(f, "{value}"),
            Num::Affine {
                index,
                scale,
                offset,
            } => write!(f, "{scale}*#{}+{offset}", index.0),
            Num::Named(name) => f.write_str(name),
        }
    }
}
