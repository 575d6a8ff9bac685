//! Suppression comments as they stand in a file.

use std::ops::Range;

use crate::source::{Token, TokenKind, Tokens};

/// A comment that speaks to the linter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    /// The comment's bytes.
    pub range: Range<usize>,
    pub place: Place,
    /// The names in `allow(..)`, each with its bytes; None if the comment isn't of that form.
    pub names: Option<Vec<Range<usize>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Behind code on the same line.
    Trailing,
    /// On lines of its own; where the next token starts.
    Above { next: usize },
}

/// The comments of a file that speak to the linter. Literals and doc comments hold none.
pub(super) fn comments(text: &str) -> Vec<Comment> {
    if !text.contains("modlint:") {
        return Vec::new();
    }
    let mut found: Vec<Comment> = Vec::new();
    // The comments from here on wait for the next token.
    let mut waiting = 0;
    let mut last_code_end = 0;
    for token in Tokens::new(text) {
        let own = &text[token.start..token.end];
        if token.kind != TokenKind::Comment || is_doc(own) {
            for comment in &mut found[waiting..] {
                if let Place::Above { next } = &mut comment.place {
                    *next = token.start;
                }
            }
            waiting = found.len();
            last_code_end = token.end;
            continue;
        }
        let Some(names) = message(token, own) else {
            continue;
        };
        let code_before = last_code_end > 0 && !text[last_code_end..token.start].contains('\n');
        found.push(Comment {
            range: token.start..token.end,
            place: match code_before {
                true => Place::Trailing,
                false => Place::Above { next: text.len() },
            },
            names,
        });
    }
    found
}

fn is_doc(comment: &str) -> bool {
    let line = comment.starts_with("///") && !comment.starts_with("////");
    let block = comment.starts_with("/**") && !comment.starts_with("/***") && comment != "/**/";
    line || block || comment.starts_with("//!") || comment.starts_with("/*!")
}

/// None if the comment doesn't start with `modlint:`.
fn message(token: Token, comment: &str) -> Option<Option<Vec<Range<usize>>>> {
    let body = comment
        .strip_prefix("//")
        .or_else(|| comment.strip_prefix("/*"))?;
    let order = body.trim_start().strip_prefix("modlint:")?;
    Some(allowed(token.start + comment.len() - order.len(), order))
}

/// The names of `allow(a, b)` at the start of a text, and where they stand.
fn allowed(start: usize, order: &str) -> Option<Vec<Range<usize>>> {
    let list = order
        .trim_start()
        .strip_prefix("allow")?
        .trim_start()
        .strip_prefix('(')?;
    let offset = start + order.len() - list.len();
    let list = &list[..list.find(')')?];
    let mut names = Vec::new();
    let mut at = offset;
    for part in list.split(',') {
        let name = part.trim();
        let lead = part.len() - part.trim_start().len();
        if !name.is_empty() {
            names.push(at + lead..at + lead + name.len());
        }
        at += part.len() + 1;
    }
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each comment as its place and names.
    fn found(text: &str) -> Vec<String> {
        comments(text)
            .into_iter()
            .map(|comment| {
                let place = match comment.place {
                    Place::Trailing => "trailing".to_owned(),
                    Place::Above { next } => {
                        format!("above {}", text.get(next..next + 3).unwrap_or("the end"))
                    }
                };
                let names: Vec<&str> = comment
                    .names
                    .iter()
                    .flatten()
                    .map(|range| &text[range.clone()])
                    .collect();
                format!("{place}: {}", names.join(" "))
            })
            .collect()
    }

    #[test]
    fn comments_are_trailing_or_above() {
        let text = "// modlint: allow(a) first\nlet x = 1; // modlint: allow(b, structure)\n\n/* modlint: allow( c ) */\n// more words\nfoo();\n// modlint: allow(d)";
        assert_eq!(
            found(text),
            [
                "above let: a",
                "trailing: b structure",
                "above foo: c",
                "above the end: d"
            ]
        );
    }

    #[test]
    fn literals_and_doc_comments_hold_none() {
        let text = "/// modlint: allow(a)\nconst A: &str = \"// modlint: allow(b)\";\n//! modlint: allow(c)\nconst B: &str = r#\"\n// modlint: allow(d)\n\"#;";
        assert_eq!(found(text), Vec::<String>::new());
    }

    #[test]
    fn another_form_has_no_names() {
        for text in [
            "// modlint: deny(a)",
            "// modlint: allow",
            "// modlint: allow()",
            "// modlint: allow(a",
        ] {
            assert_eq!(comments(text)[0].names, None, "{text}");
        }
        assert_eq!(comments("// see modlint: allow(a)"), []);
    }
}
