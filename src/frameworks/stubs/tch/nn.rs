//! tch: what `nn` gathers, and initial values.

pub mod nn {
    pub use crate::convolutions::{
        Conv, Conv1D, Conv2D, Conv3D, ConvConfig, ConvConfigND, ConvTranspose1D, ConvTranspose2D,
        ConvTranspose3D, ConvTransposeConfig, ConvTransposeConfigND, ConvTransposeND, PaddingMode,
        conv, conv_transpose1d, conv_transpose2d, conv_transpose3d, conv1d, conv2d, conv3d,
        no_bias,
    };
    pub use crate::dense::{Embedding, EmbeddingConfig, Linear, LinearConfig, embedding, linear};
    pub use crate::normalisation::{
        BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, LayerNorm, LayerNormConfig,
        batch_norm1d, batch_norm2d, batch_norm3d, group_norm, layer_norm,
    };
    pub use crate::recurrent::{GRU, GRUState, LSTM, LSTMState, RNN, RNNConfig, gru, lstm};
    pub use init::Init;

    pub mod init {
        #[derive(Clone, Copy, Debug)]
        pub enum FanInOut {
            FanIn,
            FanOut,
        }

        #[derive(Clone, Copy, Debug)]
        pub enum NormalOrUniform {
            Normal,
            Uniform,
        }

        #[derive(Clone, Copy, Debug)]
        pub enum NonLinearity {
            ReLU,
            Linear,
            Sigmoid,
            Tanh,
            SELU,
            ExplicitGain(f64),
        }

        /// `KaimingUniform` is of 0.8 and before.
        #[derive(Clone, Copy, Debug)]
        pub enum Init {
            Const(f64),
            Randn {
                mean: f64,
                stdev: f64,
            },
            Uniform {
                lo: f64,
                up: f64,
            },
            Kaiming {
                dist: NormalOrUniform,
                fan: FanInOut,
                non_linearity: NonLinearity,
            },
            Orthogonal {
                gain: f64,
            },
            KaimingUniform,
        }

        pub const DEFAULT_KAIMING_UNIFORM: Init = Init::Kaiming {
            dist: NormalOrUniform::Uniform,
            fan: FanInOut::FanIn,
            non_linearity: NonLinearity::ReLU,
        };

        pub const DEFAULT_KAIMING_NORMAL: Init = Init::Kaiming {
            dist: NormalOrUniform::Normal,
            fan: FanInOut::FanIn,
            non_linearity: NonLinearity::ReLU,
        };
    }

    /// The identity.
    #[derive(Debug)]
    pub struct Id();
}
