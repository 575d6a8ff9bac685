//! tch: convolutions; the bias is made before the weight.

mod convolutions {
    use std::borrow::Borrow;

    use crate::nn::init::{DEFAULT_KAIMING_UNIFORM, Init};
    use tch::Tensor;
    use tch::nn::Path;

    #[derive(Clone, Copy, Debug)]
    pub enum PaddingMode {
        Zeros,
        Reflect,
        Replicate,
        Circular,
    }

    /// `ND` is a number, or an array with one number for each dimension.
    #[derive(Clone, Copy, Debug)]
    pub struct ConvConfigND<ND> {
        pub stride: ND,
        pub padding: ND,
        pub dilation: ND,
        pub groups: i64,
        pub bias: bool,
        pub ws_init: Init,
        pub bs_init: Init,
        pub padding_mode: PaddingMode,
    }

    pub type ConvConfig = ConvConfigND<i64>;

    /// The real crate has one more for `[i64; 2]`; no parameter hangs on what differs.
    impl<ND> Default for ConvConfigND<ND> {
        fn default() -> Self {
            ConvConfigND {
                stride: 1,
                padding: 0,
                dilation: 1,
                groups: 1,
                bias: true,
                ws_init: DEFAULT_KAIMING_UNIFORM,
                bs_init: Init::Const(0.0),
                padding_mode: PaddingMode::Zeros,
            }
        }
    }

    pub fn no_bias() -> ConvConfig {
        ConvConfigND {
            stride: 1,
            padding: 0,
            dilation: 1,
            groups: 1,
            bias: false,
            ws_init: DEFAULT_KAIMING_UNIFORM,
            bs_init: Init::Const(0.0),
            padding_mode: PaddingMode::Zeros,
        }
    }

    #[derive(Debug)]
    pub struct Conv<ND> {
        pub ws: Tensor,
        pub bs: Option<Tensor>,
        config: ConvConfigND<ND>,
    }

    pub type Conv1D = Conv<[i64; 1]>;
    pub type Conv2D = Conv<[i64; 2]>;
    pub type Conv3D = Conv<[i64; 3]>;

    pub fn conv<'a, ND, T: Borrow<Path<'a>>>(
        vs: T,
        in_dim: i64,
        out_dim: i64,
        ksizes: ND,
        config: ConvConfigND<ND>,
    ) -> Conv<ND> {
        let vs = vs.borrow();
        let bs = if config.bias {
            Some(vs.var("bias", &[out_dim], config.bs_init))
        } else {
            None
        };
        let mut weight_size = vec![out_dim, in_dim / config.groups];
        weight_size.extend(ksizes);
        let ws = vs.var("weight", &weight_size, config.ws_init);
        Conv { ws, bs, config }
    }

    pub fn conv1d<'a, T: Borrow<Path<'a>>>(vs: T, i: i64, o: i64, k: i64, c: ConvConfig) -> Conv1D {
        conv(vs, i, o, [k], c)
    }

    pub fn conv2d<'a, T: Borrow<Path<'a>>>(vs: T, i: i64, o: i64, k: i64, c: ConvConfig) -> Conv2D {
        conv(vs, i, o, [k, k], c)
    }

    pub fn conv3d<'a, T: Borrow<Path<'a>>>(vs: T, i: i64, o: i64, k: i64, c: ConvConfig) -> Conv3D {
        conv(vs, i, o, [k, k, k], c)
    }

    #[derive(Clone, Copy, Debug)]
    pub struct ConvTransposeConfigND<ND> {
        pub stride: ND,
        pub padding: ND,
        pub output_padding: ND,
        pub groups: i64,
        pub bias: bool,
        pub dilation: ND,
        pub ws_init: Init,
        pub bs_init: Init,
    }

    pub type ConvTransposeConfig = ConvTransposeConfigND<i64>;

    impl<ND> Default for ConvTransposeConfigND<ND> {
        fn default() -> Self {
            ConvTransposeConfigND {
                stride: 1,
                padding: 0,
                output_padding: 0,
                groups: 1,
                bias: true,
                dilation: 1,
                ws_init: DEFAULT_KAIMING_UNIFORM,
                bs_init: Init::Const(0.0),
            }
        }
    }

    #[derive(Debug)]
    pub struct ConvTransposeND<ND> {
        pub ws: Tensor,
        pub bs: Option<Tensor>,
        config: ConvTransposeConfigND<ND>,
    }

    pub type ConvTranspose1D = ConvTransposeND<[i64; 1]>;
    pub type ConvTranspose2D = ConvTransposeND<[i64; 2]>;
    pub type ConvTranspose3D = ConvTransposeND<[i64; 3]>;

    fn conv_transpose<'a, ND, T: Borrow<Path<'a>>>(
        vs: T,
        in_dim: i64,
        out_dim: i64,
        ksizes: ND,
        config: ConvTransposeConfigND<ND>,
    ) -> ConvTransposeND<ND> {
        let vs = vs.borrow();
        let bs = if config.bias {
            Some(vs.var("bias", &[out_dim], config.bs_init))
        } else {
            None
        };
        let mut weight_size = vec![in_dim, out_dim / config.groups];
        weight_size.extend(ksizes);
        let ws = vs.var("weight", &weight_size, config.ws_init);
        ConvTransposeND { ws, bs, config }
    }

    pub fn conv_transpose1d<'a, T: Borrow<Path<'a>>>(
        vs: T,
        i: i64,
        o: i64,
        k: i64,
        c: ConvTransposeConfig,
    ) -> ConvTranspose1D {
        conv_transpose(vs, i, o, [k], c)
    }

    pub fn conv_transpose2d<'a, T: Borrow<Path<'a>>>(
        vs: T,
        i: i64,
        o: i64,
        k: i64,
        c: ConvTransposeConfig,
    ) -> ConvTranspose2D {
        conv_transpose(vs, i, o, [k, k], c)
    }

    pub fn conv_transpose3d<'a, T: Borrow<Path<'a>>>(
        vs: T,
        i: i64,
        o: i64,
        k: i64,
        c: ConvTransposeConfig,
    ) -> ConvTranspose3D {
        conv_transpose(vs, i, o, [k, k, k], c)
    }
}
