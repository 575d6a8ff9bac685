//! A partition that follows a plan.

use crate::error::{Error, Result};
use crate::partition::Partition;
use crate::plan::Step;

impl Partition {
    /// Takes learning rates and freezing from one step of a [`Plan`](crate::Plan).
    ///
    /// Momentum is the optimizer's, not the partition's.
    ///
    /// # Errors
    /// [`Error::WrongPlan`] for another number of groups; nothing is changed then.
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, FineTune, Plan, Splitter};
    ///
    /// let mut partition = BodyAndHead::new("fc").split(["conv.weight", "fc.weight"])?;
    /// let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(3, 10))?;
    /// partition.follow(plan.step(0)?)?;
    /// assert!(partition.group("body")?.is_frozen());
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn follow(&mut self, step: Step<'_>) -> Result<()> {
        if step.groups() != self.groups.len() {
            return Err(Error::WrongPlan {
                plan: step.groups(),
                groups: self.groups.len(),
            });
        }
        for (index, group) in self.groups.iter_mut().enumerate() {
            // A plan's rates have the layer decay in them.
            let planned = step.learning_rate(index);
            group.rate = match group.scale {
                0.0 => planned,
                scale => planned / scale,
            };
            group.frozen = step.is_frozen(index);
        }
        Ok(())
    }
}
