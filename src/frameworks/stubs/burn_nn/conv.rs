//! burn-nn: convolutions.

pub mod conv {
    pub use crate::conv_transpose::{
        ConvTranspose1d, ConvTranspose1dConfig, ConvTranspose2d, ConvTranspose2dConfig,
        ConvTranspose3d, ConvTranspose3dConfig,
    };
    use crate::{Initializer, PaddingConfig1d, PaddingConfig2d, PaddingConfig3d};
    use burn_core::config::Config;
    use burn_core::module::{Module, Param};
    use burn_core::tensor::{Device, Tensor};

    #[derive(Config, Debug)]
    pub struct Conv1dConfig {
        pub channels_in: usize,
        pub channels_out: usize,
        pub kernel_size: usize,
        #[config(default = "1")]
        pub stride: usize,
        #[config(default = "1")]
        pub dilation: usize,
        #[config(default = "1")]
        pub groups: usize,
        #[config(default = "PaddingConfig1d::Valid")]
        pub padding: PaddingConfig1d,
        #[config(default = true)]
        pub bias: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
    }

    #[derive(Module, Debug)]
    pub struct Conv1d {
        pub weight: Param<Tensor<3>>,
        pub bias: Option<Param<Tensor<1>>>,
        pub stride: usize,
        pub kernel_size: usize,
        pub dilation: usize,
        pub groups: usize,
        #[module(skip)]
        pub padding: PaddingConfig1d,
    }

    impl Conv1dConfig {
        pub fn init(&self, _device: &Device) -> Conv1d {
            let weight = Param::from_shape([
                self.channels_out,
                self.channels_in / self.groups,
                self.kernel_size,
            ]);
            let bias = if self.bias {
                Some(Param::from_shape([self.channels_out]))
            } else {
                None
            };
            Conv1d {
                weight,
                bias,
                stride: self.stride,
                kernel_size: self.kernel_size,
                dilation: self.dilation,
                groups: self.groups,
                padding: self.padding.clone(),
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct Conv2dConfig {
        pub channels: [usize; 2],
        pub kernel_size: [usize; 2],
        #[config(default = "[1, 1]")]
        pub stride: [usize; 2],
        #[config(default = "[1, 1]")]
        pub dilation: [usize; 2],
        #[config(default = "1")]
        pub groups: usize,
        #[config(default = "PaddingConfig2d::Valid")]
        pub padding: PaddingConfig2d,
        #[config(default = true)]
        pub bias: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
    }

    #[derive(Module, Debug)]
    pub struct Conv2d {
        pub weight: Param<Tensor<4>>,
        pub bias: Option<Param<Tensor<1>>>,
        pub stride: [usize; 2],
        pub kernel_size: [usize; 2],
        pub dilation: [usize; 2],
        pub groups: usize,
        #[module(skip)]
        pub padding: PaddingConfig2d,
    }

    impl Conv2dConfig {
        pub fn init(&self, _device: &Device) -> Conv2d {
            let weight = Param::from_shape([
                self.channels[1],
                self.channels[0] / self.groups,
                self.kernel_size[0],
                self.kernel_size[1],
            ]);
            let bias = if self.bias {
                Some(Param::from_shape([self.channels[1]]))
            } else {
                None
            };
            Conv2d {
                weight,
                bias,
                stride: self.stride,
                kernel_size: self.kernel_size,
                dilation: self.dilation,
                groups: self.groups,
                padding: self.padding.clone(),
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct Conv3dConfig {
        pub channels: [usize; 2],
        pub kernel_size: [usize; 3],
        #[config(default = "[1, 1, 1]")]
        pub stride: [usize; 3],
        #[config(default = "[1, 1, 1]")]
        pub dilation: [usize; 3],
        #[config(default = "1")]
        pub groups: usize,
        #[config(default = "PaddingConfig3d::Valid")]
        pub padding: PaddingConfig3d,
        #[config(default = true)]
        pub bias: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
    }

    #[derive(Module, Debug)]
    pub struct Conv3d {
        pub weight: Param<Tensor<5>>,
        pub bias: Option<Param<Tensor<1>>>,
        pub stride: [usize; 3],
        pub kernel_size: [usize; 3],
        pub dilation: [usize; 3],
        pub groups: usize,
        #[module(skip)]
        pub padding: PaddingConfig3d,
    }

    impl Conv3dConfig {
        pub fn init(&self, _device: &Device) -> Conv3d {
            let weight = Param::from_shape([
                self.channels[1],
                self.channels[0] / self.groups,
                self.kernel_size[0],
                self.kernel_size[1],
                self.kernel_size[2],
            ]);
            let bias = if self.bias {
                Some(Param::from_shape([self.channels[1]]))
            } else {
                None
            };
            Conv3d {
                weight,
                bias,
                stride: self.stride,
                kernel_size: self.kernel_size,
                dilation: self.dilation,
                groups: self.groups,
                padding: self.padding.clone(),
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct DeformConv2dConfig {
        pub channels: [usize; 2],
        pub kernel_size: [usize; 2],
        #[config(default = "[1, 1]")]
        pub stride: [usize; 2],
        #[config(default = "[1, 1]")]
        pub dilation: [usize; 2],
        #[config(default = "1")]
        pub weight_groups: usize,
        #[config(default = "1")]
        pub offset_groups: usize,
        #[config(default = "PaddingConfig2d::Valid")]
        pub padding: PaddingConfig2d,
        #[config(default = true)]
        pub bias: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
    }

    #[derive(Module, Debug)]
    pub struct DeformConv2d {
        pub weight: Param<Tensor<4>>,
        pub bias: Option<Param<Tensor<1>>>,
        pub stride: [usize; 2],
        pub kernel_size: [usize; 2],
        pub dilation: [usize; 2],
        pub weight_groups: usize,
        pub offset_groups: usize,
        #[module(skip)]
        pub padding: PaddingConfig2d,
    }

    impl DeformConv2dConfig {
        pub fn init(&self, _device: &Device) -> DeformConv2d {
            let weight = Param::from_shape([
                self.channels[1],
                self.channels[0] / self.weight_groups,
                self.kernel_size[0],
                self.kernel_size[1],
            ]);
            let bias = if self.bias {
                Some(Param::from_shape([self.channels[1]]))
            } else {
                None
            };
            DeformConv2d {
                weight,
                bias,
                stride: self.stride,
                kernel_size: self.kernel_size,
                dilation: self.dilation,
                weight_groups: self.weight_groups,
                offset_groups: self.offset_groups,
                padding: self.padding.clone(),
            }
        }
    }
}
