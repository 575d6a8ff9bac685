use super::cosine::CombinedCos;
use super::options::{Cycle, Length};
use crate::error::{Error, Result};

/// A stretch of one schedule and one freezing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Phase {
    /// The rate of each group; all have the same `pct`.
    pub(super) rates: Vec<CombinedCos>,
    pub(super) momentum: Curve,
    pub(super) frozen: Vec<bool>,
    length: Length,
    /// What one step adds to the position: one over the number of steps.
    share: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Curve {
    Constant(f64),
    Cosine(CombinedCos),
}

impl Curve {
    pub(super) fn constant(&self) -> Option<f64> {
        match self {
            Self::Constant(value) => Some(*value),
            Self::Cosine(_) => None,
        }
    }
}

impl Phase {
    pub(super) fn new(
        rates: Vec<CombinedCos>,
        momentum: Curve,
        length: Length,
        frozen: Vec<bool>,
    ) -> Result<Self> {
        if length.steps() == 0 {
            return Err(Error::NoSteps);
        }
        Ok(Self {
            rates,
            momentum,
            frozen,
            length,
            share: 1.0 / length.steps() as f64,
        })
    }

    pub(super) fn one_cycle(
        peaks: &[f64],
        length: Length,
        cycle: Cycle,
        frozen: Vec<bool>,
    ) -> Result<Self> {
        let Cycle { options, momentum } = cycle;
        let rates = peaks
            .iter()
            .map(|&peak| {
                let (start, end) = (peak / options.div, peak / options.div_final);
                CombinedCos::new(options.pct_start, start, peak, end)
            })
            .collect::<Result<_>>()?;
        Self::new(rates, Curve::Cosine(momentum), length, frozen)
    }

    pub(super) fn len(&self) -> usize {
        self.length.steps()
    }

    pub(super) fn epoch_of(&self, step: usize) -> usize {
        step / self.length.steps_per_epoch
    }

    /// The position of a step, from 0 to 1: the epochs before it, and one share for each step
    /// of its own, added one by one as fastai does.
    pub(super) fn position(&self, step: usize) -> f64 {
        let epoch = self.epoch_of(step);
        let start = epoch as f64 / self.length.epochs as f64;
        let steps = step % self.length.steps_per_epoch;
        (0..steps).fold(start, |position, _| position + self.share)
    }

    /// The position of the step behind one at `position`.
    pub(super) fn position_behind(&self, step: usize, position: f64) -> f64 {
        if (step + 1).is_multiple_of(self.length.steps_per_epoch) {
            self.position(step + 1)
        } else {
            position + self.share
        }
    }
}
