//! Walks over expressions.

use super::hir::{
    Block, Expr, ExprKind, FormatCount, FormatPart, GenericArg, Member, Pat, PatKind, Path, Stmt,
    Type, TypeKind,
};
use crate::name::Name;

/// Sees the parts of a body; each method goes on to the parts inside unless it is overridden.
pub trait Visitor {
    fn block(&mut self, block: &Block) {
        walk_block(self, block);
    }

    fn expr(&mut self, expr: &Expr) {
        walk_expr(self, expr);
    }

    fn pat(&mut self, pat: &Pat) {
        walk_pat(self, pat);
    }

    fn ty(&mut self, ty: &Type) {
        walk_type(self, ty);
    }

    fn path(&mut self, path: &Path) {
        walk_path(self, path);
    }

    /// A segment, field, method or bound name.
    fn name(&mut self, _name: Name) {}

    /// The tokens of a macro that isn't known and could not be expanded.
    fn tokens(&mut self, _tokens: &str) {}
}

/// The statements of a block; its items are not entered.
pub fn walk_block<V: Visitor + ?Sized>(visitor: &mut V, block: &Block) {
    for stmt in &block.stmts {
        match stmt {
            Stmt::Let {
                pat,
                ty,
                init,
                otherwise,
                ..
            } => {
                visitor.pat(pat);
                if let Some(ty) = ty {
                    visitor.ty(ty);
                }
                walk_optional(visitor, init.as_ref());
                if let Some(otherwise) = otherwise {
                    visitor.block(otherwise);
                }
            }
            Stmt::Expr { expr, .. } => visitor.expr(expr),
        }
    }
}

fn walk_optional<V: Visitor + ?Sized>(visitor: &mut V, expr: Option<&Expr>) {
    if let Some(expr) = expr {
        visitor.expr(expr);
    }
}

fn walk_all<V: Visitor + ?Sized>(visitor: &mut V, exprs: &[Expr]) {
    for expr in exprs {
        visitor.expr(expr);
    }
}

fn walk_member<V: Visitor + ?Sized>(visitor: &mut V, member: &Member) {
    if let Member::Named(name) = member {
        visitor.name(*name);
    }
}

pub fn walk_expr<V: Visitor + ?Sized>(visitor: &mut V, expr: &Expr) {
    match &expr.kind {
        ExprKind::Lit(_)
        | ExprKind::Continue(_)
        | ExprKind::Diverge { .. }
        | ExprKind::Unsupported(_) => {}
        ExprKind::Path(path) => visitor.path(path),
        ExprKind::Unary(_, inner)
        | ExprKind::Ref { expr: inner, .. }
        | ExprKind::Try(inner)
        | ExprKind::Await(inner) => visitor.expr(inner),
        ExprKind::Binary(_, left, right)
        | ExprKind::Assign(left, right)
        | ExprKind::AssignOp(_, left, right)
        | ExprKind::Index(left, right) => {
            visitor.expr(left);
            visitor.expr(right);
        }
        ExprKind::Call(function, args) => {
            visitor.expr(function);
            walk_all(visitor, args);
        }
        ExprKind::MethodCall(call) => {
            visitor.expr(&call.receiver);
            visitor.name(call.method.name);
            walk_generic_args(visitor, &call.generics);
            walk_all(visitor, &call.args);
        }
        ExprKind::Field(base, member) => {
            visitor.expr(base);
            walk_member(visitor, member);
        }
        ExprKind::Tuple(exprs) | ExprKind::Ignored(exprs) => walk_all(visitor, exprs),
        ExprKind::Array { elements, .. } => walk_all(visitor, elements),
        ExprKind::Repeat { element, count, .. } => {
            visitor.expr(element);
            visitor.expr(count);
        }
        ExprKind::Struct(literal) => {
            visitor.path(&literal.path);
            for (member, value) in &literal.fields {
                walk_member(visitor, member);
                visitor.expr(value);
            }
            walk_optional(visitor, literal.base.as_ref());
        }
        ExprKind::Block(block) | ExprKind::Loop { body: block, .. } => visitor.block(block),
        ExprKind::If {
            cond,
            then,
            otherwise,
        } => {
            visitor.expr(cond);
            visitor.block(then);
            walk_optional(visitor, otherwise.as_deref());
        }
        ExprKind::Let(pat, value) => {
            visitor.pat(pat);
            visitor.expr(value);
        }
        ExprKind::Match(subject, arms) => {
            visitor.expr(subject);
            for arm in arms {
                visitor.pat(&arm.pat);
                walk_optional(visitor, arm.guard.as_ref());
                visitor.expr(&arm.body);
            }
        }
        ExprKind::While { cond, body, .. } => {
            visitor.expr(cond);
            visitor.block(body);
        }
        ExprKind::For {
            pat, iter, body, ..
        } => {
            visitor.pat(pat);
            visitor.expr(iter);
            visitor.block(body);
        }
        ExprKind::Closure(closure) => {
            for param in &closure.params {
                visitor.pat(param);
            }
            visitor.expr(&closure.body);
        }
        ExprKind::Return(value) | ExprKind::Break { value, .. } => {
            walk_optional(visitor, value.as_deref());
        }
        ExprKind::Cast(inner, ty) => {
            visitor.expr(inner);
            visitor.ty(ty);
        }
        ExprKind::Range { low, high, .. } => {
            walk_optional(visitor, low.as_deref());
            walk_optional(visitor, high.as_deref());
        }
        ExprKind::Format(parts) => {
            for part in parts {
                if let FormatPart::Arg { expr, spec } = part {
                    visitor.expr(expr);
                    let counts = spec.iter().flat_map(|spec| [&spec.width, &spec.precision]);
                    for count in counts.flatten() {
                        if let FormatCount::Of(expr) = count {
                            visitor.expr(expr);
                        }
                    }
                }
            }
        }
        ExprKind::Macro(call) => {
            visitor.path(&call.path);
            match &call.expanded {
                Some(block) => visitor.block(block),
                None => visitor.tokens(&call.tokens),
            }
        }
    }
}

