//! Blocks and statements.

use std::sync::Arc;

use super::Lowerer;
use super::attributes::of_expr;
use crate::program::hir::{Block, Expr, ExprKind, Item, PatKind, Stmt};
use crate::source::Span;

/// What the statements of a block are collected in.
struct Parts {
    stmts: Vec<Stmt>,
    items: Vec<Arc<Item>>,
}

impl Lowerer<'_> {
    pub fn block(&mut self, block: &syn::Block) -> Block {
        let span = self.span(block.brace_token.span.join());
        self.block_of(&block.stmts, span)
    }

    pub fn block_of(&mut self, stmts: &[syn::Stmt], span: Span) -> Block {
        let mut parts = Parts {
            stmts: Vec::with_capacity(stmts.len()),
            items: Vec::new(),
        };
        for stmt in stmts {
            self.stmt(stmt, &mut parts);
        }
        parts.stmts.shrink_to_fit();
        Block {
            stmts: parts.stmts,
            items: parts.items,
            span,
        }
    }

    fn stmt(&mut self, stmt: &syn::Stmt, parts: &mut Parts) {
        match stmt {
            syn::Stmt::Local(local) => {
                if self.is_built(&local.attrs) {
                    let lowered = self.local(local);
                    parts.stmts.push(lowered);
                }
            }
            syn::Stmt::Item(item) => parts.items.extend(self.item(item)),
            syn::Stmt::Expr(syn::Expr::Macro(expr), semi) => {
                if self.is_built(&expr.attrs) {
                    self.stmt_macro(&expr.mac, semi.is_some(), parts);
                }
            }
            syn::Stmt::Expr(expr, semi) => {
                if self.is_built(of_expr(expr)) {
                    let expr = self.expr(expr);
                    let semi = semi.is_some();
                    parts.stmts.push(Stmt::Expr { expr, semi });
                }
            }
            syn::Stmt::Macro(call) => {
                if self.is_built(&call.attrs) {
                    self.stmt_macro(&call.mac, call.semi_token.is_some(), parts);
                }
            }
        }
    }

    fn local(&mut self, local: &syn::Local) -> Stmt {
        let pat = self.pat(&local.pat);
        let (pat, ty) = match pat.kind {
            PatKind::Typed(inner, ty) => (*inner, Some(*ty)),
            _ => (pat, None),
        };
        let init = local.init.as_ref();
        let otherwise = init.and_then(|init| init.diverge.as_ref());
        let otherwise = otherwise.map(|(_, other)| {
            let other = self.expr(other);
            match other.kind {
                ExprKind::Block(block) => block,
                _ => Block {
                    span: other.span,
                    stmts: vec![Stmt::Expr {
                        expr: other,
                        semi: false,
                    }],
                    items: Vec::new(),
                },
            }
        });
        Stmt::Let {
            pat,
            ty,
            init: init.map(|init| self.expr(&init.expr)),
            otherwise,
            span: self.between(local.let_token.span, local.semi_token.spans[0]),
        }
    }

    /// What a macro gives for a statement stands among the statements around it.
    fn stmt_macro(&mut self, call: &syn::Macro, semi: bool, parts: &mut Parts) {
        if super::builtin::is_known(call) {
            let expr = self.macro_expr(call);
            parts.stmts.push(Stmt::Expr { expr, semi });
            return;
        }
        let span = self.macro_span(call);
        match self.expand_stmts(call) {
            Some(block) => {
                parts.items.extend(block.items);
                let first = parts.stmts.len();
                parts.stmts.extend(block.stmts);
                if let Some(Stmt::Expr { semi: last, .. }) = parts.stmts[first..].last_mut() {
                    *last |= semi;
                }
            }
            None => {
                let kind = self.unexpanded(call);
                let expr = Expr { kind, span };
                parts.stmts.push(Stmt::Expr { expr, semi });
            }
        }
    }
}
