//! How far a fragment (`expr`, `ty`, …) reaches.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};

use super::rules::is_punct;

/// Longest type, path or pattern that is tried first; what is longer is tried whole.
const USUAL_LENGTH: usize = 64;

/// How many tokens at the start of the input the fragment takes up.
pub(super) fn fragment_length(fragment: &str, input: &[TokenTree]) -> Option<usize> {
    let first = input.first();
    match fragment {
        "ident" => matches!(first, Some(TokenTree::Ident(name)) if name != "_").then_some(1),
        "tt" => Some(token_length(first?, input)),
        "lifetime" => {
            let is_lifetime = is_punct(first?, '\'');
            is_lifetime
                .then_some(2)
                .filter(|length| *length <= input.len())
        }
        "literal" => literal_length(input),
        "block" => {
            let is_block =
                matches!(first?, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
            is_block.then_some(1)
        }
        "vis" => Some(visibility_length(input)),
        "expr" | "expr_2021" => expr_length(input),
        "ty" => parsed_length(input, |input| input.parse::<syn::Type>().map(drop)),
        "path" => parsed_length(input, |input| input.parse::<syn::Path>().map(drop)),
        "pat" => parsed_length(input, |input| {
            syn::Pat::parse_multi_with_leading_vert(input).map(drop)
        }),
        "pat_param" => parsed_length(input, |input| syn::Pat::parse_single(input).map(drop)),
        "meta" => parsed_length(input, |input| input.parse::<syn::Meta>().map(drop)),
        "item" => parsed_length(input, |input| input.parse::<syn::Item>().map(drop)),
        "stmt" => {
            let end = input.iter().position(|token| is_punct(token, ';'));
            Some(end.unwrap_or(input.len())).filter(|length| *length > 0)
        }
        _ => None,
    }
}

/// A sign of several characters is one token, and so is a lifetime.
fn token_length(first: &TokenTree, input: &[TokenTree]) -> usize {
    const SIGNS: &[&str] = &[
        "...", "..=", "<<=", ">>=", "=>", "->", "::", "==", "!=", "<=", ">=", "&&", "||", "..",
        "<<", ">>", "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=",
    ];
    let TokenTree::Punct(sign) = first else {
        return 1;
    };
    if sign.as_char() == '\'' {
        return 2.min(input.len());
    }
    let mut joined = String::new();
    for token in &input[..3.min(input.len())] {
        let TokenTree::Punct(sign) = token else {
            break;
        };
        joined.push(sign.as_char());
        if sign.spacing() == Spacing::Alone {
            break;
        }
    }
    let found = SIGNS.iter().find(|sign| joined.starts_with(**sign));
    found.map_or(1, |sign| sign.len())
}

fn literal_length(input: &[TokenTree]) -> Option<usize> {
    match input {
        [TokenTree::Literal(_), ..] => Some(1),
        [sign, TokenTree::Literal(_), ..] if is_punct(sign, '-') => Some(2),
        [TokenTree::Ident(word), ..] if word == "true" || word == "false" => Some(1),
        _ => None,
    }
}

fn visibility_length(input: &[TokenTree]) -> usize {
    match input {
        [TokenTree::Ident(word), TokenTree::Group(group), ..]
            if word == "pub" && group.delimiter() == Delimiter::Parenthesis =>
        {
            2
        }
        [TokenTree::Ident(word), ..] if word == "pub" => 1,
        _ => 0,
    }
}

/// An expression ends at `,`, `;` or `=>`, unless the comma is one of its generic arguments'.
fn expr_length(input: &[TokenTree]) -> Option<usize> {
    let ends = (0..=input.len()).filter(|at| match input.get(*at) {
        None => true,
        Some(token) => {
            is_punct(token, ',')
                || is_punct(token, ';')
                || (is_punct(token, '=')
                    && input.get(at + 1).is_some_and(|next| is_punct(next, '>')))
        }
    });
    ends.filter(|end| *end > 0).take(16).find(|end| {
        let tokens: TokenStream = input[..*end].iter().cloned().collect();
        syn::parse2::<syn::Expr>(tokens).is_ok()
    })
}

fn parsed_length(
    input: &[TokenTree],
    parse: impl Fn(ParseStream) -> syn::Result<()>,
) -> Option<usize> {
    if input.is_empty() {
        return None;
    }
    let try_first = |length: usize| {
        let tokens: TokenStream = input[..length].iter().cloned().collect();
        let rest_after = |stream: ParseStream| {
            parse(stream)?;
            let mut rest = 0;
            while !stream.is_empty() {
                stream.parse::<TokenTree>()?;
                rest += 1;
            }
            Ok(rest)
        };
        let rest: usize = rest_after.parse2(tokens).ok()?;
        Some(length - rest).filter(|taken| *taken > 0)
    };
    let usual = USUAL_LENGTH.min(input.len());
    match try_first(usual) {
        Some(taken) if taken < usual || usual == input.len() => Some(taken),
        _ if usual == input.len() => None,
        _ => try_first(input.len()),
    }
}
