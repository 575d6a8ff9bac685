//! Expressions.

use proc_macro2::Span as SynSpan;
use syn::{BinOp, RangeLimits, UnOp};

use super::Lowerer;
use crate::name::Name;
use crate::program::hir::{
    BinaryOp, Expr, ExprKind, Lit, Member, MethodCall, Path, Segment, StructLit, Type, TypeKind,
    UnaryOp,
};
use crate::source::Span;

impl Lowerer<'_> {
    pub fn boxed(&mut self, expr: &syn::Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    pub fn exprs<'e>(
        &mut self,
        exprs: impl IntoIterator<IntoIter: ExactSizeIterator<Item = &'e syn::Expr>>,
    ) -> Vec<Expr> {
        let exprs = exprs.into_iter();
        let mut lowered = Vec::with_capacity(exprs.len());
        lowered.extend(exprs.map(|expr| self.expr(expr)));
        lowered
    }

    pub fn expr(&mut self, expr: &syn::Expr) -> Expr {
        let (kind, span) = match expr {
            syn::Expr::Array(e) => {
                let elements = self.exprs(&e.elems);
                let is_vec = false;
                let span = self.span(e.bracket_token.span.join());
                (ExprKind::Array { elements, is_vec }, span)
            }
            syn::Expr::Assign(e) => {
                let (left, right) = (self.boxed(&e.left), self.boxed(&e.right));
                let span = left.span.to(right.span);
                (ExprKind::Assign(left, right), span)
            }
            syn::Expr::Await(e) => {
                let base = self.boxed(&e.base);
                let span = base.span.to(self.span(e.await_token.span));
                (ExprKind::Await(base), span)
            }
            syn::Expr::Binary(e) => self.binary(e),
            syn::Expr::Call(e) => {
                let function = self.boxed(&e.func);
                let span = function.span.to(self.span(e.paren_token.span.close()));
                (ExprKind::Call(function, self.exprs(&e.args)), span)
            }
            syn::Expr::Cast(e) => {
                let inner = self.boxed(&e.expr);
                let ty = Box::new(self.ty(&e.ty));
                let span = inner.span.to(ty.span);
                (ExprKind::Cast(inner, ty), span)
            }
            syn::Expr::Field(e) => {
                let base = self.boxed(&e.base);
                let end = match &e.member {
                    syn::Member::Named(name) => name.span(),
                    syn::Member::Unnamed(index) => index.span,
                };
                let span = base.span.to(self.span(end));
                (ExprKind::Field(base, member(self, &e.member)), span)
            }
            syn::Expr::Group(e) => return self.expr(&e.expr),
            syn::Expr::Paren(e) => {
                let inner = self.expr(&e.expr);
                (inner.kind, self.span(e.paren_token.span.join()))
            }
            syn::Expr::Index(e) => {
                let (base, index) = (self.boxed(&e.expr), self.boxed(&e.index));
                let span = base.span.to(self.span(e.bracket_token.span.close()));
                (ExprKind::Index(base, index), span)
            }
            syn::Expr::Infer(e) => {
                let span = self.span(e.underscore_token.spans[0]);
                (ExprKind::Unsupported("_"), span)
            }
            syn::Expr::Lit(e) => return self.literal(&e.lit),
            syn::Expr::Macro(e) => return self.macro_expr(&e.mac),
            syn::Expr::MethodCall(e) => {
                let receiver = self.expr(&e.receiver);
                let span = receiver.span.to(self.span(e.paren_token.span.close()));
                let call = MethodCall {
                    receiver,
                    method: self.ident(&e.method),
                    generics: match &e.turbofish {
                        Some(args) => self.generic_args(args),
                        None => Vec::new(),
                    },
                    args: self.exprs(&e.args),
                };
                (ExprKind::MethodCall(Box::new(call)), span)
            }
            syn::Expr::Path(e) => {
                let path = self.path(e.qself.as_ref(), &e.path);
                let span = path.span;
                (ExprKind::Path(path), span)
            }
            syn::Expr::Range(e) => {
                let low = e.start.as_ref().map(|low| self.boxed(low));
                let high = e.end.as_ref().map(|high| self.boxed(high));
                let (signs, inclusive) = self.limits(&e.limits);
                let start = low.as_ref().map_or(signs, |low| low.span);
                let end = high.as_ref().map_or(signs, |high| high.span);
                let kind = ExprKind::Range {
                    low,
                    high,
                    inclusive,
                };
                (kind, start.to(end))
            }
            syn::Expr::RawAddr(e) => self.reference(e.and_token.spans[0], true, &e.expr),
            syn::Expr::Reference(e) => {
                self.reference(e.and_token.spans[0], e.mutability.is_some(), &e.expr)
            }
            syn::Expr::Repeat(e) => {
                let kind = ExprKind::Repeat {
                    element: self.boxed(&e.expr),
                    count: self.boxed(&e.len),
                    is_vec: false,
                };
                (kind, self.span(e.bracket_token.span.join()))
            }
            syn::Expr::Struct(e) => self.struct_literal(e),
            syn::Expr::Try(e) => {
                let inner = self.boxed(&e.expr);
                let span = inner.span.to(self.span(e.question_token.spans[0]));
                (ExprKind::Try(inner), span)
            }
            syn::Expr::Tuple(e) => {
                let elements = self.exprs(&e.elems);
                let span = self.span(e.paren_token.span.join());
                (ExprKind::Tuple(elements), span)
            }
            syn::Expr::Unary(e) => {
                let (op, sign) = match &e.op {
                    UnOp::Deref(sign) => (Some(UnaryOp::Deref), sign.spans[0]),
                    UnOp::Not(sign) => (Some(UnaryOp::Not), sign.spans[0]),
                    UnOp::Neg(sign) => (Some(UnaryOp::Neg), sign.spans[0]),
                    _ => (None, SynSpan::call_site()),
                };
                let inner = self.boxed(&e.expr);
                let span = self.span(sign).to(inner.span);
                match op {
                    Some(op) => (ExprKind::Unary(op, inner), span),
                    None => (ExprKind::Unsupported("operator"), inner.span),
                }
            }
            syn::Expr::Yield(e) => {
                let span = self.span(e.yield_token.span);
                (ExprKind::Unsupported("yield"), span)
            }
            other => self.control(other),
        };
        Expr { kind, span }
    }

    fn reference(&mut self, sign: SynSpan, mutable: bool, expr: &syn::Expr) -> (ExprKind, Span) {
        let expr = self.boxed(expr);
        let span = self.span(sign).to(expr.span);
        (ExprKind::Ref { mutable, expr }, span)
    }

    fn binary(&mut self, e: &syn::ExprBinary) -> (ExprKind, Span) {
        let (left, right) = (self.boxed(&e.left), self.boxed(&e.right));
        let span = left.span.to(right.span);
        let kind = match binary_op(&e.op) {
            Some((op, false)) => ExprKind::Binary(op, left, right),
            Some((op, true)) => ExprKind::AssignOp(op, left, right),
            None => ExprKind::Unsupported("operator"),
        };
        (kind, span)
    }

    fn struct_literal(&mut self, e: &syn::ExprStruct) -> (ExprKind, Span) {
        let path = self.path(e.qself.as_ref(), &e.path);
        let span = path.span.to(self.span(e.brace_token.span.close()));
        let mut fields = Vec::with_capacity(e.fields.len());
        for field in &e.fields {
            if self.is_built(&field.attrs) {
                fields.push((member(self, &field.member), self.expr(&field.expr)));
            }
        }
        let literal = StructLit {
            path,
            fields,
            base: e.rest.as_ref().map(|base| self.expr(base)),
        };
        (ExprKind::Struct(Box::new(literal)), span)
    }

    pub fn limits(&self, limits: &RangeLimits) -> (Span, bool) {
        match limits {
            RangeLimits::HalfOpen(dots) => (self.between(dots.spans[0], dots.spans[1]), false),
            RangeLimits::Closed(dots) => (self.between(dots.spans[0], dots.spans[2]), true),
        }
    }

    pub fn literal(&mut self, literal: &syn::Lit) -> Expr {
        let value = match literal {
            syn::Lit::Str(text) => Some(Lit::Str(text.value().into())),
            syn::Lit::ByteStr(bytes) => Some(Lit::Bytes(bytes.value().into())),
            syn::Lit::CStr(_) => Some(Lit::Other),
            syn::Lit::Byte(byte) => Some(Lit::Int(i128::from(byte.value()))),
            syn::Lit::Char(char) => Some(Lit::Char(char.value())),
            syn::Lit::Int(int) => match int.suffix() {
                "f32" | "f64" => int.base10_digits().parse().ok().map(Lit::Float),
                _ => Some(match int.base10_digits().parse::<i128>() {
                    Ok(int) if int.unsigned_abs() <= u64::MAX.into() => Lit::Int(int),
                    // Too large to count with.
                    _ => Lit::Other,
                }),
            },
            syn::Lit::Float(float) => float.base10_digits().parse().ok().map(Lit::Float),
            syn::Lit::Bool(bool) => Some(Lit::Bool(bool.value)),
            _ => None,
        };
        let span = self.span(literal.span());
        let kind = value.map_or(ExprKind::Unsupported("literal"), ExprKind::Lit);
        self.suffixed(Expr { kind, span }, literal.suffix())
    }

    /// `8u32` is `8 as u32`.
    fn suffixed(&mut self, literal: Expr, suffix: &str) -> Expr {
        if suffix.is_empty() {
            return literal;
        }
        let span = literal.span;
        let segment = Segment {
            name: Name::new(suffix),
            args: Vec::new(),
            span,
        };
        let path = Path {
            qself: None,
            global: false,
            segments: vec![segment],
            span,
        };
        let ty = Type {
            kind: TypeKind::Path(path),
            span,
        };
        Expr {
            kind: ExprKind::Cast(Box::new(literal), Box::new(ty)),
            span,
        }
    }
}

