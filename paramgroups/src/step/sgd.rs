use super::{Float, Hyper, Rule, State, filled, ready};
use crate::error::{Error, Result};
use crate::rates::check_beta;

/// `torch.optim.SGD`: weight decay is added to the gradient, and the first step's gradient is the
/// first momentum, undampened.
///
/// ```
/// let nesterov = paramgroups::step::TorchSgd { nesterov: true, ..Default::default() };
/// assert_eq!(nesterov.dampening, 0.0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TorchSgd {
    /// What a gradient loses on its way into the momentum.
    pub dampening: f64,
    /// Looks one step ahead; needs a momentum and no dampening.
    pub nesterov: bool,
}

impl<F: Float> Rule<F> for TorchSgd {
    fn buffers(&self) -> &'static [&'static str] {
        &["momentum"]
    }

    fn step(
        &self,
        hyper: Hyper,
        parameter: &mut [F],
        gradient: &[F],
        state: &mut State<F>,
    ) -> Result<()> {
        hyper.check()?;
        check_beta("dampening", self.dampening)?;
        if self.nesterov && (hyper.momentum == 0.0 || self.dampening != 0.0) {
            return Err(Error::Unsupported {
                what: "nesterov without momentum, or with dampening,".to_owned(),
                instead: "give a momentum above 0, and no dampening".to_owned(),
            });
        }
        ready(Rule::<F>::buffers(self), parameter, gradient, state)?;
        state.steps += 1;
        let rate = F::of(hyper.learning_rate);
        let decay = F::of(hyper.weight_decay);
        if hyper.momentum == 0.0 {
            for (p, &g) in parameter.iter_mut().zip(gradient) {
                *p = *p - rate * (g + decay * *p);
            }
            return Ok(());
        }
        let is_first = state.buffers[0].is_empty();
        let momentum = F::of(hyper.momentum);
        let share = F::of(if is_first { 1.0 } else { 1.0 - self.dampening });
        let averages = filled(&mut state.buffers[0], parameter.len());
        for ((p, &g), average) in parameter.iter_mut().zip(gradient).zip(averages) {
            let g = g + decay * *p;
            *average = momentum * *average + share * g;
            let direction = if self.nesterov {
                g + momentum * *average
            } else {
                *average
            };
            *p = *p - rate * direction;
        }
        Ok(())
    }
}

/// fastai's `SGD`: weight decay shrinks the weights before the step, or is added to the gradient.
///
/// ```
/// assert!(paramgroups::step::FastaiSgd::default().decoupled);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FastaiSgd {
    /// Weight decay apart from the gradient: fastai's `decouple_wd`, on by default.
    pub decoupled: bool,
}

impl Default for FastaiSgd {
    fn default() -> Self {
        Self { decoupled: true }
    }
}

impl<F: Float> Rule<F> for FastaiSgd {
    fn buffers(&self) -> &'static [&'static str] {
        &["grad_avg"]
    }

    fn step(
        &self,
        hyper: Hyper,
        parameter: &mut [F],
        gradient: &[F],
        state: &mut State<F>,
    ) -> Result<()> {
        hyper.check()?;
        ready(Rule::<F>::buffers(self), parameter, gradient, state)?;
        state.steps += 1;
        let (rate, momentum) = (F::of(hyper.learning_rate), F::of(hyper.momentum));
        let decay = Decay::of::<F>(hyper, self.decoupled);
        if hyper.momentum == 0.0 {
            for (p, &g) in parameter.iter_mut().zip(gradient) {
                let g = decay.apply(p, g);
                *p = *p - rate * g;
            }
            return Ok(());
        }
        let averages = filled(&mut state.buffers[0], parameter.len());
        for ((p, &g), average) in parameter.iter_mut().zip(gradient).zip(averages) {
            let g = decay.apply(p, g);
            *average = momentum * *average + g;
            *p = *p - rate * *average;
        }
        Ok(())
    }
}

/// fastai's weight decay.
#[derive(Clone, Copy)]
pub(super) enum Decay<F> {
    None,
    Shrink(F),
    IntoGradient(F),
}

impl Decay<()> {
    pub(super) fn of<F: Float>(hyper: Hyper, decoupled: bool) -> Decay<F> {
        match (hyper.weight_decay, decoupled) {
            (0.0, _) => Decay::None,
            (decay, true) => Decay::Shrink(F::of(1.0 - hyper.learning_rate * decay)),
            (decay, false) => Decay::IntoGradient(F::of(decay)),
        }
    }
}

impl<F: Float> Decay<F> {
    /// Shrinks the weight, or gives a changed gradient.
    pub(super) fn apply(self, parameter: &mut F, gradient: F) -> F {
        match self {
            Self::None => gradient,
            Self::Shrink(factor) => {
                *parameter = *parameter * factor;
                gradient
            }
            Self::IntoGradient(decay) => gradient + decay * *parameter,
        }
    }
}
