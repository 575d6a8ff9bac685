use super::Plan;
use super::cosine::SegmentArc;
use super::phase::{Curve, Phase};

/// One step of a plan.
///
/// An index that no group has gives a rate and a momentum of 0, and a frozen group.
///
/// ```
/// use paramgroups::{BodyAndHead, FineTune, Plan, Splitter};
///
/// let partition = BodyAndHead::new("fc").split(["conv.weight", "fc.weight"])?;
/// let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(2, 10))?;
/// let step = plan.step(21)?;
/// assert_eq!((step.index(), step.phase(), step.epoch()), (21, 1, 1));
/// assert_eq!((step.starts_phase(), step.groups()), (false, 2));
/// assert!((step.position() - 0.55).abs() < 1e-12);
/// assert_eq!(step.frozen(), [false, false]);
/// assert_eq!(step.learning_rates().nth(1), Some(step.learning_rate(1)));
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Step<'p> {
    phase: &'p Phase,
    phase_index: usize,
    index: usize,
    in_phase: usize,
    position: f64,
    rate_arc: Option<SegmentArc>,
    momentum: f64,
}

impl<'p> Step<'p> {
    fn new(
        phase: &'p Phase,
        phase_index: usize,
        index: usize,
        in_phase: usize,
        position: f64,
    ) -> Self {
        let momentum = match &phase.momentum {
            Curve::Constant(momentum) => *momentum,
            Curve::Cosine(curve) => curve.at(position),
        };
        Self {
            phase,
            phase_index,
            index,
            in_phase,
            position,
            rate_arc: phase.rates.first().map(|curve| curve.arc(position)),
            momentum,
        }
    }

    /// Its number in the plan, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The number of its phase, from 0.
    pub fn phase(&self) -> usize {
        self.phase_index
    }

    /// The number of its epoch within the phase, from 0.
    pub fn epoch(&self) -> usize {
        self.phase.epoch_of(self.in_phase)
    }

    /// Whether it is the first one of its phase: where the freezing changes.
    pub fn starts_phase(&self) -> bool {
        self.in_phase == 0
    }

    /// The position within the phase, from 0 to below 1.
    pub fn position(&self) -> f64 {
        self.position
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        self.phase.rates.len()
    }

    /// The learning rate of a group.
    pub fn learning_rate(&self, group: usize) -> f64 {
        match (self.phase.rates.get(group), self.rate_arc) {
            (Some(curve), Some(arc)) => arc.value(curve),
            _ => 0.0,
        }
    }

    /// The learning rates of all groups, in order.
    pub fn learning_rates(self) -> impl Iterator<Item = f64> + 'p {
        (0..self.groups()).map(move |group| self.learning_rate(group))
    }

    /// The momentum of a group (beta 1 of an Adam).
    pub fn momentum(&self, group: usize) -> f64 {
        if group < self.groups() {
            self.momentum
        } else {
            0.0
        }
    }

    /// Whether a group is frozen.
    pub fn is_frozen(&self, group: usize) -> bool {
        self.phase.frozen.get(group).copied().unwrap_or(true)
    }

    /// Which groups are frozen, in order.
    pub fn frozen(&self) -> &'p [bool] {
        &self.phase.frozen
    }
}

/// The steps of a plan, from [`Plan::steps`] or [`Plan::steps_from`].
#[derive(Debug, Clone)]
pub struct Steps<'p> {
    plan: &'p Plan,
    phase: usize,
    in_phase: usize,
    index: usize,
    position: f64,
    left: usize,
}

impl<'p> Steps<'p> {
    pub(super) fn at(plan: &'p Plan, index: usize) -> Self {
        let (mut phase, mut in_phase) = (0, index);
        while let Some(here) = plan.phases.get(phase)
            && in_phase >= here.len()
        {
            in_phase -= here.len();
            phase += 1;
        }
        Self {
            plan,
            phase,
            in_phase,
            index,
            position: plan
                .phases
                .get(phase)
                .map_or(0.0, |here| here.position(in_phase)),
            left: plan.len() - index,
        }
    }
}

impl<'p> Iterator for Steps<'p> {
    type Item = Step<'p>;

    fn next(&mut self) -> Option<Step<'p>> {
        let phase = self.plan.phases.get(self.phase)?;
        let step = Step::new(phase, self.phase, self.index, self.in_phase, self.position);
        self.position = phase.position_behind(self.in_phase, self.position);
        self.in_phase += 1;
        if self.in_phase == phase.len() {
            self.phase += 1;
            self.in_phase = 0;
            self.position = 0.0;
        }
        self.index += 1;
        self.left -= 1;
        Some(step)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Steps<'_> {}
