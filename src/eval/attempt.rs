//! Requests that may fail: whether a parameter is asked of a checkpoint in vain is not known from the source, and a program that goes on
//! without it makes the parameter optional.
//!
//! Errors are not kept as values, so that a request's `Result` is told by where it stands: it is *pending* until the expression around it
//! passes the error on (`?`, `unwrap`), asks which it is (`match`, `or_else`), puts it into a variable, or drops it.

use std::ops::Range;

use super::branch::Arm;
use super::log::Branch;
use super::machine::{Condition, Eval, Machine};
use super::value::{Cond, Slot, Value};
use crate::program::hir::{Pat, PatKind};
use crate::source::Span;

/// The parameters that one fallible request asked for, as a range of the log's.
pub type Attempt = Range<usize>;

/// The requests whose errors nothing has dealt with.
#[derive(Default)]
pub struct Attempts {
    /// Those of the expressions under way.
    pending: Vec<Attempt>,
    /// Those whose `Result` is in a variable.
    kept: Vec<(Slot, Attempt)>,
}

impl Attempts {
    /// How many are kept in variables.
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Forgets the requests that came after `params` parameters.
    pub fn reset(&mut self, params: usize) {
        self.pending.retain(|attempt| attempt.start < params);
        self.kept.retain(|(_, attempt)| attempt.start < params);
    }
}

/// How many requests were pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending(usize);

impl<'p> Machine<'p> {
    pub fn pending(&self) -> Pending {
        Pending(self.log.attempts.pending.len())
    }

    /// How many errors for reasons that are not known are pending since; None if requests are.
    pub fn doubts_since(&self, mark: Pending) -> Option<usize> {
        let since = self.log.attempts.pending.get(mark.0..)?;
        since.iter().all(Range::is_empty).then_some(since.len())
    }

    pub fn is_pending_since(&self, mark: Pending) -> bool {
        self.log.attempts.pending.len() > mark.0
    }

    /// What was asked for since `params` parameters were there may be denied.
    pub fn attempted(&mut self, params: usize) {
        let fallible = self.log.params[params..]
            .iter()
            .any(|event| event.store.is_some_and(|store| self.may_deny(store)));
        if fallible {
            let attempt = params..self.log.params.len();
            self.log.attempts.pending.push(attempt);
        }
    }

    /// An expression may be an error, for a reason that is not known.
    pub fn may_be_error(&mut self) {
        let now = self.log.params.len();
        self.log.attempts.pending.push(now..now);
    }

    pub fn take_pending(&mut self, mark: Pending) -> Vec<Attempt> {
        let pending = &mut self.log.attempts.pending;
        pending.split_off(mark.0.min(pending.len()))
    }

    /// The error is passed on: whoever gets this far has the parameters.
    pub fn settle(&mut self, mark: Pending) -> bool {
        let settled = self.take_pending(mark);
        self.log
            .attempts
            .kept
            .retain(|(_, attempt)| !settled.contains(attempt));
        !settled.is_empty()
    }

    /// `?`: the function under way may end here.
    pub fn propagate(&mut self, mark: Pending) {
        if self.settle(mark) {
            self.frame_mut().may_fail = true;
        }
    }

    /// Nobody asks any more: the program goes on with the parameters or without.
    pub fn abandon(&mut self, mark: Pending) {
        let attempts = self.take_pending(mark);
        self.leave_open(attempts);
    }

    /// The `Result` is put into a variable, to be asked later.
    pub fn keep_pending(&mut self, mark: Pending, slot: Slot) {
        let attempts = self.take_pending(mark);
        self.log
            .attempts
            .kept
            .extend(attempts.into_iter().map(|attempt| (slot, attempt)));
    }

    /// Several `Result`s are put into as many variables.
    pub fn keep_each(&mut self, mark: Pending, slots: &[Slot]) {
        let attempts = self.take_pending(mark);
        if attempts.len() != slots.len() {
            return self.leave_open(attempts);
        }
        let pairs = slots.iter().copied().zip(attempts);
        self.log.attempts.kept.extend(pairs);
    }

    /// A variable is read: the requests whose `Result` it holds are pending again.
    pub fn recall(&mut self, slot: Slot) {
        let attempts = &mut self.log.attempts;
        let recalled = attempts
            .kept
            .iter()
            .filter(|(kept, _)| *kept == slot)
            .map(|(_, attempt)| attempt.clone());
        attempts.pending.extend(recalled);
    }

