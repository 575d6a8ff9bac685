//! Updates that touch each element once: the tensors of one parameter, opened as slices.
//!
//! A tensor operation per term costs an allocation and a pass over memory for each; an optimizer's
//! step is bound by exactly that. Where everything lies contiguous in main memory, the whole formula
//! runs in one loop instead.

use std::cell::Cell;

use candle_core::{CpuStorage, DType, InplaceOp1, Layout, Result, Tensor, Var, WithDType, bail};

/// An element type with loops of its own; for any other, the rules use tensor operations.
pub(super) trait Real:
    WithDType
    + std::ops::Add<Output = Self>
    + std::ops::Sub<Output = Self>
    + std::ops::Mul<Output = Self>
    + std::ops::Div<Output = Self>
{
    fn of(value: f64) -> Self;
    fn sqrt(self) -> Self;
    fn larger(self, other: Self) -> Self;
    fn elements(storage: &mut CpuStorage) -> Option<&mut [Self]>;
}

macro_rules! real {
    ($type:ty, $variant:ident) => {
        impl Real for $type {
            fn of(value: f64) -> Self {
                value as $type
            }
            fn sqrt(self) -> Self {
                <$type>::sqrt(self)
            }
            fn larger(self, other: Self) -> Self {
                if other > self { other } else { self }
            }
            fn elements(storage: &mut CpuStorage) -> Option<&mut [Self]> {
                match storage {
                    CpuStorage::$variant(values) => Some(values),
                    _ => None,
                }
            }
        }
    };
}

real!(f32, F32);
real!(f64, F64);

/// The element type in which `param` can be updated in place, if it can be.
pub(super) fn in_place_dtype(param: &Var) -> Option<DType> {
    let plain = param.device().is_cpu() && param.is_contiguous();
    (plain && matches!(param.dtype(), DType::F32 | DType::F64)).then(|| param.dtype())
}

/// A gradient that can be read while `param` is written: contiguous, in storage of its own.
pub(super) fn readable_beside(param: &Var, grad: &Tensor) -> Result<Tensor> {
    let grad = grad.contiguous()?;
    let shared = {
        let (ours, _) = param.storage_and_layout();
        let (theirs, _) = grad.storage_and_layout();
        std::ptr::eq(&*ours, &*theirs)
    };
    if shared { grad.copy() } else { Ok(grad) }
}

/// Runs `work` with the elements of a contiguous tensor in main memory.
pub(super) fn with_elements<T: Real>(tensor: &Tensor, work: impl FnOnce(&[T])) -> Result<()> {
    let (storage, layout) = tensor.storage_and_layout();
    let candle_core::Storage::Cpu(storage) = &*storage else {
        bail!("the tensor is not in main memory")
    };
    let Some((start, end)) = layout.contiguous_offsets() else {
        bail!("the tensor is not contiguous")
    };
    work(&T::cpu_storage_as_slice(storage)?[start..end]);
    Ok(())
}

/// Runs `work` with the elements of a contiguous variable in main memory, to be changed in place.
pub(super) fn with_elements_mut<T: Real>(
    var: &Var,
    work: impl FnOnce(&mut [T]) -> Result<()>,
) -> Result<()> {
    var.inplace_op1(&Opened {
        work: Cell::new(Some(work)),
        element: std::marker::PhantomData,
    })
}

struct Opened<T, W> {
    work: Cell<Option<W>>,
    element: std::marker::PhantomData<T>,
}

impl<T: Real, W: FnOnce(&mut [T]) -> Result<()>> InplaceOp1 for Opened<T, W> {
    fn name(&self) -> &'static str {
        "optimizer step"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let Some((start, end)) = layout.contiguous_offsets() else {
            bail!("the variable is not contiguous")
        };
        let Some(elements) = T::elements(storage) else {
            bail!("the variable has another element type")
        };
        match self.work.take() {
            Some(work) => work(&mut elements[start..end]),
            None => Ok(()),
        }
    }
}
