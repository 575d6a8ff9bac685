//! tch: recurrent layers, each direction of each layer with two weights and two biases.

mod recurrent {
    use std::borrow::Borrow;

    use crate::nn::init::{DEFAULT_KAIMING_UNIFORM, Init};
    use tch::Tensor;
    use tch::nn::Path;

    pub trait RNN {
        type State;
    }

    #[derive(Clone, Copy, Debug)]
    pub struct RNNConfig {
        pub has_biases: bool,
        pub num_layers: i64,
        pub dropout: f64,
        pub train: bool,
        pub bidirectional: bool,
        pub batch_first: bool,
        pub w_ih_init: Init,
        pub w_hh_init: Init,
        pub b_ih_init: Option<Init>,
        pub b_hh_init: Option<Init>,
    }

    impl Default for RNNConfig {
        fn default() -> Self {
            RNNConfig {
                has_biases: true,
                num_layers: 1,
                dropout: 0.0,
                train: true,
                bidirectional: false,
                batch_first: true,
                w_ih_init: DEFAULT_KAIMING_UNIFORM,
                w_hh_init: DEFAULT_KAIMING_UNIFORM,
                b_ih_init: Some(Init::Const(0.0)),
                b_hh_init: Some(Init::Const(0.0)),
            }
        }
    }

    /// The variables of one direction of one layer.
    fn direction(
        vs: &Path,
        suffix: &str,
        in_dim: i64,
        hidden_dim: i64,
        gate_dim: i64,
        c: RNNConfig,
    ) -> Vec<Tensor> {
        let mut weights = vec![
            vs.var(
                &format!("weight_ih_{suffix}"),
                &[gate_dim, in_dim],
                c.w_ih_init,
            ),
            vs.var(
                &format!("weight_hh_{suffix}"),
                &[gate_dim, hidden_dim],
                c.w_hh_init,
            ),
        ];
        if c.has_biases {
            weights.push(vs.var(&format!("bias_ih_{suffix}"), &[gate_dim], c.b_ih_init));
            weights.push(vs.var(&format!("bias_hh_{suffix}"), &[gate_dim], c.b_hh_init));
        }
        weights
    }

    fn rnn_weights(
        vs: &Path,
        in_dim: i64,
        hidden_dim: i64,
        gate_dim: i64,
        c: RNNConfig,
    ) -> Vec<Tensor> {
        let num_directions = if c.bidirectional { 2 } else { 1 };
        let mut flat_weights = vec![];
        for layer in 0..c.num_layers {
            let layer_in = if layer == 0 {
                in_dim
            } else {
                hidden_dim * num_directions
            };
            flat_weights.extend(direction(
                vs,
                &format!("l{layer}"),
                layer_in,
                hidden_dim,
                gate_dim,
                c,
            ));
            if c.bidirectional {
                flat_weights.extend(direction(
                    vs,
                    &format!("l{layer}_reverse"),
                    layer_in,
                    hidden_dim,
                    gate_dim,
                    c,
                ));
            }
        }
        flat_weights
    }

    #[derive(Debug)]
    pub struct LSTMState(pub (Tensor, Tensor));

    impl LSTMState {
        pub fn h(&self) -> Tensor {
            self.0.0.shallow_clone()
        }

        pub fn c(&self) -> Tensor {
            self.0.1.shallow_clone()
        }
    }

    #[derive(Debug)]
    pub struct LSTM {
        flat_weights: Vec<Tensor>,
        hidden_dim: i64,
        config: RNNConfig,
    }

    pub fn lstm<'a, T: Borrow<Path<'a>>>(
        vs: T,
        in_dim: i64,
        hidden_dim: i64,
        c: RNNConfig,
    ) -> LSTM {
        let flat_weights = rnn_weights(vs.borrow(), in_dim, hidden_dim, 4 * hidden_dim, c);
        LSTM {
            flat_weights,
            hidden_dim,
            config: c,
        }
    }

    #[derive(Debug)]
    pub struct GRUState(pub Tensor);

    impl GRUState {
        pub fn value(&self) -> Tensor {
            self.0.shallow_clone()
        }
    }

    #[derive(Debug)]
    pub struct GRU {
        flat_weights: Vec<Tensor>,
        hidden_dim: i64,
        config: RNNConfig,
    }

    pub fn gru<'a, T: Borrow<Path<'a>>>(vs: T, in_dim: i64, hidden_dim: i64, c: RNNConfig) -> GRU {
        let flat_weights = rnn_weights(vs.borrow(), in_dim, hidden_dim, 3 * hidden_dim, c);
        GRU {
            flat_weights,
            hidden_dim,
            config: c,
        }
    }
}
