//! Stochastic gradient descent, as `torch.optim.SGD` computes it.

use candle_core::{DType, Result, Tensor, Var};

use super::in_place::{Real, in_place_dtype, readable_beside, with_elements, with_elements_mut};
use super::rule::{Hyper, ParamState, UpdateRule};
use crate::error::Error;
use crate::rates::check_beta;

const VELOCITY: &str = "momentum_buffer";

/// SGD with momentum, Nesterov's variant, dampening and weight decay (L2), after
/// [`torch.optim.SGD`](https://pytorch.org/docs/stable/generated/torch.optim.SGD.html).
///
/// Learning rates and weight decay are the partition's. The default is plain SGD.
///
/// ```
/// # use paramgroups::candle::Sgd;
/// let nesterov = Sgd { momentum: 0.9, nesterov: true, ..Sgd::default() };
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sgd {
    /// Factor of the velocity that each group starts with; 0 keeps none.
    pub momentum: f64,
    /// Part of the gradient that the velocity leaves out.
    pub dampening: f64,
    /// Looks ahead along the velocity; needs a momentum and no dampening.
    pub nesterov: bool,
}

impl UpdateRule for Sgd {
    fn name(&self) -> &'static str {
        "SGD"
    }

    fn state_names(&self) -> &'static [&'static str] {
        &[VELOCITY]
    }

    fn momentum(&self) -> Option<f64> {
        Some(self.momentum)
    }

    fn check(&self, momentum: f64) -> crate::Result<()> {
        check_beta("dampening", self.dampening)?;
        if self.nesterov && (momentum == 0.0 || self.dampening != 0.0) {
            return Err(Error::Unsupported {
                what: "nesterov without momentum, or with dampening,".into(),
                instead: "give a momentum above 0, and no dampening".into(),
            });
        }
        Ok(())
    }

    fn update(
        &self,
        param: &Var,
        grad: &Tensor,
        hyper: Hyper,
        state: &mut ParamState,
    ) -> Result<()> {
        // As in torch, the first velocity is the whole gradient, without dampening.
        let first = state.get(VELOCITY).is_none();
        let velocity = match hyper.momentum {
            0.0 => None,
            _ => Some(state.get_or_zeros(VELOCITY, param)?),
        };
        let keep = if first { 1.0 } else { 1.0 - self.dampening };
        let step = Step {
            hyper,
            keep,
            nesterov: self.nesterov,
        };
        match in_place_dtype(param) {
            Some(DType::F64) => step.in_place::<f64>(param, grad, velocity),
            Some(_) => step.in_place::<f32>(param, grad, velocity),
            None => step.by_tensors(param, grad, velocity),
        }
    }
}

struct Step {
    hyper: Hyper,
    keep: f64,
    nesterov: bool,
}

impl Step {
    fn in_place<T: Real>(&self, param: &Var, grad: &Tensor, velocity: Option<Var>) -> Result<()> {
        let grad = readable_beside(param, grad)?;
        let lr = T::of(self.hyper.lr);
        let momentum = T::of(self.hyper.momentum);
        let decay = T::of(self.hyper.weight_decay);
        let keep = T::of(self.keep);
        let nesterov = self.nesterov;
        with_elements_mut::<T>(param, |params| match velocity {
            None => with_elements::<T>(&grad, |grads| {
                for (p, &g) in params.iter_mut().zip(grads) {
                    *p = *p - lr * (g + decay * *p);
                }
            }),
            Some(velocity) => with_elements_mut::<T>(&velocity, |velocities| {
                with_elements::<T>(&grad, |grads| {
                    for ((p, v), &g) in params.iter_mut().zip(velocities).zip(grads) {
                        let g = g + decay * *p;
                        *v = momentum * *v + keep * g;
                        let direction = if nesterov { g + momentum * *v } else { *v };
                        *p -= lr * direction;
                    }
                })
            }),
        })
    }

    fn by_tensors(&self, param: &Var, grad: &Tensor, velocity: Option<Var>) -> Result<()> {
        let grad = (grad + (param.as_tensor() * self.hyper.weight_decay)?)?;
        let direction = match velocity {
            None => grad,
            Some(velocity) => {
                let kept = (velocity.as_tensor() * self.hyper.momentum)?;
                velocity.set(&(kept + (&grad * self.keep)?)?)?;
                if self.nesterov {
                    (grad + (velocity.as_tensor() * self.hyper.momentum)?)?
                } else {
                    velocity.as_detached_tensor()
                }
            }
        };
        param.set(&(param.as_tensor() - (direction * self.hyper.lr)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candle::testing::{assert_close, numbers};

    #[test]
    fn tensor_operations_and_the_loop_over_elements_agree() -> Result<()> {
        let step = Step {
            hyper: Hyper {
                lr: 0.1,
                momentum: 0.9,
                weight_decay: 0.01,
            },
            keep: 0.5,
            nesterov: true,
        };
        let (one, other) = (numbers(1)?, numbers(1)?);
        let (v_one, v_other) = (numbers(2)?, numbers(2)?);
        let grad = numbers(3)?;
        step.in_place::<f64>(&one, &grad, Some(v_one.clone()))?;
        step.by_tensors(&other, &grad, Some(v_other.clone()))?;
        assert_close(&one, &other)?;
        assert_close(&v_one, &v_other)
    }

    #[test]
    fn a_gradient_that_is_the_parameter_itself_is_no_deadlock() -> Result<()> {
        let param = Var::new(&[1f32, 2.0], &candle_core::Device::Cpu)?;
        let grad = param.as_tensor().clone();
        let hyper = Hyper {
            lr: 0.5,
            momentum: 0.0,
            weight_decay: 0.0,
        };
        Sgd::default().update(&param, &grad, hyper, &mut ParamState::default())?;
        assert_eq!(param.to_vec1::<f32>()?, [0.5, 1.0]);
        Ok(())
    }
}
