//! From syn to the syn-free form, on one thread: spans of proc-macro2 mean nothing on another.

mod adt;
mod attributes;
mod block;
mod builtin;
mod control;
mod expand;
mod expr;
mod format;
mod item;
mod pat;
mod position;
mod ty;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use proc_macro2::{Delimiter, Ident as SynIdent, Span as SynSpan, TokenStream, TokenTree};

use self::expand::Expander;
use self::position::Positions;
use super::hir::{Ident, Item};
use crate::name::Name;
use crate::source::{FileId, SourceFile, Span, code_start, on_big_stack};

/// Where a `macro_rules!` definition stands.
#[derive(Clone, Debug)]
pub(super) struct MacroSource {
    pub file: Arc<SourceFile>,
    /// Between the delimiters of the definition.
    pub body: Range<usize>,
    /// What `$crate` stands for: `crate`, or the crate that the definition is from.
    pub krate: Name,
}

/// The macros that a file can call.
pub(super) trait Macros: Sync {
    /// The definition that `name!` means at a byte of a file.
    fn find(&self, name: &str, file: FileId, at: usize) -> Option<MacroSource>;
}

/// A file to be lowered, with what its meaning depends on.
pub(super) struct Input<'a> {
    pub id: FileId,
    pub file: &'a SourceFile,
    /// The features that are taken to be on.
    pub features: &'a BTreeSet<String>,
    pub macros: &'a dyn Macros,
}

/// Why a file has no items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LowerError {
    /// Nests deeper than can be parsed; where.
    TooDeep(usize),
    Syntax {
        at: usize,
        message: String,
    },
    NoThread,
}

/// Parses a file and gives its items.
pub(super) fn lower_file(input: &Input) -> Result<Vec<Arc<Item>>, LowerError> {
    if let Some(at) = input.file.outline().too_deep {
        return Err(LowerError::TooDeep(at));
    }
    let result = on_big_stack(|| {
        let result = parse_and_lower(input);
        proc_macro2::extra::invalidate_current_thread_spans();
        result
    });
    result.unwrap_or(Err(LowerError::NoThread))
}

fn parse_and_lower(input: &Input) -> Result<Vec<Arc<Item>>, LowerError> {
    let start = code_start(&input.file.text);
    let code = &input.file.text[start..];
    let positions = Positions::new(input.id, code, start as u32);
    let file = syn::parse_str::<syn::File>(code).map_err(|error| LowerError::Syntax {
        at: positions.span(error.span()).start as usize,
        message: error.to_string(),
    })?;
    let mut lowerer = Lowerer {
        text: &input.file.text,
        positions,
        features: input.features,
        expander: Expander::new(input.macros),
        names: HashMap::new(),
    };
    Ok(lowerer.items(&file.items))
}

/// Carries what lowering one file needs.
struct Lowerer<'a> {
    text: &'a str,
    positions: Positions<'a>,
    features: &'a BTreeSet<String>,
    expander: Expander<'a>,
    names: HashMap<&'a str, Name>,
}

impl Lowerer<'_> {
    fn span(&self, span: SynSpan) -> Span {
        self.positions.span(span)
    }

    fn between(&self, start: SynSpan, end: SynSpan) -> Span {
        self.span(start).to(self.span(end))
    }

    fn ident(&mut self, ident: &SynIdent) -> Ident {
        let span = self.span(ident.span());
        Ident {
            name: self.name_at(ident, span),
            span,
        }
    }

    fn name(&mut self, ident: &SynIdent) -> Name {
        let span = self.span(ident.span());
        self.name_at(ident, span)
    }

    /// The text at the identifier's place is nearly always its name, and then costs no allocation.
    fn name_at(&mut self, ident: &SynIdent, span: Span) -> Name {
        let here = self.text.get(span.start as usize..span.end as usize);
        match here {
            Some(text) if ident == text => {
                let text = text.strip_prefix("r#").unwrap_or(text);
                *self.names.entry(text).or_insert_with(|| Name::new(text))
            }
            _ => {
                let text = ident.to_string();
                Name::new(text.strip_prefix("r#").unwrap_or(&text))
            }
        }
    }

    /// The text of a macro's tokens, from the file if they are there in one piece.
    fn tokens_text(&self, tokens: &TokenStream, inside: Span) -> Arc<str> {
        let here = self
            .text
            .get(inside.start as usize + 1..(inside.end as usize).saturating_sub(1));
        match here {
            Some(text) if !self.expander.is_inside() => text.into(),
            _ => tokens.to_string().into(),
        }
    }
}

/// The tokens of a text, all standing at `span`; nothing if it isn't Rust or nests too deep.
fn tokens_of(text: &str, span: SynSpan) -> Option<TokenStream> {
    if crate::source::Outline::of(text).too_deep.is_some() {
        return None;
    }
    let tokens = text.parse::<TokenStream>().ok()?;
    Some(moved_to(tokens, span))
}

fn moved_to(tokens: TokenStream, span: SynSpan) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => {
                let inside = moved_to(group.stream(), span);
                let mut moved = proc_macro2::Group::new(group.delimiter(), inside);
                moved.set_span(span);
                TokenTree::Group(moved)
            }
            mut other => {
                other.set_span(span);
                other
            }
        })
        .collect()
}

/// An undelimited group keeps the precedence of what a macro puts together.
fn undelimited(tokens: TokenStream, span: SynSpan) -> TokenTree {
    let mut group = proc_macro2::Group::new(Delimiter::None, tokens);
    group.set_span(span);
    TokenTree::Group(group)
}
