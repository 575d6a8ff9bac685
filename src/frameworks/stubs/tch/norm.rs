//! tch: normalisation; the running statistics are made last, and not trained.

mod normalisation {
    use std::borrow::Borrow;

    use crate::nn::init::Init;
    use tch::Tensor;
    use tch::nn::Path;

    #[derive(Clone, Copy, Debug)]
    pub struct LayerNormConfig {
        pub cudnn_enabled: bool,
        pub eps: f64,
        pub elementwise_affine: bool,
        pub ws_init: Init,
        pub bs_init: Init,
    }

    impl Default for LayerNormConfig {
        fn default() -> Self {
            LayerNormConfig {
                cudnn_enabled: true,
                eps: 1e-5,
                elementwise_affine: true,
                ws_init: Init::Const(1.0),
                bs_init: Init::Const(0.0),
            }
        }
    }

    #[derive(Debug)]
    pub struct LayerNorm {
        config: LayerNormConfig,
        pub ws: Option<Tensor>,
        pub bs: Option<Tensor>,
        pub normalized_shape: Vec<i64>,
    }

    pub fn layer_norm<'a, T: Borrow<Path<'a>>>(
        vs: T,
        normalized_shape: Vec<i64>,
        config: LayerNormConfig,
    ) -> LayerNorm {
        let vs = vs.borrow();
        let ws = if config.elementwise_affine {
            Some(vs.var("weight", &normalized_shape, config.ws_init))
        } else {
            None
        };
        let bs = if config.elementwise_affine {
            Some(vs.var("bias", &normalized_shape, config.bs_init))
        } else {
            None
        };
        LayerNorm {
            config,
            ws,
            bs,
            normalized_shape,
        }
    }

    #[derive(Clone, Copy, Debug)]
    pub struct GroupNormConfig {
        pub cudnn_enabled: bool,
        pub eps: f64,
        pub affine: bool,
        pub ws_init: Init,
        pub bs_init: Init,
    }

    impl Default for GroupNormConfig {
        fn default() -> Self {
            GroupNormConfig {
                cudnn_enabled: true,
                eps: 1e-5,
                affine: true,
                ws_init: Init::Const(1.0),
                bs_init: Init::Const(0.0),
            }
        }
    }

    #[derive(Debug)]
    pub struct GroupNorm {
        config: GroupNormConfig,
        pub ws: Option<Tensor>,
        pub bs: Option<Tensor>,
        pub num_groups: i64,
        pub num_channels: i64,
    }

    pub fn group_norm<'a, T: Borrow<Path<'a>>>(
        vs: T,
        num_groups: i64,
        num_channels: i64,
        config: GroupNormConfig,
    ) -> GroupNorm {
        let vs = vs.borrow();
        let ws = if config.affine {
            Some(vs.var("weight", &[num_channels], config.ws_init))
        } else {
            None
        };
        let bs = if config.affine {
            Some(vs.var("bias", &[num_channels], config.bs_init))
        } else {
            None
        };
        GroupNorm {
            config,
            ws,
            bs,
            num_groups,
            num_channels,
        }
    }

    #[derive(Clone, Copy, Debug)]
    pub struct BatchNormConfig {
        pub cudnn_enabled: bool,
        pub eps: f64,
        pub momentum: f64,
        pub affine: bool,
        pub ws_init: Init,
        pub bs_init: Init,
    }

    impl Default for BatchNormConfig {
        fn default() -> Self {
            BatchNormConfig {
                cudnn_enabled: true,
                eps: 1e-5,
                momentum: 0.1,
                affine: true,
                ws_init: Init::Uniform { lo: 0.0, up: 1.0 },
                bs_init: Init::Const(0.0),
            }
        }
    }

    #[derive(Debug)]
    pub struct BatchNorm {
        config: BatchNormConfig,
        pub running_mean: Tensor,
        pub running_var: Tensor,
        pub ws: Option<Tensor>,
        pub bs: Option<Tensor>,
        pub nd: usize,
    }

    fn batch_norm<'a, T: Borrow<Path<'a>>>(
        vs: T,
        nd: usize,
        out_dim: i64,
        config: BatchNormConfig,
    ) -> BatchNorm {
        let vs = vs.borrow();
        let ws = if config.affine {
            Some(vs.var("weight", &[out_dim], config.ws_init))
        } else {
            None
        };
        let bs = if config.affine {
            Some(vs.var("bias", &[out_dim], config.bs_init))
        } else {
            None
        };
        let running_mean = vs.zeros_no_train("running_mean", &[out_dim]);
        let running_var = vs.ones_no_train("running_var", &[out_dim]);
        BatchNorm {
            config,
            running_mean,
            running_var,
            ws,
            bs,
            nd,
        }
    }

    pub fn batch_norm1d<'a, T: Borrow<Path<'a>>>(
        vs: T,
        out_dim: i64,
        config: BatchNormConfig,
    ) -> BatchNorm {
        batch_norm(vs, 1, out_dim, config)
    }

    pub fn batch_norm2d<'a, T: Borrow<Path<'a>>>(
        vs: T,
        out_dim: i64,
        config: BatchNormConfig,
    ) -> BatchNorm {
        batch_norm(vs, 2, out_dim, config)
    }

    pub fn batch_norm3d<'a, T: Borrow<Path<'a>>>(
        vs: T,
        out_dim: i64,
        config: BatchNormConfig,
    ) -> BatchNorm {
        batch_norm(vs, 3, out_dim, config)
    }
}
