//! Items.

use std::sync::Arc;

use proc_macro2::Span as SynSpan;
use syn::spanned::Spanned;

use super::Lowerer;
use super::attributes::is_test;
use super::lower_body;
use super::ty::is_public;
use crate::program::body::{Body, Unread};
use crate::program::hir::{
    Alias, Const, Function, Import, ImportKind, Item, ItemKind, Param, Type,
};
use crate::source::Span;

impl Lowerer<'_> {
    pub fn items(&mut self, items: &[syn::Item]) -> Vec<Arc<Item>> {
        items.iter().filter_map(|item| self.item(item)).collect()
    }

    pub fn item(&mut self, item: &syn::Item) -> Option<Arc<Item>> {
        use syn::Item::*;
        let (kind, attributes, span) = match item {
            Const(item) => {
                let start = self.start(&item.vis, item.const_token.span);
                let span = start.to(self.span(item.semi_token.spans[0]));
                let constant = self.constant(&item.ident, Some(&item.ty), Some(&item.expr));
                (ItemKind::Const(constant), &item.attrs, span)
            }
            Static(item) => {
                let start = self.start(&item.vis, item.static_token.span);
                let span = start.to(self.span(item.semi_token.spans[0]));
                let constant = self.constant(&item.ident, Some(&item.ty), Some(&item.expr));
                (ItemKind::Const(constant), &item.attrs, span)
            }
            Enum(item) => {
                let lowered = self.enumeration(item);
                let span = lowered.span;
                (ItemKind::Enum(Arc::new(lowered)), &item.attrs, span)
            }
            Struct(item) => {
                let lowered = self.structure(item);
                let span = lowered.span;
                (ItemKind::Struct(Arc::new(lowered)), &item.attrs, span)
            }
            ExternCrate(item) => {
                let name = self.name(&item.ident);
                let alias = item.rename.as_ref().map(|(_, alias)| self.name(alias));
                let alias = alias.unwrap_or(name);
                let start = self.start(&item.vis, item.extern_token.span);
                let span = start.to(self.span(item.semi_token.spans[0]));
                (ItemKind::ExternCrate { name, alias }, &item.attrs, span)
            }
            Fn(item) => {
                let start = self.start(&item.vis, signature_start(&item.sig));
                let body = Some(&*item.block);
                let public = is_public(&item.vis);
                let function = self.function(&item.sig, body, &item.attrs, public, start);
                let span = function.span;
                (ItemKind::Fn(Arc::new(function)), &item.attrs, span)
            }
            Impl(item) => {
                let lowered = self.implementation(item);
                let span = lowered.span;
                let kind = match item.modifiers.polarity {
                    Some(_) => ItemKind::Other,
                    None => ItemKind::Impl(Arc::new(lowered)),
                };
                (kind, &item.attrs, span)
            }
            Trait(item) => {
                let lowered = self.trait_item(item);
                let span = lowered.span;
                (ItemKind::Trait(Arc::new(lowered)), &item.attrs, span)
            }
            Type(item) => {
                let start = self.start(&item.vis, item.type_token.span);
                let span = start.to(self.span(item.semi_token.spans[0]));
                let alias = self.alias(&item.ident, &item.generics, &item.ty, span);
                (ItemKind::Alias(Arc::new(alias)), &item.attrs, span)
            }
            Use(item) => {
                let start = self.start(&item.vis, item.use_token.span);
                let span = start.to(self.span(item.semi_token.spans[0]));
                let imports = self.imports(item);
                (ItemKind::Use(imports), &item.attrs, span)
            }
            Mod(item) => {
                let name = self.ident(&item.ident);
                let inline = item.content.as_ref().map(|(_, items)| self.items(items));
                let end = match (&item.content, &item.semi) {
                    (Some((brace, _)), _) => self.span(brace.span.close()),
                    (None, Some(semi)) => self.span(semi.spans[0]),
                    (None, None) => name.span,
                };
                let span = self.start(&item.vis, item.mod_token.span).to(end);
                let path_attribute = path_attribute(&item.attrs);
                let kind = ItemKind::Module {
                    name,
                    inline,
                    path_attribute,
                };
                (kind, &item.attrs, span)
            }
            Macro(item) => {
                let span = self.macro_span(&item.mac);
                let kind = match &item.ident {
                    Some(name) => {
                        let inside = self.span(item.mac.delimiter.span().join());
                        ItemKind::MacroRules {
                            name: self.ident(name),
                            tokens: self.tokens_text(&item.mac.tokens, inside),
                        }
                    }
                    None => self.item_macro(&item.mac),
                };
                (kind, &item.attrs, span)
            }
            _ => return None,
        };
        let first = attributes.first();
        let first = first.map(|attribute| self.span(attribute.pound_token.spans[0]));
        Some(Arc::new(Item {
            kind,
            cfg: self.cfg(attributes),
            span: first.map_or(span, |first| first.to(span)),
        }))
    }

    pub fn constant(
        &mut self,
        name: &syn::Ident,
        ty: Option<&syn::Type>,
        value: Option<&syn::Expr>,
    ) -> Arc<Const> {
        Arc::new(Const {
            name: self.ident(name),
            ty: ty.map(|ty| self.ty(ty)),
            value: value.map(|value| self.expr(value)),
        })
    }

    pub fn alias(
        &mut self,
        name: &syn::Ident,
        generics: &syn::Generics,
        ty: &syn::Type,
        span: Span,
    ) -> Alias {
        Alias {
            name: self.ident(name),
            generics: self.generics(generics),
            ty: self.ty(ty),
            span,
        }
    }

    /// `start` is where the visibility or the first keyword stands.
    pub fn function(
        &mut self,
        signature: &syn::Signature,
        body: Option<&syn::Block>,
        attributes: &[syn::Attribute],
        is_public: bool,
        start: Span,
    ) -> Function {
        let mut has_self = false;
        let mut params = Vec::with_capacity(signature.inputs.len());
        for input in &signature.inputs {
            match input {
                syn::FnArg::Receiver(_) => has_self = true,
                syn::FnArg::Typed(param) => {
                    if self.is_built(&param.attrs) {
                        let pat = self.pat(&param.pat);
                        let ty = self.ty(&param.ty);
                        params.push(Param { pat, ty });
                    }
                }
            }
        }
        let ret: Option<Type> = match &signature.output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some(self.ty(ty)),
        };
        let body = body.map(|body| self.body(body));
        let closed = self.span(signature.paren_token.span.close());
        let end = match (&body, &ret) {
            (Some((_, span)), _) => *span,
            (None, Some(ret)) => ret.span,
            (None, None) => closed,
        };
        Function {
            name: self.ident(&signature.ident),
            generics: self.generics(&signature.generics),
            has_self,
            params,
            ret,
            body: body.map(|(body, _)| body),
            is_public,
            is_test: is_test(attributes),
            span: start.to(end),
        }
    }

    /// A body, unread if it stands in the file as it is, and where it stands.
    fn body(&mut self, block: &syn::Block) -> (Body, Span) {
        let span = self.span(block.brace_token.span.join());
        let start = span.start as usize;
        let bodies = &self.context.file.outline().bodies;
        let place = bodies.binary_search_by_key(&start, |body| body.range.start);
        match place {
            Ok(place) if !self.expander.is_inside() => {
                let context = self.context.clone();
                let body = Body::unread(Unread {
                    file: self.context.file.clone(),
                    range: bodies[place].range.clone(),
                    may_have_items: bodies[place].may_have_items,
                    read: Box::new(move |range| lower_body(&context, range)),
                });
                (body, span)
            }
            _ => (Body::from(self.block(block)), span),
        }
    }

    fn imports(&mut self, item: &syn::ItemUse) -> Vec<Import> {
        let mut imports = Vec::new();
        let public = is_public(&item.vis);
        let mut path = Vec::new();
        self.use_tree(&item.tree, &mut path, &mut imports);
        for import in &mut imports {
            import.public = public;
            import.global = item.leading_colon.is_some();
        }
        imports
    }

    fn use_tree(
        &mut self,
        tree: &syn::UseTree,
        path: &mut Vec<crate::name::Name>,
        imports: &mut Vec<Import>,
    ) {
        let (own, kind, span) = match tree {
            syn::UseTree::Path(tree) => {
                path.push(self.name(&tree.ident));
                self.use_tree(&tree.tree, path, imports);
                path.pop();
                return;
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, path, imports);
                }
                return;
            }
            syn::UseTree::Name(tree) => {
                let name = self.ident(&tree.ident);
                (Some(name.name), ImportKind::Named(name.name), name.span)
            }
            syn::UseTree::Rename(tree) => {
                let name = self.name(&tree.ident);
                let new = self.ident(&tree.rename);
                let kind = match new.name.as_str() {
                    "_" => ImportKind::Anonymous,
                    _ => ImportKind::Named(new.name),
                };
                (
                    Some(name),
                    kind,
                    self.between(tree.ident.span(), tree.rename.span()),
                )
            }
            syn::UseTree::Glob(glob) => {
                (None, ImportKind::Glob, self.span(glob.star_token.spans[0]))
            }
        };
        let mut full = path.clone();
        full.extend(own);
        // `use a::{self}` imports `a` itself.
        let is_self = full.len() > 1 && full.last().is_some_and(|last| *last == "self");
        let kind = match (is_self, kind) {
            (true, ImportKind::Named(name)) => {
                full.pop();
                let own = full.last().copied().unwrap_or(name);
                ImportKind::Named(if name == "self" { own } else { name })
            }
            (_, kind) => kind,
        };
        imports.push(Import {
            path: full,
            global: false,
            kind,
            public: false,
            span,
        });
    }
}

/// The first token of `const async unsafe extern fn`.
pub(super) fn signature_start(signature: &syn::Signature) -> SynSpan {
    if let Some(token) = &signature.constness {
        return token.span;
    }
    if let Some(token) = &signature.asyncness {
        return token.span;
    }
    match &signature.safety {
        syn::Safety::Unsafe(token) => return token.span,
        syn::Safety::Safe(token) => return token.span(),
        _ => {}
    }
    match &signature.abi {
        Some(abi) => abi.extern_token.span,
        None => signature.fn_token.span,
    }
}

fn path_attribute(attributes: &[syn::Attribute]) -> Option<Arc<str>> {
    attributes.iter().find_map(|attribute| {
        let syn::Meta::NameValue(pair) = &attribute.meta else {
            return None;
        };
        match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) if pair.path.is_ident("path") => Some(text.value().into()),
            _ => None,
        }
    })
}
