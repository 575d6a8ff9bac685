//! Structs, enums, impls and traits.

use std::sync::Arc;

use proc_macro2::Span as SynSpan;

use super::Lowerer;
use super::item::signature_start;
use super::ty::is_public;
use crate::program::cfg::holds;
use crate::program::hir::{
    Alias, Cfg, Const, Enum, Field, Fields, Function, Impl, Member, Struct, Trait, Variant,
};
use crate::source::Span;

/// The parts of an impl or trait, with the conditions of its functions.
#[derive(Default)]
struct Parts {
    functions: Vec<(Option<Cfg>, Arc<Function>)>,
    consts: Vec<Arc<Const>>,
    types: Vec<Arc<Alias>>,
}

impl Lowerer<'_> {
    pub fn structure(&mut self, item: &syn::ItemStruct) -> Struct {
        let name = self.ident(&item.ident);
        let end = match (&item.fields, &item.semi_token) {
            (_, Some(semi)) => self.span(semi.spans[0]),
            (syn::Fields::Named(fields), _) => self.span(fields.brace_token.span.close()),
            (syn::Fields::Unnamed(fields), _) => self.span(fields.paren_token.span.close()),
            (syn::Fields::Unit, None) => name.span,
        };
        Struct {
            name,
            generics: self.generics(&item.generics),
            fields: self.fields(&item.fields),
            derives: self.derives(&item.attrs),
            is_public: is_public(&item.vis),
            span: self.start(&item.vis, item.struct_token.span).to(end),
        }
    }

    pub fn enumeration(&mut self, item: &syn::ItemEnum) -> Enum {
        let variants = item
            .variants
            .iter()
            .map(|variant| Variant {
                name: self.ident(&variant.ident),
                fields: self.fields(&variant.fields),
                is_default: variant
                    .attrs
                    .iter()
                    .any(|attribute| attribute.path().is_ident("default")),
                discriminant: variant
                    .discriminant
                    .as_ref()
                    .map(|(_, value)| self.expr(value)),
            })
            .collect();
        let close = self.span(item.brace_token.span.close());
        Enum {
            name: self.ident(&item.ident),
            generics: self.generics(&item.generics),
            variants,
            derives: self.derives(&item.attrs),
            is_public: is_public(&item.vis),
            span: self.start(&item.vis, item.enum_token.span).to(close),
        }
    }

    fn fields(&mut self, fields: &syn::Fields) -> Fields {
        match fields {
            syn::Fields::Unit => Fields::Unit,
            syn::Fields::Named(fields) => Fields::Named(
                fields
                    .named
                    .iter()
                    .filter_map(|field| {
                        let name = field.ident.as_ref()?;
                        let member = Member::Named(self.name(name));
                        Some(self.field(field, member, Some(name.span())))
                    })
                    .collect(),
            ),
            syn::Fields::Unnamed(fields) => Fields::Tuple(
                fields
                    .unnamed
                    .iter()
                    .zip(0..)
                    .map(|(field, index)| self.field(field, Member::Index(index), None))
                    .collect(),
            ),
        }
    }

    fn field(&mut self, field: &syn::Field, member: Member, name: Option<SynSpan>) -> Field {
        let ty = self.ty(&field.ty);
        let attributes = self.field_attributes(&field.attrs);
        let first = name.map_or(ty.span, |name| self.span(name));
        let start = match &field.vis {
            syn::Visibility::Inherited => first,
            written => self.start(written, SynSpan::call_site()),
        };
        Field {
            member,
            span: start.to(ty.span),
            ty,
            skip: attributes.skip,
            default: attributes.default,
            attributes: attributes.names,
            cfg: self.cfg(&field.attrs),
        }
    }

    pub fn implementation(&mut self, item: &syn::ItemImpl) -> Impl {
        let mut parts = Parts::default();
        self.impl_items(&item.items, &mut parts);
        let start = item
            .unsafety
            .map_or(item.impl_token.span, |token| token.span);
        Impl {
            generics: self.generics(&item.generics),
            trait_path: item.trait_.as_ref().map(|(path, _)| self.path(None, path)),
            self_ty: self.ty(&item.self_ty),
            functions: self.built(parts.functions),
            consts: parts.consts,
            types: parts.types,
            span: self.between(start, item.brace_token.span.close()),
        }
    }

    fn impl_items(&mut self, items: &[syn::ImplItem], parts: &mut Parts) {
        for item in items {
            match item {
                syn::ImplItem::Const(item) => {
                    let constant = self.constant(&item.ident, Some(&item.ty), Some(&item.expr));
                    parts.consts.push(constant);
                }
                syn::ImplItem::Fn(item) => {
                    let start = self.start(&item.vis, signature_start(&item.sig));
                    let public = is_public(&item.vis);
                    let body = Some(&item.block);
                    let function = self.function(&item.sig, body, &item.attrs, public, start);
                    let cfg = self.cfg(&item.attrs);
                    parts.functions.push((cfg, Arc::new(function)));
                }
                syn::ImplItem::Type(item) => {
                    let start = self.start(&item.vis, item.type_token.span);
                    let span = start.to(self.span(item.semi_token.spans[0]));
                    let alias = self.alias(&item.ident, &item.generics, &item.ty, span);
                    parts.types.push(Arc::new(alias));
                }
                syn::ImplItem::Macro(item) => {
                    self.expand_impl_items(&item.mac, |lowerer, items| {
                        lowerer.impl_items(items, parts);
                    });
                }
                _ => {}
            }
        }
    }

    pub fn trait_item(&mut self, item: &syn::ItemTrait) -> Trait {
        let mut functions = Vec::new();
        let mut consts = Vec::new();
        let mut types = Vec::new();
        for part in &item.items {
            match part {
                syn::TraitItem::Const(part) => {
                    let value = part.default.as_ref().map(|(_, value)| value);
                    consts.push(self.constant(&part.ident, Some(&part.ty), value));
                }
                syn::TraitItem::Fn(part) => {
                    let start = self.span(signature_start(&part.sig));
                    let body = part.default.as_ref();
                    let function = self.function(&part.sig, body, &part.attrs, true, start);
                    functions.push((self.cfg(&part.attrs), Arc::new(function)));
                }
                syn::TraitItem::Type(part) => types.push(self.name(&part.ident)),
                _ => {}
            }
        }
        let close = self.span(item.brace_token.span.close());
        Trait {
            name: self.ident(&item.ident),
            generics: self.generics(&item.generics),
            supertraits: self.bounds(&item.supertraits),
            functions: self.built(functions),
            consts,
            types,
            span: self.trait_start(item).to(close),
        }
    }

    fn trait_start(&self, item: &syn::ItemTrait) -> Span {
        let keyword = item
            .unsafety
            .map_or(item.trait_token.span, |token| token.span);
        self.start(&item.vis, keyword)
    }

    /// Of functions with one name, the one that the default build has; a lone one stays whatever its condition.
    fn built(&self, functions: Vec<(Option<Cfg>, Arc<Function>)>) -> Vec<Arc<Function>> {
        let holds = |cfg: &Option<Cfg>| cfg.as_ref().is_none_or(|c| holds(c, self.features, true));
        let mut kept: Vec<(bool, Arc<Function>)> = Vec::with_capacity(functions.len());
        for (cfg, function) in functions {
            let is_built = holds(&cfg);
            let twin = kept
                .iter_mut()
                .find(|(_, other)| other.name.name == function.name.name);
            match twin {
                None => kept.push((is_built, function)),
                Some(twin) if is_built && !twin.0 => *twin = (is_built, function),
                Some(_) => {}
            }
        }
        kept.into_iter().map(|(_, function)| function).collect()
    }
}
