//! burn-nn: long short-term memory.

pub use lstm::{BiLstm, BiLstmConfig, Lstm, LstmConfig, LstmState};

pub mod lstm {
    use crate::activation::{Activation, ActivationConfig};
    use crate::{GateController, Initializer};
    use burn_core::config::Config;
    use burn_core::module::Module;
    use burn_core::tensor::{Device, Tensor};

    pub struct LstmState<const D: usize> {
        pub cell: Tensor<D>,
        pub hidden: Tensor<D>,
    }

    impl<const D: usize> LstmState<D> {
        pub fn new(cell: Tensor<D>, hidden: Tensor<D>) -> Self {
            LstmState { cell, hidden }
        }
    }

    #[derive(Config, Debug)]
    pub struct LstmConfig {
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
        #[config(default = false)]
        pub input_forget: bool,
        #[config(default = "ActivationConfig::Sigmoid")]
        pub gate_activation: ActivationConfig,
        #[config(default = "ActivationConfig::Tanh")]
        pub cell_activation: ActivationConfig,
        #[config(default = "ActivationConfig::Tanh")]
        pub hidden_activation: ActivationConfig,
    }

    /// Before 0.22 the forget gate is there even where the input gate decides.
    #[derive(Module, Debug)]
    pub struct Lstm {
        pub input_gate: GateController,
        pub forget_gate: Option<GateController>,
        pub output_gate: GateController,
        pub cell_gate: GateController,
        pub d_hidden: usize,
        pub batch_first: bool,
        pub reverse: bool,
        pub clip: Option<f64>,
        pub input_forget: bool,
        pub gate_activation: Activation,
        pub cell_activation: Activation,
        pub hidden_activation: Activation,
    }

    impl LstmConfig {
        pub fn init(&self, device: &Device) -> Lstm {
            let input_gate = GateController::new(
                self.d_input,
                self.d_hidden,
                self.bias,
                self.initializer.clone(),
                device,
            );
            let forget_gate = if self.input_forget {
                None
            } else {
                Some(GateController::new(
                    self.d_input,
                    self.d_hidden,
                    self.bias,
                    self.initializer.clone(),
                    device,
                ))
            };
            let output_gate = GateController::new(
                self.d_input,
                self.d_hidden,
                self.bias,
                self.initializer.clone(),
                device,
            );
            let cell_gate = GateController::new(
                self.d_input,
                self.d_hidden,
                self.bias,
                self.initializer.clone(),
                device,
            );
            Lstm {
                input_gate,
                forget_gate,
                output_gate,
                cell_gate,
                d_hidden: self.d_hidden,
                batch_first: self.batch_first,
                reverse: self.reverse,
                clip: self.clip,
                input_forget: self.input_forget,
                gate_activation: self.gate_activation.init(device),
                cell_activation: self.cell_activation.init(device),
                hidden_activation: self.hidden_activation.init(device),
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct BiLstmConfig {
        pub d_input: usize,
        pub d_hidden: usize,
        pub bias: bool,
        #[config(default = "Initializer::XavierNormal { gain: 1.0 }")]
        pub initializer: Initializer,
        #[config(default = true)]
        pub batch_first: bool,
        pub clip: Option<f64>,
        #[config(default = false)]
        pub input_forget: bool,
        #[config(default = "ActivationConfig::Sigmoid")]
        pub gate_activation: ActivationConfig,
        #[config(default = "ActivationConfig::Tanh")]
        pub cell_activation: ActivationConfig,
        #[config(default = "ActivationConfig::Tanh")]
        pub hidden_activation: ActivationConfig,
    }

    #[derive(Module, Debug)]
    pub struct BiLstm {
        pub forward: Lstm,
        pub reverse: Lstm,
        pub d_hidden: usize,
        pub batch_first: bool,
    }

    impl BiLstmConfig {
        pub fn init(&self, device: &Device) -> BiLstm {
            let direction = LstmConfig::new(self.d_input, self.d_hidden, self.bias)
                .with_input_forget(self.input_forget)
                .with_gate_activation(self.gate_activation.clone())
                .with_cell_activation(self.cell_activation.clone())
                .with_hidden_activation(self.hidden_activation.clone());
            BiLstm {
                forward: direction.init(device),
                reverse: direction.init(device),
                d_hidden: self.d_hidden,
                batch_first: self.batch_first,
            }
        }
    }
}
