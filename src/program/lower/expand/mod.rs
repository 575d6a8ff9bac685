//! Expansion of `macro_rules!`, bounded in depth and size.

mod fragment;
mod matcher;
mod rules;
mod transcribe;

use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::{Span as SynSpan, TokenStream, TokenTree};

use self::rules::Rules;
use super::{Lowerer, Macros, moved_to};
use crate::program::hir::{Block, Stmt};
use crate::source::{FileId, Nesting, TokenKind};

/// Expansions inside expansions.
const MAX_DEPTH: usize = 32;
/// Tokens that all expansions of one file may give.
const MAX_TOKENS: usize = 400_000;
/// Tokens of one call; beyond it lies data, not code.
const MAX_INPUT: usize = 20_000;

/// Expands the macro calls of one file.
pub(super) struct Expander<'a> {
    macros: &'a dyn Macros,
    /// By file and place of the definition.
    known: HashMap<(*const u8, usize), Option<Rc<Rules>>>,
    depth: usize,
    tokens_left: usize,
}

impl<'a> Expander<'a> {
    pub fn new(macros: &'a dyn Macros) -> Self {
        Expander {
            macros,
            known: HashMap::new(),
            depth: 0,
            tokens_left: MAX_TOKENS,
        }
    }

    /// True while the code that is lowered comes from an expansion.
    pub fn is_inside(&self) -> bool {
        self.depth > 0
    }

    /// What a call gives, or nothing if no rule in reach fits or the bounds are met.
    fn expand(
        &mut self,
        name: &str,
        input: &TokenStream,
        call: SynSpan,
        file: FileId,
        at: usize,
    ) -> Option<TokenStream> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let source = self.macros.find(name, file, at)?;
        let key = (source.file.text.as_ptr(), source.body.start);
        let rules = match self.known.get(&key) {
            Some(rules) => rules.clone(),
            None => {
                let body = source.file.text.get(source.body.clone())?;
                let rules = Rules::parse(body).map(Rc::new);
                self.known.insert(key, rules.clone());
                rules
            }
        }?;
        let input: Vec<TokenTree> = input.clone().into_iter().take(MAX_INPUT + 1).collect();
        if input.len() > MAX_INPUT {
            return None;
        }
        let mut budget = self.tokens_left;
        let output = rules.apply(&input, call, source.krate, &mut budget);
        self.tokens_left = budget;
        output.filter(|tokens| !is_too_deep(tokens))
    }
}

impl Lowerer<'_> {
    fn expansion(&mut self, call: &syn::Macro) -> Option<TokenStream> {
        let last = call.path.segments.last()?;
        let name = last.ident.to_string();
        let span = last.ident.span();
        let at = self.span(span).start as usize;
        let file = self.positions.start().file;
        self.expander.expand(&name, &call.tokens, span, file, at)
    }

    fn within<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        self.expander.depth += 1;
        let result = lower(self);
        self.expander.depth -= 1;
        result
    }

    /// A call in an expression's place, as a block whose value it is.
    pub fn expand_expr(&mut self, call: &syn::Macro) -> Option<Block> {
        let tokens = self.expansion(call)?;
        let span = self.macro_span(call);
        match syn::parse2::<syn::Expr>(tokens.clone()) {
            Ok(expr) => {
                let expr = self.within(|lowerer| lowerer.expr(&expr));
                Some(Block {
                    stmts: vec![Stmt::Expr { expr, semi: false }],
                    items: Vec::new(),
                    span,
                })
            }
            Err(_) => self.stmts_of(tokens, call),
        }
    }

    /// A call in a statement's place.
    pub fn expand_stmts(&mut self, call: &syn::Macro) -> Option<Block> {
        let tokens = match super::builtin::is_cfg_if(call) {
            true => self.built_branch(call)?,
            false => self.expansion(call)?,
        };
        self.stmts_of(tokens, call)
    }

    fn stmts_of(&mut self, tokens: TokenStream, call: &syn::Macro) -> Option<Block> {
        let stmts = syn::parse::Parser::parse2(syn::Block::parse_within, tokens).ok()?;
        let span = self.macro_span(call);
        Some(self.within(|lowerer| lowerer.block_of(&stmts, span)))
    }

    /// A call in an item's place.
    pub fn expand_items(
        &mut self,
        call: &syn::Macro,
    ) -> Option<Vec<std::sync::Arc<crate::program::hir::Item>>> {
        let tokens = self.expansion(call)?;
        let file = syn::parse2::<syn::File>(tokens).ok()?;
        Some(self.within(|lowerer| lowerer.items(&file.items)))
    }

    /// A call between the functions of an impl.
    pub fn expand_impl_items(
        &mut self,
        call: &syn::Macro,
        lower: impl FnOnce(&mut Self, &[syn::ImplItem]),
    ) {
        let Some(tokens) = self.expansion(call) else {
            return;
        };
        let parse = |input: syn::parse::ParseStream| {
            let mut items = Vec::new();
            while !input.is_empty() {
                items.push(input.parse::<syn::ImplItem>()?);
            }
            Ok(items)
        };
        if let Ok(items) = syn::parse::Parser::parse2(parse, tokens) {
            self.within(|lowerer| lower(lowerer, &items));
        }
    }
}

fn is_too_deep(tokens: &TokenStream) -> bool {
    let mut nesting = Nesting::default();
    let mut open = vec![tokens.clone().into_iter()];
    while let Some(level) = open.last_mut() {
        match level.next() {
            None => {
                open.pop();
                if !open.is_empty() {
                    nesting.see(TokenKind::Close(b')'), 0, b"");
                }
            }
            Some(TokenTree::Group(group)) => {
                nesting.see(TokenKind::Open(b'('), 0, b"");
                open.push(group.stream().into_iter());
            }
            Some(TokenTree::Punct(sign)) => {
                nesting.see(TokenKind::Punct(sign.as_char() as u8), 0, b"");
            }
            Some(TokenTree::Ident(ident)) => {
                nesting.see(TokenKind::Ident, 0, ident.to_string().as_bytes());
            }
            Some(TokenTree::Literal(_)) => nesting.see(TokenKind::Number, 0, b""),
        }
        if nesting.too_deep().is_some() {
            return true;
        }
    }
    false
}

/// The tokens of a definition's body, read apart from any place in a file.
fn definition_tokens(body: &str) -> Option<Vec<TokenTree>> {
    let tokens = super::tokens_of(body, SynSpan::call_site())?;
    Some(moved_to(tokens, SynSpan::call_site()).into_iter().collect())
}
