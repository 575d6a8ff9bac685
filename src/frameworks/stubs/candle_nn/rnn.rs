//! candle-nn: recurrent layers. Names carry the layer's index and, going backward, `_reverse`.

pub use rnn::{GRU, GRUConfig, LSTM, LSTMConfig, RNN, gru, lstm};

pub mod rnn {
    use crate::init::{DEFAULT_KAIMING_UNIFORM, Init};
    use candle_core::{Result, Tensor};
    use candle_nn::VarBuilder;

    pub trait RNN {
        type State;
    }

    #[derive(Clone, Debug)]
    pub struct LSTMState {
        pub h: Tensor,
        pub c: Tensor,
    }

    impl LSTMState {
        pub fn new(h: Tensor, c: Tensor) -> Self {
            LSTMState { h, c }
        }

        pub fn h(&self) -> &Tensor {
            &self.h
        }

        pub fn c(&self) -> &Tensor {
            &self.c
        }
    }

    #[derive(Clone, Copy, Debug)]
    pub enum Direction {
        Forward,
        Backward,
    }

    #[derive(Clone, Copy, Debug)]
    pub struct LSTMConfig {
        pub w_ih_init: Init,
        pub w_hh_init: Init,
        pub b_ih_init: Option<Init>,
        pub b_hh_init: Option<Init>,
        pub layer_idx: usize,
        pub direction: Direction,
    }

    impl Default for LSTMConfig {
        fn default() -> Self {
            LSTMConfig {
                w_ih_init: DEFAULT_KAIMING_UNIFORM,
                w_hh_init: DEFAULT_KAIMING_UNIFORM,
                b_ih_init: Some(Init::Const(0.0)),
                b_hh_init: Some(Init::Const(0.0)),
                layer_idx: 0,
                direction: Direction::Forward,
            }
        }
    }

    impl LSTMConfig {
        pub fn default_no_bias() -> Self {
            LSTMConfig {
                b_ih_init: None,
                b_hh_init: None,
                ..LSTMConfig::default()
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct LSTM {
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Option<Tensor>,
        b_hh: Option<Tensor>,
        hidden_dim: usize,
        config: LSTMConfig,
    }

    impl LSTM {
        pub fn new(
            in_dim: usize,
            hidden_dim: usize,
            config: LSTMConfig,
            vb: VarBuilder,
        ) -> Result<Self> {
            let layer = config.layer_idx;
            let reverse = match config.direction {
                Direction::Forward => "",
                Direction::Backward => "_reverse",
            };
            let w_ih = vb.get(
                (4 * hidden_dim, in_dim),
                &format!("weight_ih_l{layer}{reverse}"),
            )?;
            let w_hh = vb.get(
                (4 * hidden_dim, hidden_dim),
                &format!("weight_hh_l{layer}{reverse}"),
            )?;
            let b_ih = match config.b_ih_init {
                Some(_) => Some(vb.get(4 * hidden_dim, &format!("bias_ih_l{layer}{reverse}"))?),
                None => None,
            };
            let b_hh = match config.b_hh_init {
                Some(_) => Some(vb.get(4 * hidden_dim, &format!("bias_hh_l{layer}{reverse}"))?),
                None => None,
            };
            Ok(LSTM {
                w_ih,
                w_hh,
                b_ih,
                b_hh,
                hidden_dim,
                config,
            })
        }

        pub fn config(&self) -> &LSTMConfig {
            &self.config
        }
    }

    pub fn lstm(
        in_dim: usize,
        hidden_dim: usize,
        config: LSTMConfig,
        vb: VarBuilder,
    ) -> Result<LSTM> {
        LSTM::new(in_dim, hidden_dim, config, vb)
    }

    #[derive(Clone, Debug)]
    pub struct GRUState {
        pub h: Tensor,
    }

    impl GRUState {
        pub fn h(&self) -> &Tensor {
            &self.h
        }
    }

    #[derive(Clone, Copy, Debug)]
    pub struct GRUConfig {
        pub w_ih_init: Init,
        pub w_hh_init: Init,
        pub b_ih_init: Option<Init>,
        pub b_hh_init: Option<Init>,
    }

    impl Default for GRUConfig {
        fn default() -> Self {
            GRUConfig {
                w_ih_init: DEFAULT_KAIMING_UNIFORM,
                w_hh_init: DEFAULT_KAIMING_UNIFORM,
                b_ih_init: Some(Init::Const(0.0)),
                b_hh_init: Some(Init::Const(0.0)),
            }
        }
    }

    impl GRUConfig {
        pub fn default_no_bias() -> Self {
            GRUConfig {
                b_ih_init: None,
                b_hh_init: None,
                ..GRUConfig::default()
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct GRU {
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Option<Tensor>,
        b_hh: Option<Tensor>,
        hidden_dim: usize,
        config: GRUConfig,
    }

    impl GRU {
        pub fn new(
            in_dim: usize,
            hidden_dim: usize,
            config: GRUConfig,
            vb: VarBuilder,
        ) -> Result<Self> {
            let w_ih = vb.get((3 * hidden_dim, in_dim), "weight_ih_l0")?;
            let w_hh = vb.get((3 * hidden_dim, hidden_dim), "weight_hh_l0")?;
            let b_ih = match config.b_ih_init {
                Some(_) => Some(vb.get(3 * hidden_dim, "bias_ih_l0")?),
                None => None,
            };
            let b_hh = match config.b_hh_init {
                Some(_) => Some(vb.get(3 * hidden_dim, "bias_hh_l0")?),
                None => None,
            };
            Ok(GRU {
                w_ih,
                w_hh,
                b_ih,
                b_hh,
                hidden_dim,
                config,
            })
        }

        pub fn config(&self) -> &GRUConfig {
            &self.config
        }
    }

    pub fn gru(in_dim: usize, hidden_dim: usize, config: GRUConfig, vb: VarBuilder) -> Result<GRU> {
        GRU::new(in_dim, hidden_dim, config, vb)
    }
}
