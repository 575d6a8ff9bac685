//! Names of what is not known: one name is one value, so that two names that are alike are equal.
//!
//! A name is the expression that leads to the value, from a constructor's argument on: `cfg.text.hidden_size`, `cfg.dims[1*#3+-1]`, where
//! `1*#3+-1` is a loop's index as [`Num`] writes it. A `?` in a name stands for something that has none: such a name tells nothing apart.

use std::rc::Rc;

use super::machine::{IndexInfo, Machine};
use super::num::{IndexId, Num};
use super::value::Cond;
use crate::program::hir::Member;

/// True if the name stands for one value only.
pub fn tells_apart(name: &str) -> bool {
    !name.contains('?')
}

/// The name of a field of what is called `parent`.
pub fn field(parent: Option<&str>, member: Member) -> String {
    let parent = parent.unwrap_or("?");
    match member {
        Member::Named(name) => format!("{parent}.{name}"),
        Member::Index(index) => format!("{parent}.{index}"),
    }
}

/// The last field of a name: `hidden_size` of `cfg.text.hidden_size`.
pub fn last_field(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A truth that is not known, by the question's name.
pub fn question(name: &str, negated: bool) -> Cond {
    if tells_apart(name) {
        Cond::Symbol {
            name: name.into(),
            negated,
        }
    } else {
        Cond::Unknown
    }
}

/// The name with an index replaced.
pub fn substitute(name: &str, over: IndexId, new: &Num) -> Rc<str> {
    rewritten(name, |index, scale, offset| {
        let num = if index == over {
            new.mul(&Num::Known(scale)).add(&Num::Known(offset))
        } else {
            Num::Affine {
                index,
                scale,
                offset,
            }
        };
        num.to_string()
    })
    .into()
}

/// The name as a person would write it inside the constructor: without the argument it starts from, indices by their names.
pub fn shown(name: &str, indices: &[IndexInfo]) -> String {
    without_root(&rewritten(name, |index, scale, offset| {
        let name = indices
            .get(index.0 as usize)
            .map_or("i", |info| info.name.as_str());
        affine(name, scale, offset)
    }))
}

/// `scale * name + offset`, in its shortest form.
pub fn affine(name: &str, scale: i128, offset: i128) -> String {
    let product = match scale {
        1 => name.to_string(),
        scale => format!("{scale}*{name}"),
    };
    match offset {
        0 => product,
        offset if offset < 0 => format!("{product}{offset}"),
        offset => format!("{product}+{offset}"),
    }
}

/// The name with each index written anew.
fn rewritten(name: &str, write: impl Fn(IndexId, i128, i128) -> String) -> String {
    let mut result = String::new();
    let mut rest = name;
    while let Some(hash) = rest.find("*#") {
        let Some((start, index, scale, offset, end)) = index_at(rest, hash) else {
            result.push_str(&rest[..hash + 2]);
            rest = &rest[hash + 2..];
            continue;
        };
        result.push_str(&rest[..start]);
        result.push_str(&write(index, scale, offset));
        rest = &rest[end..];
    }
    result.push_str(rest);
    result
}

/// The index written around the `*#` at `hash`: where it starts, what it is, where it ends.
fn index_at(text: &str, hash: usize) -> Option<(usize, IndexId, i128, i128, usize)> {
    let start = text[..hash]
        .rfind(|c: char| !c.is_ascii_digit() && c != '-')
        .map_or(0, |at| at + 1);
    let scale = text[start..hash].parse().ok()?;
    let number = hash + 2;
    let plus = number + text[number..].find('+')?;
    let index = text[number..plus].parse().ok()?;
    let offset = plus + 1;
    let digits = text[offset..]
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_digit() || *at == 0 && *c == '-'))
        .map_or(text.len() - offset, |(at, _)| at);
    let end = offset + digits;
    Some((
        start,
        IndexId(index),
        scale,
        text[offset..end].parse().ok()?,
        end,
    ))
}

/// `hidden_size` for `cfg.hidden_size`, at every name in an expression.
fn without_root(name: &str) -> String {
    let mut result = String::new();
    let mut chars = name.char_indices().peekable();
    let mut before = ' ';
    while let Some((start, c)) = chars.next() {
        let begins = (c.is_alphabetic() || c == '_' || c == '?')
            && !before.is_alphanumeric()
            && !"_.])".contains(before);
        if !begins {
            result.push(c);
            before = c;
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some((at, next)) =
            chars.next_if(|(_, next)| next.is_alphanumeric() || *next == '_')
        {
            end = at + next.len_utf8();
        }
        let field = name[end..].strip_prefix('.').is_some_and(|rest| {
            let word: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            word.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && !rest[word.len()..].starts_with('(')
        });
        if field {
            chars.next();
            before = ' ';
            // What follows the root is one chain: nothing more of it is dropped.
            while let Some((_, next)) =
                chars.next_if(|(_, next)| next.is_alphanumeric() || "_.".contains(*next))
            {
                result.push(next);
                before = next;
            }
        } else {
            result.push_str(&name[start..end]);
            before = 'a';
        }
    }
    result
}

impl Machine<'_> {
    /// [`shown`] with this run's indices.
    pub fn shown(&self, name: &str) -> String {
        shown(name, &self.indices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(name: &str) -> IndexInfo {
        IndexInfo {
            name: name.into(),
            low: 0,
            high: None,
            descending: false,
            count: Num::named("?"),
        }
    }

    #[test]
    fn a_person_reads_fields_without_the_argument() {
        let shown = |name| shown(name, &[]);
        assert_eq!(shown("cfg.hidden_size"), "hidden_size");
        assert_eq!(shown("cfg.text.hidden_size"), "text.hidden_size");
        assert_eq!(shown("(cfg.a*cfg.b)+1"), "(a*b)+1");
        assert_eq!(shown("dims.len()"), "dims.len()");
        assert_eq!(shown("cfg.dims.len()-1"), "dims.len()-1");
        assert_eq!(shown("in_dim"), "in_dim");
        assert_eq!(shown("max(a, cfg.b)"), "max(a, b)");
        assert_eq!(shown("?.size"), "size");
    }

    #[test]
    fn indices_are_shown_by_name() {
        let indices = [index("i"), index("layer")];
        let shown = |name| shown(name, &indices);
        assert_eq!(shown("cfg.dims[1*#0+0]"), "dims[i]");
        assert_eq!(shown("cfg.dims[1*#1+-1]"), "dims[layer-1]");
        assert_eq!(shown("cfg.blocks[2*#0+1].out"), "blocks[2*i+1].out");
    }

    #[test]
    fn an_index_is_replaced_wherever_it_stands() {
        let name = substitute("a[1*#0+1]*b[1*#1+0]", IndexId(0), &Num::Known(4));
        assert_eq!(&*name, "a[5]*b[1*#1+0]");
        let name = substitute("a[1*#0+0]", IndexId(0), &Num::index(IndexId(7)));
        assert_eq!(&*name, "a[1*#7+0]");
    }
}
