//! burn-nn: transposed convolutions.

mod conv_transpose {
    use crate::Initializer;
    use burn_core::config::Config;
    use burn_core::module::{Module, Param};
    use burn_core::tensor::{Device, Tensor};

    #[derive(Config, Debug)]
    pub struct ConvTranspose1dConfig {
        pub channels: [usize; 2],
        pub kernel_size: usize,
        #[config(default = "1")]
        pub stride: usize,
        #[config(default = "1")]
        pub dilation: usize,
        #[config(default = "1")]
        pub groups: usize,
        #[config(default = "0")]
        pub padding: usize,
        #[config(default = "0")]
        pub padding_out: usize,
        #[config(default = true)]
        pub bias: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
    }

    #[derive(Module, Debug)]
    pub struct ConvTranspose1d {
        pub weight: Param<Tensor<3>>,
        pub bias: Option<Param<Tensor<1>>>,
        pub stride: usize,
        pub kernel_size: usize,
        pub dilation: usize,
        pub groups: usize,
        pub padding: usize,
        pub padding_out: usize,
        pub channels: [usize; 2],
    }

    impl ConvTranspose1dConfig {
        pub fn init(&self, _device: &Device) -> ConvTranspose1d {
            let weight = Param::from_shape([
                self.channels[0],
                self.channels[1] / self.groups,
                self.kernel_size,
            ]);
            let bias = if self.bias {
                Some(Param::from_shape([self.channels[1]]))
            } else {
                None
            };
            ConvTranspose1d {
                weight,
                bias,
                stride: self.stride,
                kernel_size: self.kernel_size,
                dilation: self.dilation,
                groups: self.groups,
                padding: self.padding,
                padding_out: self.padding_out,
                channels: self.channels,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct ConvTranspose2dConfig {
        pub channels: [usize; 2],
        pub kernel_size: [usize; 2],
        #[config(default = "[1, 1]")]
        pub stride: [usize; 2],
        #[config(default = "[1, 1]")]
        pub dilation: [usize; 2],
        #[config(default = "1")]
        pub groups: usize,
        #[config(default = "[0, 0]")]
        pub padding: [usize; 2],
        #[config(default = "[0, 0]")]
        pub padding_out: [usize; 2],
        #[config(default = true)]
        pub bias: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
    }

    #[derive(Module, Debug)]
    pub struct ConvTranspose2d {
        pub weight: Param<Tensor<4>>,
        pub bias: Option<Param<Tensor<1>>>,
        pub stride: [usize; 2],
        pub kernel_size: [usize; 2],
        pub dilation: [usize; 2],
        pub groups: usize,
        pub padding: [usize; 2],
        pub padding_out: [usize; 2],
        pub channels: [usize; 2],
    }

    impl ConvTranspose2dConfig {
        pub fn init(&self, _device: &Device) -> ConvTranspose2d {
            let weight = Param::from_shape([
                self.channels[0],
                self.channels[1] / self.groups,
                self.kernel_size[0],
                self.kernel_size[1],
            ]);
            let bias = if self.bias {
                Some(Param::from_shape([self.channels[1]]))
            } else {
                None
            };
            ConvTranspose2d {
                weight,
                bias,
                stride: self.stride,
                kernel_size: self.kernel_size,
                dilation: self.dilation,
                groups: self.groups,
                padding: self.padding,
                padding_out: self.padding_out,
                channels: self.channels,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct ConvTranspose3dConfig {
        pub channels: [usize; 2],
        pub kernel_size: [usize; 3],
        #[config(default = "[1, 1, 1]")]
        pub stride: [usize; 3],
        #[config(default = "[1, 1, 1]")]
        pub dilation: [usize; 3],
        #[config(default = "1")]
        pub groups: usize,
        #[config(default = "[0, 0, 0]")]
        pub padding: [usize; 3],
        #[config(default = "[0, 0, 0]")]
        pub padding_out: [usize; 3],
        #[config(default = true)]
        pub bias: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
    }

    #[derive(Module, Debug)]
    pub struct ConvTranspose3d {
        pub weight: Param<Tensor<5>>,
        pub bias: Option<Param<Tensor<1>>>,
        pub stride: [usize; 3],
        pub kernel_size: [usize; 3],
        pub dilation: [usize; 3],
        pub groups: usize,
        pub padding: [usize; 3],
        pub padding_out: [usize; 3],
        pub channels: [usize; 2],
    }

    impl ConvTranspose3dConfig {
        pub fn init(&self, _device: &Device) -> ConvTranspose3d {
            let weight = Param::from_shape([
                self.channels[0],
                self.channels[1] / self.groups,
                self.kernel_size[0],
                self.kernel_size[1],
                self.kernel_size[2],
            ]);
            let bias = if self.bias {
                Some(Param::from_shape([self.channels[1]]))
            } else {
                None
            };
            ConvTranspose3d {
                weight,
                bias,
                stride: self.stride,
                kernel_size: self.kernel_size,
                dilation: self.dilation,
                groups: self.groups,
                padding: self.padding,
                padding_out: self.padding_out,
                channels: self.channels,
            }
        }
    }
}
