//! candle-nn: convolutions.

pub use conv::{
    Conv1d, Conv1dConfig, Conv2d, Conv2dConfig, ConvTranspose1d, ConvTranspose1dConfig,
    ConvTranspose2d, ConvTranspose2dConfig, conv_transpose1d, conv_transpose1d_no_bias,
    conv_transpose2d, conv_transpose2d_no_bias, conv1d, conv1d_no_bias, conv2d, conv2d_no_bias,
};

pub mod conv {
    use candle_core::conv::CudnnFwdAlgo;
    use candle_core::{Result, Tensor};
    use candle_nn::{BatchNorm, VarBuilder};

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Conv1dConfig {
        pub padding: usize,
        pub stride: usize,
        pub dilation: usize,
        pub groups: usize,
        pub cudnn_fwd_algo: Option<CudnnFwdAlgo>,
    }

    impl Default for Conv1dConfig {
        fn default() -> Self {
            Conv1dConfig {
                padding: 0,
                stride: 1,
                dilation: 1,
                groups: 1,
                cudnn_fwd_algo: None,
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct Conv1d {
        weight: Tensor,
        bias: Option<Tensor>,
        config: Conv1dConfig,
    }

    impl Conv1d {
        pub fn new(weight: Tensor, bias: Option<Tensor>, config: Conv1dConfig) -> Self {
            Conv1d {
                weight,
                bias,
                config,
            }
        }

        pub fn config(&self) -> &Conv1dConfig {
            &self.config
        }

        pub fn weight(&self) -> &Tensor {
            &self.weight
        }

        pub fn bias(&self) -> Option<&Tensor> {
            self.bias.as_ref()
        }
    }

    pub fn conv1d(
        in_channels: usize,
        out_channels: usize,
        kernel_size: usize,
        cfg: Conv1dConfig,
        vb: VarBuilder,
    ) -> Result<Conv1d> {
        let weight = vb.get(
            (out_channels, in_channels / cfg.groups, kernel_size),
            "weight",
        )?;
        let bias = vb.get(out_channels, "bias")?;
        Ok(Conv1d {
            weight,
            bias: Some(bias),
            config: cfg,
        })
    }

    pub fn conv1d_no_bias(
        in_channels: usize,
        out_channels: usize,
        kernel_size: usize,
        cfg: Conv1dConfig,
        vb: VarBuilder,
    ) -> Result<Conv1d> {
        let weight = vb.get(
            (out_channels, in_channels / cfg.groups, kernel_size),
            "weight",
        )?;
        Ok(Conv1d {
            weight,
            bias: None,
            config: cfg,
        })
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Conv2dConfig {
        pub padding: usize,
        pub stride: usize,
        pub dilation: usize,
        pub groups: usize,
        pub cudnn_fwd_algo: Option<CudnnFwdAlgo>,
    }

    impl Default for Conv2dConfig {
        fn default() -> Self {
            Conv2dConfig {
                padding: 0,
                stride: 1,
                dilation: 1,
                groups: 1,
                cudnn_fwd_algo: None,
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct Conv2d {
        weight: Tensor,
        bias: Option<Tensor>,
        config: Conv2dConfig,
    }

    impl Conv2d {
        pub fn new(weight: Tensor, bias: Option<Tensor>, config: Conv2dConfig) -> Self {
            Conv2d {
                weight,
                bias,
                config,
            }
        }

        pub fn config(&self) -> &Conv2dConfig {
            &self.config
        }

        pub fn weight(&self) -> &Tensor {
            &self.weight
        }

        pub fn bias(&self) -> Option<&Tensor> {
            self.bias.as_ref()
        }

        /// The same convolution with the statistics of `bn` worked into its weights.
        pub fn absorb_bn(&self, bn: &BatchNorm) -> Result<Self> {
            let (_, bias) = bn.weight_and_bias().unwrap();
            Ok(Conv2d {
                weight: self.weight.clone(),
                bias: Some(bias.clone()),
                config: self.config,
            })
        }
    }

    pub fn conv2d(
        in_channels: usize,
        out_channels: usize,
        kernel_size: usize,
        cfg: Conv2dConfig,
        vb: VarBuilder,
    ) -> Result<Conv2d> {
        let weight = vb.get(
            (
                out_channels,
                in_channels / cfg.groups,
                kernel_size,
                kernel_size,
            ),
            "weight",
        )?;
        let bias = vb.get(out_channels, "bias")?;
        Ok(Conv2d {
            weight,
            bias: Some(bias),
            config: cfg,
        })
    }

    pub fn conv2d_no_bias(
        in_channels: usize,
        out_channels: usize,
        kernel_size: usize,
        cfg: Conv2dConfig,
        vb: VarBuilder,
    ) -> Result<Conv2d> {
        let weight = vb.get(
            (
                out_channels,
                in_channels / cfg.groups,
                kernel_size,
                kernel_size,
            ),
            "weight",
        )?;
        Ok(Conv2d {
            weight,
            bias: None,
            config: cfg,
        })
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ConvTranspose1dConfig {
        pub padding: usize,
        pub output_padding: usize,
        pub stride: usize,
        pub dilation: usize,
        pub groups: usize,
    }

    impl Default for ConvTranspose1dConfig {
        fn default() -> Self {
            ConvTranspose1dConfig {
                padding: 0,
                output_padding: 0,
                stride: 1,
                dilation: 1,
                groups: 1,
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct ConvTranspose1d {
        weight: Tensor,
        bias: Option<Tensor>,
        config: ConvTranspose1dConfig,
    }

    impl ConvTranspose1d {
        pub fn new(weight: Tensor, bias: Option<Tensor>, config: ConvTranspose1dConfig) -> Self {
            ConvTranspose1d {
                weight,
                bias,
                config,
            }
        }

        pub fn config(&self) -> &ConvTranspose1dConfig {
            &self.config
        }

        pub fn weight(&self) -> &Tensor {
            &self.weight
        }

        pub fn bias(&self) -> Option<&Tensor> {
            self.bias.as_ref()
        }
    }

    pub fn conv_transpose1d(
        in_channels: usize,
        out_channels: usize,
        kernel_size: usize,
        cfg: ConvTranspose1dConfig,
        vb: VarBuilder,
    ) -> Result<ConvTranspose1d> {
        let weight = vb.get(
            (in_channels, out_channels / cfg.groups, kernel_size),
            "weight",
        )?;
        let bias = vb.get(out_channels, "bias")?;
        Ok(ConvTranspose1d {
            weight,
            bias: Some(bias),
            config: cfg,
        })
    }

    pub fn conv_transpose1d_no_bias(
        in_channels: usize,
        out_channels: usize,
        kernel_size: usize,
        cfg: ConvTranspose1dConfig,
        vb: VarBuilder,
    ) -> Result<ConvTranspose1d> {
        let weight = vb.get(
            (in_channels, out_channels / cfg.groups, kernel_size),
            "weight",
        )?;
        Ok(ConvTranspose1d {
            weight,
            bias: None,
            config: cfg,
        })
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ConvTranspose2dConfig {
        pub padding: usize,
        pub output_padding: usize,
        pub stride: usize,
        pub dilation: usize,
    }

    impl Default for ConvTranspose2dConfig {
        fn default() -> Self {
            ConvTranspose2dConfig {
                padding: 0,
                output_padding: 0,
                stride: 1,
                dilation: 1,
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct ConvTranspose2d {
        weight: Tensor,
        bias: Option<Tensor>,
        config: ConvTranspose2dConfig,
    }

    impl ConvTranspose2d {
        pub fn new(weight: Tensor, bias: Option<Tensor>, config: ConvTranspose2dConfig) -> Self {
            ConvTranspose2d {
                weight,
                bias,
                config,
            }
        }

        pub fn config(&self) -> &ConvTranspose2dConfig {
            &self.config
        }

        pub fn weight(&self) -> &Tensor {
            &self.weight
        }

        pub fn bias(&self) -> Option<&Tensor> {
            self.bias.as_ref()
        }
    }

    pub fn conv_transpose2d(
        in_channels: usize,
        out_channels: usize,
        kernel_size: usize,
        cfg: ConvTranspose2dConfig,
        vb: VarBuilder,
    ) -> Result<ConvTranspose2d> {
        let weight = vb.get(
            (in_channels, out_channels, kernel_size, kernel_size),
            "weight",
        )?;
        let bias = vb.get(out_channels, "bias")?;
        Ok(ConvTranspose2d {
            weight,
            bias: Some(bias),
            config: cfg,
        })
    }

    pub fn conv_transpose2d_no_bias(
        in_channels: usize,
        out_channels: usize,
        kernel_size: usize,
        cfg: ConvTranspose2dConfig,
        vb: VarBuilder,
    ) -> Result<ConvTranspose2d> {
        let weight = vb.get(
            (in_channels, out_channels, kernel_size, kernel_size),
            "weight",
        )?;
        Ok(ConvTranspose2d {
            weight,
            bias: None,
            config: cfg,
        })
    }
}
