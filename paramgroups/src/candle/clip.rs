//! Clipping gradients by their global norm.

use candle_core::{DType, Result as CandleResult, Tensor, backprop::GradStore};

use super::in_place::with_elements;
use super::optimizer::GroupedOptimizer;
use crate::error::{Error, Result};
use crate::rates::check_positive;

impl GroupedOptimizer {
    /// Scales the gradients of all trained parameters together, so that their norm is at most
    /// `max_norm`, as [`torch.nn.utils.clip_grad_norm_`](https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html)
    /// does; returns the norm before. Gradients of frozen parameters neither count nor change.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Tensor, Var};
    /// # use paramgroups::{Groups, Splitter, candle::{GroupedOptimizer, NamedVars, Sgd}};
    /// # let weight = Var::ones(4, DType::F32, &Device::Cpu)?;
    /// # let loss = weight.sqr()?.sum_all()?;
    /// # let vars: NamedVars = [("weight", weight)].into_iter().collect();
    /// # let partition = Groups::new().rest("all").split(vars.parameters())?;
    /// # let mut optimizer = GroupedOptimizer::new(vars, partition, Sgd::default())?;
    /// let mut grads = loss.backward()?;
    /// let norm = optimizer.clip_grad_norm(&mut grads, 1.0)?;
    /// optimizer.step(&grads)?;
    /// # assert_eq!(norm, 4.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A `max_norm` that is not above 0, and a norm that is not finite; the gradients are as they were.
    pub fn clip_grad_norm(&self, grads: &mut GradStore, max_norm: f64) -> Result<f64> {
        check_positive("largest gradient norm", max_norm)?;
        let failed = |error| Error::framework("clipping the gradients", error);
        let mut squares = 0.0;
        for member in self.trained() {
            if let Some(grad) = grads.get(&member.var) {
                squares += sum_of_squares(grad).map_err(failed)?;
            }
        }
        let norm = squares.sqrt();
        if !norm.is_finite() {
            return Err(Error::OutOfRange {
                what: "gradient norm",
                value: norm,
                allowed: "a smaller learning rate or a scaled loss, and skip this step",
            });
        }
        let factor = max_norm / (norm + 1e-6);
        if factor < 1.0 {
            let scaled: CandleResult<Vec<(&Tensor, Tensor)>> = self
                .trained()
                .filter_map(|member| Some((member.var.as_tensor(), grads.get(&member.var)?)))
                .map(|(var, grad)| Ok((var, (grad * factor)?)))
                .collect();
            for (var, grad) in scaled.map_err(failed)? {
                grads.insert(var, grad);
            }
        }
        Ok(norm)
    }
}

/// The sum of the squares, added up in double precision.
fn sum_of_squares(grad: &Tensor) -> CandleResult<f64> {
    let mut sum = 0.0;
    match (grad.device().is_cpu() && grad.is_contiguous(), grad.dtype()) {
        (true, DType::F32) => with_elements::<f32>(grad, |elements| {
            sum = elements.iter().map(|&g| f64::from(g) * f64::from(g)).sum();
        })?,
        (true, DType::F64) => with_elements::<f64>(grad, |elements| {
            sum = elements.iter().map(|&g| g * g).sum();
        })?,
        _ => {
            let squares = grad.to_dtype(DType::F64)?.sqr()?;
            sum = squares.sum_all()?.to_scalar::<f64>()?;
        }
    }
    Ok(sum)
}
