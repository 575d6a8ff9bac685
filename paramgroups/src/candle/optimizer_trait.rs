//! Where a program wants one of candle's own kind: the grouped optimizer as a `candle_nn::Optimizer`.

use candle_core::{Error as CandleError, Result, Tensor, Var, backprop::GradStore};
use candle_nn::Optimizer;

use super::named_vars::NamedVars;
use super::optimizer::GroupedOptimizer;
use super::rule::UpdateRule;
use crate::partition::Partition;

/// What [`Optimizer::new`] needs to build a [`GroupedOptimizer`]: paths, partition and rule.
///
/// ```
/// use candle_core::{DType, Device};
/// use candle_nn::{Optimizer, VarBuilder, VarMap, linear};
/// use paramgroups::candle::{AdamW, GroupedConfig, GroupedOptimizer, NamedVars};
/// use paramgroups::{BodyAndHead, Splitter};
///
/// let vars = VarMap::new();
/// let vb = VarBuilder::from_varmap(&vars, DType::F32, &Device::Cpu);
/// linear(2, 2, vb.pp("body"))?;
/// linear(2, 2, vb.pp("head"))?;
/// let mut partition = BodyAndHead::new("head").split(NamedVars::from(&vars).parameters())?;
/// partition.set_learning_rates(1e-4..=1e-2)?;
///
/// let config = GroupedConfig::new(&vars, partition, AdamW::default());
/// let mut optimizer = <GroupedOptimizer as Optimizer>::new(vars.all_vars(), config)?;
/// assert_eq!(optimizer.learning_rate(), 1e-2);
/// optimizer.set_learning_rate(1e-3); // a tenth of it, for every group
/// assert!((optimizer.partition().group("body")?.learning_rate() - 1e-5).abs() < 1e-18);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct GroupedConfig {
    vars: NamedVars,
    partition: Partition,
    rule: Box<dyn UpdateRule>,
}

impl GroupedConfig {
    /// A configuration; `vars` gives the paths of the variables that `new` will get.
    pub fn new(
        vars: impl Into<NamedVars>,
        partition: Partition,
        rule: impl UpdateRule + 'static,
    ) -> Self {
        Self {
            vars: vars.into(),
            partition,
            rule: Box::new(rule),
        }
    }
}

impl Optimizer for GroupedOptimizer {
    type Config = GroupedConfig;

    /// Refuses a variable that is in no group, and a group's parameter that is not among `vars`.
    fn new(vars: Vec<Var>, config: GroupedConfig) -> Result<Self> {
        let named = with_paths(vars, &config.vars)?;
        Self::with_boxed_rule(&named, config.partition, config.rule).map_err(CandleError::wrap)
    }

    fn step(&mut self, grads: &GradStore) -> Result<()> {
        GroupedOptimizer::step(self, grads).map_err(CandleError::wrap)
    }

    fn backward_step(&mut self, loss: &Tensor) -> Result<()> {
        GroupedOptimizer::backward_step(self, loss).map_err(CandleError::wrap)
    }

    /// The last group's learning rate.
    fn learning_rate(&self) -> f64 {
        self.partition
            .groups()
            .last()
            .map_or(0.0, |group| group.learning_rate())
    }

    /// Gives the last stage this rate, and scales the others with it from the rates last set by stage.
    ///
    /// Where the last stage's rate was set to 0 there is no proportion to keep, and all get `lr`. A rate
    /// that is negative or not finite makes the next step an error.
    fn set_learning_rate(&mut self, lr: f64) {
        let last = self.base_rates.last().copied().unwrap_or(0.0);
        let scaled: Vec<f64> = match last {
            0.0 => vec![lr; self.base_rates.len()],
            // Not by rounding: `learning_rate` then gives `lr` itself.
            _ => {
                let scaled = |rate: f64| match rate == last {
                    true => lr,
                    false => rate * (lr / last),
                };
                self.base_rates.iter().map(|&rate| scaled(rate)).collect()
            }
        };
        self.refused_rate = match self.partition.set_learning_rates(scaled) {
            Ok(()) => None,
            Err(_) => Some(lr),
        };
    }
}

/// The variables with the paths that `paths` gives them.
pub(super) fn with_paths(vars: Vec<Var>, paths: &NamedVars) -> Result<NamedVars> {
    let named: Result<Vec<(&str, Var)>> = vars
        .into_iter()
        .map(|var| match paths.path_of(var.id()) {
            Some(path) => Ok((path, var)),
            None => candle_core::bail!(
                "a variable of shape {:?} is in no group: name it in the configuration",
                var.dims()
            ),
        })
        .collect();
    Ok(named?.into_iter().collect())
}
