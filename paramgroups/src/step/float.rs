use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Sub};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// `f32` or `f64`.
pub trait Float:
    sealed::Sealed
    + Copy
    + Debug
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
    /// 0.
    const ZERO: Self;
    /// Rounds a number to this type.
    fn of(number: f64) -> Self;
    /// The square root.
    fn root(self) -> Self;
}

impl Float for f32 {
    const ZERO: Self = 0.0;
    fn of(number: f64) -> Self {
        number as Self
    }
    fn root(self) -> Self {
        self.sqrt()
    }
}

impl Float for f64 {
    const ZERO: Self = 0.0;
    fn of(number: f64) -> Self {
        number
    }
    fn root(self) -> Self {
        self.sqrt()
    }
}
