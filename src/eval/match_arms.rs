//! `match`: which arms a value can take, and what they leave.

use std::rc::Rc;

use super::attempt::wants_error;
use super::machine::{Condition, Eval, Machine};
use super::num::Num;
use super::pattern::{Match, last};
use super::ty::Ty;
use super::value::{Cond, Value};
use crate::program::hir::{Arm, Expr, ExprKind, Lit, Pat, PatKind};

impl<'p> Machine<'p> {
    pub fn eval_match(&mut self, scrutinee: &Expr, arms: &[Arm], expected: Option<Ty>) -> Eval {
        let pending = self.pending();
        let value = match self.place_of(scrutinee)? {
            Some(place) => {
                self.recall(place.slot);
                match self.is_borrowed(scrutinee) {
                    true => Value::Ref(Rc::new(place)),
                    false => self.read_place(&place),
                }
            }
            None => self.eval(scrutinee)?,
        };
        let attempts = self.take_pending(pending);
        let doubtful = !attempts.is_empty();
        let borrowed = matches!(&value, Value::Ref(_)).then(|| value.clone());
        let value = self.deref(&value);
        let mut candidates: Vec<(&Arm, Match, Value)> = Vec::new();
        for arm in arms {
            let fitting: Vec<Value> = value
                .alternatives()
                .into_iter()
                .filter(|value| self.matches_if(&arm.pat, value, doubtful) != Match::No)
                .collect();
            let fits = match fitting.as_slice() {
                [] => Match::No,
                [_] if !matches!(value, Value::Alt(_)) => {
                    self.matches_if(&arm.pat, &fitting[0], doubtful)
                }
                all if all.len() == value.alternatives().len()
                    && all
                        .iter()
                        .all(|value| self.matches_if(&arm.pat, value, doubtful) == Match::Yes) =>
                {
                    Match::Yes
                }
                _ => Match::Maybe,
            };
            if fits == Match::No {
                continue;
            }
            let guarded = match &arm.guard {
                None => fits,
                Some(guard) => {
                    let depth = self.frame().variables.len();
                    self.bind_pattern(&arm.pat, &Value::one_of(fitting.clone()));
                    let cond = self.eval_cond(guard)?;
                    self.frame_mut().variables.truncate(depth);
                    match cond {
                        Cond::Known(false) => Match::No,
                        Cond::Known(true) => fits,
                        _ => Match::Maybe,
                    }
                }
            };
            if guarded == Match::No {
                continue;
            }
            candidates.push((arm, guarded, Value::one_of(fitting)));
            if guarded == Match::Yes {
                break;
            }
        }
        if let [(arm, _, fitting)] = candidates.as_slice() {
            self.leave_open(attempts);
            let whole = borrowed.filter(|_| !matches!(value, Value::Alt(_)));
            return self.eval_arm(arm, whole.as_ref().unwrap_or(fitting), expected);
        }
        let granted: Vec<usize> = (0..candidates.len())
            .filter(|number| !wants_error(&candidates[*number].0.pat))
            .collect();
        let subject = self.subject(&value);
        let arms = candidates
            .iter()
            .map(|(arm, _, value)| {
                let assumption = subject
                    .as_ref()
                    .and_then(|subject| assumption_of(subject, arm));
                let expected = expected.clone();
                let code = move |machine: &mut Machine<'p>| machine.eval_arm(arm, value, expected);
                (
                    assumption,
                    Box::new(code) as Box<dyn FnOnce(&mut Machine<'p>) -> Eval + '_>,
                )
            })
            .collect();
        let branch = self.log.branches.len() as u32;
        let outcome = self.branch(arms);
        match granted.as_slice() {
            [only] => {
                let arm = *only as u32;
                self.allow_in(&attempts, Condition { branch, arm });
            }
            _ => self.leave_open(attempts),
        }
        outcome
    }

    /// True for `&mut x`, and for a variable that is itself `&mut`.
    fn is_borrowed(&self, scrutinee: &Expr) -> bool {
        match &scrutinee.kind {
            ExprKind::Ref { mutable, .. } => *mutable,
            ExprKind::Path(path) => path
                .segments
                .last()
                .and_then(|segment| self.variable(segment.name))
                .is_some_and(|slot| matches!(self.heap[slot.0 as usize], Value::Ref(_))),
            _ => false,
        }
    }

    /// Whether a value fits, which may be an error instead.
    pub fn matches_if(&mut self, pat: &Pat, value: &Value, doubtful: bool) -> Match {
        let outer = std::mem::replace(&mut self.doubtful, doubtful);
        let fits = self.matches(pat, value);
        self.doubtful = outer;
        fits
    }

    /// What an unknown scrutinee is called.
    fn subject(&mut self, value: &Value) -> Option<String> {
        let name = match value {
            Value::Unknown(unknown) => unknown.name.as_deref().map(str::to_string),
            Value::Int(num @ Num::Named(_)) => Some(num.to_string()),
            _ => None,
        };
        name.filter(|name| super::symbol::tells_apart(name))
    }

    fn eval_arm(&mut self, arm: &Arm, value: &Value, expected: Option<Ty>) -> Eval {
        let depth = self.frame().variables.len();
        self.bind_pattern(&arm.pat, value);
        self.expected = expected;
        let outcome = self.eval(&arm.body);
        self.frame_mut().variables.truncate(depth);
        outcome
    }
}

/// Inside the arm, the same question asked again has the same answer.
fn assumption_of(subject: &str, arm: &Arm) -> Option<(std::rc::Rc<str>, bool)> {
    let variant = match &arm.pat.kind {
        PatKind::Path(path) | PatKind::TupleStruct(path, _) => last(path).to_string(),
        PatKind::Lit(expr) => match &expr.kind {
            ExprKind::Lit(Lit::Str(text)) => format!("{text:?}"),
            ExprKind::Lit(Lit::Int(value)) => value.to_string(),
            _ => return None,
        },
        _ => return None,
    };
    Some((format!("{subject} == {variant}").into(), true))
}
