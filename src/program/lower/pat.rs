//! Patterns.

use super::Lowerer;
use super::expr::member;
use crate::program::hir::{ExprKind, Pat, PatKind};
use crate::source::Span;

impl Lowerer<'_> {
    pub fn pat(&mut self, pat: &syn::Pat) -> Pat {
        let (kind, span) = match pat {
            syn::Pat::Guard(guard) => return self.pat(&guard.pat),
            syn::Pat::Ident(pat) => {
                let name = self.ident(&pat.ident);
                let sub = pat.subpat.as_ref().map(|(_, sub)| Box::new(self.pat(sub)));
                let span = match &sub {
                    Some(sub) => name.span.to(sub.span),
                    None => name.span,
                };
                (PatKind::Bind { name, sub }, span)
            }
            syn::Pat::Lit(pat) => {
                let value = self.literal(&pat.lit);
                let span = value.span;
                (PatKind::Lit(Box::new(value)), span)
            }
            syn::Pat::Macro(pat) => {
                let value = self.macro_expr(&pat.mac);
                let span = value.span;
                match value.kind {
                    ExprKind::Lit(_) => (PatKind::Lit(Box::new(value)), span),
                    _ => (PatKind::Unsupported, span),
                }
            }
            syn::Pat::Or(pat) => {
                let cases: Vec<Pat> = pat.cases.iter().map(|case| self.pat(case)).collect();
                let span = self.covering(&cases);
                (PatKind::Or(cases), span)
            }
            syn::Pat::Paren(pat) => return self.pat(&pat.pat),
            syn::Pat::Path(pat) => {
                let path = self.path(pat.qself.as_ref(), &pat.path);
                let span = path.span;
                (PatKind::Path(path), span)
            }
            syn::Pat::Range(pat) => self.range_pat(pat),
            syn::Pat::Reference(pat) => {
                let inner = self.pat(&pat.pat);
                let span = self.span(pat.and_token.spans[0]).to(inner.span);
                (PatKind::Ref(Box::new(inner)), span)
            }
            syn::Pat::Rest(pat) => (PatKind::Rest, self.span(pat.dot2_token.spans[0])),
            syn::Pat::Slice(pat) => {
                let elements = pat.elems.iter().map(|element| self.pat(element)).collect();
                (
                    PatKind::Slice(elements),
                    self.span(pat.bracket_token.span.join()),
                )
            }
            syn::Pat::Struct(pat) => {
                let path = self.path(pat.qself.as_ref(), &pat.path);
                let fields = pat
                    .fields
                    .iter()
                    .filter(|field| self.is_built(&field.attrs))
                    .collect::<Vec<_>>();
                let fields = fields
                    .into_iter()
                    .map(|field| (member(self, &field.member), self.pat(&field.pat)))
                    .collect();
                let span = path.span.to(self.span(pat.brace_token.span.close()));
                (PatKind::Struct { path, fields }, span)
            }
            syn::Pat::Tuple(pat) => {
                let elements = pat.elems.iter().map(|element| self.pat(element)).collect();
                (
                    PatKind::Tuple(elements),
                    self.span(pat.paren_token.span.join()),
                )
            }
            syn::Pat::TupleStruct(pat) => {
                let path = self.path(pat.qself.as_ref(), &pat.path);
                let elements = pat.elems.iter().map(|element| self.pat(element)).collect();
                let span = path.span.to(self.span(pat.paren_token.span.close()));
                (PatKind::TupleStruct(path, elements), span)
            }
            syn::Pat::Type(pat) => {
                let inner = self.pat(&pat.pat);
                let ty = self.ty(&pat.ty);
                let span = inner.span.to(ty.span);
                (PatKind::Typed(Box::new(inner), Box::new(ty)), span)
            }
            syn::Pat::Wild(pat) => (PatKind::Wild, self.span(pat.underscore_token.spans[0])),
            syn::Pat::Const(pat) => (PatKind::Unsupported, self.span(pat.const_token.span)),
            _ => (PatKind::Unsupported, self.positions.start()),
        };
        Pat { kind, span }
    }

    fn range_pat(&mut self, pat: &syn::PatRange) -> (PatKind, Span) {
        let low = pat.start.as_ref().map(|low| self.boxed(low));
        let high = pat.end.as_ref().map(|high| self.boxed(high));
        let (signs, inclusive) = self.limits(&pat.limits);
        let start = low.as_ref().map_or(signs, |low| low.span);
        let end = high.as_ref().map_or(signs, |high| high.span);
        let kind = PatKind::Range {
            low,
            high,
            inclusive,
        };
        (kind, start.to(end))
    }

    fn covering(&self, pats: &[Pat]) -> Span {
        match (pats.first(), pats.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => self.positions.start(),
        }
    }
}
