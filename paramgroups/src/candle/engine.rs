//! What moves the parameters: a rule of this crate's kind, or optimizers of candle's kind.

use candle_core::{Result, Var, backprop::GradStore};
use candle_nn::Optimizer;

use super::rule::{Hyper, ParamState, UpdateRule};

/// One variable of a grouped optimizer.
pub(super) struct Member {
    pub(super) path: String,
    pub(super) var: Var,
    /// Its index in the partition's parameters.
    pub(super) parameter: usize,
    /// Its group's index in the partition.
    pub(super) group: usize,
    pub(super) state: ParamState,
}

pub(super) enum Engine {
    Rule(Box<dyn UpdateRule>),
    /// candle's optimizers, which step all their variables or none.
    Wrapped(Vec<Cell>),
}

/// Variables of one group that are always trained together, under one optimizer.
pub(super) struct Cell {
    pub(super) group: usize,
    /// Index in the partition of one parameter that stands for all.
    pub(super) parameter: usize,
    pub(super) inner: Box<dyn Inner>,
}

/// [`Optimizer`] without its constructor and associated type, so that it can be boxed.
pub(super) trait Inner: Send {
    fn step(&mut self, grads: &GradStore, lr: f64) -> Result<()>;
}

impl<O: Optimizer + Send> Inner for O {
    fn step(&mut self, grads: &GradStore, lr: f64) -> Result<()> {
        self.set_learning_rate(lr);
        Optimizer::step(self, grads)
    }
}

impl Member {
    pub(super) fn update(
        &mut self,
        rule: &dyn UpdateRule,
        grads: &GradStore,
        hyper: Hyper,
    ) -> Result<()> {
        let Some(grad) = grads.get(&self.var) else {
            return Ok(());
        };
        self.state.steps += 1;
        let updated = rule.update(&self.var, grad, hyper, &mut self.state);
        if updated.is_err() {
            self.state.steps -= 1;
        }
        updated
    }
}
