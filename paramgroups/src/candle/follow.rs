//! Following a plan.

use super::optimizer::GroupedOptimizer;
use crate::error::{Error, Result};
use crate::plan::Step;

impl GroupedOptimizer {
    /// Takes rates, momenta and freezing from one step of a [`Plan`](crate::Plan): call it before the step.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Var};
    /// # use paramgroups::{ByModule, FineTune, Plan, Splitter};
    /// # use paramgroups::candle::{AdamW, GroupedOptimizer, NamedVars};
    /// # let (a, b) = (Var::ones(4, DType::F32, &Device::Cpu)?, Var::ones(4, DType::F32, &Device::Cpu)?);
    /// # let loss = || (a.sqr()? + b.sqr()?)?.sum_all();
    /// # let vars: NamedVars = [("body.w", a.clone()), ("head.w", b.clone())].into_iter().collect();
    /// # let partition = ByModule::top_level().split(vars.parameters())?;
    /// let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(3, 10))?;
    /// let mut optimizer = GroupedOptimizer::new(vars, partition, AdamW::default())?;
    /// for step in plan.steps() {
    ///     optimizer.follow(step)?;
    ///     optimizer.backward_step(&loss()?)?;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongPlan`] for another number of groups, and momentum where there is none to set: use
    /// [`follow_rates`](Self::follow_rates) then. Nothing is changed.
    pub fn follow(&mut self, step: Step<'_>) -> Result<()> {
        if step.groups() != self.partition.groups().len() {
            return Err(Error::WrongPlan {
                plan: step.groups(),
                groups: self.partition.groups().len(),
            });
        }
        let momenta: Vec<f64> = (0..step.groups())
            .map(|group| step.momentum(group))
            .collect();
        self.set_momenta(&momenta)?;
        self.follow_rates(step)
    }

    /// Takes rates and freezing from one step of a plan, and leaves momentum as it is.
    ///
    /// # Errors
    /// [`Error::WrongPlan`] for another number of groups; nothing is changed then.
    pub fn follow_rates(&mut self, step: Step<'_>) -> Result<()> {
        self.partition.follow(step)?;
        self.rates_were_set();
        Ok(())
    }
}
