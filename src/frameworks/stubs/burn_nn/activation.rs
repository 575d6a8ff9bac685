//! burn-nn: activations; PRelu and SwiGlu have parameters.

pub use activation::{
    Celu, CeluConfig, Elu, EluConfig, GLU, Gelu, HardShrink, HardShrinkConfig, HardSigmoid,
    HardSigmoidConfig, LeakyRelu, LeakyReluConfig, PRelu, PReluConfig, Relu, Selu, Shrink,
    ShrinkConfig, Sigmoid, SoftShrink, SoftShrinkConfig, Softplus, SoftplusConfig, Softsign,
    SwiGlu, SwiGluConfig, Tanh, ThresholdedRelu, ThresholdedReluConfig,
};

pub mod activation {
    pub use crate::activation_choice::{Activation, ActivationConfig};
    pub use crate::activation_shapes::{
        Celu, CeluConfig, Elu, EluConfig, HardShrink, HardShrinkConfig, HardSigmoid,
        HardSigmoidConfig, Hardtanh, HardtanhConfig, LeakyRelu, LeakyReluConfig, RRelu,
        RReluConfig, Shrink, ShrinkConfig, SoftShrink, SoftShrinkConfig, Softplus, SoftplusConfig,
        Threshold, ThresholdConfig, ThresholdedRelu, ThresholdedReluConfig,
    };
    use crate::{Initializer, Linear, LinearConfig, LinearLayout};
    use burn_core::config::Config;
    use burn_core::module::{Module, Param};
    use burn_core::tensor::{Device, Tensor};

    #[derive(Config, Debug)]
    pub struct PReluConfig {
        #[config(default = "1")]
        pub num_parameters: usize,
        #[config(default = "0.25")]
        pub alpha: f64,
    }

    #[derive(Module, Debug)]
    pub struct PRelu {
        pub alpha: Param<Tensor<1>>,
        pub alpha_value: f64,
    }

    impl PReluConfig {
        pub fn init(&self, _device: &Device) -> PRelu {
            PRelu {
                alpha: Param::from_shape([self.num_parameters]),
                alpha_value: self.alpha,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct SwiGluConfig {
        pub d_input: usize,
        pub d_output: usize,
        #[config(default = false)]
        pub bias: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
        #[config(default = "LinearLayout::Row")]
        pub layout: LinearLayout,
    }

    #[derive(Module, Debug)]
    pub struct SwiGlu {
        pub linear_inner: Linear,
        pub linear_outer: Linear,
    }

    impl SwiGluConfig {
        pub fn init(&self, device: &Device) -> SwiGlu {
            let linear = LinearConfig::new(self.d_input, self.d_output).with_bias(self.bias);
            SwiGlu {
                linear_inner: linear.init(device),
                linear_outer: linear.init(device),
            }
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct Gelu {
        pub approximate: bool,
    }

    impl Gelu {
        pub fn new() -> Self {
            Gelu { approximate: false }
        }

        pub fn new_approximate() -> Self {
            Gelu { approximate: true }
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct GLU {
        dim: isize,
    }

    impl GLU {
        pub fn new(dim: isize) -> Self {
            GLU { dim }
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct HardSwish;

    impl HardSwish {
        pub fn new() -> Self {
            HardSwish
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct LogSigmoid;

    impl LogSigmoid {
        pub fn new() -> Self {
            LogSigmoid
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct Mish;

    impl Mish {
        pub fn new() -> Self {
            Mish
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct Relu;

    impl Relu {
        pub fn new() -> Self {
            Relu
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct Relu6;

    impl Relu6 {
        pub fn new() -> Self {
            Relu6
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct Selu;

    impl Selu {
        pub fn new() -> Self {
            Selu
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct Sigmoid;

    impl Sigmoid {
        pub fn new() -> Self {
            Sigmoid
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct SiLU;

    impl SiLU {
        pub fn new() -> Self {
            SiLU
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct Softsign;

    impl Softsign {
        pub fn new() -> Self {
            Softsign
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct Tanh;

    impl Tanh {
        pub fn new() -> Self {
            Tanh
        }
    }

    #[derive(Module, Debug, Default)]
    pub struct Tanhshrink;

    impl Tanhshrink {
        pub fn new() -> Self {
            Tanhshrink
        }
    }
}
