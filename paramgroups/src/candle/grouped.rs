//! One of candle's optimizers, divided where it is built.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use candle_core::{Error as CandleError, Result, Tensor, Var, backprop::GradStore};
use candle_nn::{AdamW, Optimizer, VarMap};

use super::named_vars::NamedVars;
use super::optimizer::GroupedOptimizer;
use super::optimizer_trait::with_paths;
use crate::partition::Partition;
use crate::splitter::Splitter;

/// candle's optimizer `O`, one for each group, where a program builds one `O` over a whole [`VarMap`].
///
/// It takes the place of `O`: it is built with the same configuration, its methods are those of
/// [`candle_nn::Optimizer`] with candle's own errors, and as long as all groups are trained at one rate, it
/// moves each variable exactly as `O` does. What is new is reached through the [`GroupedOptimizer`] that it
/// dereferences to: [`freeze`](GroupedOptimizer::freeze),
/// [`set_learning_rates`](GroupedOptimizer::set_learning_rates) and the others.
///
/// ```
/// use candle_core::{DType, Device, Tensor};
/// use candle_nn::{AdamW, Module, Optimizer, VarBuilder, VarMap, linear, seq};
/// use paramgroups::{Groups, candle::Grouped};
///
/// let varmap = VarMap::new();
/// let vb = VarBuilder::from_varmap(&varmap, DType::F32, &Device::Cpu);
/// let model = seq().add(linear(10, 20, vb.pp("body"))?).add(linear(20, 2, vb.pp("head"))?);
///
/// // Before: AdamW::new_lr(varmap.all_vars(), 1e-3)?
/// let groups = Groups::new().group("body", "body").group("head", "head");
/// let mut optimizer = Grouped::<AdamW>::new_lr(&varmap, groups, 1e-3)?;
/// optimizer.set_learning_rates(1e-5..=1e-3)?;
/// let inputs = Tensor::ones((4, 10), DType::F32, &Device::Cpu)?;
/// optimizer.backward_step(&model.forward(&inputs)?.sqr()?.mean_all()?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Grouped<O> {
    inner: GroupedOptimizer,
    of: PhantomData<fn() -> O>,
}

impl<O> Grouped<O>
where
    O: Optimizer + Send + 'static,
    O::Config: Clone,
{
    /// One `O` for each group into which `groups` divides the variables, all of them at the learning rate of
    /// `config`.
    ///
    /// # Errors
    /// Those of [`Splitter::split`] and [`GroupedOptimizer::wrapping`], as candle's error.
    pub fn new(vars: &VarMap, groups: impl Splitter, config: O::Config) -> Result<Self> {
        let vars = NamedVars::from(vars);
        let partition = groups.split(vars.parameters()).map_err(CandleError::wrap)?;
        Self::over(vars, partition, config)
    }

    fn over(vars: NamedVars, mut partition: Partition, config: O::Config) -> Result<Self> {
        let rate = O::empty(config.clone())?.learning_rate();
        partition
            .set_learning_rates(rate)
            .map_err(CandleError::wrap)?;
        let inner = GroupedOptimizer::wrapping::<O>(vars, partition, config);
        Ok(Self {
            inner: inner.map_err(CandleError::wrap)?,
            of: PhantomData,
        })
    }
}

impl Grouped<AdamW> {
    /// The same with candle's defaults and a learning rate, as [`AdamW::new_lr`].
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn new_lr(vars: &VarMap, groups: impl Splitter, learning_rate: f64) -> Result<Self> {
        let config = candle_nn::ParamsAdamW {
            lr: learning_rate,
            ..Default::default()
        };
        Self::new(vars, groups, config)
    }
}

impl<O> Deref for Grouped<O> {
    type Target = GroupedOptimizer;

    fn deref(&self) -> &GroupedOptimizer {
        &self.inner
    }
}

impl<O> DerefMut for Grouped<O> {
    fn deref_mut(&mut self) -> &mut GroupedOptimizer {
        &mut self.inner
    }
}

impl<O> fmt::Debug for Grouped<O> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Grouped")
            .field("partition", self.inner.partition())
            .finish_non_exhaustive()
    }
}

