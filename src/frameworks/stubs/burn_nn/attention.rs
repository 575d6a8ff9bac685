//! burn-nn: attention and encodings of positions.

pub use positions::{
    PositionalEncoding, PositionalEncodingConfig, RotaryEncoding, RotaryEncodingConfig,
};

pub mod attention {
    use crate::activation::Gelu;
    use crate::{Dropout, DropoutConfig, Initializer, Linear, LinearConfig};
    use burn_core::config::Config;
    use burn_core::module::Module;
    use burn_core::tensor::{Device, Tensor};

    /// The four `.._bias` came with 0.22; before, every projection has a bias.
    #[derive(Config, Debug)]
    pub struct MultiHeadAttentionConfig {
        pub d_model: usize,
        pub n_heads: usize,
        #[config(default = 0.1)]
        pub dropout: f64,
        #[config(default = -1.0e4)]
        pub min_float: f64,
        #[config(default = false)]
        pub quiet_softmax: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
        #[config(default = true)]
        pub key_bias: bool,
        #[config(default = true)]
        pub value_bias: bool,
        #[config(default = true)]
        pub query_bias: bool,
        #[config(default = true)]
        pub output_bias: bool,
    }

    #[derive(Module, Debug)]
    pub struct MultiHeadAttention {
        pub query: Linear,
        pub key: Linear,
        pub value: Linear,
        pub output: Linear,
        pub dropout: Dropout,
        pub activation: Gelu,
        pub d_model: usize,
        pub n_heads: usize,
        pub d_k: usize,
        pub min_float: f64,
        pub quiet_softmax: bool,
    }

    impl MultiHeadAttentionConfig {
        pub fn init(&self, device: &Device) -> MultiHeadAttention {
            let projection = LinearConfig::new(self.d_model, self.d_model);
            MultiHeadAttention {
                query: projection.clone().with_bias(self.query_bias).init(device),
                key: projection.clone().with_bias(self.key_bias).init(device),
                value: projection.clone().with_bias(self.value_bias).init(device),
                output: projection.clone().with_bias(self.output_bias).init(device),
                dropout: DropoutConfig::new(self.dropout).init(),
                activation: Gelu::new(),
                d_model: self.d_model,
                n_heads: self.n_heads,
                d_k: self.d_model / self.n_heads,
                min_float: self.min_float,
                quiet_softmax: self.quiet_softmax,
            }
        }
    }

    #[derive(Clone, Debug)]
    pub struct MhaInput {
        query: Tensor<3>,
        key: Tensor<3>,
        value: Tensor<3>,
    }

    impl MhaInput {
        pub fn new(query: Tensor<3>, key: Tensor<3>, value: Tensor<3>) -> Self {
            MhaInput { query, key, value }
        }

        pub fn self_attn(tensor: Tensor<3>) -> Self {
            MhaInput {
                query: tensor.clone(),
                key: tensor.clone(),
                value: tensor,
            }
        }

        pub fn mask_pad<M>(self, _mask: M) -> Self {
            self
        }

        pub fn mask_attn<M>(self, _mask: M) -> Self {
            self
        }
    }

    #[derive(Clone, Debug)]
    pub struct MhaOutput {
        pub weights: Tensor<4>,
        pub context: Tensor<3>,
    }

    #[derive(Config, Debug)]
    pub struct CrossAttentionConfig {
        pub d_model: usize,
        pub d_context: usize,
        pub n_heads: usize,
        pub n_heads_kv: usize,
        pub d_head: usize,
        #[config(default = 0.1)]
        pub dropout: f64,
        #[config(default = -1.0e4)]
        pub min_float: f64,
        #[config(default = false)]
        pub quiet_softmax: bool,
    }

    #[derive(Module, Debug)]
    pub struct CrossAttention {
        query: Linear,
        key: Linear,
        value: Linear,
        output: Linear,
        dropout: Dropout,
        n_heads: usize,
        n_heads_kv: usize,
        d_head: usize,
        min_float: f64,
        quiet_softmax: bool,
    }

    impl CrossAttentionConfig {
        pub fn init(&self, device: &Device) -> CrossAttention {
            CrossAttention {
                query: LinearConfig::new(self.d_model, self.n_heads * self.d_head).init(device),
                key: LinearConfig::new(self.d_context, self.n_heads_kv * self.d_head).init(device),
                value: LinearConfig::new(self.d_context, self.n_heads_kv * self.d_head)
                    .init(device),
                output: LinearConfig::new(self.n_heads * self.d_head, self.d_model).init(device),
                dropout: DropoutConfig::new(self.dropout).init(),
                n_heads: self.n_heads,
                n_heads_kv: self.n_heads_kv,
                d_head: self.d_head,
                min_float: self.min_float,
                quiet_softmax: self.quiet_softmax,
            }
        }
    }
}

mod positions {
    use burn_core::config::Config;
    use burn_core::module::Module;
    use burn_core::tensor::{Device, Tensor};

    #[derive(Config, Debug)]
    pub struct PositionalEncodingConfig {
        #[config(default = "5_000")]
        pub max_sequence_size: usize,
        pub d_model: usize,
        #[config(default = "10_000")]
        pub max_timescale: usize,
    }

    /// A table, not a parameter.
    #[derive(Module, Debug)]
    pub struct PositionalEncoding {
        pub sinusoids: Tensor<3>,
        pub max_sequence_size: usize,
        pub max_timescale: usize,
    }

    impl PositionalEncodingConfig {
        pub fn init(&self, device: &Device) -> PositionalEncoding {
            PositionalEncoding {
                sinusoids: Tensor::zeros([1, self.max_sequence_size, self.d_model], device),
                max_sequence_size: self.max_sequence_size,
                max_timescale: self.max_timescale,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct RotaryEncodingConfig {
        pub max_sequence_length: usize,
        pub d_model: usize,
        #[config(default = "10000.0")]
        pub theta: f32,
    }

    /// Two tables, not parameters.
    #[derive(Module, Debug)]
    pub struct RotaryEncoding {
        pub freq_complex: Tensor<3>,
        pub theta: Tensor<1>,
        start_offset: usize,
    }

    impl RotaryEncodingConfig {
        pub fn init(&self, device: &Device) -> RotaryEncoding {
            RotaryEncoding {
                freq_complex: Tensor::zeros([self.max_sequence_length, self.d_model, 2], device),
                theta: Tensor::zeros([self.d_model / 2], device),
                start_offset: 0,
            }
        }

        pub fn init_with_frequency_scaling<F>(
            &self,
            _scaling: F,
            device: &Device,
        ) -> RotaryEncoding {
            self.init(device)
        }
    }
}
