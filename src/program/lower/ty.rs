//! Types, paths, generics.

use proc_macro2::Span as SynSpan;
use syn::punctuated::Punctuated;
use syn::{GenericArgument, PathArguments, ReturnType, TypeParamBound};

use super::Lowerer;
use crate::name::Name;
use crate::program::hir::{
    Bound, GenericArg, GenericParam, GenericParamKind, Generics, Path, QualifiedSelf, Segment,
    Type, TypeKind,
};
use crate::source::Span;

impl Lowerer<'_> {
    pub fn ty(&mut self, ty: &syn::Type) -> Type {
        let (kind, span) = match ty {
            syn::Type::Array(array) => {
                let element = self.ty(&array.elem);
                let length = self.expr(&array.len);
                let span = self.span(array.bracket_token.span.join());
                (TypeKind::Array(Box::new(element), Box::new(length)), span)
            }
            syn::Type::FnPtr(pointer) => {
                let params = pointer.inputs.iter().map(|arg| self.ty(&arg.ty)).collect();
                let start = self.span(pointer.fn_token.span);
                let closed = self.span(pointer.paren_token.span.join());
                let ret = self.return_type(&pointer.output, closed);
                let span = start.to(ret.span);
                (TypeKind::Fn(params, Box::new(ret)), span)
            }
            syn::Type::Group(group) => return self.ty(&group.elem),
            syn::Type::Paren(paren) => return self.ty(&paren.elem),
            syn::Type::ImplTrait(ty) => {
                let bounds = self.bounds(&ty.bounds);
                let span = self.span(ty.impl_token.span);
                let end = bounds.last().map_or(span, |bound| bound.path.span);
                (TypeKind::Impl(bounds), span.to(end))
            }
            syn::Type::TraitObject(ty) => {
                let bounds = self.bounds(&ty.bounds);
                let first = bounds.first().map(|bound| bound.path.span);
                let dyn_span = ty.dyn_token.map(|token| self.span(token.span));
                let start = dyn_span.or(first).unwrap_or(self.positions.start());
                let end = bounds.last().map_or(start, |bound| bound.path.span);
                (TypeKind::Dyn(bounds), start.to(end))
            }
            syn::Type::Infer(ty) => (TypeKind::Infer, self.span(ty.underscore_token.spans[0])),
            syn::Type::Never(ty) => (TypeKind::Never, self.span(ty.bang_token.spans[0])),
            syn::Type::Path(ty) => {
                let path = self.path(ty.qself.as_ref(), &ty.path);
                let span = path.span;
                (TypeKind::Path(path), span)
            }
            syn::Type::Ptr(ty) => {
                let inner = self.ty(&ty.elem);
                let span = self.span(ty.star_token.spans[0]).to(inner.span);
                (TypeKind::Ref(Box::new(inner)), span)
            }
            syn::Type::Reference(ty) => {
                let inner = self.ty(&ty.elem);
                let span = self.span(ty.and_token.spans[0]).to(inner.span);
                (TypeKind::Ref(Box::new(inner)), span)
            }
            syn::Type::Slice(ty) => {
                let inner = self.ty(&ty.elem);
                let span = self.span(ty.bracket_token.span.join());
                (TypeKind::Slice(Box::new(inner)), span)
            }
            syn::Type::Tuple(ty) => {
                let elements = ty.elems.iter().map(|element| self.ty(element)).collect();
                let span = self.span(ty.paren_token.span.join());
                (TypeKind::Tuple(elements), span)
            }
            syn::Type::Macro(ty) => {
                let span = self.path(None, &ty.mac.path).span;
                (TypeKind::Unsupported, span)
            }
            _ => (TypeKind::Unsupported, self.positions.start()),
        };
        Type { kind, span }
    }

    /// What `->` names; nothing is the unit type, standing where the list of parameters ends.
    pub fn return_type(&mut self, output: &ReturnType, after: Span) -> Type {
        match output {
            ReturnType::Type(_, ty) => self.ty(ty),
            ReturnType::Default => Type {
                kind: TypeKind::Tuple(Vec::new()),
                span: after.end_point(),
            },
        }
    }

    pub fn path(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> Path {
        let own_from = qself
            .map_or(0, |qself| qself.position)
            .min(path.segments.len());
        let mut segments: Vec<Segment> = path
            .segments
            .iter()
            .map(|segment| self.segment(segment))
            .collect();
        let start = match (qself, path.leading_colon) {
            (Some(qself), _) => self.span(qself.lt_token.spans[0]),
            (None, Some(colons)) => self.span(colons.spans[0]),
            (None, None) => segments
                .first()
                .map_or(self.positions.start(), |first| first.span),
        };
        let end = match path.segments.last() {
            Some(last) => self.segment_end(last),
            None => start,
        };
        let own = segments.split_off(own_from);
        let as_trait = segments.last().map(|last| last.span).map(|last| Path {
            qself: None,
            global: path.leading_colon.is_some(),
            span: segments[0].span.to(last),
            segments,
        });
        let qself = qself.map(|qself| {
            Box::new(QualifiedSelf {
                ty: self.ty(&qself.ty),
                as_trait,
            })
        });
        Path {
            global: path.leading_colon.is_some() && qself.is_none(),
            qself,
            segments: own,
            span: start.to(end),
        }
    }

    fn segment_end(&self, segment: &syn::PathSegment) -> Span {
        match &segment.arguments {
            PathArguments::None => self.span(segment.ident.span()),
            PathArguments::AngleBracketed(args) => self.span(args.gt_token.spans[0]),
            PathArguments::Parenthesized(args) => self.span(args.paren_token.span.close()),
        }
    }

    fn segment(&mut self, segment: &syn::PathSegment) -> Segment {
        let ident = self.ident(&segment.ident);
        let args = match &segment.arguments {
            PathArguments::None => Vec::new(),
            PathArguments::AngleBracketed(args) => self.generic_args(args),
            PathArguments::Parenthesized(args) => {
                let span = self.span(args.paren_token.span.join());
                let inputs = args.inputs.iter().map(|arg| self.ty(&arg.ty)).collect();
                let inputs = Type {
                    kind: TypeKind::Tuple(inputs),
                    span,
                };
                let output = self.return_type(&args.output, span);
                vec![
                    GenericArg::Type(inputs),
                    GenericArg::Assoc(Name::new("Output"), output),
                ]
            }
        };
        Segment {
            name: ident.name,
            args,
            span: ident.span,
        }
    }

    pub fn generic_args(&mut self, args: &syn::AngleBracketedGenericArguments) -> Vec<GenericArg> {
        args.args
            .iter()
            .filter_map(|arg| match arg {
                GenericArgument::Type(ty) => Some(GenericArg::Type(self.ty(ty))),
                GenericArgument::Const(value) => Some(GenericArg::Const(self.expr(value))),
                GenericArgument::AssocType(assoc) => {
                    let name = self.name(&assoc.ident);
                    Some(GenericArg::Assoc(name, self.ty(&assoc.ty)))
                }
                GenericArgument::Constraint(constraint) => {
                    let ident = self.ident(&constraint.ident);
                    let bounds = self.bounds(&constraint.bounds);
                    let ty = Type {
                        kind: TypeKind::Impl(bounds),
                        span: ident.span,
                    };
                    Some(GenericArg::Assoc(ident.name, ty))
                }
                _ => None,
            })
            .collect()
    }

    pub fn bounds<P>(&mut self, bounds: &Punctuated<TypeParamBound, P>) -> Vec<Bound> {
        bounds
            .iter()
            .filter_map(|bound| match bound {
                TypeParamBound::Trait(bound) if bound.maybe.is_none() => Some(Bound {
                    path: self.path(None, &bound.path),
                }),
                _ => None,
            })
            .collect()
    }

    pub fn generics(&mut self, generics: &syn::Generics) -> Generics {
        let params = generics
            .params
            .iter()
            .filter_map(|param| match param {
                syn::GenericParam::Lifetime(_) => None,
                syn::GenericParam::Type(param) => Some(GenericParam {
                    name: self.name(&param.ident),
                    kind: GenericParamKind::Type {
                        bounds: self.bounds(&param.bounds),
                        default: param.default.as_ref().map(|(_, ty)| self.ty(ty)),
                    },
                }),
                syn::GenericParam::Const(param) => Some(GenericParam {
                    name: self.name(&param.ident),
                    kind: GenericParamKind::Const {
                        default: param.default.as_ref().map(|(_, value)| self.expr(value)),
                    },
                }),
            })
            .collect();
        let predicates = generics
            .where_clause
            .iter()
            .flat_map(|clause| &clause.predicates);
        let wheres = predicates
            .filter_map(|predicate| match predicate {
                syn::WherePredicate::Type(predicate) => Some((
                    self.ty(&predicate.bounded_ty),
                    self.bounds(&predicate.bounds),
                )),
                _ => None,
            })
            .collect();
        Generics { params, wheres }
    }

    /// Where a visibility starts, or else the token behind it.
    pub fn start(&self, visibility: &syn::Visibility, keyword: SynSpan) -> Span {
        match visibility {
            syn::Visibility::Public(token) => self.span(token.span),
            syn::Visibility::Restricted(restricted) => self.span(restricted.pub_token.span),
            syn::Visibility::Inherited => self.span(keyword),
        }
    }
}

pub(super) fn is_public(visibility: &syn::Visibility) -> bool {
    !matches!(visibility, syn::Visibility::Inherited)
}
