//! burn-nn: recurrent layers, each gate a pair of dense layers.

pub use basic::{BiRnn, BiRnnConfig, Rnn, RnnConfig, RnnState};
pub use gate_controller::GateController;
pub use gru::{BiGru, BiGruConfig, Gru, GruConfig};

mod gate_controller {
    use crate::{Initializer, Linear, LinearConfig};
    use burn_core::module::Module;
    use burn_core::tensor::Device;

    #[derive(Module, Debug)]
    pub struct GateController {
        pub input_transform: Linear,
        pub hidden_transform: Linear,
    }

    impl GateController {
        pub fn new(
            d_input: usize,
            d_output: usize,
            bias: bool,
            _initializer: Initializer,
            device: &Device,
        ) -> Self {
            GateController {
                input_transform: LinearConfig::new(d_input, d_output)
                    .with_bias(bias)
                    .init(device),
                hidden_transform: LinearConfig::new(d_output, d_output)
                    .with_bias(bias)
                    .init(device),
            }
        }
    }
}

pub mod basic {
    use crate::activation::{Activation, ActivationConfig};
    use crate::{GateController, Initializer};
    use burn_core::config::Config;
    use burn_core::module::Module;
    use burn_core::tensor::{Device, Tensor};

    pub struct RnnState<const D: usize> {
        pub hidden: Tensor<D>,
    }

    impl<const D: usize> RnnState<D> {
        pub fn new(hidden: Tensor<D>) -> Self {
            RnnState { hidden }
        }
    }

    #[derive(Config, Debug)]
    pub struct RnnConfig {
        pub d_input: usize,
        pub d_hidden: usize,
        pub bias: bool,
        #[config(default = "Initializer::XavierNormal { gain: 1.0 }")]
        pub initializer: Initializer,
        #[config(default = true)]
        pub batch_first: bool,
        #[config(default = false)]
        pub reverse: bool,
        pub clip: Option<f64>,
        #[config(default = "ActivationConfig::Tanh")]
        pub hidden_activation: ActivationConfig,
    }

    #[derive(Module, Debug)]
    pub struct Rnn {
        pub gate: GateController,
        pub d_hidden: usize,
        pub batch_first: bool,
        pub reverse: bool,
        pub clip: Option<f64>,
        pub hidden_activation: Activation,
    }

    impl RnnConfig {
        pub fn init(&self, device: &Device) -> Rnn {
            Rnn {
                gate: GateController::new(
                    self.d_input,
                    self.d_hidden,
                    self.bias,
                    self.initializer.clone(),
                    device,
                ),
                d_hidden: self.d_hidden,
                batch_first: self.batch_first,
                reverse: self.reverse,
                clip: self.clip,
                hidden_activation: self.hidden_activation.init(device),
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct BiRnnConfig {
        pub d_input: usize,
        pub d_hidden: usize,
        pub bias: bool,
        #[config(default = "Initializer::XavierNormal { gain: 1.0 }")]
        pub initializer: Initializer,
        #[config(default = true)]
        pub batch_first: bool,
        pub clip: Option<f64>,
        #[config(default = "ActivationConfig::Tanh")]
        pub hidden_activation: ActivationConfig,
    }

    #[derive(Module, Debug)]
    pub struct BiRnn {
        pub forward: Rnn,
        pub reverse: Rnn,
        pub d_hidden: usize,
        pub batch_first: bool,
    }

    impl BiRnnConfig {
        pub fn init(&self, device: &Device) -> BiRnn {
            let direction = RnnConfig::new(self.d_input, self.d_hidden, self.bias)
                .with_hidden_activation(self.hidden_activation.clone());
            BiRnn {
                forward: direction.init(device),
                reverse: direction.init(device),
                d_hidden: self.d_hidden,
                batch_first: self.batch_first,
            }
        }
    }
}

pub mod gru {
    use crate::activation::{Activation, ActivationConfig};
    use crate::{GateController, Initializer};
    use burn_core::config::Config;
    use burn_core::module::Module;
    use burn_core::tensor::Device;

    #[derive(Config, Debug)]
    pub struct GruConfig {
        pub d_input: usize,
        pub d_hidden: usize,
        pub bias: bool,
        #[config(default = "true")]
        pub reset_after: bool,
        #[config(default = "Initializer::XavierNormal { gain: 1.0 }")]
        pub initializer: Initializer,
        #[config(default = "ActivationConfig::Sigmoid")]
        pub gate_activation: ActivationConfig,
        #[config(default = "ActivationConfig::Tanh")]
        pub hidden_activation: ActivationConfig,
        pub clip: Option<f64>,
    }

    #[derive(Module, Debug)]
    pub struct Gru {
        pub update_gate: GateController,
        pub reset_gate: GateController,
        pub new_gate: GateController,
        pub d_hidden: usize,
        pub reset_after: bool,
        pub gate_activation: Activation,
        pub hidden_activation: Activation,
        pub clip: Option<f64>,
    }

    impl GruConfig {
        pub fn init(&self, device: &Device) -> Gru {
            Gru {
                update_gate: GateController::new(
                    self.d_input,
                    self.d_hidden,
                    self.bias,
                    self.initializer.clone(),
                    device,
                ),
                reset_gate: GateController::new(
                    self.d_input,
                    self.d_hidden,
                    self.bias,
                    self.initializer.clone(),
                    device,
                ),
                new_gate: GateController::new(
                    self.d_input,
                    self.d_hidden,
                    self.bias,
                    self.initializer.clone(),
                    device,
                ),
                d_hidden: self.d_hidden,
                reset_after: self.reset_after,
                gate_activation: self.gate_activation.init(device),
                hidden_activation: self.hidden_activation.init(device),
                clip: self.clip,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct BiGruConfig {
        pub d_input: usize,
        pub d_hidden: usize,
        pub bias: bool,
        #[config(default = "true")]
        pub reset_after: bool,
        #[config(default = "Initializer::XavierNormal { gain: 1.0 }")]
        pub initializer: Initializer,
        #[config(default = true)]
        pub batch_first: bool,
        #[config(default = "ActivationConfig::Sigmoid")]
        pub gate_activation: ActivationConfig,
        #[config(default = "ActivationConfig::Tanh")]
        pub hidden_activation: ActivationConfig,
        pub clip: Option<f64>,
    }

    #[derive(Module, Debug)]
    pub struct BiGru {
        pub forward: Gru,
        pub reverse: Gru,
        pub d_hidden: usize,
        pub batch_first: bool,
    }

    impl BiGruConfig {
        pub fn init(&self, device: &Device) -> BiGru {
            let direction = GruConfig::new(self.d_input, self.d_hidden, self.bias)
                .with_gate_activation(self.gate_activation.clone())
                .with_hidden_activation(self.hidden_activation.clone());
            BiGru {
                forward: direction.init(device),
                reverse: direction.init(device),
                d_hidden: self.d_hidden,
                batch_first: self.batch_first,
            }
        }
    }
}
