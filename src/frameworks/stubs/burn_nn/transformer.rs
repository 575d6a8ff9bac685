//! burn-nn: transformer encoder and decoder.

pub mod transformer {
    use crate::activation::{Activation, ActivationConfig};
    use crate::attention::{MultiHeadAttention, MultiHeadAttentionConfig};
    use crate::{
        Dropout, DropoutConfig, Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig,
    };
    use burn_core::config::Config;
    use burn_core::module::Module;
    use burn_core::tensor::{Device, Tensor};

    #[derive(Config, Debug)]
    pub struct PositionWiseFeedForwardConfig {
        pub d_model: usize,
        pub d_ff: usize,
        #[config(default = 0.1)]
        pub dropout: f64,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
        #[config(default = "ActivationConfig::Gelu")]
        pub activation: ActivationConfig,
    }

    /// The activation is skipped for the sake of old records; up to 0.20 the field is a `Gelu` called `gelu`.
    #[derive(Module, Debug)]
    pub struct PositionWiseFeedForward {
        pub linear_inner: Linear,
        pub linear_outer: Linear,
        pub dropout: Dropout,
        #[module(skip)]
        pub activation: Activation,
    }

    impl PositionWiseFeedForwardConfig {
        pub fn init(&self, device: &Device) -> PositionWiseFeedForward {
            PositionWiseFeedForward {
                linear_inner: LinearConfig::new(self.d_model, self.d_ff).init(device),
                linear_outer: LinearConfig::new(self.d_ff, self.d_model).init(device),
                dropout: DropoutConfig::new(self.dropout).init(),
                activation: self.activation.init(device),
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct TransformerEncoderConfig {
        pub d_model: usize,
        pub d_ff: usize,
        pub n_heads: usize,
        pub n_layers: usize,
        #[config(default = 0.1)]
        pub dropout: f64,
        #[config(default = false)]
        pub norm_first: bool,
        #[config(default = false)]
        pub quiet_softmax: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
        #[config(default = "ActivationConfig::Gelu")]
        pub activation: ActivationConfig,
        #[config(default = 1e-5)]
        pub layer_norm_eps: f64,
    }

    #[derive(Module, Debug)]
    pub struct TransformerEncoder {
        pub layers: Vec<TransformerEncoderLayer>,
        pub d_model: usize,
        pub d_ff: usize,
        pub n_heads: usize,
        pub n_layers: usize,
        pub dropout: f64,
        pub norm_first: bool,
        pub quiet_softmax: bool,
    }

    impl TransformerEncoderConfig {
        pub fn init(&self, device: &Device) -> TransformerEncoder {
            let layers = (0..self.n_layers)
                .map(|_| TransformerEncoderLayer::new(self, device))
                .collect::<Vec<_>>();
            TransformerEncoder {
                layers,
                d_model: self.d_model,
                d_ff: self.d_ff,
                n_heads: self.n_heads,
                n_layers: self.n_layers,
                dropout: self.dropout,
                norm_first: self.norm_first,
                quiet_softmax: self.quiet_softmax,
            }
        }
    }

    #[derive(Module, Debug)]
    pub struct TransformerEncoderLayer {
        pub mha: MultiHeadAttention,
        pub pwff: PositionWiseFeedForward,
        pub norm_1: LayerNorm,
        pub norm_2: LayerNorm,
        pub dropout: Dropout,
        pub norm_first: bool,
    }

    impl TransformerEncoderLayer {
        pub fn new(config: &TransformerEncoderConfig, device: &Device) -> Self {
            TransformerEncoderLayer {
                mha: MultiHeadAttentionConfig::new(config.d_model, config.n_heads).init(device),
                pwff: PositionWiseFeedForwardConfig::new(config.d_model, config.d_ff)
                    .with_activation(config.activation.clone())
                    .init(device),
                norm_1: LayerNormConfig::new(config.d_model).init(device),
                norm_2: LayerNormConfig::new(config.d_model).init(device),
                dropout: DropoutConfig::new(config.dropout).init(),
                norm_first: config.norm_first,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct TransformerDecoderConfig {
        pub d_model: usize,
        pub d_ff: usize,
        pub n_heads: usize,
        pub n_layers: usize,
        #[config(default = 0.1)]
        pub dropout: f64,
        #[config(default = false)]
        pub norm_first: bool,
        #[config(default = false)]
        pub quiet_softmax: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
        #[config(default = "ActivationConfig::Gelu")]
        pub activation: ActivationConfig,
        #[config(default = 1e-5)]
        pub layer_norm_eps: f64,
    }

    #[derive(Module, Debug)]
    pub struct TransformerDecoder {
        pub layers: Vec<TransformerDecoderLayer>,
        pub d_model: usize,
        pub d_ff: usize,
        pub n_heads: usize,
        pub n_layers: usize,
        pub dropout: f64,
        pub norm_first: bool,
        pub quiet_softmax: bool,
    }

    impl TransformerDecoderConfig {
        pub fn init(&self, device: &Device) -> TransformerDecoder {
            let layers = (0..self.n_layers)
                .map(|_| TransformerDecoderLayer::new(self, device))
                .collect::<Vec<_>>();
            TransformerDecoder {
                layers,
                d_model: self.d_model,
                d_ff: self.d_ff,
                n_heads: self.n_heads,
                n_layers: self.n_layers,
                dropout: self.dropout,
                norm_first: self.norm_first,
                quiet_softmax: self.quiet_softmax,
            }
        }
    }

    #[derive(Module, Debug)]
    pub struct TransformerDecoderLayer {
        pub cross_attn: MultiHeadAttention,
        pub self_attn: MultiHeadAttention,
        pub pwff: PositionWiseFeedForward,
        pub norm_1: LayerNorm,
        pub norm_2: LayerNorm,
        pub norm_3: LayerNorm,
        pub dropout: Dropout,
        pub norm_first: bool,
    }

    impl TransformerDecoderLayer {
        pub fn new(config: &TransformerDecoderConfig, device: &Device) -> Self {
            TransformerDecoderLayer {
                cross_attn: MultiHeadAttentionConfig::new(config.d_model, config.n_heads)
                    .init(device),
                self_attn: MultiHeadAttentionConfig::new(config.d_model, config.n_heads)
                    .init(device),
                pwff: PositionWiseFeedForwardConfig::new(config.d_model, config.d_ff)
                    .with_activation(config.activation.clone())
                    .init(device),
                norm_1: LayerNormConfig::new(config.d_model).init(device),
                norm_2: LayerNormConfig::new(config.d_model).init(device),
                norm_3: LayerNormConfig::new(config.d_model).init(device),
                dropout: DropoutConfig::new(config.dropout).init(),
                norm_first: config.norm_first,
            }
        }
    }

    pub struct TransformerEncoderInput {
        tensor: Tensor<3>,
    }

    impl TransformerEncoderInput {
        pub fn new(tensor: Tensor<3>) -> Self {
            TransformerEncoderInput { tensor }
        }

        pub fn mask_pad<M>(self, _mask: M) -> Self {
            self
        }

        pub fn mask_attn<M>(self, _mask: M) -> Self {
            self
        }
    }

    pub struct TransformerDecoderInput {
        target: Tensor<3>,
        memory: Tensor<3>,
    }

    impl TransformerDecoderInput {
        pub fn new(target: Tensor<3>, memory: Tensor<3>) -> Self {
            TransformerDecoderInput { target, memory }
        }

        pub fn memory_mask_pad<M>(self, _mask: M) -> Self {
            self
        }

        pub fn memory_mask_attn<M>(self, _mask: M) -> Self {
            self
        }

        pub fn target_mask_pad<M>(self, _mask: M) -> Self {
            self
        }

        pub fn target_mask_attn<M>(self, _mask: M) -> Self {
            self
        }
    }
}
