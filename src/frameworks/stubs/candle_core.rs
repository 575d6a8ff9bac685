//! candle-core: what constructors ask for beside tensors, which the evaluator knows itself.

pub use dtype::DType;
pub use shape::D;

pub mod dtype {
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum DType {
        U8,
        U32,
        I16,
        I32,
        I64,
        BF16,
        F16,
        F32,
        F64,
        F8E4M3,
        F6E2M3,
        F6E3M2,
        F4,
        F8E8M0,
    }
}

pub mod shape {
    /// A dimension counted from the last one.
    #[derive(Clone, Copy, Debug)]
    pub enum D {
        Minus1,
        Minus2,
        Minus(usize),
    }
}

pub mod conv {
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum CudnnFwdAlgo {
        ImplicitGemm,
        ImplicitPrecompGemm,
        Gemm,
        Direct,
        Fft,
        FftTiling,
        Winograd,
        WinogradNonFused,
        Count,
    }
}
