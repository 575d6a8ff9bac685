use std::f64::consts::PI;

use crate::error::{Error, Result};
use crate::rates;

/// A half cosine from `start` at 0 to `end` at 1.
///
/// ```
/// assert_eq!(paramgroups::cosine(1.0, 3.0, 0.5), 2.0);
/// ```
pub fn cosine(start: f64, end: f64, position: f64) -> f64 {
    Arc::at(position).between(start, end)
}

/// How far along a half cosine a position is: from 0 to 2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Arc(f64);

impl Arc {
    pub(super) fn at(position: f64) -> Self {
        Self(1.0 + (PI * (1.0 - position)).cos())
    }

    pub(super) fn between(self, start: f64, end: f64) -> f64 {
        start + self.0 * (end - start) / 2.0
    }
}

/// A schedule of consecutive segments, whose borders and positions are rounded to `f32`.
///
/// That is how fastai computes them: the shares are added up in an `f32` tensor, and the position
/// within a segment is an `f32` too. Rates come out equal to fastai's only with that rounding.
///
/// ```
/// let thirds = paramgroups::Segments::new(&[0.25, 0.25, 0.5])?;
/// assert_eq!(thirds.locate(0.75), (2, 0.5));
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Segments {
    borders: Vec<f32>,
}

impl Segments {
    /// Segments of these shares of the whole.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a negative share, [`Error::BadShares`] where they do not add up
    /// to 1.
    pub fn new(shares: &[f64]) -> Result<Self> {
        for &share in shares {
            rates::check("share of the schedule", share)?;
        }
        let sum: f64 = shares.iter().sum();
        if sum != 1.0 {
            return Err(Error::BadShares { sum });
        }
        let mut sum = 0.0_f64;
        let mut borders = vec![0.0];
        for &share in shares {
            sum += f64::from(share as f32);
            borders.push(sum as f32);
        }
        Ok(Self { borders })
    }

    /// The segment of a position from 0 to 1, and the position within it, from 0 to 1; the end
    /// of a segment of no length.
    pub fn locate(&self, position: f64) -> (usize, f64) {
        locate(&self.borders, position)
    }
}

/// The segment of a position, and the position within it; its end in a segment of no length.
fn locate(borders: &[f32], position: f64) -> (usize, f64) {
    let position = position as f32;
    let last = borders.len() - 2;
    let reached = borders.iter().rposition(|&border| position >= border);
    let segment = reached.unwrap_or(0).min(last);
    let (start, end) = (borders[segment], borders[segment + 1]);
    if start == end {
        return (segment, 1.0);
    }
    (segment, f64::from((position - start) / (end - start)))
}

/// Two half cosines: from `start` to `middle` over the first `pct` of the way, then to `end`.
///
/// ```
/// use paramgroups::CombinedCos;
///
/// let curve = CombinedCos::new(0.25, 0.5, 1.0, 0.0)?;
/// assert_eq!(curve.at(0.0), 0.5);
/// assert_eq!(curve.at(0.25), 1.0);
/// assert_eq!(curve.at(1.0), 0.0);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CombinedCos {
    borders: [f32; 3],
    values: [f64; 3],
}

impl CombinedCos {
    /// A curve; `pct` is from 0 to 1.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    pub fn new(pct: f64, start: f64, middle: f64, end: f64) -> Result<Self> {
        rates::check_that(
            (0.0..=1.0).contains(&pct),
            "pct_start",
            pct,
            "a number from 0 to 1",
        )?;
        let what = ["start", "middle", "end"];
        let values = [start, middle, end];
        for (what, value) in what.into_iter().zip(values) {
            rates::check_that(value.is_finite(), what, value, "a finite number")?;
        }
        let segments = Segments::new(&[pct, 1.0 - pct])?;
        Ok(Self {
            borders: [0, 1, 2].map(|border| segments.borders[border]),
            values,
        })
    }

    /// The value at a position from 0 to 1.
    pub fn at(&self, position: f64) -> f64 {
        self.arc(position).value(self)
    }

    /// The same curve, every value times a factor.
    pub(super) fn scaled(&self, factor: f64) -> Self {
        Self {
            borders: self.borders,
            values: self.values.map(|value| value * factor),
        }
    }

    /// Where a position is on curves with these borders.
    pub(super) fn arc(&self, position: f64) -> SegmentArc {
        let (segment, within) = locate(&self.borders, position);
        SegmentArc {
            segment,
            arc: Arc::at(within),
        }
    }
}

/// A position on every [`CombinedCos`] of one `pct`: the cosine is computed once for all groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SegmentArc {
    segment: usize,
    arc: Arc,
}

impl SegmentArc {
    pub(super) fn value(self, curve: &CombinedCos) -> f64 {
        let (start, end) = (curve.values[self.segment], curve.values[self.segment + 1]);
        self.arc.between(start, end)
    }
}
