//! burn-nn: the activation that a configuration chooses.

mod activation_choice {
    use crate::Identity;
    use crate::activation::{
        Celu, CeluConfig, Elu, EluConfig, Gelu, HardShrink, HardShrinkConfig, HardSigmoid,
        HardSigmoidConfig, HardSwish, LeakyRelu, LeakyReluConfig, PRelu, PReluConfig, Relu, Selu,
        Shrink, ShrinkConfig, Sigmoid, SoftShrink, SoftShrinkConfig, Softplus, SoftplusConfig,
        Softsign, SwiGlu, SwiGluConfig, Tanh, ThresholdedRelu, ThresholdedReluConfig,
    };
    use burn_core::config::Config;
    use burn_core::module::Module;
    use burn_core::tensor::Device;

    #[derive(Config, Debug)]
    pub enum ActivationConfig {
        Identity,
        Gelu,
        GeluApproximate,
        PRelu(PReluConfig),
        Relu,
        LeakyRelu(LeakyReluConfig),
        SwiGlu(SwiGluConfig),
        Selu,
        Sigmoid,
        Tanh,
        HardSigmoid(HardSigmoidConfig),
        HardSwish,
        Softplus(SoftplusConfig),
        Softsign,
        Elu(EluConfig),
        Celu(CeluConfig),
        ThresholdedRelu(ThresholdedReluConfig),
        HardShrink(HardShrinkConfig),
        SoftShrink(SoftShrinkConfig),
        Shrink(ShrinkConfig),
    }

    macro_rules! made_from {
        ($choice:ident: $($variant:ident($part:ident)),+ $(,)?) => {$(
            impl From<$part> for $choice {
                fn from(part: $part) -> Self {
                    $choice::$variant(part)
                }
            }
        )+};
    }

    made_from!(
        ActivationConfig: PRelu(PReluConfig),
        LeakyRelu(LeakyReluConfig),
        SwiGlu(SwiGluConfig),
        HardSigmoid(HardSigmoidConfig),
        Softplus(SoftplusConfig),
        Elu(EluConfig),
        Celu(CeluConfig),
        ThresholdedRelu(ThresholdedReluConfig),
        HardShrink(HardShrinkConfig),
        SoftShrink(SoftShrinkConfig),
        Shrink(ShrinkConfig),
    );

    made_from!(
        Activation: Identity(Identity),
        Gelu(Gelu),
        PRelu(PRelu),
        Relu(Relu),
        LeakyRelu(LeakyRelu),
        SwiGlu(SwiGlu),
        Selu(Selu),
        Sigmoid(Sigmoid),
        Tanh(Tanh),
        HardSigmoid(HardSigmoid),
        HardSwish(HardSwish),
        Softplus(Softplus),
        Softsign(Softsign),
        Elu(Elu),
        Celu(Celu),
        ThresholdedRelu(ThresholdedRelu),
        HardShrink(HardShrink),
        SoftShrink(SoftShrink),
        Shrink(Shrink),
    );

    impl ActivationConfig {
        pub fn init(&self, device: &Device) -> Activation {
            match self {
                ActivationConfig::Identity => Activation::Identity(Identity::new()),
                ActivationConfig::Gelu => Activation::Gelu(Gelu::new()),
                ActivationConfig::GeluApproximate => Activation::Gelu(Gelu::new_approximate()),
                ActivationConfig::PRelu(config) => Activation::PRelu(config.init(device)),
                ActivationConfig::Relu => Activation::Relu(Relu::new()),
                ActivationConfig::LeakyRelu(config) => Activation::LeakyRelu(config.init()),
                ActivationConfig::SwiGlu(config) => Activation::SwiGlu(config.init(device)),
                ActivationConfig::Selu => Activation::Selu(Selu::new()),
                ActivationConfig::Sigmoid => Activation::Sigmoid(Sigmoid::new()),
                ActivationConfig::Tanh => Activation::Tanh(Tanh::new()),
                ActivationConfig::HardSigmoid(config) => Activation::HardSigmoid(config.init()),
                ActivationConfig::HardSwish => Activation::HardSwish(HardSwish::new()),
                ActivationConfig::Softplus(config) => Activation::Softplus(config.init()),
                ActivationConfig::Softsign => Activation::Softsign(Softsign::new()),
                ActivationConfig::Elu(config) => Activation::Elu(config.init()),
                ActivationConfig::Celu(config) => Activation::Celu(config.init()),
                ActivationConfig::ThresholdedRelu(config) => {
                    Activation::ThresholdedRelu(config.init())
                }
                ActivationConfig::HardShrink(config) => Activation::HardShrink(config.init()),
                ActivationConfig::SoftShrink(config) => Activation::SoftShrink(config.init()),
                ActivationConfig::Shrink(config) => Activation::Shrink(config.init()),
            }
        }
    }

    #[derive(Module, Debug)]
    pub enum Activation {
        Identity(Identity),
        Gelu(Gelu),
        PRelu(PRelu),
        Relu(Relu),
        LeakyRelu(LeakyRelu),
        SwiGlu(SwiGlu),
        Selu(Selu),
        Sigmoid(Sigmoid),
        Tanh(Tanh),
        HardSigmoid(HardSigmoid),
        HardSwish(HardSwish),
        Softplus(Softplus),
        Softsign(Softsign),
        Elu(Elu),
        Celu(Celu),
        ThresholdedRelu(ThresholdedRelu),
        HardShrink(HardShrink),
        SoftShrink(SoftShrink),
        Shrink(Shrink),
    }
}
