//! What an update rule is, and the state it keeps for one parameter.

use candle_core::{Result, Tensor, Var};

/// The figures that one group gives to the update of its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// Learning rate, finite and not negative.
    pub lr: f64,
    /// Momentum: the factor of the velocity in [`Sgd`](super::Sgd), `beta1` in [`AdamW`](super::AdamW).
    pub momentum: f64,
    /// Weight decay.
    pub weight_decay: f64,
}

/// How one parameter moves along its gradient: the part of an optimizer that knows nothing of groups.
///
/// Implement it to run another optimizer under a [`GroupedOptimizer`](super::GroupedOptimizer):
/// freezing, rates, saving and clipping come with it.
///
/// ```
/// use candle_core::{Result, Tensor, Var};
/// use paramgroups::candle::{Hyper, ParamState, UpdateRule};
///
/// /// Moves each element by the rate, against the sign of its gradient.
/// struct SignSgd;
///
/// impl UpdateRule for SignSgd {
///     fn name(&self) -> &'static str {
///         "SignSgd"
///     }
///     fn state_names(&self) -> &'static [&'static str] {
///         &[]
///     }
///     fn update(&self, param: &Var, grad: &Tensor, hyper: Hyper, _: &mut ParamState) -> Result<()> {
///         param.set(&(param.as_tensor() - (grad.sign()? * hyper.lr)?)?)
///     }
/// }
/// ```
pub trait UpdateRule: Send {
    /// The name that saved state carries; state of another rule is refused.
    fn name(&self) -> &'static str;

    /// The names of the tensors that the rule may keep for a parameter, without a `:`.
    fn state_names(&self) -> &'static [&'static str];

    /// The momentum each group starts with; `None` for a rule without one, for which plans that vary
    /// the momentum are refused.
    fn momentum(&self) -> Option<f64> {
        None
    }

    /// Checks the rule's own figures, together with a momentum that a group is to have. It is asked
    /// before an optimizer is built and before a group's momentum changes, so that `update` need not.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) or
    /// [`Error::Unsupported`](crate::Error::Unsupported), as a rule.
    fn check(&self, momentum: f64) -> crate::Result<()> {
        let _any = momentum;
        Ok(())
    }

    /// Moves `param` by one step. `grad` has its shape, data type and device; `state.steps()` counts
    /// the steps of this parameter, this one included.
    fn update(
        &self,
        param: &Var,
        grad: &Tensor,
        hyper: Hyper,
        state: &mut ParamState,
    ) -> Result<()>;
}

/// What a rule remembers about one parameter: how often it was stepped, and tensors by name.
#[derive(Debug, Default)]
pub struct ParamState {
    pub(super) steps: u64,
    pub(super) tensors: Vec<(&'static str, Var)>,
}

impl ParamState {
    /// The number of steps this parameter took. Steps of other parameters do not count, nor do steps
    /// that passed while it was frozen or had no gradient.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The tensor kept as `name`, if there is one.
    pub fn get(&self, name: &str) -> Option<&Var> {
        self.tensors
            .iter()
            .find_map(|(key, var)| (*key == name).then_some(var))
    }

    /// The tensor kept as `name`, made of zeros like `param` the first time.
    pub fn get_or_zeros(&mut self, name: &'static str, param: &Var) -> Result<Var> {
        if let Some(var) = self.get(name) {
            return Ok(var.clone());
        }
        let var = Var::zeros(param.shape(), param.dtype(), param.device())?;
        self.tensors.push((name, var.clone()));
        Ok(var)
    }
}

impl UpdateRule for Box<dyn UpdateRule> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn state_names(&self) -> &'static [&'static str] {
        (**self).state_names()
    }

    fn momentum(&self) -> Option<f64> {
        (**self).momentum()
    }

    fn check(&self, momentum: f64) -> crate::Result<()> {
        (**self).check(momentum)
    }

    fn update(
        &self,
        param: &Var,
        grad: &Tensor,
        hyper: Hyper,
        state: &mut ParamState,
    ) -> Result<()> {
        (**self).update(param, grad, hyper, state)
    }
}
