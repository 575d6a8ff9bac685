//! candle-nn: normalisation layers.

pub use batch_norm::{BatchNorm, BatchNormConfig, batch_norm};
pub use group_norm::{GroupNorm, group_norm};
pub use layer_norm::{
    LayerNorm, LayerNormConfig, RmsNorm, layer_norm, layer_norm_no_bias, rms_norm,
};

pub mod layer_norm {
    use candle_core::{Result, Tensor};
    use candle_nn::VarBuilder;

    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct LayerNormConfig {
        pub eps: f64,
        pub remove_mean: bool,
        pub affine: bool,
    }

    impl Default for LayerNormConfig {
        fn default() -> Self {
            LayerNormConfig {
                eps: 1e-5,
                remove_mean: true,
                affine: true,
            }
        }
    }

    /// A configuration stays as it is, a number is its `eps`.
    impl From<f64> for LayerNormConfig {
        fn from(config: f64) -> Self {
            match config {
                LayerNormConfig { .. } => config,
                eps => LayerNormConfig {
                    eps,
                    remove_mean: true,
                    affine: true,
                },
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct LayerNorm {
        weight: Tensor,
        bias: Option<Tensor>,
        remove_mean: bool,
        eps: f64,
    }

    impl LayerNorm {
        pub fn new(weight: Tensor, bias: Tensor, eps: f64) -> Self {
            LayerNorm {
                weight,
                bias: Some(bias),
                remove_mean: true,
                eps,
            }
        }

        pub fn new_no_bias(weight: Tensor, eps: f64) -> Self {
            LayerNorm {
                weight,
                bias: None,
                remove_mean: true,
                eps,
            }
        }

        pub fn rms_norm(weight: Tensor, eps: f64) -> Self {
            LayerNorm {
                weight,
                bias: None,
                remove_mean: false,
                eps,
            }
        }

        pub fn weight(&self) -> &Tensor {
            &self.weight
        }

        pub fn bias(&self) -> Option<&Tensor> {
            self.bias.as_ref()
        }

        pub fn eps(&self) -> f64 {
            self.eps
        }

        pub fn remove_mean(&self) -> bool {
            self.remove_mean
        }
    }

    /// Since 0.10 a stored `gamma` or `beta` is taken where there is no `weight` or `bias`; a fresh store has neither.
    pub fn layer_norm<C: Into<LayerNormConfig>>(
        size: usize,
        config: C,
        vb: VarBuilder,
    ) -> Result<LayerNorm> {
        let config = LayerNormConfig::from(config);
        let weight = vb.get(size, "weight")?;
        let bias = if config.affine {
            Some(vb.get(size, "bias")?)
        } else {
            None
        };
        Ok(LayerNorm {
            weight,
            bias,
            remove_mean: config.remove_mean,
            eps: config.eps,
        })
    }

    pub fn layer_norm_no_bias(size: usize, eps: f64, vb: VarBuilder) -> Result<LayerNorm> {
        let weight = vb.get(size, "weight")?;
        Ok(LayerNorm {
            weight,
            bias: None,
            remove_mean: true,
            eps,
        })
    }

    #[derive(Clone, Debug)]
    pub struct RmsNorm(LayerNorm);

    impl RmsNorm {
        pub fn new(weight: Tensor, eps: f64) -> Self {
            RmsNorm(LayerNorm::rms_norm(weight, eps))
        }

        pub fn into_inner(self) -> LayerNorm {
            self.0
        }

        pub fn weight(&self) -> &Tensor {
            self.0.weight()
        }

        pub fn eps(&self) -> f64 {
            self.0.eps()
        }
    }

    pub fn rms_norm(size: usize, eps: f64, vb: VarBuilder) -> Result<RmsNorm> {
        let weight = vb.get(size, "weight")?;
        Ok(RmsNorm(LayerNorm::rms_norm(weight, eps)))
    }
}

pub mod group_norm {
    use candle_core::{Result, Tensor};
    use candle_nn::VarBuilder;

    #[derive(Clone, Debug)]
    pub struct GroupNorm {
        weight: Tensor,
        bias: Tensor,
        eps: f64,
        num_channels: usize,
        num_groups: usize,
    }

    impl GroupNorm {
        pub fn new(
            weight: Tensor,
            bias: Tensor,
            num_channels: usize,
            num_groups: usize,
            eps: f64,
        ) -> Result<Self> {
            Ok(GroupNorm {
                weight,
                bias,
                eps,
                num_channels,
                num_groups,
            })
        }
    }

    pub fn group_norm(
        num_groups: usize,
        num_channels: usize,
        eps: f64,
        vb: VarBuilder,
    ) -> Result<GroupNorm> {
        let weight = vb.get(num_channels, "weight")?;
        let bias = vb.get(num_channels, "bias")?;
        GroupNorm::new(weight, bias, num_channels, num_groups, eps)
    }
}

pub mod batch_norm {
    use candle_core::{Result, Tensor};
    use candle_nn::VarBuilder;

    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct BatchNormConfig {
        pub eps: f64,
        pub remove_mean: bool,
        pub affine: bool,
        pub momentum: f64,
    }

    impl Default for BatchNormConfig {
        fn default() -> Self {
            BatchNormConfig {
                eps: 1e-5,
                remove_mean: true,
                affine: true,
                momentum: 0.1,
            }
        }
    }

    /// A configuration stays as it is, a number is its `eps`.
    impl From<f64> for BatchNormConfig {
        fn from(config: f64) -> Self {
            match config {
                BatchNormConfig { .. } => config,
                eps => BatchNormConfig {
                    eps,
                    remove_mean: true,
                    affine: true,
                    momentum: 0.1,
                },
            }
        }
    }

    /// The running statistics are entries of the store like the parameters.
    #[derive(Clone, Debug)]
    pub struct BatchNorm {
        running_mean: Tensor,
        running_var: Tensor,
        weight_and_bias: Option<(Tensor, Tensor)>,
        remove_mean: bool,
        eps: f64,
        momentum: f64,
    }

    impl BatchNorm {
        pub fn new(
            num_features: usize,
            running_mean: Tensor,
            running_var: Tensor,
            weight: Tensor,
            bias: Tensor,
            eps: f64,
        ) -> Result<Self> {
            BatchNorm::new_with_momentum(
                num_features,
                running_mean,
                running_var,
                weight,
                bias,
                eps,
                0.1,
            )
        }

        pub fn new_no_bias(
            num_features: usize,
            running_mean: Tensor,
            running_var: Tensor,
            eps: f64,
        ) -> Result<Self> {
            BatchNorm::new_no_bias_with_momentum(num_features, running_mean, running_var, eps, 0.1)
        }

        pub fn new_with_momentum(
            _num_features: usize,
            running_mean: Tensor,
            running_var: Tensor,
            weight: Tensor,
            bias: Tensor,
            eps: f64,
            momentum: f64,
        ) -> Result<Self> {
            let weight_and_bias = Some((weight, bias));
            Ok(BatchNorm {
                running_mean,
                running_var,
                weight_and_bias,
                remove_mean: true,
                eps,
                momentum,
            })
        }

        pub fn new_no_bias_with_momentum(
            _num_features: usize,
            running_mean: Tensor,
            running_var: Tensor,
            eps: f64,
            momentum: f64,
        ) -> Result<Self> {
            Ok(BatchNorm {
                running_mean,
                running_var,
                weight_and_bias: None,
                remove_mean: true,
                eps,
                momentum,
            })
        }

        pub fn running_mean(&self) -> &Tensor {
            &self.running_mean
        }

        pub fn running_var(&self) -> &Tensor {
            &self.running_var
        }

        pub fn eps(&self) -> f64 {
            self.eps
        }

        pub fn weight_and_bias(&self) -> Option<(&Tensor, &Tensor)> {
            self.weight_and_bias.as_ref()
        }

        pub fn momentum(&self) -> f64 {
            self.momentum
        }
    }

    pub fn batch_norm<C: Into<BatchNormConfig>>(
        num_features: usize,
        config: C,
        vb: VarBuilder,
    ) -> Result<BatchNorm> {
        let config = BatchNormConfig::from(config);
        let running_mean = vb.get(num_features, "running_mean")?;
        let running_var = vb.get(num_features, "running_var")?;
        let weight_and_bias = if config.affine {
            let weight = vb.get(num_features, "weight")?;
            let bias = vb.get(num_features, "bias")?;
            Some((weight, bias))
        } else {
            None
        };
        Ok(BatchNorm {
            running_mean,
            running_var,
            weight_and_bias,
            remove_mean: config.remove_mean,
            eps: config.eps,
            momentum: config.momentum,
        })
    }
}
