//! What a function does with an optimizer that it builds.

use crate::name::Name;
use crate::program::FnDef;
use crate::program::hir::{Block, Expr, ExprKind, PatKind, Path, Stmt};
use crate::program::visit::{Visitor, walk_block, walk_expr};
use crate::source::Span;

/// The methods of `candle_nn::Optimizer`.
const METHODS: [&str; 4] = [
    "step",
    "backward_step",
    "learning_rate",
    "set_learning_rate",
];

/// How a result is opened.
const OPENED_BY: [&str; 4] = ["unwrap", "expect", "context", "with_context"];

/// True if the optimizer that is built at `site` is bound by a `let` without a type, and nothing but methods of `candle_nn::Optimizer` are
/// called on it: its type matters to no other code.
pub fn is_used_as_optimizer_only(function: &FnDef, site: Span) -> bool {
    let Some(body) = &function.func.body else {
        return false;
    };
    let mut binding = Binding { site, name: None };
    binding.block(body);
    let Some(name) = binding.name else {
        return false;
    };
    let mut uses = Uses {
        name,
        all: 0,
        called: 0,
    };
    uses.block(body);
    uses.all == uses.called
}

/// Looks for the `let` that binds the optimizer.
struct Binding {
    site: Span,
    name: Option<Name>,
}

impl Visitor for Binding {
    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            if let Stmt::Let {
                pat,
                ty: None,
                init: Some(init),
                otherwise: None,
                ..
            } = stmt
                && let PatKind::Bind { name, sub: None } = &pat.kind
                && opened(init).span == self.site
            {
                self.name = Some(name.name);
            }
        }
        walk_block(self, block);
    }
}

/// What stands behind `?` and `.unwrap()`.
fn opened(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Try(inner) => opened(inner),
        ExprKind::MethodCall(call) if OPENED_BY.contains(&call.method.name.as_str()) => {
            opened(&call.receiver)
        }
        _ => expr,
    }
}

struct Uses {
    name: Name,
    all: usize,
    called: usize,
}

impl Visitor for Uses {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::MethodCall(call) = &expr.kind
            && METHODS.contains(&call.method.name.as_str())
            && let ExprKind::Path(path) = &call.receiver.kind
            && self.is_it(path)
        {
            self.called += 1;
        }
        walk_expr(self, expr);
    }

    fn path(&mut self, path: &Path) {
        if self.is_it(path) {
            self.all += 1;
        }
    }

    fn tokens(&mut self, tokens: &str) {
        if tokens.contains(self.name.as_str()) {
            self.all += 1;
        }
    }
}

impl Uses {
    fn is_it(&self, path: &Path) -> bool {
        matches!(path.segments.as_slice(), [only] if only.name == self.name)
    }
}
