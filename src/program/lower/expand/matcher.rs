//! Matching a call against the left side of an arm.

use std::collections::HashMap;

use proc_macro2::TokenTree;

use super::fragment::fragment_length;
use super::rules::Part;

/// What a variable stands for.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    Tokens {
        tokens: Vec<TokenTree>,
        fragment: String,
    },
    /// One for each round of the repetition around it.
    Rounds(Vec<Binding>),
}

pub(super) type Bindings = HashMap<String, Binding>;

/// True, with the variables bound, if the whole input fits.
pub(super) fn matches(parts: &[Part], input: &[TokenTree], bindings: &mut Bindings) -> bool {
    prefix(parts, input, bindings) == Some(input.len())
}

/// How many tokens of the input the parts take up.
fn prefix(parts: &[Part], input: &[TokenTree], bindings: &mut Bindings) -> Option<usize> {
    let mut at = 0;
    for (place, part) in parts.iter().enumerate() {
        let rest = &input[at..];
        at += match part {
            Part::Token(expected) => {
                let found = rest.first()?;
                same_token(expected, found).then_some(1)?
            }
            Part::Group(delimiter, inner) => match rest.first()? {
                TokenTree::Group(group) if group.delimiter() == *delimiter => {
                    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                    matches(inner, &inside, bindings).then_some(1)?
                }
                _ => return None,
            },
            Part::Variable { name, fragment } => {
                let length = fragment_length(fragment, rest)?;
                let bound = Binding::Tokens {
                    tokens: rest[..length].to_vec(),
                    fragment: fragment.clone(),
                };
                bindings.insert(name.clone(), bound);
                length
            }
            Part::Repeat {
                parts: inner,
                separator,
                op,
            } => {
                let follow = parts.get(place + 1);
                repeat(inner, separator, *op, follow, rest, bindings)?
            }
        };
    }
    Some(at)
}

/// Rounds are taken as long as they fit; a separator without a round behind it is left for what follows.
fn repeat(
    parts: &[Part],
    separator: &[TokenTree],
    op: char,
    follow: Option<&Part>,
    input: &[TokenTree],
    bindings: &mut Bindings,
) -> Option<usize> {
    let mut rounds = Vec::new();
    let mut at = 0;
    while at < input.len() && !(op == '?' && rounds.len() == 1) {
        let rest = &input[at..];
        let is_follow = matches!(follow, Some(Part::Token(token)) if same_token(token, &rest[0]));
        if is_follow && !matches!(parts.first(), Some(Part::Token(_))) && separator.is_empty() {
            break;
        }
        let skip = match rounds.is_empty() {
            true => 0,
            false if starts_with(rest, separator) => separator.len(),
            false => break,
        };
        let mut round = Bindings::new();
        match prefix(parts, &rest[skip..], &mut round) {
            Some(length) if length + skip > 0 => {
                at += length + skip;
                rounds.push(round);
            }
            _ => break,
        }
    }
    if op == '+' && rounds.is_empty() {
        return None;
    }
    for name in variables(parts) {
        let of_rounds = rounds.iter_mut().filter_map(|round| round.remove(&name));
        let of_rounds = Binding::Rounds(of_rounds.collect());
        bindings.insert(name, of_rounds);
    }
    Some(at)
}

fn starts_with(input: &[TokenTree], separator: &[TokenTree]) -> bool {
    input.len() >= separator.len()
        && separator
            .iter()
            .zip(input)
            .all(|(expected, found)| same_token(expected, found))
}

/// The names of the variables, repetitions included.
pub(super) fn variables(parts: &[Part]) -> Vec<String> {
    let mut names = Vec::new();
    for part in parts {
        match part {
            Part::Token(_) => {}
            Part::Group(_, inner) | Part::Repeat { parts: inner, .. } => {
                names.extend(variables(inner));
            }
            Part::Variable { name, .. } => names.push(name.clone()),
        }
    }
    names
}

fn same_token(expected: &TokenTree, found: &TokenTree) -> bool {
    match (expected, found) {
        (TokenTree::Ident(a), TokenTree::Ident(b)) => a == b,
        (TokenTree::Punct(a), TokenTree::Punct(b)) => a.as_char() == b.as_char(),
        (TokenTree::Literal(a), TokenTree::Literal(b)) => a.to_string() == b.to_string(),
        _ => false,
    }
}
