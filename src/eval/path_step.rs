//! Where in the program a store's path was written, so that an edit can say more at that place.

use std::rc::Rc;

use super::machine::{Condition, Machine};
use super::value::{Builder, Value};
use crate::frameworks::Framework;
use crate::program::hir::{BinaryOp, Expr, ExprKind, MethodCall, UnaryOp};
use crate::source::Span;

/// An expression that gives a path: `p / "x"`, `p.sub("x")`, `vs.root()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The path that it starts from; of `vs.root()`, all of it.
    pub operand: Span,
    pub form: OperandForm,
    /// Its text is no macro's.
    pub is_written: bool,
    /// It runs only where these hold.
    pub conditions: Vec<Condition>,
    /// It stands in the workspace's own code.
    pub is_own: bool,
    /// The step that gave the path it starts from.
    pub before: Option<Rc<PathStep>>,
}

/// How an operand is written: what a method call on it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandForm {
    /// `p`, `self.path`, `vs.root()`: a method call can follow.
    Postfix,
    /// `&p`: a method call can follow what is borrowed, at this place.
    Borrowed(Span),
    /// Anything else needs parentheses.
    Compound,
}

impl Machine<'_> {
    /// The result of `left op right`, with the place where it was written if it is a path of tch.
    pub(super) fn with_operator_step(&self, op: BinaryOp, left: &Expr, result: Value) -> Value {
        match (op, &result) {
            (BinaryOp::Div, Value::Builder(_) | Value::Alt(_)) => {
                let after = self.text_after(left.span);
                let is_written = after.trim_start().starts_with('/');
                self.with_step(left.span, operand_form(left), is_written, result)
            }
            _ => result,
        }
    }

    /// The result of a method call, with the place where it was written if it is a path of tch.
    pub(super) fn with_method_step(&self, call: &MethodCall, span: Span, result: Value) -> Value {
        if !matches!(result, Value::Builder(_) | Value::Alt(_)) {
            return result;
        }
        match call.method.name.as_str() {
            "sub" => {
                let receiver = call.receiver.span;
                let is_written = self.text_after(receiver).trim_start().starts_with('.');
                self.with_step(receiver, OperandForm::Postfix, is_written, result)
            }
            "root" => {
                let is_written = self.text_of(span).ends_with(')');
                self.with_step(span, OperandForm::Postfix, is_written, result)
            }
            _ => result,
        }
    }

    fn with_step(
        &self,
        operand: Span,
        form: OperandForm,
        is_written: bool,
        result: Value,
    ) -> Value {
        match &result {
            Value::Builder(builder) if self.is_of_tch(builder) => {
                let (operand, form) = match form {
                    // A macro's `&` is not in the text.
                    OperandForm::Borrowed(inner) if !self.text_of(operand).starts_with('&') => {
                        (inner, OperandForm::Postfix)
                    }
                    _ => (operand, form),
                };
                let step = PathStep {
                    operand,
                    form,
                    is_written,
                    conditions: self.active_conditions(),
                    is_own: self
                        .program
                        .is_of_workspace(self.program.crate_of(self.scope())),
                    before: builder.step.clone(),
                };
                Value::Builder(Rc::new(Builder {
                    step: Some(Rc::new(step)),
                    ..(**builder).clone()
                }))
            }
            Value::Alt(values) => {
                let stepped = values
                    .iter()
                    .map(|value| self.with_step(operand, form, is_written, value.clone()));
                Value::Alt(Rc::new(stepped.collect()))
            }
            _ => result,
        }
    }

    fn text_of(&self, span: Span) -> String {
        let file = self.program.sources().get(span.file);
        let text = file.text.get(span.start as usize..span.end as usize);
        text.unwrap_or("").to_owned()
    }

    /// The next few characters.
    fn text_after(&self, span: Span) -> String {
        let file = self.program.sources().get(span.file);
        let text = file.text.get(span.end as usize..).unwrap_or("");
        text.chars().take(40).collect()
    }

    fn is_of_tch(&self, builder: &Builder) -> bool {
        let store = &self.log.stores[builder.store.0 as usize];
        store.framework == Some(Framework::Tch)
    }
}

fn operand_form(operand: &Expr) -> OperandForm {
    match &operand.kind {
        // In parentheses it ends later than what it borrows.
        ExprKind::Ref { expr, .. } | ExprKind::Unary(UnaryOp::Deref, expr)
            if expr.span.end != operand.span.end =>
        {
            OperandForm::Postfix
        }
        ExprKind::Ref { expr, .. } if takes_method(expr) => OperandForm::Borrowed(expr.span),
        ExprKind::Binary(_, left, _) if left.span.start > operand.span.start => {
            OperandForm::Postfix
        }
        _ if takes_method(operand) => OperandForm::Postfix,
        _ => OperandForm::Compound,
    }
}

fn takes_method(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Path(_)
            | ExprKind::Field(..)
            | ExprKind::Index(..)
            | ExprKind::Call(..)
            | ExprKind::MethodCall(_)
            | ExprKind::Try(_)
    )
}
