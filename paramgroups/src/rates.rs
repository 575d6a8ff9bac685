//! Learning rates by stage.

use std::fmt;
use std::ops::{RangeInclusive, RangeToInclusive};

use crate::error::{Error, Result};

/// Learning rates for the stages of a partition.
///
/// | written as | gives |
/// | --- | --- |
/// | `1e-3` | one rate for all |
/// | `..=1e-3` | `1e-3` to the last stage, a tenth of it to the others |
/// | `1e-5..=1e-3` | even multiples: each stage's rate is the one before times a constant |
/// | `[1e-5, 1e-4, 1e-3]`, a `Vec` | one for each stage; a list of one is one for all |
///
/// ```
/// use paramgroups::LearningRates;
///
/// assert_eq!(LearningRates::from(..=1e-2).for_stages(3)?, [1e-3, 1e-3, 1e-2]);
/// let even = LearningRates::from(1e-5..=1e-3).for_stages(3)?;
/// assert!((even[1] - 1e-4).abs() < 1e-16);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LearningRates {
    /// One rate for all stages.
    One(f64),
    /// This rate for the last stage, a tenth of it for the others.
    UpTo(f64),
    /// From the first stage's rate to the last one's, in even multiples.
    Between(f64, f64),
    /// One rate for each stage.
    Each(Vec<f64>),
}

impl LearningRates {
    /// The rate of each of `stages` stages.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a rate that is negative or not finite, and for a low end of 0;
    /// [`Error::WrongCount`] for a list of another length; [`Error::OneStage`] where rates that
    /// differ by stage are asked for one stage.
    ///
    /// ```
    /// use paramgroups::{Error, LearningRates};
    ///
    /// let error = LearningRates::from(1e-5..=1e-3).for_stages(1).unwrap_err();
    /// assert!(matches!(error, Error::OneStage { .. }));
    /// ```
    pub fn for_stages(&self, stages: usize) -> Result<Vec<f64>> {
        let rates = match self {
            Self::One(rate) => {
                check("learning rate", *rate)?;
                vec![*rate; stages]
            }
            Self::UpTo(hi) => {
                check("learning rate", *hi)?;
                self.check_stages(stages)?;
                let mut rates = vec![hi / 10.0; stages];
                rates[stages - 1] = *hi;
                rates
            }
            Self::Between(lo, hi) => {
                check_positive("learning rate", *lo)?;
                check_positive("learning rate", *hi)?;
                self.check_stages(stages)?;
                even_multiples(*lo, *hi, stages)?
            }
            Self::Each(rates) => {
                for &rate in rates {
                    check("learning rate", rate)?;
                }
                per_stage(PerStage(rates.clone()), stages, "learning rates")?
            }
        };
        Ok(rates)
    }

    fn check_stages(&self, stages: usize) -> Result<()> {
        if stages < 2 {
            return Err(Error::OneStage {
                rates: self.to_string(),
            });
        }
        Ok(())
    }
}

/// `n` numbers from `lo` to `hi`, each the one before times a constant.
///
/// # Errors
/// [`Error::OutOfRange`] for an end that is not positive and finite; [`Error::OneStage`] for
/// fewer than two numbers.
///
/// ```
/// let rates = paramgroups::even_multiples(1.0, 16.0, 5)?;
/// assert_eq!(rates, [1.0, 2.0, 4.0, 8.0, 16.0]);
/// # Ok::<(), paramgroups::Error>(())
/// ```
pub fn even_multiples(lo: f64, hi: f64, n: usize) -> Result<Vec<f64>> {
    check_positive("low end", lo)?;
    check_positive("high end", hi)?;
    if n < 2 {
        return Err(Error::OneStage {
            rates: LearningRates::Between(lo, hi).to_string(),
        });
    }
    let step = (hi / lo).powf(1.0 / (n - 1) as f64);
    Ok((0..n).map(|i| lo * step.powf(i as f64)).collect())
}

impl fmt::Display for LearningRates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(rate) => write!(f, "{rate:?}"),
            Self::UpTo(hi) => write!(f, "..={hi:?}"),
            Self::Between(lo, hi) => write!(f, "{lo:?}..={hi:?}"),
            Self::Each(rates) => write!(f, "{rates:?}"),
        }
    }
}

impl From<f64> for LearningRates {
    fn from(rate: f64) -> Self {
        Self::One(rate)
    }
}

impl From<RangeToInclusive<f64>> for LearningRates {
    fn from(range: RangeToInclusive<f64>) -> Self {
        Self::UpTo(range.end)
    }
}