impl<O> Optimizer for Grouped<O>
where
    O: Optimizer + Send + 'static,
    O::Config: Clone,
{
    /// The paths of the variables, their groups, and what `O` is built with.
    type Config = (NamedVars, Partition, O::Config);

    /// Refuses a variable that is in no group, and a group's parameter that is not among `vars`.
    fn new(vars: Vec<Var>, (paths, partition, config): Self::Config) -> Result<Self> {
        Self::over(with_paths(vars, &paths)?, partition, config)
    }

    fn step(&mut self, grads: &GradStore) -> Result<()> {
        Optimizer::step(&mut self.inner, grads)
    }

    fn backward_step(&mut self, loss: &Tensor) -> Result<()> {
        Optimizer::backward_step(&mut self.inner, loss)
    }

    /// The last group's learning rate.
    fn learning_rate(&self) -> f64 {
        self.inner.learning_rate()
    }

    /// As [`GroupedOptimizer`]'s: the last group gets this rate, and the others keep their proportion to it.
    fn set_learning_rate(&mut self, lr: f64) {
        self.inner.set_learning_rate(lr);
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device};
    use candle_nn::{Linear, Module, ParamsAdamW, SGD};

    use super::*;
    use crate::Groups;

    /// A body and a head with weights that are the same in every run.
    fn model() -> Result<(VarMap, Linear, Linear)> {
        let vars = VarMap::new();
        let layer = |name: &str| -> Result<Linear> {
            let data = (0..9).map(|place| (place as f32 * 0.7).sin());
            let weight = Tensor::from_iter(data, &Device::Cpu)?.reshape((3, 3))?;
            let weight = Var::from_tensor(&weight)?;
            let mut all = vars.data().lock().expect("no thread panicked");
            all.insert(format!("{name}.weight"), weight.clone());
            Ok(Linear::new(weight.as_tensor().clone(), None))
        };
        let (body, head) = (layer("body")?, layer("head")?);
        Ok((vars, body, head))
    }

    /// Seven steps, whose rate changes on the way, and the weights after them.
    fn trained<O: Optimizer>(build: impl Fn(&VarMap) -> Result<O>) -> Result<Vec<Vec<f32>>> {
        let (vars, body, head) = model()?;
        let mut optimizer = build(&vars)?;
        let inputs = Tensor::new(&[[1f32, -2.0, 0.5]], &Device::Cpu)?;
        for step in 0..7 {
            optimizer.set_learning_rate(0.1 / f64::from(step + 1));
            let outputs = head.forward(&body.forward(&inputs)?.tanh()?)?;
            optimizer.backward_step(&outputs.sqr()?.mean_all()?)?;
        }
        let weights = [&body, &head].map(|layer| layer.weight().flatten_all()?.to_vec1());
        weights.into_iter().collect()
    }

    fn groups() -> Groups {
        Groups::new().group("body", "body").group("head", "head")
    }

    #[test]
    fn with_one_rate_it_trains_exactly_as_the_optimizer_that_it_divides() -> Result<()> {
        let config = ParamsAdamW {
            lr: 0.03,
            weight_decay: 0.1,
            ..Default::default()
        };
        let plain = trained(|vars| AdamW::new(vars.all_vars(), config.clone()))?;
        let divided = trained(|vars| Grouped::<AdamW>::new(vars, groups(), config.clone()))?;
        assert_eq!(plain, divided);
        let plain = trained(|vars| AdamW::new_lr(vars.all_vars(), 0.03))?;
        assert_eq!(
            plain,
            trained(|vars| Grouped::<AdamW>::new_lr(vars, groups(), 0.03))?
        );
        let plain = trained(|vars| SGD::new(vars.all_vars(), 0.3))?;
        assert_eq!(
            plain,
            trained(|vars| Grouped::<SGD>::new(vars, groups(), 0.3))?
        );
        Ok(())
    }

    #[test]
    fn a_frozen_group_stays() -> Result<()> {
        let (vars, body, head) = model()?;
        let before = body.weight().flatten_all()?.to_vec1::<f32>()?;
        let mut optimizer = Grouped::<SGD>::new(&vars, groups(), 0.1)?;
        optimizer.freeze().map_err(CandleError::wrap)?;
        let inputs = Tensor::ones((1, 3), DType::F32, &Device::Cpu)?;
        optimizer.backward_step(&head.forward(&body.forward(&inputs)?)?.sqr()?.mean_all()?)?;
        assert_eq!(body.weight().flatten_all()?.to_vec1::<f32>()?, before);
        assert_ne!(head.weight().flatten_all()?.to_vec1::<f32>()?, before);
        Ok(())
    }

    #[test]
    fn groups_that_leave_something_out_are_candles_error() -> Result<()> {
        let (vars, ..) = model()?;
        let error = Grouped::<SGD>::new(&vars, Groups::new().group("head", "head"), 0.1)
            .expect_err("the body is in no group");
        assert!(error.to_string().contains("body.weight"), "{error}");
        Ok(())
    }
}