pub(super) fn member(lowerer: &mut Lowerer, member: &syn::Member) -> Member {
    match member {
        syn::Member::Named(name) => Member::Named(lowerer.name(name)),
        syn::Member::Unnamed(index) => Member::Index(index.index),
    }
}

/// The operator, and whether it assigns.
fn binary_op(op: &BinOp) -> Option<(BinaryOp, bool)> {
    use BinaryOp::*;
    Some(match op {
        BinOp::Add(_) => (Add, false),
        BinOp::Sub(_) => (Sub, false),
        BinOp::Mul(_) => (Mul, false),
        BinOp::Div(_) => (Div, false),
        BinOp::Rem(_) => (Rem, false),
        BinOp::And(_) => (And, false),
        BinOp::Or(_) => (Or, false),
        BinOp::BitXor(_) => (BitXor, false),
        BinOp::BitAnd(_) => (BitAnd, false),
        BinOp::BitOr(_) => (BitOr, false),
        BinOp::Shl(_) => (Shl, false),
        BinOp::Shr(_) => (Shr, false),
        BinOp::Eq(_) => (Eq, false),
        BinOp::Lt(_) => (Lt, false),
        BinOp::Le(_) => (Le, false),
        BinOp::Ne(_) => (Ne, false),
        BinOp::Ge(_) => (Ge, false),
        BinOp::Gt(_) => (Gt, false),
        BinOp::AddAssign(_) => (Add, true),
        BinOp::SubAssign(_) => (Sub, true),
        BinOp::MulAssign(_) => (Mul, true),
        BinOp::DivAssign(_) => (Div, true),
        BinOp::RemAssign(_) => (Rem, true),
        BinOp::BitXorAssign(_) => (BitXor, true),
        BinOp::BitAndAssign(_) => (BitAnd, true),
        BinOp::BitOrAssign(_) => (BitOr, true),
        BinOp::ShlAssign(_) => (Shl, true),
        BinOp::ShrAssign(_) => (Shr, true),
        _ => return None,
    })
}
