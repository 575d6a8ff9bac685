//! Floating-point numbers. Where the source does not say whether one is an `f32` or an `f64`, it is both, and what differs is not known.

use std::cmp::Ordering;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Real {
    Double(f64),
    Single(f32),
    /// A literal, and what was computed from literals alone.
    Either(f64, f32),
}

impl Real {
    /// A number that is written without a suffix.
    pub fn literal(value: f64) -> Real {
        Real::Either(value, value as f32)
    }

    /// The width and the bits: equal for equal numbers of one width, NaN among them.
    pub fn bits(self) -> (u8, u64, u32) {
        match self {
            Real::Double(value) => (0, value.to_bits(), 0),
            Real::Single(value) => (1, 0, value.to_bits()),
            Real::Either(double, single) => (2, double.to_bits(), single.to_bits()),
        }
    }

    pub fn map(self, double: impl Fn(f64) -> f64, single: impl Fn(f32) -> f32) -> Real {
        match self {
            Real::Double(value) => Real::Double(double(value)),
            Real::Single(value) => Real::Single(single(value)),
            Real::Either(a, b) => Real::Either(double(a), single(b)),
        }
    }

    /// Of two numbers of one type.
    pub fn with(
        self,
        other: Real,
        double: impl Fn(f64, f64) -> f64,
        single: impl Fn(f32, f32) -> f32,
    ) -> Real {
        match (self, other) {
            (Real::Either(a, b), Real::Either(c, d)) => Real::Either(double(a, c), single(b, d)),
            (Real::Single(_), _) | (_, Real::Single(_)) => {
                Real::Single(single(self.single(), other.single()))
            }
            _ => Real::Double(double(self.double(), other.double())),
        }
    }

    pub fn compare(self, other: Real) -> Option<Ordering> {
        match (self, other) {
            (Real::Either(a, b), Real::Either(c, d)) => {
                let double = a.partial_cmp(&c)?;
                (Some(double) == b.partial_cmp(&d)).then_some(double)
            }
            (Real::Single(_), _) | (_, Real::Single(_)) => {
                self.single().partial_cmp(&other.single())
            }
            _ => self.double().partial_cmp(&other.double()),
        }
    }

    /// Towards zero, as `as` does; None where it depends on the type.
    pub fn whole(self) -> Option<i128> {
        match self {
            Real::Double(value) => Some(value as i128),
            Real::Single(value) => Some(value as i128),
            Real::Either(a, b) => (a as i128 == b as i128).then_some(a as i128),
        }
    }

    /// As text with so many digits behind the point.
    pub fn text(self, precision: Option<usize>) -> Option<String> {
        let (double, single) = match precision {
            Some(digits) => (
                format!("{:.digits$}", self.double()),
                format!("{:.digits$}", self.single()),
            ),
            None => (self.double().to_string(), self.single().to_string()),
        };
        match self {
            Real::Double(_) => Some(double),
            Real::Single(_) => Some(single),
            Real::Either(..) => (double == single).then_some(double),
        }
    }

    pub fn double(self) -> f64 {
        match self {
            Real::Double(value) | Real::Either(value, _) => value,
            Real::Single(value) => f64::from(value),
        }
    }

    pub fn single(self) -> f32 {
        match self {
            Real::Double(value) => value as f32,
            Real::Single(value) | Real::Either(_, value) => value,
        }
    }
}
