use super::cosine::CombinedCos;
use crate::error::Result;
use crate::rates::{check_positive, check_that};

/// How long a training is: epochs, and steps in each.
///
/// The position in a schedule is counted within the epoch, as fastai does, so 2 epochs of 50
/// steps are not bit for bit 100 steps.
///
/// ```
/// assert_eq!(paramgroups::Length::new(2, 50).steps(), 100);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    pub(super) epochs: usize,
    pub(super) steps_per_epoch: usize,
}

impl Length {
    /// Epochs and steps in each.
    pub fn new(epochs: usize, steps_per_epoch: usize) -> Self {
        Self {
            epochs,
            steps_per_epoch,
        }
    }

    /// The steps in all.
    pub fn steps(self) -> usize {
        self.epochs.saturating_mul(self.steps_per_epoch)
    }
}

/// Options of [`Plan::one_cycle`](super::Plan::one_cycle), with fastai's defaults.
///
/// ```
/// let quick = paramgroups::OneCycle { pct_start: 0.1, ..Default::default() };
/// assert_eq!(quick.div, 25.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneCycle {
    /// The part of the training in which the rate rises: 0.25.
    pub pct_start: f64,
    /// The rate begins at the peak divided by this: 25.
    pub div: f64,
    /// The rate ends at the peak divided by this: 100,000.
    pub div_final: f64,
    /// Momentum at the start, the peak and the end: 0.95, 0.85, 0.95.
    pub moms: [f64; 3],
}

impl Default for OneCycle {
    fn default() -> Self {
        Self {
            pct_start: 0.25,
            div: 25.0,
            div_final: 1e5,
            moms: [0.95, 0.85, 0.95],
        }
    }
}

impl OneCycle {
    pub(super) fn cycle(self) -> Result<Cycle> {
        check_positive("div", self.div)?;
        check_positive("div_final", self.div_final)?;
        for momentum in self.moms {
            check_momentum(momentum)?;
        }
        let [start, middle, end] = self.moms;
        Ok(Cycle {
            options: self,
            momentum: CombinedCos::new(self.pct_start, start, middle, end)?,
        })
    }
}

/// One cycle whose options were checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cycle {
    pub(super) options: OneCycle,
    pub(super) momentum: CombinedCos,
}

/// Options of [`Plan::flat_cos`](super::Plan::flat_cos), with fastai's defaults.
///
/// ```
/// assert_eq!(paramgroups::FlatCos::default().pct_start, 0.75);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlatCos {
    /// The part of the training in which the rate is flat: 0.75.
    pub pct_start: f64,
    /// The rate ends at the flat one divided by this: 100,000.
    pub div_final: f64,
    /// Momentum: 0.9.
    pub momentum: f64,
}

impl Default for FlatCos {
    fn default() -> Self {
        Self {
            pct_start: 0.75,
            div_final: 1e5,
            momentum: 0.9,
        }
    }
}

impl FlatCos {
    pub(super) fn check(&self) -> Result<()> {
        check_positive("div_final", self.div_final)?;
        check_momentum(self.momentum)
    }
}

/// Options of [`Plan::fine_tune`](super::Plan::fine_tune), with fastai's defaults.
///
/// ```
/// let options = paramgroups::FineTune { lr_mult: 50.0, ..paramgroups::FineTune::new(3, 100) };
/// assert_eq!(options.freeze_epochs, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FineTune {
    /// Epochs with everything trained.
    pub epochs: usize,
    /// Epochs before them with all stages but the last frozen: 1.
    pub freeze_epochs: usize,
    /// Steps in each epoch.
    pub steps_per_epoch: usize,
    /// The last stage's rate is this many times the first one's once all are trained: 100.
    pub lr_mult: f64,
    /// The part in which the rate rises once all are trained: 0.3. It is 0.99 before.
    pub pct_start: f64,
    /// The rate begins at the peak divided by this once all are trained: 5. It is 25 before.
    pub div: f64,
    /// The rate ends at the peak divided by this, in both phases: 100,000.
    pub div_final: f64,
    /// Momentum at the start, the peak and the end of each phase: 0.95, 0.85, 0.95.
    pub moms: [f64; 3],
}

impl FineTune {
    /// This many epochs after one that trains the last stage alone.
    pub fn new(epochs: usize, steps_per_epoch: usize) -> Self {
        let OneCycle {
            div_final, moms, ..
        } = OneCycle::default();
        Self {
            epochs,
            freeze_epochs: 1,
            steps_per_epoch,
            lr_mult: 100.0,
            pct_start: 0.3,
            div: 5.0,
            div_final,
            moms,
        }
    }

    /// The cycle while frozen, and the one after it.
    pub(super) fn cycles(self) -> Result<[Cycle; 2]> {
        let common = OneCycle {
            div_final: self.div_final,
            moms: self.moms,
            ..OneCycle::default()
        };
        let frozen = OneCycle {
            pct_start: 0.99,
            ..common
        };
        let trained = OneCycle {
            pct_start: self.pct_start,
            div: self.div,
            ..common
        };
        Ok([frozen.cycle()?, trained.cycle()?])
    }
}

pub(super) fn check_momentum(momentum: f64) -> Result<()> {
    check_that(
        (0.0..1.0).contains(&momentum),
        "momentum",
        momentum,
        "a number from 0 to below 1",
    )
}
