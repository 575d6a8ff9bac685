//! Reads a segment glob.

use super::Wildcard;
use crate::error::{Error, Result};

/// One segment of a glob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// This text.
    Literal(String),
    /// A pattern for one segment.
    Pattern(Wildcard),
    /// `**`: any number of segments.
    AnyDepth,
}

/// More alternatives than anyone writes by hand.
const MOST_ALTERNATIVES: usize = 1024;

/// The segments of a path that stands for itself.
pub(crate) fn literal(path: &str) -> Vec<Segment> {
    path.split('.')
        .map(|segment| Segment::Literal(segment.to_owned()))
        .collect()
}

/// Reads a glob: one list of segments for each combination of its `{…}` alternatives.
pub(crate) fn parse(pattern: &str) -> Result<Vec<Vec<Segment>>> {
    let bad = |reason: String| Error::BadGlob {
        pattern: pattern.to_owned(),
        reason,
    };
    let mut lists = Vec::new();
    for plain in expand(pattern).map_err(bad)? {
        let segments: Vec<Segment> = plain.split('.').map(segment).collect();
        if segments.contains(&Segment::Literal(String::new())) {
            return Err(bad(
                "it has an empty segment: remove the `.` at its start or end, or the doubled one"
                    .to_owned(),
            ));
        }
        if let Some(mixed) = plain.split('.').find(|s| s.contains("**") && *s != "**") {
            return Err(bad(format!(
                "`**` must be a segment of its own, and `{mixed}` mixes it with text"
            )));
        }
        lists.push(segments);
    }
    Ok(lists)
}

fn segment(text: &str) -> Segment {
    if text == "**" {
        return Segment::AnyDepth;
    }
    let wildcard = Wildcard::parse(text);
    match wildcard.as_literal() {
        Some(literal) => Segment::Literal(literal),
        None => Segment::Pattern(wildcard),
    }
}

/// Writes out the alternatives of the braces, leftmost first.
fn expand(pattern: &str) -> Result<Vec<String>, String> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(text) = open.pop() {
        if done.len() + open.len() > MOST_ALTERNATIVES {
            return Err(format!(
                "its braces make more than {MOST_ALTERNATIVES} alternatives: use `*`"
            ));
        }
        let Some(start) = text.find('{') else {
            if text.contains('}') {
                return Err("a `}` has no `{`".to_owned());
            }
            done.push(text);
            continue;
        };
        let (inner, after) = text[start + 1..]
            .split_once('}')
            .ok_or("a `{` has no `}`")?;
        if inner.contains('{') {
            return Err("braces cannot be nested".to_owned());
        }
        for alternative in inner.split(',').rev() {
            open.push(format!("{}{alternative}{after}", &text[..start]));
        }
    }
    Ok(done)
}
