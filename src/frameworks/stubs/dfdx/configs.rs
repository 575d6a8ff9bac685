//! dfdx after 0.13: an architecture is a value of its own, with sizes as types (`Const<N>`) or numbers, and its layers are named `..Config`.

mod configs {
    use crate::layers::{
        BatchNorm1D, BatchNorm2D, Bias2D, Conv2D, ConvTrans2D, Embedding, LayerNorm1D, Linear,
        UnbiasedLinear,
    };
    use dfdx::Param;

    pub type LinearConstConfig<const I: usize, const O: usize> = Linear<I, O>;
    pub type MatMulConstConfig<const I: usize, const O: usize> = UnbiasedLinear<I, O>;
    pub type EmbeddingConstConfig<const VOCAB: usize, const MODEL: usize> = Embedding<VOCAB, MODEL>;
    pub type LayerNorm1DConstConfig<const M: usize> = LayerNorm1D<M>;
    pub type BatchNorm1DConstConfig<const C: usize> = BatchNorm1D<C>;
    pub type BatchNorm2DConstConfig<const C: usize> = BatchNorm2D<C>;
    pub type Bias2DConstConfig<const C: usize> = Bias2D<C>;
    pub type Conv2DConstConfig<
        const IN_CHAN: usize,
        const OUT_CHAN: usize,
        const KERNEL_SIZE: usize,
        const STRIDE: usize = 1,
        const PADDING: usize = 0,
        const DILATION: usize = 1,
        const GROUPS: usize = 1,
    > = Conv2D<IN_CHAN, OUT_CHAN, KERNEL_SIZE, STRIDE, PADDING, DILATION, GROUPS>;
    pub type ConvTrans2DConstConfig<
        const IN_CHAN: usize,
        const OUT_CHAN: usize,
        const KERNEL_SIZE: usize,
        const STRIDE: usize = 1,
        const PADDING: usize = 0,
        const DILATION: usize = 1,
        const GROUPS: usize = 1,
    > = ConvTrans2D<IN_CHAN, OUT_CHAN, KERNEL_SIZE, STRIDE, PADDING, DILATION, GROUPS>;

    pub struct LinearConfig<I, O> {
        pub weight: Param<[usize; 2]>,
        pub bias: Param<[usize; 1]>,
    }

    impl<I, O> LinearConfig<I, O> {
        pub fn build() -> Self {
            LinearConfig {
                weight: Param::from_shape([O::SIZE, I::SIZE]),
                bias: Param::from_shape([O::SIZE]),
            }
        }
    }

    pub struct MatMulConfig<I, O> {
        pub weight: Param<[usize; 2]>,
    }

    impl<I, O> MatMulConfig<I, O> {
        pub fn build() -> Self {
            MatMulConfig {
                weight: Param::from_shape([O::SIZE, I::SIZE]),
            }
        }
    }

    pub struct Conv2DConfig<InChan, OutChan, KernelSize, Stride, Padding, Dilation, Groups> {
        pub weight: Param<[usize; 4]>,
    }

    impl<InChan, OutChan, KernelSize, Stride, Padding, Dilation, Groups>
        Conv2DConfig<InChan, OutChan, KernelSize, Stride, Padding, Dilation, Groups>
    {
        pub fn build() -> Self {
            Conv2DConfig {
                weight: Param::from_shape([
                    OutChan::SIZE,
                    InChan::SIZE / Groups::SIZE,
                    KernelSize::SIZE,
                    KernelSize::SIZE,
                ]),
            }
        }
    }

    pub struct Bias1DConfig<I> {
        pub bias: Param<[usize; 1]>,
    }

    impl<I> Bias1DConfig<I> {
        pub fn build() -> Self {
            Bias1DConfig {
                bias: Param::from_shape([I::SIZE]),
            }
        }
    }

    pub struct LayerNorm1DConfig<M> {
        pub gamma: Param<[usize; 1]>,
        pub beta: Param<[usize; 1]>,
        pub epsilon: f64,
    }

    impl<M> LayerNorm1DConfig<M> {
        pub fn build() -> Self {
            LayerNorm1DConfig {
                gamma: Param::from_shape([M::SIZE]),
                beta: Param::from_shape([M::SIZE]),
                epsilon: 1e-5,
            }
        }
    }

    pub struct BatchNorm2DConfig<C> {
        pub scale: Param<[usize; 1]>,
        pub bias: Param<[usize; 1]>,
        pub running_mean: Param<[usize; 1]>,
        pub running_var: Param<[usize; 1]>,
        pub epsilon: f64,
        pub momentum: f64,
    }

    impl<C> BatchNorm2DConfig<C> {
        pub fn build() -> Self {
            BatchNorm2DConfig {
                scale: Param::from_shape([C::SIZE]),
                bias: Param::from_shape([C::SIZE]),
                running_mean: Param::running([C::SIZE]),
                running_var: Param::running([C::SIZE]),
                epsilon: 1e-5,
                momentum: 0.1,
            }
        }
    }

    /// Output and input are added.
    pub struct ResidualAdd<F>(pub F);

    impl<F> ResidualAdd<F> {
        pub fn build() -> Self {
            ResidualAdd(dfdx::build::<F>())
        }
    }

    /// The outputs of two modules are added.
    pub struct GeneralizedAdd<F, R> {
        pub t: F,
        pub u: R,
    }

    impl<F, R> GeneralizedAdd<F, R> {
        pub fn build() -> Self {
            GeneralizedAdd {
                t: dfdx::build::<F>(),
                u: dfdx::build::<R>(),
            }
        }
    }
}