    /// A function or closure ends: its own requests are one request of its caller's.
    pub fn leave_frame(&mut self, mark: Pending, params: usize) {
        if self.frame().may_fail {
            self.settle(mark);
            let attempt = params..self.log.params.len();
            self.log.attempts.pending.push(attempt);
        }
    }

    /// The run ends: what is still in variables was never asked.
    pub fn abandon_all(&mut self) {
        let attempts = std::mem::take(&mut self.log.attempts);
        // What is still pending is the result itself: its error is passed on.
        let pending = attempts.pending;
        let kept = attempts.kept.into_iter().map(|(_, attempt)| attempt);
        let kept = kept.filter(|attempt| !pending.contains(attempt));
        self.leave_open(kept.collect());
    }

    pub fn leave_open(&mut self, attempts: Vec<Attempt>) {
        if attempts.is_empty() {
            return;
        }
        let branch = self.log.branches.len() as u32;
        self.log.branches.push(Branch {
            live: vec![0, 1],
            staying: vec![0, 1],
        });
        self.condition(&attempts, Condition { branch, arm: 0 });
    }

    /// Some arm asks whether the request was granted: the parameters are there in this one only.
    pub fn allow_in(&mut self, attempts: &[Attempt], condition: Condition) {
        self.condition(attempts, condition);
        if !attempts.is_empty() {
            self.frame_mut().may_fail = true;
        }
    }

    fn condition(&mut self, attempts: &[Attempt], condition: Condition) {
        for attempt in attempts {
            let end = attempt.end.min(self.log.params.len());
            for event in &mut self.log.params[attempt.start.min(end)..end] {
                event.conditions.push(condition);
            }
        }
        self.log
            .attempts
            .kept
            .retain(|(_, kept)| !attempts.contains(kept));
    }

    /// Runs one arm with the parameters and one without.
    pub fn branch_on(
        &mut self,
        attempts: Vec<Attempt>,
        with: Arm<'_, 'p>,
        without: Arm<'_, 'p>,
    ) -> Eval {
        let branch = self.log.branches.len() as u32;
        let outcome = self.branch(vec![with, without]);
        self.allow_in(&attempts, Condition { branch, arm: 0 });
        outcome
    }

    /// A method of `Result` that goes on after an error.
    pub fn survive(
        &mut self,
        method: &str,
        value: &Value,
        args: &[Value],
        attempts: Vec<Attempt>,
        span: Span,
    ) -> Eval {
        let arg = |index: usize| args.get(index).cloned().unwrap_or_else(Value::unknown);
        let value = value.clone();
        let with = |machine: &mut Machine<'p>| match method {
            "ok" => Ok(Value::some(value)),
            "map_or" | "map_or_else" => machine.call_value(&arg(1), vec![value], span),
            "and" => Ok(arg(0)),
            "is_ok" | "is_err" => Ok(Value::Bool(Cond::Known(method == "is_ok"))),
            _ => Ok(value),
        };
        let without = |machine: &mut Machine<'p>| match method {
            "ok" => Ok(Value::Opt(None)),
            "or" | "unwrap_or" | "map_or" => Ok(arg(0)),
            "or_else" | "unwrap_or_else" | "map_or_else" => {
                machine.call_value(&arg(0), vec![Value::unknown()], span)
            }
            "is_ok" | "is_err" => Ok(Value::Bool(Cond::Known(method == "is_err"))),
            _ => Ok(Value::unknown()),
        };
        self.branch_on(attempts, (None, Box::new(with)), (None, Box::new(without)))
    }
}

/// Methods of `Result` after which the program goes on, error or not.
pub fn survives(method: &str) -> bool {
    [
        "ok",
        "is_ok",
        "is_err",
        "or",
        "or_else",
        "unwrap_or",
        "unwrap_or_else",
        "unwrap_or_default",
        "map_or",
        "map_or_else",
    ]
    .contains(&method)
}

/// True if the pattern fits errors only.
pub fn wants_error(pat: &Pat) -> bool {
    match &pat.kind {
        PatKind::TupleStruct(path, _) => path
            .segments
            .last()
            .is_some_and(|segment| segment.name == "Err"),
        PatKind::Tuple(pats) => pats.iter().any(wants_error),
        PatKind::Or(pats) => pats.iter().all(wants_error),
        PatKind::Ref(inner) | PatKind::Typed(inner, _) => wants_error(inner),
        PatKind::Bind { sub: Some(sub), .. } => wants_error(sub),
        _ => false,
    }
}
