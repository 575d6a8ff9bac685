//! From syn to the syn-free form, on one thread: spans of proc-macro2 mean nothing on another.

mod adt;
mod attributes;
mod block;
mod builtin;
mod control;
mod expand;
mod expr;
mod fault;
mod format;
mod item;
mod pat;
mod position;
mod skeleton;
mod ty;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use proc_macro2::{Delimiter, Ident as SynIdent, Span as SynSpan, TokenStream, TokenTree};

use self::expand::Expander;
pub(super) use self::fault::Fault;
use self::position::Positions;
use self::skeleton::Skeleton;
use super::hir::{Block, Ident, Item};
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
pub(super) trait Macros: Send + Sync {
    /// The definition that `name!` means at a byte of a file.
    fn find(&self, name: &str, file: FileId, at: usize) -> Option<MacroSource>;
}

/// A file to be lowered, with what its meaning depends on.
pub(super) struct Context {
    pub id: FileId,
    pub file: Arc<SourceFile>,
    /// The features that are taken to be on.
    pub features: Arc<BTreeSet<String>>,
    pub macros: Box<dyn Macros>,
    /// Hears of what could not be read.
    pub report: Box<dyn Fn(LowerError) + Send + Sync>,
}

/// Why a file or body is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LowerError {
    /// Nests deeper than can be parsed; where.
    TooDeep(usize),
    Syntax(Fault),
    NoThread,
}

/// Parses a file and gives its items; the bodies of its functions are read when they are asked for.
pub(super) fn lower_file(context: &Arc<Context>) -> Vec<Arc<Item>> {
    let result = match context.file.outline().too_deep {
        Some(at) => Err(LowerError::TooDeep(at)),
        None => on_clean_thread(|| items_of(context)),
    };
    result.unwrap_or_else(|error| {
        (context.report)(error);
        Vec::new()
    })
}

/// A body of a file; an empty one if it can't be parsed.
fn lower_body(context: &Arc<Context>, range: Range<usize>) -> Block {
    let span = Span {
        file: context.id,
        start: range.start as u32,
        end: range.end as u32,
    };
    on_clean_thread(|| block_of(context, range, span)).unwrap_or_else(|error| {
        (context.report)(error);
        Block {
            stmts: Vec::new(),
            items: Vec::new(),
            span,
        }
    })
}

/// Runs `work` with a big stack, and forgets its spans.
fn on_clean_thread<T: Send>(
    work: impl FnOnce() -> Result<T, LowerError> + Send,
) -> Result<T, LowerError> {
    let result = on_big_stack(|| {
        let result = work();
        proc_macro2::extra::invalidate_current_thread_spans();
        result
    });
    result.unwrap_or(Err(LowerError::NoThread))
}

fn items_of(context: &Arc<Context>) -> Result<Vec<Arc<Item>>, LowerError> {
    let text = &context.file.text;
    let skeleton = Skeleton::of(text, code_start(text), &context.file.outline().bodies);
    let positions = Positions::new(context.id, &skeleton.code, skeleton.base, &skeleton.cuts);
    let file = syn::parse_str::<syn::File>(&skeleton.code).map_err(|error| {
        let at = positions.span(error.span()).start as usize;
        // What was cut out is well-formed but for its characters, so the whole file tells no less.
        LowerError::Syntax(Fault::of(&error, at, &skeleton.code, text, 0))
    })?;
    Ok(Lowerer::new(context, positions).items(&file.items))
}

fn block_of(context: &Arc<Context>, range: Range<usize>, span: Span) -> Result<Block, LowerError> {
    let text = &context.file.text[range];
    let positions = Positions::new(context.id, text, span.start, &[]);
    let parse = |input: syn::parse::ParseStream| {
        let inside;
        syn::braced!(inside in input);
        syn::Attribute::parse_inner(&inside)?;
        syn::Block::parse_within(&inside)
    };
    let stmts = syn::parse::Parser::parse_str(parse, text).map_err(|error| {
        let at = positions.span(error.span()).start as usize;
        LowerError::Syntax(Fault::of(&error, at, text, text, span.start as usize))
    })?;
    Ok(Lowerer::new(context, positions).block_of(&stmts, span))
}

/// Carries what lowering one file or body needs.
struct Lowerer<'a> {
    context: &'a Arc<Context>,
    text: &'a str,
    features: &'a BTreeSet<String>,
    positions: Positions<'a>,
    expander: Expander<'a>,
    names: HashMap<&'a str, Name>,
}

impl<'a> Lowerer<'a> {
    fn new(context: &'a Arc<Context>, positions: Positions<'a>) -> Self {
        Lowerer {
            context,
            text: &context.file.text,
            features: &context.features,
            positions,
            expander: Expander::new(&*context.macros),
            names: HashMap::new(),
        }
    }
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
