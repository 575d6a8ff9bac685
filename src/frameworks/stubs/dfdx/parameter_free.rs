//! dfdx: modules without parameters, and where code finds all modules.

/// Modules that hold tensors. Up to 0.10 and after 0.13 they stand here themselves.
pub mod nn {
    pub use crate::configs::*;
    pub use crate::containers::*;
    pub use crate::layers::*;
    pub use crate::parameter_free::*;
    pub use crate::transformer::*;

    pub mod builders {
        pub use crate::containers::*;
        pub use crate::layers::*;
        pub use crate::parameter_free::*;
        pub use crate::transformer::*;
    }

    /// The same with device and number type written out, which mean nothing here.
    pub mod modules {
        pub use crate::containers::*;
        pub use crate::layers::*;
        pub use crate::parameter_free::*;
        pub use crate::transformer::*;
    }
}

pub mod prelude {
    pub use crate::configs::*;
    pub use crate::containers::*;
    pub use crate::layers::*;
    pub use crate::parameter_free::*;
    pub use crate::tensor_ops::*;
    pub use crate::transformer::*;
}

/// How pixels in between are made up.
pub mod tensor_ops {
    pub struct NearestNeighbor;
    pub struct Bilinear;
}

mod parameter_free {
    use crate::tensor_ops::NearestNeighbor;

    pub struct ReLU;

    impl ReLU {
        pub fn build() -> Self {
            ReLU
        }
    }

    pub struct FastGeLU;

    impl FastGeLU {
        pub fn build() -> Self {
            FastGeLU
        }
    }

    pub struct AccurateGeLU;

    impl AccurateGeLU {
        pub fn build() -> Self {
            AccurateGeLU
        }
    }

    pub struct GeLU;

    impl GeLU {
        pub fn build() -> Self {
            GeLU
        }
    }

    pub struct Sin;

    impl Sin {
        pub fn build() -> Self {
            Sin
        }
    }

    pub struct Cos;

    impl Cos {
        pub fn build() -> Self {
            Cos
        }
    }

    pub struct Ln;

    impl Ln {
        pub fn build() -> Self {
            Ln
        }
    }

    pub struct Exp;

    impl Exp {
        pub fn build() -> Self {
            Exp
        }
    }

    pub struct Sigmoid;

    impl Sigmoid {
        pub fn build() -> Self {
            Sigmoid
        }
    }

    pub struct Tanh;

    impl Tanh {
        pub fn build() -> Self {
            Tanh
        }
    }

    pub struct Square;

    impl Square {
        pub fn build() -> Self {
            Square
        }
    }

    pub struct Sqrt;

    impl Sqrt {
        pub fn build() -> Self {
            Sqrt
        }
    }

    pub struct Abs;

    impl Abs {
        pub fn build() -> Self {
            Abs
        }
    }

    pub struct Softmax;

    impl Softmax {
        pub fn build() -> Self {
            Softmax
        }
    }

    pub struct LogSoftmax;

    impl LogSoftmax {
        pub fn build() -> Self {
            LogSoftmax
        }
    }

    pub struct Flatten2D;

    impl Flatten2D {
        pub fn build() -> Self {
            Flatten2D
        }
    }

    pub struct AvgPoolGlobal;

    impl AvgPoolGlobal {
        pub fn build() -> Self {
            AvgPoolGlobal
        }
    }

    pub struct MaxPoolGlobal;

    impl MaxPoolGlobal {
        pub fn build() -> Self {
            MaxPoolGlobal
        }
    }

    pub struct MinPoolGlobal;

    impl MinPoolGlobal {
        pub fn build() -> Self {
            MinPoolGlobal
        }
    }

    pub struct LeakyReLU<E>(pub E);

    impl<E> LeakyReLU<E> {
        pub fn build() -> Self {
            LeakyReLU(0.05)
        }
    }

    pub struct Dropout {
        pub p: f32,
    }

    impl Dropout {
        pub fn build() -> Self {
            Dropout { p: 0.5 }
        }
    }

    pub struct DropoutOneIn<const N: usize>;

    impl<const N: usize> DropoutOneIn<N> {
        pub fn build() -> Self {
            DropoutOneIn
        }
    }

    pub struct Reshape<S>(S);

    impl<S> Reshape<S> {
        pub fn build() -> Self {
            Reshape(())
        }
    }

    pub struct AvgPool2D<
        const KERNEL_SIZE: usize,
        const STRIDE: usize = 1,
        const PADDING: usize = 0,
        const DILATION: usize = 1,
    >;

    impl<const KERNEL_SIZE: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
        AvgPool2D<KERNEL_SIZE, STRIDE, PADDING, DILATION>
    {
        pub fn build() -> Self {
            AvgPool2D
        }
    }

    pub struct MaxPool2D<
        const KERNEL_SIZE: usize,
        const STRIDE: usize = 1,
        const PADDING: usize = 0,
        const DILATION: usize = 1,
    >;

    impl<const KERNEL_SIZE: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
        MaxPool2D<KERNEL_SIZE, STRIDE, PADDING, DILATION>
    {
        pub fn build() -> Self {
            MaxPool2D
        }
    }

    pub struct MinPool2D<
        const KERNEL_SIZE: usize,
        const STRIDE: usize = 1,
        const PADDING: usize = 0,
        const DILATION: usize = 1,
    >;

    impl<const KERNEL_SIZE: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize>
        MinPool2D<KERNEL_SIZE, STRIDE, PADDING, DILATION>
    {
        pub fn build() -> Self {
            MinPool2D
        }
    }

    pub struct Upscale2D<const OH: usize, const OW: usize = OH, M = NearestNeighbor>(M);

    impl<const OH: usize, const OW: usize, M> Upscale2D<OH, OW, M> {
        pub fn build() -> Self {
            Upscale2D(())
        }
    }

    pub struct Upscale2DBy<const H: usize, const W: usize = H, M = NearestNeighbor>(M);

    impl<const H: usize, const W: usize, M> Upscale2DBy<H, W, M> {
        pub fn build() -> Self {
            Upscale2DBy(())
        }
    }
}
