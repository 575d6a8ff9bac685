//! Blocks and their statements.

use super::machine::{Eval, Machine};
use super::ty::Ty;
use super::value::{Slot, Value};
use crate::program::hir::{Block, Pat, PatKind, Stmt};

impl<'p> Machine<'p> {
    pub fn eval_block(&mut self, block: &Block) -> Eval {
        let expected = self.expected.take();
        let outer_scope = self.scope();
        let depth = self.frame().variables.len();
        if !block.items.is_empty() {
            let scope = self.program.block_scope(outer_scope, block);
            self.frame_mut().scope = scope;
        }
        let outcome = self.eval_stmts(block, expected);
        let frame = self.frame_mut();
        frame.scope = outer_scope;
        frame.variables.truncate(depth);
        outcome
    }

    fn eval_stmts(&mut self, block: &Block, expected: Option<Ty>) -> Eval {
        let mut last = Value::Unit;
        for (number, stmt) in block.stmts.iter().enumerate() {
            last = Value::Unit;
            let pending = self.pending();
            match stmt {
                Stmt::Let {
                    pat,
                    ty,
                    init,
                    otherwise,
                    ..
                } => {
                    let expected = ty.as_ref().map(|ty| self.resolve_ty(ty));
                    let Some(init) = init else {
                        self.bind_pattern(pat, &Value::of_type(expected.unwrap_or(Ty::Unknown)));
                        continue;
                    };
                    self.expected = match &expected {
                        Some(ty) => Some(ty.clone()),
                        None => self.type_of_later_use(pat, &block.stmts[number + 1..]),
                    };
                    let value = self.eval(init)?;
                    let value = match &expected {
                        Some(ty) => self.expect_type(value, ty),
                        None => value,
                    };
                    if let Some(block) = otherwise {
                        let doubtful = self.is_pending_since(pending);
                        match self.matches_if(pat, &value, doubtful) {
                            super::pattern::Match::No => return self.eval_block(block),
                            super::pattern::Match::Maybe if doubtful => {
                                let attempts = self.take_pending(pending);
                                self.branch_on(
                                    attempts,
                                    (None, Box::new(|_: &mut Machine<'p>| Ok(Value::Unit))),
                                    (
                                        None,
                                        Box::new(|machine: &mut Machine<'p>| {
                                            machine.eval_block(block)
                                        }),
                                    ),
                                )?;
                            }
                            _ => {}
                        }
                    }
                    self.bind_pattern(pat, &value);
                    match ty {
                        Some(ty) => self.declare(super::call::pattern_name(pat), ty),
                        None => self.declare_like(pat, init),
                    }
                    match super::call::pattern_name(pat)
                        .and_then(|name| self.variable(crate::name::Name::new(name)))
                    {
                        Some(slot) => self.keep_pending(pending, slot),
                        None => {
                            let slots = self.slots_of(pat);
                            self.keep_each(pending, &slots);
                        }
                    }
                }
                Stmt::Expr { expr, semi } => {
                    if !semi && number + 1 == block.stmts.len() {
                        self.expected = expected.clone();
                    }
                    let value = self.eval(expr)?;
                    if !semi {
                        last = value;
                    }
                    if *semi || number + 1 < block.stmts.len() {
                        self.abandon(pending);
                    }
                }
            }
        }
        Ok(last)
    }

    /// The variables of `[a, b]` or `(a, b)`, in order.
    fn slots_of(&self, pat: &Pat) -> Vec<Slot> {
        let (PatKind::Tuple(pats) | PatKind::Slice(pats)) = &pat.kind else {
            return Vec::new();
        };
        let names = pats.iter().map(super::call::pattern_name);
        let slots = names.map(|name| self.variable(crate::name::Name::new(name?)));
        slots.collect::<Option<Vec<Slot>>>().unwrap_or_default()
    }
}
