//! The arms of a `macro_rules!` definition.

use proc_macro2::{Delimiter, Span as SynSpan, TokenStream, TokenTree};

use super::matcher::{Bindings, matches};
use super::transcribe::Transcriber;
use crate::name::Name;

/// A part of an arm's left side, or of its right side.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Token(TokenTree),
    Group(Delimiter, Vec<Part>),
    /// `$name:fragment` on the left, `$name` on the right.
    Variable {
        name: String,
        fragment: String,
    },
    /// `$( … ) separator op`
    Repeat {
        parts: Vec<Part>,
        separator: Vec<TokenTree>,
        op: char,
    },
}

/// A definition: its arms, left and right.
#[derive(Debug)]
pub(super) struct Rules {
    arms: Vec<(Vec<Part>, Vec<Part>)>,
}

impl Rules {
    pub fn parse(body: &str) -> Option<Self> {
        let tokens = super::definition_tokens(body)?;
        let mut arms = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let (TokenTree::Group(left), TokenTree::Group(right)) =
                (tokens.get(at)?, tokens.get(at + 3)?)
            else {
                return None;
            };
            let is_arrow = is_punct(tokens.get(at + 1)?, '=') && is_punct(tokens.get(at + 2)?, '>');
            if !is_arrow {
                return None;
            }
            arms.push((parts(left.stream(), true)?, parts(right.stream(), false)?));
            at += 4;
            while tokens.get(at).is_some_and(|token| is_punct(token, ';')) {
                at += 1;
            }
        }
        Some(Rules { arms })
    }

    /// What the first arm that fits makes of the input; every token it adds stands at `call`.
    pub fn apply(
        &self,
        input: &[TokenTree],
        call: SynSpan,
        krate: Name,
        budget: &mut usize,
    ) -> Option<TokenStream> {
        let (bindings, right) = self.arms.iter().find_map(|(left, right)| {
            let mut bindings = Bindings::new();
            matches(left, input, &mut bindings).then_some((bindings, right))
        })?;
        Transcriber::new(call, krate, budget).transcribe(right, &bindings)
    }
}

pub(super) fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == sign)
}

/// Reads one side of an arm; nothing if it uses what is not known here.
fn parts(tokens: TokenStream, is_left: bool) -> Option<Vec<Part>> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut parts_found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let part = match token {
            TokenTree::Group(group) => {
                Part::Group(group.delimiter(), parts(group.stream(), is_left)?)
            }
            TokenTree::Punct(sign) if sign.as_char() == '$' => match tokens.get(at)? {
                TokenTree::Ident(name) => {
                    at += 1;
                    let name = name.to_string();
                    let fragment = match (is_left, tokens.get(at), tokens.get(at + 1)) {
                        (true, Some(colon), Some(TokenTree::Ident(kind)))
                            if is_punct(colon, ':') =>
                        {
                            at += 2;
                            kind.to_string()
                        }
                        _ => String::new(),
                    };
                    Part::Variable { name, fragment }
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                    at += 1;
                    let inner = parts(group.stream(), is_left)?;
                    let (separator, op) = repetition(&tokens, &mut at)?;
                    Part::Repeat {
                        parts: inner,
                        separator,
                        op,
                    }
                }
                _ => return None,
            },
            other => Part::Token(other.clone()),
        };
        parts_found.push(part);
    }
    Some(parts_found)
}

/// Behind `$( … )`: the separator, which is one token of up to three signs, and `*`, `+` or `?`.
fn repetition(tokens: &[TokenTree], at: &mut usize) -> Option<(Vec<TokenTree>, char)> {
    let mut separator = Vec::new();
    while separator.len() <= 3 {
        let token = tokens.get(*at)?;
        *at += 1;
        match token {
            TokenTree::Punct(sign) if ['*', '+', '?'].contains(&sign.as_char()) => {
                return Some((separator, sign.as_char()));
            }
            other => separator.push(other.clone()),
        }
    }
    None
}
