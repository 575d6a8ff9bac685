//! Assignments.

use super::machine::{Exit, Machine};
use super::value::Value;
use crate::program::hir::{Expr, ExprKind, Member, UnaryOp};

impl<'p> Machine<'p> {
    pub fn assign(&mut self, target: &Expr, value: Value) -> Result<(), Exit> {
        match &target.kind {
            ExprKind::Tuple(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    let piece = self.member_of(&value, Member::Index(index as u32));
                    self.assign(part, piece)?;
                }
            }
            ExprKind::Field(base, Member::Named(name))
                if name == "group" && self.is_variable_of_store(base)? => {}
            ExprKind::Unary(UnaryOp::Deref, inner)
                if matches!(&inner.kind, ExprKind::MethodCall(_) | ExprKind::Call(..)) =>
            {
                if let Value::Ref(place) = self.eval(inner)? {
                    let value = self.owned(&value);
                    self.write_place(&place, value);
                }
            }
            _ => {
                if let Some(place) = self.place_of(target)? {
                    // What is assigned is kept as a value: a reference could lead back to this very place.
                    let value = match self.kept(&value) {
                        cell @ Value::Ref(_) => cell,
                        value => self.owned(&value),
                    };
                    self.write_place(&place, value);
                }
            }
        }
        Ok(())
    }

    /// tch's `variable.group = ..`, which divides what an optimizer built later will train.
    fn is_variable_of_store(&mut self, base: &Expr) -> Result<bool, Exit> {
        let value = self.eval(base)?;
        Ok(match self.deref(&value) {
            Value::Store(store) => {
                self.record_split(Some(store), None, base.span);
                true
            }
            Value::Vars(vars) => {
                vars.stores
                    .iter()
                    .for_each(|store| self.record_split(Some(*store), None, base.span));
                true
            }
            _ => false,
        })
    }
}
