//! Adam with decoupled weight decay, as `torch.optim.AdamW` computes it.

use candle_core::{DType, Result, Tensor, Var};

use super::in_place::{Real, in_place_dtype, readable_beside, with_elements, with_elements_mut};
use super::rule::{Hyper, ParamState, UpdateRule};
use crate::rates::{check, check_beta};

const FIRST: &str = "exp_avg";
const SECOND: &str = "exp_avg_sq";
const LARGEST: &str = "max_exp_avg_sq";

/// AdamW after [`torch.optim.AdamW`](https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html),
/// its bias correction counted for each parameter: a group thawed late starts like a new one.
///
/// Learning rates and weight decay are the partition's; a group's momentum is its `beta1`. The default
/// has torch's figures: betas 0.9 and 0.999, eps 1e-8.
///
/// ```
/// # use paramgroups::candle::AdamW;
/// let rule = AdamW { beta2: 0.98, ..AdamW::default() };
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW {
    /// Decay of the running mean of gradients that each group starts with.
    pub beta1: f64,
    /// Decay of the running mean of their squares.
    pub beta2: f64,
    /// Added to the denominator.
    pub eps: f64,
    /// Divides by the largest second moment seen so far.
    pub amsgrad: bool,
}

impl Default for AdamW {
    fn default() -> Self {
        Self {
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            amsgrad: false,
        }
    }
}

impl UpdateRule for AdamW {
    fn name(&self) -> &'static str {
        "AdamW"
    }

    fn state_names(&self) -> &'static [&'static str] {
        &[FIRST, SECOND, LARGEST]
    }

    fn momentum(&self) -> Option<f64> {
        Some(self.beta1)
    }

    fn check(&self, _: f64) -> crate::Result<()> {
        check_beta("beta2", self.beta2)?;
        check("eps", self.eps)
    }

    fn update(
        &self,
        param: &Var,
        grad: &Tensor,
        hyper: Hyper,
        state: &mut ParamState,
    ) -> Result<()> {
        let moments = Moments {
            first: state.get_or_zeros(FIRST, param)?,
            second: state.get_or_zeros(SECOND, param)?,
            largest: match self.amsgrad {
                true => Some(state.get_or_zeros(LARGEST, param)?),
                false => None,
            },
        };
        let step = Step::new(self, hyper, state.steps());
        match in_place_dtype(param) {
            Some(DType::F64) => step.in_place::<f64>(param, grad, &moments),
            Some(_) => step.in_place::<f32>(param, grad, &moments),
            None => step.by_tensors(param, grad, &moments),
        }
    }
}

struct Moments {
    first: Var,
    second: Var,
    largest: Option<Var>,
}

/// The factors of one step, computed once for all elements.
struct Step {
    shrink: f64,
    beta1: f64,
    beta2: f64,
    root_correction: f64,
    eps: f64,
    size: f64,
}

impl Step {
    fn new(rule: &AdamW, hyper: Hyper, steps: u64) -> Self {
        let steps = i32::try_from(steps).unwrap_or(i32::MAX);
        Self {
            shrink: 1.0 - hyper.lr * hyper.weight_decay,
            beta1: hyper.momentum,
            beta2: rule.beta2,
            root_correction: (1.0 - rule.beta2.powi(steps)).sqrt(),
            eps: rule.eps,
            size: hyper.lr / (1.0 - hyper.momentum.powi(steps)),
        }
    }

    fn in_place<T: Real>(&self, param: &Var, grad: &Tensor, moments: &Moments) -> Result<()> {
        let grad = readable_beside(param, grad)?;
        with_elements_mut::<T>(param, |params| {
            with_elements_mut::<T>(&moments.first, |firsts| {
                with_elements_mut::<T>(&moments.second, |seconds| match &moments.largest {
                    None => with_elements::<T>(&grad, |grads| {
                        self.each(params, firsts, seconds, grads, |second| second);
                    }),
                    Some(largest) => with_elements_mut::<T>(largest, |largests| {
                        with_elements::<T>(&grad, |grads| {
                            let mut largests = largests.iter_mut();
                            self.each(params, firsts, seconds, grads, |second| {
                                largests.next().map_or(second, |largest| {
                                    *largest = largest.larger(second);
                                    *largest
                                })
                            });
                        })
                    }),
                })
            })
        })
    }

    #[inline]
    fn each<T: Real>(
        &self,
        params: &mut [T],
        firsts: &mut [T],
        seconds: &mut [T],
        grads: &[T],
        mut denominator_of: impl FnMut(T) -> T,
    ) {
        let shrink = T::of(self.shrink);
        let (weight1, beta2, weight2) = (
            T::of(1.0 - self.beta1),
            T::of(self.beta2),
            T::of(1.0 - self.beta2),
        );
        let (root_correction, eps, size) = (
            T::of(self.root_correction),
            T::of(self.eps),
            T::of(self.size),
        );
        let elements = params.iter_mut().zip(firsts).zip(seconds).zip(grads);
        for (((p, m), v), &g) in elements {
            *m = *m + weight1 * (g - *m);
            *v = *v * beta2 + weight2 * g * g;
            let root = denominator_of(*v).sqrt() / root_correction + eps;
            *p = *p * shrink - size * (*m / root);
        }
    }

    fn by_tensors(&self, param: &Var, grad: &Tensor, moments: &Moments) -> Result<()> {
        let first = moments.first.as_tensor();
        let first = (first + ((grad - first)? * (1.0 - self.beta1))?)?;
        let second = (moments.second.as_tensor() * self.beta2)?;
        let second = (second + (grad.sqr()? * (1.0 - self.beta2))?)?;
        let denominator = match &moments.largest {
            Some(largest) => largest.as_tensor().maximum(&second)?,
            None => second.clone(),
        };
        let root = ((denominator.sqrt()? / self.root_correction)? + self.eps)?;
        let moved = (param.as_tensor() * self.shrink)?;
        let moved = (moved - ((&first / root)? * self.size)?)?;
        moments.first.set(&first)?;
        moments.second.set(&second)?;
        if let Some(largest) = &moments.largest {
            largest.set(&denominator)?;
        }
        param.set(&moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candle::testing::{assert_close, numbers};

    #[test]
    fn tensor_operations_and_the_loop_over_elements_agree() -> Result<()> {
        for amsgrad in [false, true] {
            let rule = AdamW {
                amsgrad,
                ..AdamW::default()
            };
            let (one, other) = (numbers(1)?, numbers(1)?);
            let moments = || -> Result<Moments> {
                Ok(Moments {
                    first: numbers(2)?,
                    second: Var::from_tensor(&numbers(3)?.sqr()?)?,
                    largest: match amsgrad {
                        true => Some(Var::from_tensor(&numbers(4)?.sqr()?)?),
                        false => None,
                    },
                })
            };
            let (kept_one, kept_other) = (moments()?, moments()?);
            let grad = numbers(5)?;
            let hyper = Hyper {
                lr: 0.1,
                momentum: 0.9,
                weight_decay: 0.01,
            };
            let step = Step::new(&rule, hyper, 3);
            step.in_place::<f64>(&one, &grad, &kept_one)?;
            step.by_tensors(&other, &grad, &kept_other)?;
            assert_close(&one, &other)?;
            assert_close(&kept_one.first, &kept_other.first)?;
            assert_close(&kept_one.second, &kept_other.second)?;
            if let (Some(one), Some(other)) = (&kept_one.largest, &kept_other.largest) {
                assert_close(one, other)?;
            }
        }
        Ok(())
    }
}
