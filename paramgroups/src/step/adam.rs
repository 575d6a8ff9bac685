use super::sgd::Decay;
use super::{Float, Hyper, Rule, State, filled, ready};
use crate::error::Result;
use crate::rates::{check, check_beta};

/// `torch.optim.AdamW`; [`Hyper::momentum`] is beta 1.
///
/// ```
/// assert_eq!(paramgroups::step::TorchAdamW::default().beta2, 0.999);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TorchAdamW {
    /// How much of the squared gradients' average is kept: 0.999.
    pub beta2: f64,
    /// Keeps the divisor from 0: 1e-8.
    pub eps: f64,
    /// Divides by the greatest average so far.
    pub amsgrad: bool,
}

impl Default for TorchAdamW {
    fn default() -> Self {
        Self {
            beta2: 0.999,
            eps: 1e-8,
            amsgrad: false,
        }
    }
}

impl<F: Float> Rule<F> for TorchAdamW {
    fn buffers(&self) -> &'static [&'static str] {
        &["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]
    }

    fn step(
        &self,
        hyper: Hyper,
        parameter: &mut [F],
        gradient: &[F],
        state: &mut State<F>,
    ) -> Result<()> {
        hyper.check()?;
        check_beta("beta2", self.beta2)?;
        check("eps", self.eps)?;
        ready(Rule::<F>::buffers(self), parameter, gradient, state)?;
        state.steps += 1;
        let correction1 = 1.0 - power(hyper.momentum, state.steps);
        let correction2 = 1.0 - power(self.beta2, state.steps);
        let rate = F::of(hyper.learning_rate / correction1);
        let root2 = F::of(correction2.sqrt());
        let shrink = F::of(1.0 - hyper.learning_rate * hyper.weight_decay);
        let (take1, beta2, take2) = (
            F::of(1.0 - hyper.momentum),
            F::of(self.beta2),
            F::of(1.0 - self.beta2),
        );
        let eps = F::of(self.eps);

        let len = parameter.len();
        let [averages, squares, greatest] = state.buffers.as_mut_slice() else {
            return Ok(());
        };
        let averages = filled(averages, len);
        let squares = filled(squares, len);
        if self.amsgrad {
            filled(greatest, len);
        }
        for (i, (p, &g)) in parameter.iter_mut().zip(gradient).enumerate() {
            averages[i] = averages[i] + take1 * (g - averages[i]);
            squares[i] = beta2 * squares[i] + take2 * (g * g);
            let mut square = squares[i];
            if self.amsgrad {
                if greatest[i] < square {
                    greatest[i] = square;
                }
                square = greatest[i];
            }
            let divisor = square.root() / root2 + eps;
            *p = *p * shrink - rate * (averages[i] / divisor);
        }
        Ok(())
    }
}

/// fastai's `Adam`; [`Hyper::momentum`] is its `mom`.
///
/// ```
/// assert_eq!(paramgroups::step::FastaiAdam::default().sqr_mom, 0.99);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FastaiAdam {
    /// How much of the squared gradients' average is kept: 0.99.
    pub sqr_mom: f64,
    /// Keeps the divisor from 0: 1e-5.
    pub eps: f64,
    /// Weight decay apart from the gradient: fastai's `decouple_wd`, on by default.
    pub decoupled: bool,
}

impl Default for FastaiAdam {
    fn default() -> Self {
        Self {
            sqr_mom: 0.99,
            eps: 1e-5,
            decoupled: true,
        }
    }
}

impl<F: Float> Rule<F> for FastaiAdam {
    fn buffers(&self) -> &'static [&'static str] {
        &["grad_avg", "sqr_avg"]
    }

    fn step(
        &self,
        hyper: Hyper,
        parameter: &mut [F],
        gradient: &[F],
        state: &mut State<F>,
    ) -> Result<()> {
        hyper.check()?;
        check_beta("sqr_mom", self.sqr_mom)?;
        check("eps", self.eps)?;
        ready(Rule::<F>::buffers(self), parameter, gradient, state)?;
        state.steps += 1;
        let debias1 = 1.0 - power(hyper.momentum, state.steps);
        let debias2 = F::of(1.0 - power(self.sqr_mom, state.steps));
        let rate = F::of(hyper.learning_rate / debias1);
        let decay = Decay::of::<F>(hyper, self.decoupled);
        let (keep1, take1) = (F::of(hyper.momentum), F::of(1.0 - hyper.momentum));
        let (keep2, take2) = (F::of(self.sqr_mom), F::of(1.0 - self.sqr_mom));
        let eps = F::of(self.eps);

        let len = parameter.len();
        let [averages, squares] = state.buffers.as_mut_slice() else {
            return Ok(());
        };
        let averages = filled(averages, len);
        let squares = filled(squares, len);
        for (i, (p, &g)) in parameter.iter_mut().zip(gradient).enumerate() {
            let g = decay.apply(p, g);
            averages[i] = keep1 * averages[i] + take1 * g;
            squares[i] = keep2 * squares[i] + take2 * (g * g);
            let divisor = (squares[i] / debias2).root() + eps;
            *p = *p - rate * (averages[i] / divisor);
        }
        Ok(())
    }
}

fn power(base: f64, exponent: u64) -> f64 {
    base.powf(exponent as f64)
}
