//! burn-nn: pooling.

pub mod pool {
    use crate::{PaddingConfig1d, PaddingConfig2d};
    use burn_core::config::Config;
    use burn_core::module::Module;

    #[derive(Config, Debug)]
    pub struct AdaptiveAvgPool1dConfig {
        pub output_size: usize,
    }

    #[derive(Module, Debug)]
    pub struct AdaptiveAvgPool1d {
        pub output_size: usize,
    }

    impl AdaptiveAvgPool1dConfig {
        pub fn init(&self) -> AdaptiveAvgPool1d {
            AdaptiveAvgPool1d {
                output_size: self.output_size,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct AdaptiveAvgPool2dConfig {
        pub output_size: [usize; 2],
    }

    #[derive(Module, Debug)]
    pub struct AdaptiveAvgPool2d {
        pub output_size: [usize; 2],
    }

    impl AdaptiveAvgPool2dConfig {
        pub fn init(&self) -> AdaptiveAvgPool2d {
            AdaptiveAvgPool2d {
                output_size: self.output_size,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct AdaptiveAvgPool3dConfig {
        pub output_size: [usize; 3],
    }

    #[derive(Module, Debug)]
    pub struct AdaptiveAvgPool3d {
        pub output_size: [usize; 3],
    }

    impl AdaptiveAvgPool3dConfig {
        pub fn init(&self) -> AdaptiveAvgPool3d {
            AdaptiveAvgPool3d {
                output_size: self.output_size,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct AvgPool1dConfig {
        pub kernel_size: usize,
        #[config(default = "kernel_size")]
        pub stride: usize,
        #[config(default = "PaddingConfig1d::Valid")]
        pub padding: PaddingConfig1d,
        #[config(default = "true")]
        pub count_include_pad: bool,
        #[config(default = "false")]
        pub ceil_mode: bool,
    }

    #[derive(Module, Debug)]
    pub struct AvgPool1d {
        pub stride: usize,
        pub kernel_size: usize,
        #[module(skip)]
        pub padding: PaddingConfig1d,
        pub count_include_pad: bool,
        pub ceil_mode: bool,
    }

    impl AvgPool1dConfig {
        pub fn init(&self) -> AvgPool1d {
            AvgPool1d {
                stride: self.stride,
                kernel_size: self.kernel_size,
                padding: self.padding.clone(),
                count_include_pad: self.count_include_pad,
                ceil_mode: self.ceil_mode,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct MaxPool1dConfig {
        pub kernel_size: usize,
        #[config(default = "kernel_size")]
        pub stride: usize,
        #[config(default = "PaddingConfig1d::Valid")]
        pub padding: PaddingConfig1d,
        #[config(default = "1")]
        pub dilation: usize,
        #[config(default = "false")]
        pub ceil_mode: bool,
    }

    #[derive(Module, Debug)]
    pub struct MaxPool1d {
        pub stride: usize,
        pub kernel_size: usize,
        #[module(skip)]
        pub padding: PaddingConfig1d,
        pub dilation: usize,
        pub ceil_mode: bool,
    }

    impl MaxPool1dConfig {
        pub fn init(&self) -> MaxPool1d {
            MaxPool1d {
                stride: self.stride,
                kernel_size: self.kernel_size,
                padding: self.padding.clone(),
                dilation: self.dilation,
                ceil_mode: self.ceil_mode,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct AvgPool2dConfig {
        pub kernel_size: [usize; 2],
        #[config(default = "kernel_size")]
        pub strides: [usize; 2],
        #[config(default = "PaddingConfig2d::Valid")]
        pub padding: PaddingConfig2d,
        #[config(default = "true")]
        pub count_include_pad: bool,
        #[config(default = "false")]
        pub ceil_mode: bool,
    }

    #[derive(Module, Debug)]
    pub struct AvgPool2d {
        pub stride: [usize; 2],
        pub kernel_size: [usize; 2],
        #[module(skip)]
        pub padding: PaddingConfig2d,
        pub count_include_pad: bool,
        pub ceil_mode: bool,
    }

    impl AvgPool2dConfig {
        pub fn init(&self) -> AvgPool2d {
            AvgPool2d {
                stride: self.strides,
                kernel_size: self.kernel_size,
                padding: self.padding.clone(),
                count_include_pad: self.count_include_pad,
                ceil_mode: self.ceil_mode,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct MaxPool2dConfig {
        pub kernel_size: [usize; 2],
        #[config(default = "kernel_size")]
        pub strides: [usize; 2],
        #[config(default = "PaddingConfig2d::Valid")]
        pub padding: PaddingConfig2d,
        #[config(default = "[1, 1]")]
        pub dilation: [usize; 2],
        #[config(default = "false")]
        pub ceil_mode: bool,
    }

    #[derive(Module, Debug)]
    pub struct MaxPool2d {
        pub stride: [usize; 2],
        pub kernel_size: [usize; 2],
        #[module(skip)]
        pub padding: PaddingConfig2d,
        pub dilation: [usize; 2],
        pub ceil_mode: bool,
    }

    impl MaxPool2dConfig {
        pub fn init(&self) -> MaxPool2d {
            MaxPool2d {
                stride: self.strides,
                kernel_size: self.kernel_size,
                padding: self.padding.clone(),
                dilation: self.dilation,
                ceil_mode: self.ceil_mode,
            }
        }
    }
}
