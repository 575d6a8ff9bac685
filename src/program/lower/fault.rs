//! Why a text is not Rust, in words for people.

use proc_macro2::TokenStream;

use crate::source::{Token, TokenKind, Tokens};

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::program) struct Fault {
    /// In the file.
    pub at: usize,
    /// What is wrong, to follow a colon.
    pub message: String,
    pub remedy: Remedy,
}

/// What to do about a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::program) enum Remedy {
    Close,
    Open,
    Remove,
    Correct,
}

impl Remedy {
    pub fn sentence(self) -> &'static str {
        match self {
            Remedy::Close => "close it; until then the file is left out",
            Remedy::Open => "remove it, or open what it closes; until then the file is left out",
            Remedy::Remove => {
                "remove it, or replace it by what was meant; until then the file is left out"
            }
            Remedy::Correct => "correct the syntax; until then the file is left out",
        }
    }
}

impl Fault {
    /// What syn complains of at the byte `at` of the file, about `code`. A code that isn't even made of tokens is explained from
    /// `text`, which stands at the byte `base`.
    pub fn of(error: &syn::Error, at: usize, code: &str, text: &str, base: usize) -> Fault {
        if code.parse::<TokenStream>().is_ok() {
            return Fault {
                at,
                message: error.to_string(),
                remedy: Remedy::Correct,
            };
        }
        match in_tokens(text) {
            Some(fault) => Fault {
                at: base + fault.at,
                ..fault
            },
            None => Fault {
                at,
                message: "what stands here is not Rust".to_owned(),
                remedy: Remedy::Correct,
            },
        }
    }
}

/// What keeps a text from being tokens.
fn in_tokens(text: &str) -> Option<Fault> {
    strange_character(text)
        .or_else(|| open_literal(text))
        .or_else(|| unbalanced(text))
}

/// A character that no token has.
fn strange_character(text: &str) -> Option<Fault> {
    let (at, character) = Tokens::new(text).find_map(|token| {
        let written = &text[token.start..token.end];
        match token.kind {
            TokenKind::Punct(byte) if !b"!#$%&*+,-./:;<=>?@^|~".contains(&byte) => {
                Some((token.start, char::from(byte)))
            }
            TokenKind::Ident if !written.is_ascii() => written
                .char_indices()
                .find(|(_, character)| !can_stand_in_names(*character))
                .map(|(at, character)| (token.start + at, character)),
            _ => None,
        }
    })?;
    let code = format!("U+{:04X}", u32::from(character));
    let shown = match character {
        '\0' => format!("the NUL character ({code})"),
        _ if character.is_control() => format!("the control character {code}"),
        _ => format!("the character `{character}` ({code})"),
    };
    Some(Fault {
        at,
        message: format!("{shown} cannot stand outside strings and comments"),
        remedy: Remedy::Remove,
    })
}

/// True for white space too, which is not part of the name but may stand beside it.
fn can_stand_in_names(character: char) -> bool {
    character.is_ascii() || format!("a{character}").parse::<TokenStream>().is_ok()
}

/// A string, character or comment that runs to the end of the text.
fn open_literal(text: &str) -> Option<Fault> {
    // What is open takes in what is put behind the text.
    let longer = format!("{text}\nend");
    let open =
        Tokens::new(&longer).find(|token| token.start < text.len() && token.end > text.len())?;
    let kind = match open.kind {
        TokenKind::Comment => "comment",
        TokenKind::Str => "string",
        _ => "literal",
    };
    Some(Fault {
        at: open.start,
        message: format!("the {kind} that starts here is never closed"),
        remedy: Remedy::Close,
    })
}

/// A delimiter that has no partner.
fn unbalanced(text: &str) -> Option<Fault> {
    let mut open: Vec<(u8, Token)> = Vec::new();
    for token in Tokens::new(text) {
        match token.kind {
            TokenKind::Open(delimiter) => open.push((delimiter, token)),
            TokenKind::Close(close) => match open.pop() {
                Some((delimiter, _)) if partner(delimiter) == close => {}
                Some((delimiter, opened)) => {
                    return Some(Fault {
                        at: opened.start,
                        message: format!(
                            "`{}` is not closed before the `{}` {}",
                            char::from(delimiter),
                            char::from(close),
                            lines_below(&text[opened.start..token.start])
                        ),
                        remedy: Remedy::Close,
                    });
                }
                None => {
                    return Some(Fault {
                        at: token.start,
                        message: format!("`{}` closes nothing", char::from(close)),
                        remedy: Remedy::Open,
                    });
                }
            },
            _ => {}
        }
    }
    let (delimiter, opened) = open.pop()?;
    Some(Fault {
        at: opened.start,
        message: format!("`{}` is never closed", char::from(delimiter)),
        remedy: Remedy::Close,
    })
}

fn lines_below(between: &str) -> String {
    match between.matches('\n').count() {
        0 => "on the same line".to_owned(),
        1 => "one line below".to_owned(),
        lines => format!("{lines} lines below"),
    }
}

fn partner(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text from the fault on, and the message.
    fn fault(text: &str) -> (&str, String) {
        let error = syn::parse_str::<syn::File>(text).unwrap_err();
        let fault = Fault::of(&error, 0, text, text, 0);
        assert!(!fault.message.contains("token stream"), "{fault:?}");
        (&text[fault.at..], fault.message)
    }

    #[test]
    fn delimiters_without_partner_are_named() {
        for (text, from, message) in [
            ("fn f() { g(1", "(1", "`(` is never closed"),
            (
                "fn f() { g(1; }",
                "(1; }",
                "`(` is not closed before the `}` on the same line",
            ),
            (
                "fn f() { g[1\n\n)",
                "[1\n\n)",
                "`[` is not closed before the `)` 2 lines below",
            ),
            ("fn f() {} } fn g() {}", "} fn g() {}", "`}` closes nothing"),
        ] {
            assert_eq!(fault(text), (from, message.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_left_open_is_pointed_at_where_it_starts() {
        for (text, from, kind) in [
            ("const A: &str = \"abc;\n(", "\"abc;\n(", "string"),
            ("const A: &str = r#\"abc\";", "r#\"abc\";", "string"),
            ("fn f() {} /* a /* b */ }", "/* a /* b */ }", "comment"),
        ] {
            let message = format!("the {kind} that starts here is never closed");
            assert_eq!(fault(text), (from, message), "{text}");
        }
    }

    #[test]
    fn characters_that_are_not_rust_are_named() {
        for (text, from, shown) in [
            (
                "fn f() {}\0 fn g() {}",
                "\0 fn g() {}",
                "the NUL character (U+0000)",
            ),
            ("fn f() {} \u{7}", "\u{7}", "the control character U+0007"),
            ("fn \\ f() {}", "\\ f() {}", "the character `\\` (U+005C)"),
            ("const A: &str = “a”;", "“a”;", "the character `“` (U+201C)"),
            (
                "// “ is fine\nconst é: a→b = 1;",
                "→b = 1;",
                "the character `→` (U+2192)",
            ),
        ] {
            let message = format!("{shown} cannot stand outside strings and comments");
            assert_eq!(fault(text), (from, message), "{text}");
        }
    }

    #[test]
    fn tokens_in_a_wrong_order_are_left_to_the_parser() {
        let (_, message) = fault(
            "fn f( -> u8 {}"
                .replace("( ", "() ")
                .replace("u8", "=")
                .leak(),
        );
        assert!(message.starts_with("expected"), "{message}");
    }
}