pub fn walk_pat<V: Visitor + ?Sized>(visitor: &mut V, pat: &Pat) {
    match &pat.kind {
        PatKind::Wild | PatKind::Rest | PatKind::Unsupported => {}
        PatKind::Bind { name, sub } => {
            visitor.name(name.name);
            if let Some(sub) = sub {
                visitor.pat(sub);
            }
        }
        PatKind::Path(path) => visitor.path(path),
        PatKind::Tuple(pats) | PatKind::Or(pats) | PatKind::Slice(pats) => {
            pats.iter().for_each(|pat| visitor.pat(pat));
        }
        PatKind::TupleStruct(path, pats) => {
            visitor.path(path);
            pats.iter().for_each(|pat| visitor.pat(pat));
        }
        PatKind::Struct { path, fields } => {
            visitor.path(path);
            for (member, pat) in fields {
                walk_member(visitor, member);
                visitor.pat(pat);
            }
        }
        PatKind::Lit(value) => visitor.expr(value),
        PatKind::Range { low, high, .. } => {
            walk_optional(visitor, low.as_deref());
            walk_optional(visitor, high.as_deref());
        }
        PatKind::Ref(inner) => visitor.pat(inner),
        PatKind::Typed(inner, ty) => {
            visitor.pat(inner);
            visitor.ty(ty);
        }
    }
}

pub fn walk_type<V: Visitor + ?Sized>(visitor: &mut V, ty: &Type) {
    match &ty.kind {
        TypeKind::Never | TypeKind::Infer | TypeKind::Unsupported => {}
        TypeKind::Path(path) => visitor.path(path),
        TypeKind::Ref(inner) | TypeKind::Slice(inner) => visitor.ty(inner),
        TypeKind::Tuple(types) => types.iter().for_each(|ty| visitor.ty(ty)),
        TypeKind::Array(element, length) => {
            visitor.ty(element);
            visitor.expr(length);
        }
        TypeKind::Impl(bounds) | TypeKind::Dyn(bounds) => {
            bounds.iter().for_each(|bound| visitor.path(&bound.path));
        }
        TypeKind::Fn(params, ret) => {
            params.iter().for_each(|ty| visitor.ty(ty));
            visitor.ty(ret);
        }
    }
}

pub fn walk_path<V: Visitor + ?Sized>(visitor: &mut V, path: &Path) {
    if let Some(qself) = &path.qself {
        visitor.ty(&qself.ty);
        if let Some(as_trait) = &qself.as_trait {
            visitor.path(as_trait);
        }
    }
    for segment in &path.segments {
        visitor.name(segment.name);
        walk_generic_args(visitor, &segment.args);
    }
}

fn walk_generic_args<V: Visitor + ?Sized>(visitor: &mut V, args: &[GenericArg]) {
    for arg in args {
        match arg {
            GenericArg::Type(ty) => visitor.ty(ty),
            GenericArg::Const(value) => visitor.expr(value),
            GenericArg::Assoc(name, ty) => {
                visitor.name(*name);
                visitor.ty(ty);
            }
        }
    }
}
