//! Blocks, branches, loops, closures, and what leaves them.

use std::sync::Arc;

use super::Lowerer;
use crate::program::hir::{Arm, Block, Closure, Expr, ExprKind, Stmt};
use crate::source::Span;

impl Lowerer<'_> {
    pub fn control(&mut self, expr: &syn::Expr) -> (ExprKind, Span) {
        match expr {
            syn::Expr::Async(e) => self.plain_block(&e.block),
            syn::Expr::Const(e) => self.plain_block(&e.block),
            syn::Expr::Unsafe(e) => self.plain_block(&e.block),
            syn::Expr::Block(e) => match &e.label {
                None => self.plain_block(&e.block),
                Some(label) => self.labelled_block(label, &e.block),
            },
            syn::Expr::Break(e) => {
                let value = e.expr.as_ref().map(|value| self.boxed(value));
                let start = self.span(e.break_token.span);
                let label = e.label.as_ref();
                let end = match (&value, label) {
                    (Some(value), _) => value.span,
                    (None, Some(label)) => self.span(label.ident.span()),
                    (None, None) => start,
                };
                let label = label.map(|label| self.name(&label.ident));
                (ExprKind::Break { label, value }, start.to(end))
            }
            syn::Expr::Continue(e) => {
                let start = self.span(e.continue_token.span);
                let label = e.label.as_ref().map(|label| self.ident(&label.ident));
                let end = label.map_or(start, |label| label.span);
                (
                    ExprKind::Continue(label.map(|label| label.name)),
                    start.to(end),
                )
            }
            syn::Expr::Closure(e) => {
                let params = e.inputs.iter().map(|pat| self.pat(pat)).collect();
                let body = self.expr(&e.body);
                let span = self.span(e.inputs_begin.spans[0]).to(body.span);
                let closure = Closure { params, body, span };
                (ExprKind::Closure(Arc::new(closure)), span)
            }
            syn::Expr::ForLoop(e) => {
                let pat = Box::new(self.pat(&e.pat));
                let iter = self.boxed(&e.expr);
                let body = self.block(&e.body);
                let label = self.label(e.label.as_ref());
                let span = self.span(e.for_token.span).to(body.span);
                let kind = ExprKind::For {
                    pat,
                    iter,
                    body,
                    label,
                };
                (kind, span)
            }
            syn::Expr::If(e) => {
                let cond = self.boxed(&e.cond);
                let then = self.block(&e.then_branch);
                let otherwise = e.else_branch.as_ref().map(|(_, other)| self.boxed(other));
                let end = otherwise.as_ref().map_or(then.span, |other| other.span);
                let span = self.span(e.if_token.span).to(end);
                let kind = ExprKind::If {
                    cond,
                    then,
                    otherwise,
                };
                (kind, span)
            }
            syn::Expr::Let(e) => {
                let pat = Box::new(self.pat(&e.pat));
                let value = self.boxed(&e.expr);
                let span = self.span(e.let_token.span).to(value.span);
                (ExprKind::Let(pat, value), span)
            }
            syn::Expr::Loop(e) => {
                let body = self.block(&e.body);
                let label = self.label(e.label.as_ref());
                let span = self.span(e.loop_token.span).to(body.span);
                (ExprKind::Loop { body, label }, span)
            }
            syn::Expr::Match(e) => {
                let subject = self.boxed(&e.expr);
                let arms = e.arms.iter().filter_map(|arm| self.arm(arm)).collect();
                let close = self.span(e.brace_token.span.close());
                let span = self.span(e.match_token.span).to(close);
                (ExprKind::Match(subject, arms), span)
            }
            syn::Expr::Return(e) => {
                let value = e.expr.as_ref().map(|value| self.boxed(value));
                let start = self.span(e.return_token.span);
                let end = value.as_ref().map_or(start, |value| value.span);
                (ExprKind::Return(value), start.to(end))
            }
            syn::Expr::While(e) => {
                let cond = self.boxed(&e.cond);
                let body = self.block(&e.body);
                let label = self.label(e.label.as_ref());
                let span = self.span(e.while_token.span).to(body.span);
                (ExprKind::While { cond, body, label }, span)
            }
            syn::Expr::TryBlock(e) => {
                let span = self.span(e.try_token.span);
                (ExprKind::Unsupported("try block"), span)
            }
            _ => (ExprKind::Unsupported("syntax"), self.positions.start()),
        }
    }

    fn plain_block(&mut self, block: &syn::Block) -> (ExprKind, Span) {
        let block = self.block(block);
        let span = block.span;
        (ExprKind::Block(block), span)
    }

    /// `'a: { … }` is `'a: loop { break 'a { … } }`.
    fn labelled_block(&mut self, label: &syn::Label, block: &syn::Block) -> (ExprKind, Span) {
        let label = Some(self.name(&label.name.ident));
        let (kind, span) = self.plain_block(block);
        let value = Some(Box::new(Expr { kind, span }));
        let leave = Expr {
            kind: ExprKind::Break { label, value },
            span,
        };
        let body = Block {
            stmts: vec![Stmt::Expr {
                expr: leave,
                semi: true,
            }],
            items: Vec::new(),
            span,
        };
        (ExprKind::Loop { body, label }, span)
    }

    fn label(&mut self, label: Option<&syn::Label>) -> Option<crate::name::Name> {
        label.map(|label| self.name(&label.name.ident))
    }

    fn arm(&mut self, arm: &syn::Arm) -> Option<Arm> {
        if !self.is_built(&arm.attrs) {
            return None;
        }
        let guard = match &arm.pat {
            syn::Pat::Guard(guard) => Some(self.expr(&guard.guard)),
            _ => None,
        };
        Some(Arm {
            pat: self.pat(&arm.pat),
            guard,
            body: self.expr(&arm.body),
        })
    }
}
