//! Conditions, and what is done under them.

use super::attempt::wants_error;
use super::machine::{Condition, Eval, Exit, Machine};
use super::ty::Ty;
use super::value::{Cond, Value};
use crate::program::hir::{BinaryOp, Block, Expr, ExprKind};

impl<'p> Machine<'p> {
    pub(super) fn eval_lazy(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Eval {
        let decided = op == BinaryOp::Or;
        match self.eval_cond(left)? {
            Cond::Known(value) if value == decided => Ok(Value::Bool(Cond::Known(decided))),
            Cond::Known(_) => self.eval(right),
            Cond::Symbol { name, negated } => match self.eval_cond(right)? {
                Cond::Known(value) if value == decided => Ok(Value::Bool(Cond::Known(decided))),
                Cond::Known(_) => Ok(Value::Bool(Cond::Symbol { name, negated })),
                _ => Ok(Value::Bool(Cond::Unknown)),
            },
            Cond::Unknown => match self.eval_cond(right)? {
                Cond::Known(value) if value == decided => Ok(Value::Bool(Cond::Known(decided))),
                _ => Ok(Value::Bool(Cond::Unknown)),
            },
        }
    }

    pub fn eval_cond(&mut self, expr: &Expr) -> Result<Cond, Exit> {
        let value = self.eval(expr)?;
        Ok(self.truth(&value))
    }

    pub fn truth(&mut self, value: &Value) -> Cond {
        match self.deref(value) {
            Value::Bool(Cond::Symbol { name, negated }) => match self.assumed(&name) {
                Some(value) => Cond::Known(value != negated),
                None => Cond::Symbol { name, negated },
            },
            Value::Bool(cond) => cond,
            Value::Alt(values) => {
                let truths: Vec<Cond> = values.iter().map(|value| self.truth(value)).collect();
                match truths.split_first() {
                    Some((first, rest)) if rest.iter().all(|cond| cond == first) => first.clone(),
                    _ => Cond::Unknown,
                }
            }
            _ => Cond::Unknown,
        }
    }

    pub(super) fn eval_if(
        &mut self,
        cond: &Expr,
        then: &Block,
        otherwise: Option<&Expr>,
        expected: Option<Ty>,
    ) -> Eval {
        let depth = self.frame().variables.len();
        let outcome = self.eval_if_arms(cond, then, otherwise, expected);
        self.frame_mut().variables.truncate(depth);
        outcome
    }

    fn eval_if_arms(
        &mut self,
        cond: &Expr,
        then: &Block,
        otherwise: Option<&Expr>,
        expected: Option<Ty>,
    ) -> Eval {
        let pending = self.pending();
        let decided = self.eval_cond(cond)?;
        let attempts = self.take_pending(pending);
        let symbol = match decided {
            Cond::Known(true) => {
                self.leave_open(attempts);
                self.expected = expected;
                return self.eval_block(then);
            }
            Cond::Known(false) => {
                self.leave_open(attempts);
                self.expected = expected;
                return otherwise.map_or(Ok(Value::Unit), |expr| self.eval(expr));
            }
            Cond::Symbol { name, negated } => Some((name, negated)),
            Cond::Unknown => None,
        };
        let assume = |value: bool| {
            symbol
                .as_ref()
                .map(|(name, negated)| (name.clone(), value != *negated))
        };
        let branch = self.log.branches.len() as u32;
        let outcome = self.branch(vec![
            (
                assume(true),
                Box::new(|machine: &mut Machine<'p>| {
                    machine.expected = expected.clone();
                    machine.eval_block(then)
                }),
            ),
            (
                assume(false),
                Box::new(|machine: &mut Machine<'p>| {
                    machine.expected = expected.clone();
                    otherwise.map_or(Ok(Value::Unit), |expr| machine.eval(expr))
                }),
            ),
        ]);
        match asks_for(cond) {
            Some(there) => {
                let arm = u32::from(!there);
                self.allow_in(&attempts, Condition { branch, arm });
            }
            None => self.leave_open(attempts),
        }
        outcome
    }
}

/// Whether a condition is met by a request that was granted, or by one that was denied.
fn asks_for(cond: &Expr) -> Option<bool> {
    match &cond.kind {
        ExprKind::Let(pat, _) => Some(!wants_error(pat)),
        ExprKind::MethodCall(call) => match call.method.name.as_str() {
            "is_ok" => Some(true),
            "is_err" => Some(false),
            _ => None,
        },
        _ => None,
    }
}