impl From<RangeInclusive<f64>> for LearningRates {
    fn from(range: RangeInclusive<f64>) -> Self {
        let (lo, hi) = range.into_inner();
        Self::Between(lo, hi)
    }
}

impl From<Vec<f64>> for LearningRates {
    fn from(rates: Vec<f64>) -> Self {
        Self::Each(rates)
    }
}

impl From<&[f64]> for LearningRates {
    fn from(rates: &[f64]) -> Self {
        Self::Each(rates.to_vec())
    }
}

impl<const N: usize> From<[f64; N]> for LearningRates {
    fn from(rates: [f64; N]) -> Self {
        Self::Each(rates.to_vec())
    }
}

/// One value for all stages, or one for each.
///
/// ```
/// use paramgroups::PerStage;
/// let (_one, _each): (PerStage, PerStage) = (0.1.into(), [0.0, 0.1].into());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PerStage(pub(crate) Vec<f64>);

impl From<f64> for PerStage {
    fn from(value: f64) -> Self {
        Self(vec![value])
    }
}

impl From<Vec<f64>> for PerStage {
    fn from(values: Vec<f64>) -> Self {
        Self(values)
    }
}

impl<const N: usize> From<[f64; N]> for PerStage {
    fn from(values: [f64; N]) -> Self {
        Self(values.to_vec())
    }
}

/// Spreads one value over all stages; takes a list of their number as it is.
pub(crate) fn per_stage(values: PerStage, stages: usize, what: &'static str) -> Result<Vec<f64>> {
    let PerStage(values) = values;
    match values.as_slice() {
        [one] => Ok(vec![*one; stages]),
        _ if values.len() == stages => Ok(values),
        _ => Err(Error::WrongCount {
            what,
            given: values.len(),
            stages,
        }),
    }
}

pub(crate) fn check(what: &'static str, value: f64) -> Result<()> {
    check_that(
        value.is_finite() && value >= 0.0,
        what,
        value,
        "a finite number that is not negative",
    )
}

pub(crate) fn check_positive(what: &'static str, value: f64) -> Result<()> {
    check_that(
        value.is_finite() && value > 0.0,
        what,
        value,
        "a finite number above 0",
    )
}

/// Checks a momentum or another decay of a running mean.
pub(crate) fn check_beta(what: &'static str, value: f64) -> Result<()> {
    check_that(
        (0.0..1.0).contains(&value),
        what,
        value,
        "a number from 0 to below 1",
    )
}

pub(crate) fn check_that(
    holds: bool,
    what: &'static str,
    value: f64,
    allowed: &'static str,
) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(Error::OutOfRange {
        what,
        value,
        allowed,
    })
}

/// Learning rates that fall by a factor with each stage before the last, as timm's layer decay.
///
/// ```
/// use paramgroups::LayerDecay;
///
/// let decay = LayerDecay { floor: 0.5, ..LayerDecay::new(0.75) };
/// assert_eq!(decay.scales(4)?, [0.5, 0.5625, 0.75, 1.0]);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LayerDecay {
    /// The factor from one stage to the one before it, above 0 and at most 1.
    pub decay: f64,
    /// The smallest scale, from 0 to 1.
    pub floor: f64,
    /// Stages whose scale is under this are frozen; 0 freezes none.
    pub freeze_below: f64,
}

impl LayerDecay {
    /// A decay without floor or freezing.
    ///
    /// ```
    /// assert_eq!(paramgroups::LayerDecay::new(0.5).scales(3)?, [0.25, 0.5, 1.0]);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn new(decay: f64) -> Self {
        Self {
            decay,
            floor: 0.0,
            freeze_below: 0.0,
        }
    }

    /// The scale of each of `stages` stages; the last one's is 1.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    pub fn scales(&self, stages: usize) -> Result<Vec<f64>> {
        check_that(
            self.decay > 0.0 && self.decay <= 1.0,
            "layer decay",
            self.decay,
            "a number above 0 and at most 1",
        )?;
        let share = "a number from 0 to 1";
        for (what, value) in [
            ("floor", self.floor),
            ("freezing threshold", self.freeze_below),
        ] {
            check_that((0.0..=1.0).contains(&value), what, value, share)?;
        }
        Ok((0..stages)
            .map(|stage| {
                let distance = stages - 1 - stage;
                self.decay.powf(distance as f64).max(self.floor)
            })
            .collect())
    }
}
