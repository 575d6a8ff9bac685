//! Helpers of the unit tests.

use candle_core::{DType, Device, Result, Tensor, Var};

/// A 3 by 4 variable of numbers between -1 and 1 that differ with `seed`.
pub(super) fn numbers(seed: u32) -> Result<Var> {
    let values: Vec<f64> = (0..12)
        .map(|i| (f64::from(seed) * 1.7 + f64::from(i) * 2.3).sin())
        .collect();
    Var::from_tensor(&Tensor::from_vec(values, (3, 4), &Device::Cpu)?)
}

/// Fails unless the tensors differ by less than 1e-12 everywhere.
pub(super) fn assert_close(one: &Tensor, other: &Tensor) -> Result<()> {
    let gap = (one - other)?.abs()?.max_all()?.to_dtype(DType::F64)?;
    let gap = gap.to_scalar::<f64>()?;
    assert!(gap < 1e-12, "the tensors differ by {gap}");
    Ok(())
}
