//! `#[cfg]`, derives, and the attributes that change what a field means.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Meta};

use super::super::cfg::{holds_by_default, parse_cfg};
use super::Lowerer;
use crate::name::Name;
use crate::program::hir::{Cfg, Expr, ExprKind, Lit};

/// What the attributes of a field say.
#[derive(Default)]
pub(super) struct FieldAttributes {
    pub skip: bool,
    pub default: Option<Expr>,
    pub names: Vec<Name>,
}

impl Lowerer<'_> {
    /// All `#[cfg]` of an item together.
    pub fn cfg(&self, attributes: &[Attribute]) -> Option<Cfg> {
        let mut found: Vec<Cfg> = attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("cfg"))
            .filter_map(|attribute| attribute.meta.require_list().ok())
            .map(|list| parse_cfg(list.tokens.clone()))
            .collect();
        match found.len() {
            0 => None,
            1 => found.pop(),
            _ => Some(Cfg::All(found)),
        }
    }

    /// False for what the default build leaves out.
    pub fn is_built(&self, attributes: &[Attribute]) -> bool {
        self.cfg(attributes)
            .is_none_or(|cfg| holds_by_default(&cfg, self.features))
    }

    /// The last segments of the derived traits.
    pub fn derives(&mut self, attributes: &[Attribute]) -> Vec<Name> {
        let mut names = Vec::new();
        for attribute in attributes {
            let Meta::List(list) = &attribute.meta else {
                continue;
            };
            if list.path.is_ident("derive") {
                last_words(list.tokens.clone(), &mut names);
            } else if list.path.is_ident("cfg_attr") {
                let tokens: Vec<TokenTree> = list.tokens.clone().into_iter().collect();
                for pair in tokens.windows(2) {
                    if let [TokenTree::Ident(name), TokenTree::Group(group)] = pair
                        && name == "derive"
                    {
                        last_words(group.stream(), &mut names);
                    }
                }
            }
        }
        names
    }

    pub fn field_attributes(&mut self, attributes: &[Attribute]) -> FieldAttributes {
        let mut found = FieldAttributes::default();
        for attribute in attributes {
            let Some(last) = attribute.path().segments.last() else {
                continue;
            };
            if last.ident == "doc" {
                continue;
            }
            let name = self.name(&last.ident);
            found.names.push(name);
            let Meta::List(list) = &attribute.meta else {
                continue;
            };
            match name.as_str() {
                "module" => found.skip |= has_word(&list.tokens, "skip"),
                "config" => found.default = self.default_value(&list.tokens).or(found.default),
                _ => {}
            }
        }
        found
    }

    /// `default = EXPR`; an expression may also be written as a string.
    fn default_value(&mut self, tokens: &TokenStream) -> Option<Expr> {
        let mut rest = tokens.clone().into_iter();
        let is_default = matches!(rest.next()?, TokenTree::Ident(word) if word == "default");
        let is_assigned = matches!(rest.next()?, TokenTree::Punct(sign) if sign.as_char() == '=');
        if !is_default || !is_assigned {
            return None;
        }
        let value: TokenStream = rest
            .take_while(|token| !matches!(token, TokenTree::Punct(p) if p.as_char() == ','))
            .collect();
        let value = syn::parse2::<syn::Expr>(value).ok()?;
        let lowered = self.expr(&value);
        if let (ExprKind::Lit(Lit::Str(text)), syn::Expr::Lit(literal)) = (&lowered.kind, &value)
            && let Some(tokens) = super::tokens_of(text, literal.lit.span())
            && let Ok(inner) = syn::parse2::<syn::Expr>(tokens)
        {
            return Some(self.expr(&inner));
        }
        Some(lowered)
    }
}

fn has_word(tokens: &TokenStream, word: &str) -> bool {
    tokens
        .clone()
        .into_iter()
        .any(|token| matches!(token, TokenTree::Ident(ident) if ident == word))
}

/// The last segment of each path in a list.
fn last_words(tokens: TokenStream, names: &mut Vec<Name>) {
    let mut last = None;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => last = Some(ident),
            TokenTree::Punct(sign) if sign.as_char() == ',' => {
                names.extend(last.take().map(|ident| Name::new(&ident.to_string())));
            }
            _ => {}
        }
    }
    names.extend(last.map(|ident| Name::new(&ident.to_string())));
}

/// True for `#[test]` and its kin.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let last = attribute.path().segments.last();
        last.is_some_and(|last| {
            ["test", "bench", "rstest", "test_case", "wasm_bindgen_test"]
                .iter()
                .any(|word| last.ident == word)
        })
    })
}

/// The attributes in front of an expression; syn hangs them on its leftmost part.
pub(super) fn of_expr(expr: &syn::Expr) -> &[Attribute] {
    use syn::Expr::*;
    match expr {
        Assign(e) => of_expr(&e.left),
        Binary(e) => of_expr(&e.left),
        Cast(e) => of_expr(&e.expr),
        Array(e) => &e.attrs,
        Async(e) => &e.attrs,
        Await(e) => &e.attrs,
        Block(e) => &e.attrs,
        Break(e) => &e.attrs,
        Call(e) => &e.attrs,
        Closure(e) => &e.attrs,
        Continue(e) => &e.attrs,
        Field(e) => &e.attrs,
        ForLoop(e) => &e.attrs,
        If(e) => &e.attrs,
        Index(e) => &e.attrs,
        Lit(e) => &e.attrs,
        Loop(e) => &e.attrs,
        Macro(e) => &e.attrs,
        Match(e) => &e.attrs,
        MethodCall(e) => &e.attrs,
        Paren(e) => &e.attrs,
        Path(e) => &e.attrs,
        Reference(e) => &e.attrs,
        Return(e) => &e.attrs,
        Struct(e) => &e.attrs,
        Try(e) => &e.attrs,
        Tuple(e) => &e.attrs,
        Unary(e) => &e.attrs,
        Unsafe(e) => &e.attrs,
        While(e) => &e.attrs,
        _ => &[],
    }
}
