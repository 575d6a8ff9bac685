//! Learning rates, momentum and freezing, planned step by step.

mod cosine;
mod options;
mod phase;
mod step;

pub use cosine::{CombinedCos, Segments, cosine};
pub use options::{FineTune, FlatCos, Length, OneCycle};
pub use step::{Step, Steps};

use crate::error::{Error, Result};
use crate::partition::Partition;
use crate::rates::{self, LearningRates};
use phase::{Curve, Phase};

/// A training, planned: for each step the learning rate and momentum of each group, and which
/// groups are frozen.
///
/// A plan is data: it does not change the partition it was made from. Planning a step allocates
/// nothing, and a plan starts anywhere.
///
/// ```
/// use paramgroups::{BodyAndHead, FineTune, Plan, Splitter};
///
/// let partition = BodyAndHead::new("fc").split(["conv.weight", "fc.weight"])?;
/// let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(3, 10))?;
/// assert_eq!(plan.len(), 40);
/// for step in plan.steps() {
///     let frozen_at_first = step.index() < 10;
///     assert_eq!(step.is_frozen(0), frozen_at_first);
///     assert!(step.learning_rate(1) > step.learning_rate(0));
/// }
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    phases: Vec<Phase>,
    groups: usize,
}

impl Plan {
    /// One cycle: rates rise from `lr / div` to `lr`, then fall to `lr / div_final`, momentum the
    /// other way round, each half a cosine.
    ///
    /// # Errors
    /// Rates that do not fit the partition, an option out of its range, or no step.
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, Length, OneCycle, Plan, Splitter};
    ///
    /// let partition = BodyAndHead::new("fc").split(["conv.weight", "fc.weight"])?;
    /// let plan = Plan::one_cycle(&partition, 1e-4..=1e-2, Length::new(2, 50), OneCycle::default())?;
    /// let peak = plan.step(25)?;
    /// assert!((peak.learning_rate(1) - 1e-2).abs() < 1e-9);
    /// assert!((peak.momentum(1) - 0.85).abs() < 1e-6);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn one_cycle(
        partition: &Partition,
        rates: impl Into<LearningRates>,
        length: Length,
        options: OneCycle,
    ) -> Result<Self> {
        let peaks = group_rates(partition, &rates.into())?;
        let phase = Phase::one_cycle(&peaks, length, options.cycle()?, frozen_of(partition))?;
        Ok(Self::of(vec![phase], partition))
    }

    /// Flat, then a cosine down to `lr / div_final`; momentum stays.
    ///
    /// # Errors
    /// As [`one_cycle`](Plan::one_cycle).
    ///
    /// ```
    /// use paramgroups::{FlatCos, Groups, Length, Plan, Splitter};
    ///
    /// let partition = Groups::new().rest("all").split(["fc.weight"])?;
    /// let plan = Plan::flat_cos(&partition, 1e-3, Length::new(1, 8), FlatCos::default())?;
    /// assert_eq!(plan.step(5)?.learning_rate(0), 1e-3);
    /// assert!(plan.step(7)?.learning_rate(0) < 1e-3);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn flat_cos(
        partition: &Partition,
        rates: impl Into<LearningRates>,
        length: Length,
        options: FlatCos,
    ) -> Result<Self> {
        let flat = group_rates(partition, &rates.into())?;
        options.check()?;
        let curves = flat
            .iter()
            .map(|&rate| CombinedCos::new(options.pct_start, rate, rate, rate / options.div_final))
            .collect::<Result<Vec<_>>>()?;
        let momentum = Curve::Constant(options.momentum);
        let phase = Phase::new(curves, momentum, length, frozen_of(partition))?;
        Ok(Self::of(vec![phase], partition))
    }

    /// Two cosines of one shape for every group, as multiples of its rate: from `start` to
    /// `middle` over the first `pct` of the training, then to `end`; momentum stays.
    ///
    /// # Errors
    /// As [`one_cycle`](Plan::one_cycle).
    ///
    /// ```
    /// use paramgroups::{CombinedCos, Groups, Length, Plan, Splitter};
    ///
    /// let partition = Groups::new().rest("all").split(["fc.weight"])?;
    /// let warm_up = CombinedCos::new(0.5, 0.0, 1.0, 0.0)?;
    /// let plan = Plan::combined_cos(&partition, 1e-3, Length::new(1, 8), warm_up, 0.9)?;
    /// assert_eq!(plan.step(4)?.learning_rate(0), 1e-3);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn combined_cos(
        partition: &Partition,
        rates: impl Into<LearningRates>,
        length: Length,
        shape: CombinedCos,
        momentum: f64,
    ) -> Result<Self> {
        let rates = group_rates(partition, &rates.into())?;
        options::check_momentum(momentum)?;
        let curves = rates.iter().map(|&rate| shape.scaled(rate)).collect();
        let momentum = Curve::Constant(momentum);
        let phase = Phase::new(curves, momentum, length, frozen_of(partition))?;
        Ok(Self::of(vec![phase], partition))
    }

    /// Constant rates and momentum.
    ///
    /// # Errors
    /// As [`one_cycle`](Plan::one_cycle).
    ///
    /// ```
    /// use paramgroups::{Groups, Length, Plan, Splitter};
    ///
    /// let partition = Groups::new().rest("all").split(["fc.weight"])?;
    /// let plan = Plan::constant(&partition, 1e-3, Length::new(1, 8), 0.9)?;
    /// assert_eq!(plan.step(7)?.learning_rate(0), 1e-3);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn constant(
        partition: &Partition,
        rates: impl Into<LearningRates>,
        length: Length,
        momentum: f64,
    ) -> Result<Self> {
        let flat = CombinedCos::new(0.5, 1.0, 1.0, 1.0)?;
        Self::combined_cos(partition, rates, length, flat, momentum)
    }

    /// Trains the last stage alone for a while, then everything at discriminative rates: two
    /// cycles, with the options and defaults of fastai's `fine_tune`.
    ///
    /// # Errors
    /// [`Error::NothingToFreeze`] where there is one stage only; otherwise as
    /// [`one_cycle`](Plan::one_cycle).
    pub fn fine_tune(partition: &Partition, base_rate: f64, options: FineTune) -> Result<Self> {
        if partition.stages() < 2 {
            return Err(Error::NothingToFreeze);
        }
        rates::check_positive("base learning rate", base_rate)?;
        rates::check_positive("lr_mult", options.lr_mult)?;
        let [frozen_cycle, cycle] = options.cycles()?;
        let last = partition.stages() - 1;
        let all_but_last = partition
            .groups()
            .iter()
            .map(|group| group.stage() < last)
            .collect();

        let mut phases = Vec::new();
        if options.freeze_epochs > 0 {
            let peaks = group_rates(partition, &LearningRates::UpTo(base_rate))?;
            let length = Length::new(options.freeze_epochs, options.steps_per_epoch);
            phases.push(Phase::one_cycle(
                &peaks,
                length,
                frozen_cycle,
                all_but_last,
            )?);
        }
        if options.epochs > 0 {
            let half = base_rate / 2.0;
            let between = LearningRates::Between(half / options.lr_mult, half);
            let peaks = group_rates(partition, &between)?;
            let length = Length::new(options.epochs, options.steps_per_epoch);
            let frozen = vec![false; peaks.len()];
            phases.push(Phase::one_cycle(&peaks, length, cycle, frozen)?);
        }
        if phases.is_empty() {
            return Err(Error::NoSteps);
        }
        Ok(Self::of(phases, partition))
    }

    /// This plan, then another one.
    ///
    /// # Errors
    /// [`Error::WrongPlan`] where they are for different numbers of groups.
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, Length, OneCycle, Plan, Splitter};
    ///
    /// let mut partition = BodyAndHead::new("fc").split(["conv.weight", "fc.weight"])?;
    /// let cycle = |partition: &_| {
    ///     Plan::one_cycle(partition, 1e-3, Length::new(1, 5), OneCycle::default())
    /// };
    /// partition.freeze()?;
    /// let frozen = cycle(&partition)?;
    /// partition.unfreeze();
    /// let plan = frozen.then(cycle(&partition)?)?;
    /// assert!(plan.step(4)?.is_frozen(0));
    /// assert!(!plan.step(5)?.is_frozen(0));
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn then(mut self, next: Self) -> Result<Self> {
        if self.groups != next.groups {
            return Err(Error::WrongPlan {
                plan: next.groups,
                groups: self.groups,
            });
        }
        self.phases.extend(next.phases);
        Ok(self)
    }

    fn of(phases: Vec<Phase>, partition: &Partition) -> Self {
        Self {
            phases,
            groups: partition.groups().len(),
        }
    }

    /// How many steps there are.
    #[expect(clippy::len_without_is_empty, reason = "a plan has at least one step")]
    pub fn len(&self) -> usize {
        self.phases.iter().map(Phase::len).sum()
    }

    /// How many groups the plan is for.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// How many phases there are: stretches of one schedule and one freezing.
    pub fn phases(&self) -> usize {
        self.phases.len()
    }

    /// How many steps a phase has; 0 for a phase that the plan does not have.
    pub fn phase_len(&self, phase: usize) -> usize {
        self.phases.get(phase).map_or(0, Phase::len)
    }

    /// Whether momentum changes from step to step.
    pub fn momentum_varies(&self) -> bool {
        let mut momenta = self.phases.iter().map(|phase| phase.momentum.constant());
        let first = momenta.next().flatten();
        first.is_none() || momenta.any(|momentum| momentum != first)
    }

    /// The steps in order.
    pub fn steps(&self) -> Steps<'_> {
        Steps::at(self, 0)
    }

    /// The steps from one on: where an interrupted training goes on.
    ///
    /// # Errors
    /// [`Error::StepOutOfRange`] behind the end.
    ///
    /// ```
    /// use paramgroups::{Groups, Length, OneCycle, Plan, Splitter};
    ///
    /// let partition = Groups::new().rest("all").split(["fc.weight"])?;
    /// let plan = Plan::one_cycle(&partition, 1e-3, Length::new(2, 10), OneCycle::default())?;
    /// let resumed: Vec<f64> = plan.steps_from(7)?.map(|step| step.learning_rate(0)).collect();
    /// let whole: Vec<f64> = plan.steps().map(|step| step.learning_rate(0)).collect();
    /// assert_eq!(resumed, whole[7..]);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn steps_from(&self, step: usize) -> Result<Steps<'_>> {
        let steps = self.len();
        if step > steps {
            return Err(Error::StepOutOfRange { step, steps });
        }
        Ok(Steps::at(self, step))
    }

    /// One step.
    ///
    /// # Errors
    /// [`Error::StepOutOfRange`].
    pub fn step(&self, step: usize) -> Result<Step<'_>> {
        let out_of_range = Error::StepOutOfRange {
            step,
            steps: self.len(),
        };
        self.steps_from(step)?.next().ok_or(out_of_range)
    }
}

/// The rates of a partition's groups, layer decay included.
fn group_rates(partition: &Partition, rates: &LearningRates) -> Result<Vec<f64>> {
    let rates = rates.for_stages(partition.stages())?;
    let groups = partition.groups().iter();
    Ok(groups
        .map(|group| rates[group.stage()] * group.learning_rate_scale())
        .collect())
}

fn frozen_of(partition: &Partition) -> Vec<bool> {
    let groups = partition.groups().iter();
    groups.map(crate::Group::is_frozen).collect()
}
