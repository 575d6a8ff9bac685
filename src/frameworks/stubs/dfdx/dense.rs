//! dfdx: layers with parameters. A layer's type says everything; `build` makes one, whatever device and number type.

mod layers {
    use dfdx::Param;

    pub struct Linear<const I: usize, const O: usize> {
        pub weight: Param<[usize; 2]>,
        pub bias: Param<[usize; 1]>,
    }

    impl<const I: usize, const O: usize> Linear<I, O> {
        pub fn build() -> Self {
            Linear {
                weight: Param::from_shape([O, I]),
                bias: Param::from_shape([O]),
            }
        }
    }

    pub struct UnbiasedLinear<const I: usize, const O: usize> {
        pub weight: Param<[usize; 2]>,
    }

    impl<const I: usize, const O: usize> UnbiasedLinear<I, O> {
        pub fn build() -> Self {
            UnbiasedLinear {
                weight: Param::from_shape([O, I]),
            }
        }
    }

    /// Without a bias, which is a layer of its own. `DILATION` and `GROUPS` came with 0.12.
    pub struct Conv2D<
        const IN_CHAN: usize,
        const OUT_CHAN: usize,
        const KERNEL_SIZE: usize,
        const STRIDE: usize = 1,
        const PADDING: usize = 0,
        const DILATION: usize = 1,
        const GROUPS: usize = 1,
    > {
        pub weight: Param<[usize; 4]>,
    }

    impl<
        const IN_CHAN: usize,
        const OUT_CHAN: usize,
        const KERNEL_SIZE: usize,
        const STRIDE: usize,
        const PADDING: usize,
        const DILATION: usize,
        const GROUPS: usize,
    > Conv2D<IN_CHAN, OUT_CHAN, KERNEL_SIZE, STRIDE, PADDING, DILATION, GROUPS>
    {
        pub fn build() -> Self {
            Conv2D {
                weight: Param::from_shape([OUT_CHAN, IN_CHAN / GROUPS, KERNEL_SIZE, KERNEL_SIZE]),
            }
        }
    }

    pub struct ConvTrans2D<
        const IN_CHAN: usize,
        const OUT_CHAN: usize,
        const KERNEL_SIZE: usize,
        const STRIDE: usize = 1,
        const PADDING: usize = 0,
        const DILATION: usize = 1,
        const GROUPS: usize = 1,
    > {
        pub weight: Param<[usize; 4]>,
    }

    impl<
        const IN_CHAN: usize,
        const OUT_CHAN: usize,
        const KERNEL_SIZE: usize,
        const STRIDE: usize,
        const PADDING: usize,
        const DILATION: usize,
        const GROUPS: usize,
    > ConvTrans2D<IN_CHAN, OUT_CHAN, KERNEL_SIZE, STRIDE, PADDING, DILATION, GROUPS>
    {
        pub fn build() -> Self {
            ConvTrans2D {
                weight: Param::from_shape([IN_CHAN, OUT_CHAN / GROUPS, KERNEL_SIZE, KERNEL_SIZE]),
            }
        }
    }

    pub struct Bias2D<const C: usize> {
        pub bias: Param<[usize; 1]>,
    }

    impl<const C: usize> Bias2D<C> {
        pub fn build() -> Self {
            Bias2D {
                bias: Param::from_shape([C]),
            }
        }
    }

    pub struct Embedding<const VOCAB: usize, const DIM: usize> {
        pub weight: Param<[usize; 2]>,
    }

    impl<const VOCAB: usize, const DIM: usize> Embedding<VOCAB, DIM> {
        pub fn build() -> Self {
            Embedding {
                weight: Param::from_shape([VOCAB, DIM]),
            }
        }
    }

    pub struct LayerNorm1D<const M: usize> {
        pub gamma: Param<[usize; 1]>,
        pub beta: Param<[usize; 1]>,
        pub epsilon: f64,
    }

    impl<const M: usize> LayerNorm1D<M> {
        pub fn build() -> Self {
            LayerNorm1D {
                gamma: Param::from_shape([M]),
                beta: Param::from_shape([M]),
                epsilon: 1e-5,
            }
        }
    }

    pub struct BatchNorm1D<const C: usize> {
        pub scale: Param<[usize; 1]>,
        pub bias: Param<[usize; 1]>,
        pub running_mean: Param<[usize; 1]>,
        pub running_var: Param<[usize; 1]>,
        pub epsilon: f64,
        pub momentum: f64,
    }

    impl<const C: usize> BatchNorm1D<C> {
        pub fn build() -> Self {
            BatchNorm1D {
                scale: Param::from_shape([C]),
                bias: Param::from_shape([C]),
                running_mean: Param::running([C]),
                running_var: Param::running([C]),
                epsilon: 1e-5,
                momentum: 0.1,
            }
        }
    }

    pub struct BatchNorm2D<const C: usize> {
        pub scale: Param<[usize; 1]>,
        pub bias: Param<[usize; 1]>,
        pub running_mean: Param<[usize; 1]>,
        pub running_var: Param<[usize; 1]>,
        pub epsilon: f64,
        pub momentum: f64,
    }

    impl<const C: usize> BatchNorm2D<C> {
        pub fn build() -> Self {
            BatchNorm2D {
                scale: Param::from_shape([C]),
                bias: Param::from_shape([C]),
                running_mean: Param::running([C]),
                running_var: Param::running([C]),
                epsilon: 1e-5,
                momentum: 0.1,
            }
        }
    }

    /// One slope, a scalar.
    pub struct PReLU {
        pub a: Param<[usize; 0]>,
    }

    impl PReLU {
        pub fn build() -> Self {
            PReLU {
                a: Param::from_shape([]),
            }
        }
    }

    /// One slope for each channel; `C` is `Const<N>`.
    pub struct PReLU1D<C> {
        pub a: Param<[usize; 1]>,
    }

    impl<C> PReLU1D<C> {
        pub fn build() -> Self {
            PReLU1D {
                a: Param::from_shape([C::SIZE]),
            }
        }
    }
}
