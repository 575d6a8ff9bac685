//! One optimizer step for one parameter, over plain slices.
//!
//! These are the formulas of the optimizers that groups are used with, without a framework: for
//! reference, for tests, and for adapters to mirror. Each parameter has a [`State`] of its own,
//! which counts its steps; a parameter that is frozen, or has no gradient, is not stepped.
//!
//! Single numbers are computed in `f64`, slices in their own type.
//!
//! ```
//! use paramgroups::step::{Hyper, Rule, State, TorchSgd};
//!
//! let hyper = Hyper { learning_rate: 0.1, momentum: 0.9, weight_decay: 0.0 };
//! let mut weight = [1.0_f64];
//! let mut state = State::default();
//! TorchSgd::default().step(hyper, &mut weight, &[1.0], &mut state)?;
//! TorchSgd::default().step(hyper, &mut weight, &[1.0], &mut state)?;
//! assert!((weight[0] - 0.71).abs() < 1e-12);
//! assert_eq!(state.steps, 2);
//! # Ok::<(), paramgroups::Error>(())
//! ```

mod adam;
mod float;
mod sgd;

pub use adam::{FastaiAdam, TorchAdamW};
pub use float::Float;
pub use sgd::{FastaiSgd, TorchSgd};

use crate::error::{Error, Result};
use crate::rates::{check, check_beta};

/// What a group gives to the step of its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hyper {
    /// The learning rate.
    pub learning_rate: f64,
    /// Momentum; for an Adam, beta 1.
    pub momentum: f64,
    /// Weight decay; 0 for an exempt parameter.
    pub weight_decay: f64,
}

impl Hyper {
    fn check(&self) -> Result<()> {
        check("learning rate", self.learning_rate)?;
        check("weight decay", self.weight_decay)?;
        check_beta("momentum", self.momentum)
    }
}

/// What a parameter carries from step to step.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct State<F> {
    /// The steps taken so far.
    pub steps: u64,
    /// The rule's buffers, in the order of [`Rule::buffers`]; each is empty before its first use.
    pub buffers: Vec<Vec<F>>,
}

impl<F> Default for State<F> {
    fn default() -> Self {
        Self {
            steps: 0,
            buffers: Vec::new(),
        }
    }
}

/// An optimizer's formula.
pub trait Rule<F: Float> {
    /// The names of the buffers in a [`State`].
    fn buffers(&self) -> &'static [&'static str];

    /// Moves the parameter by one step.
    ///
    /// # Errors
    /// Numbers out of range and slices of different lengths; nothing is changed then.
    fn step(
        &self,
        hyper: Hyper,
        parameter: &mut [F],
        gradient: &[F],
        state: &mut State<F>,
    ) -> Result<()>;
}

/// Checks the lengths and gives every buffer that is needed.
fn ready<F: Float>(
    names: &'static [&'static str],
    parameter: &[F],
    gradient: &[F],
    state: &mut State<F>,
) -> Result<()> {
    let expected = parameter.len();
    let lengths = [("gradient", gradient.len())].into_iter().chain(
        names
            .iter()
            .zip(&state.buffers)
            .filter(|(_, buffer)| !buffer.is_empty())
            .map(|(name, buffer)| (*name, buffer.len())),
    );
    for (what, given) in lengths {
        if given != expected {
            return Err(Error::WrongLength {
                what,
                given,
                expected,
            });
        }
    }
    state.buffers.resize_with(names.len(), Vec::new);
    Ok(())
}

/// A buffer of the parameter's length; zeros where it is new.
fn filled<F: Float>(buffer: &mut Vec<F>, len: usize) -> &mut [F] {
    buffer.resize(len, F::ZERO);
    buffer
}
