//! candle-nn: dense layers, embeddings, activations, initial values.

pub use activation::{Activation, PReLU, prelu};
pub use embedding::{Embedding, embedding};
pub use init::Init;
pub use linear::{Linear, linear, linear_b, linear_no_bias};

pub mod linear {
    use candle_core::{Result, Tensor};
    use candle_nn::VarBuilder;

    #[derive(Clone, Debug)]
    pub struct Linear {
        weight: Tensor,
        bias: Option<Tensor>,
    }

    impl Linear {
        pub fn new(weight: Tensor, bias: Option<Tensor>) -> Self {
            Linear { weight, bias }
        }

        pub fn weight(&self) -> &Tensor {
            &self.weight
        }

        pub fn bias(&self) -> Option<&Tensor> {
            self.bias.as_ref()
        }
    }

    pub fn linear(in_dim: usize, out_dim: usize, vb: VarBuilder) -> Result<Linear> {
        let weight = vb.get((out_dim, in_dim), "weight")?;
        let bias = vb.get(out_dim, "bias")?;
        Ok(Linear {
            weight,
            bias: Some(bias),
        })
    }

    pub fn linear_no_bias(in_dim: usize, out_dim: usize, vb: VarBuilder) -> Result<Linear> {
        let weight = vb.get((out_dim, in_dim), "weight")?;
        Ok(Linear { weight, bias: None })
    }

    pub fn linear_b(in_dim: usize, out_dim: usize, bias: bool, vb: VarBuilder) -> Result<Linear> {
        let weight = vb.get((out_dim, in_dim), "weight")?;
        let bias = if bias {
            Some(vb.get(out_dim, "bias")?)
        } else {
            None
        };
        Ok(Linear { weight, bias })
    }
}

pub mod embedding {
    use candle_core::{Result, Tensor};
    use candle_nn::VarBuilder;

    #[derive(Clone, Debug)]
    pub struct Embedding {
        embeddings: Tensor,
        hidden_size: usize,
    }

    impl Embedding {
        pub fn new(embeddings: Tensor, hidden_size: usize) -> Self {
            Embedding {
                embeddings,
                hidden_size,
            }
        }

        pub fn embeddings(&self) -> &Tensor {
            &self.embeddings
        }

        pub fn hidden_size(&self) -> usize {
            self.hidden_size
        }
    }

    pub fn embedding(in_size: usize, out_size: usize, vb: VarBuilder) -> Result<Embedding> {
        let embeddings = vb.get((in_size, out_size), "weight")?;
        Ok(Embedding {
            embeddings,
            hidden_size: out_size,
        })
    }
}

pub mod activation {
    use candle_core::{Result, Tensor};
    use candle_nn::VarBuilder;

    #[derive(Clone, Copy, Debug, PartialEq, Default)]
    pub enum Activation {
        #[default]
        Gelu,
        NewGelu,
        Relu,
        Relu2,
        Relu6,
        Silu,
        Sigmoid,
        HardSigmoid,
        Swiglu,
        Swish,
        Mish,
        HardSwish,
        Elu(f64),
        LeakyRelu(f64),
        GeluPytorchTanh,
    }

    #[derive(Clone, Debug)]
    pub struct PReLU {
        weight: Tensor,
        is_scalar: bool,
    }

    impl PReLU {
        pub fn new(weight: Tensor, is_scalar: bool) -> Self {
            PReLU { weight, is_scalar }
        }

        pub fn weight(&self) -> &Tensor {
            &self.weight
        }

        pub fn is_scalar(&self) -> bool {
            self.is_scalar
        }
    }

    /// One slope for each channel, or a single one.
    pub fn prelu(num_channels: Option<usize>, vb: VarBuilder) -> Result<PReLU> {
        let weight = vb.get((num_channels.unwrap_or(1),), "weight")?;
        Ok(PReLU {
            weight,
            is_scalar: num_channels.is_none(),
        })
    }
}

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
    }

    impl Default for Init {
        fn default() -> Self {
            Init::Const(0.0)
        }
    }

    pub const ZERO: Init = Init::Const(0.0);
    pub const ONE: Init = Init::Const(1.0);

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
