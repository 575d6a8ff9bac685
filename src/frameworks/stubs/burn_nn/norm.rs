//! burn-nn: normalisation layers.

pub use norm::{
    BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, InstanceNorm, InstanceNormConfig,
    LayerNorm, LayerNormConfig, LocalResponseNorm, LocalResponseNormConfig, RmsNorm, RmsNormConfig,
};

pub mod norm {
    pub use crate::norm_choice::{Normalization, NormalizationConfig};
    use burn_core::config::Config;
    use burn_core::module::{Module, Param, RunningState};
    use burn_core::tensor::{Device, Tensor};

    #[derive(Config, Debug)]
    pub struct BatchNormConfig {
        pub num_features: usize,
        #[config(default = 1e-5)]
        pub epsilon: f64,
        #[config(default = 0.1)]
        pub momentum: f64,
    }

    /// The running statistics are visited like parameters and never trained.
    #[derive(Module, Debug)]
    pub struct BatchNorm {
        pub gamma: Param<Tensor<1>>,
        pub beta: Param<Tensor<1>>,
        pub running_mean: RunningState<Tensor<1>>,
        pub running_var: RunningState<Tensor<1>>,
        pub momentum: f64,
        pub epsilon: f64,
    }

    impl BatchNormConfig {
        pub fn init(&self, _device: &Device) -> BatchNorm {
            BatchNorm {
                gamma: Param::from_shape([self.num_features]),
                beta: Param::from_shape([self.num_features]),
                running_mean: Param::running([self.num_features]),
                running_var: Param::running([self.num_features]),
                momentum: self.momentum,
                epsilon: self.epsilon,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct GroupNormConfig {
        pub num_groups: usize,
        pub num_channels: usize,
        #[config(default = 1e-5)]
        pub epsilon: f64,
        #[config(default = true)]
        pub affine: bool,
    }

    #[derive(Module, Debug)]
    pub struct GroupNorm {
        pub gamma: Option<Param<Tensor<1>>>,
        pub beta: Option<Param<Tensor<1>>>,
        pub num_groups: usize,
        pub num_channels: usize,
        pub epsilon: f64,
        pub affine: bool,
    }

    impl GroupNormConfig {
        pub fn init(&self, _device: &Device) -> GroupNorm {
            let gamma = if self.affine {
                Some(Param::from_shape([self.num_channels]))
            } else {
                None
            };
            let beta = if self.affine {
                Some(Param::from_shape([self.num_channels]))
            } else {
                None
            };
            GroupNorm {
                gamma,
                beta,
                num_groups: self.num_groups,
                num_channels: self.num_channels,
                epsilon: self.epsilon,
                affine: self.affine,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct InstanceNormConfig {
        pub num_channels: usize,
        #[config(default = 1e-5)]
        pub epsilon: f64,
        #[config(default = true)]
        pub affine: bool,
    }

    #[derive(Module, Debug)]
    pub struct InstanceNorm {
        pub gamma: Option<Param<Tensor<1>>>,
        pub beta: Option<Param<Tensor<1>>>,
        pub num_channels: usize,
        pub epsilon: f64,
        pub affine: bool,
    }

    impl InstanceNormConfig {
        pub fn init(&self, _device: &Device) -> InstanceNorm {
            let gamma = if self.affine {
                Some(Param::from_shape([self.num_channels]))
            } else {
                None
            };
            let beta = if self.affine {
                Some(Param::from_shape([self.num_channels]))
            } else {
                None
            };
            InstanceNorm {
                gamma,
                beta,
                num_channels: self.num_channels,
                epsilon: self.epsilon,
                affine: self.affine,
            }
        }
    }

    /// `bias` came with 0.20; before, there is always a `beta`.
    #[derive(Config, Debug)]
    pub struct LayerNormConfig {
        pub d_model: usize,
        #[config(default = 1e-5)]
        pub epsilon: f64,
        #[config(default = true)]
        pub bias: bool,
    }

    #[derive(Module, Debug)]
    pub struct LayerNorm {
        pub gamma: Param<Tensor<1>>,
        pub beta: Option<Param<Tensor<1>>>,
        epsilon: f64,
    }

    impl LayerNormConfig {
        pub fn init(&self, _device: &Device) -> LayerNorm {
            let gamma = Param::from_shape([self.d_model]);
            let beta = if self.bias {
                Some(Param::from_shape([self.d_model]))
            } else {
                None
            };
            LayerNorm {
                gamma,
                beta,
                epsilon: self.epsilon,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct RmsNormConfig {
        pub d_model: usize,
        #[config(default = 1e-5)]
        pub epsilon: f64,
    }

    #[derive(Module, Debug)]
    pub struct RmsNorm {
        pub gamma: Param<Tensor<1>>,
        pub epsilon: f64,
    }

    impl RmsNormConfig {
        pub fn init(&self, _device: &Device) -> RmsNorm {
            RmsNorm {
                gamma: Param::from_shape([self.d_model]),
                epsilon: self.epsilon,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct LocalResponseNormConfig {
        pub size: usize,
        #[config(default = 0.0001)]
        pub alpha: f64,
        #[config(default = 0.75)]
        pub beta: f64,
        #[config(default = 1.0)]
        pub k: f64,
    }

    #[derive(Module, Debug)]
    pub struct LocalResponseNorm {
        size: usize,
        alpha: f64,
        beta: f64,
        k: f64,
    }

    impl LocalResponseNormConfig {
        pub fn init(&self) -> LocalResponseNorm {
            LocalResponseNorm {
                size: self.size,
                alpha: self.alpha,
                beta: self.beta,
                k: self.k,
            }
        }
    }
}
