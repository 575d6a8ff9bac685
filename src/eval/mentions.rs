//! Whether a piece of code names a variable.

use crate::name::Name;
use crate::program::hir::{Block, Expr, ExprKind, FormatPart, Stmt};

/// True if the expression names `name` anywhere; a macro that is not expanded counts by its words.
pub fn mentions(expr: &Expr, name: Name) -> bool {
    match &expr.kind {
        ExprKind::Path(path) => path.segments.len() == 1 && path.segments[0].name == name,
        ExprKind::Lit(_)
        | ExprKind::Continue(_)
        | ExprKind::Diverge { .. }
        | ExprKind::Unsupported(_) => false,
        ExprKind::Unary(_, inner)
        | ExprKind::Ref { expr: inner, .. }
        | ExprKind::Field(inner, _)
        | ExprKind::Try(inner)
        | ExprKind::Await(inner)
        | ExprKind::Cast(inner, _)
        | ExprKind::Let(_, inner) => mentions(inner, name),
        ExprKind::Binary(_, a, b)
        | ExprKind::Assign(a, b)
        | ExprKind::AssignOp(_, a, b)
        | ExprKind::Index(a, b) => mentions(a, name) || mentions(b, name),
        ExprKind::Call(callee, args) => mentions(callee, name) || any(args, name),
        ExprKind::MethodCall(call) => mentions(&call.receiver, name) || any(&call.args, name),
        ExprKind::Tuple(parts)
        | ExprKind::Array {
            elements: parts, ..
        }
        | ExprKind::Ignored(parts) => any(parts, name),
        ExprKind::Repeat { element, count, .. } => mentions(element, name) || mentions(count, name),
        ExprKind::Struct(literal) => {
            literal
                .fields
                .iter()
                .any(|(_, value)| mentions(value, name))
                || literal
                    .base
                    .as_ref()
                    .is_some_and(|base| mentions(base, name))
        }
        ExprKind::Block(block) | ExprKind::Loop { body: block, .. } => in_block(block, name),
        ExprKind::If {
            cond,
            then,
            otherwise,
        } => {
            mentions(cond, name)
                || in_block(then, name)
                || otherwise.as_ref().is_some_and(|expr| mentions(expr, name))
        }
        ExprKind::Match(scrutinee, arms) => {
            mentions(scrutinee, name)
                || arms.iter().any(|arm| {
                    mentions(&arm.body, name)
                        || arm
                            .guard
                            .as_ref()
                            .is_some_and(|guard| mentions(guard, name))
                })
        }
        ExprKind::While { cond, body, .. } => mentions(cond, name) || in_block(body, name),
        ExprKind::For { iter, body, .. } => mentions(iter, name) || in_block(body, name),
        ExprKind::Closure(closure) => mentions(&closure.body, name),
        ExprKind::Return(value) | ExprKind::Break { value, .. } => {
            value.as_ref().is_some_and(|value| mentions(value, name))
        }
        ExprKind::Range { low, high, .. } => [low, high]
            .into_iter()
            .flatten()
            .any(|bound| mentions(bound, name)),
        ExprKind::Format(parts) => parts
            .iter()
            .any(|part| matches!(part, FormatPart::Arg { expr, .. } if mentions(expr, name))),
        ExprKind::Macro(call) => match &call.expanded {
            Some(block) => in_block(block, name),
            None => call
                .tokens
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| name == word),
        },
    }
}

fn any(exprs: &[Expr], name: Name) -> bool {
    exprs.iter().any(|expr| mentions(expr, name))
}

fn in_block(block: &Block, name: Name) -> bool {
    block.stmts.iter().any(|stmt| match stmt {
        Stmt::Let {
            init, otherwise, ..
        } => {
            init.as_ref().is_some_and(|init| mentions(init, name))
                || otherwise
                    .as_ref()
                    .is_some_and(|block| in_block(block, name))
        }
        Stmt::Expr { expr, .. } => mentions(expr, name),
    })
}
