//! burn-nn: dense layers and embeddings, initial values, padding.

pub use embedding::{Embedding, EmbeddingConfig};
pub use initializer::Initializer;
pub use linear::{Linear, LinearConfig, LinearLayout};
pub use padding::{PaddingConfig1d, PaddingConfig2d, PaddingConfig3d};

mod linear {
    use crate::Initializer;
    use burn_core::config::Config;
    use burn_core::module::{Module, Param};
    use burn_core::tensor::{Device, Tensor};

    #[derive(Config, Debug)]
    pub struct LinearConfig {
        pub d_input: usize,
        pub d_output: usize,
        #[config(default = true)]
        pub bias: bool,
        #[config(
            default = "Initializer::KaimingUniform { gain: 1.0 / 3.0_f64.sqrt(), fan_out_only: false }"
        )]
        pub initializer: Initializer,
        #[config(default = "LinearLayout::Row")]
        pub layout: LinearLayout,
    }

    /// How the weight lies in memory; its shape is `[d_input, d_output]` either way.
    #[derive(Config, Debug)]
    pub enum LinearLayout {
        Row,
        Col,
    }

    #[derive(Module, Debug)]
    pub struct Linear {
        pub weight: Param<Tensor<2>>,
        pub bias: Option<Param<Tensor<1>>>,
    }

    impl LinearConfig {
        pub fn init(&self, _device: &Device) -> Linear {
            let weight = Param::from_shape([self.d_input, self.d_output]);
            let bias = if self.bias {
                Some(Param::from_shape([self.d_output]))
            } else {
                None
            };
            Linear { weight, bias }
        }
    }
}

mod embedding {
    use crate::Initializer;
    use burn_core::config::Config;
    use burn_core::module::{Module, Param};
    use burn_core::tensor::{Device, Tensor};

    #[derive(Config, Debug)]
    pub struct EmbeddingConfig {
        pub n_embedding: usize,
        pub d_model: usize,
        #[config(default = "Initializer::Normal { mean: 0.0, std: 1.0 }")]
        pub initializer: Initializer,
    }

    #[derive(Module, Debug)]
    pub struct Embedding {
        pub weight: Param<Tensor<2>>,
    }

    impl EmbeddingConfig {
        pub fn init(&self, _device: &Device) -> Embedding {
            Embedding {
                weight: Param::from_shape([self.n_embedding, self.d_model]),
            }
        }
    }
}

mod initializer {
    use burn_core::config::Config;
    use burn_core::module::Param;
    use burn_core::tensor::{Device, Shape, Tensor};

    #[derive(Config, Debug, PartialEq)]
    pub enum Initializer {
        Constant { value: f64 },
        Ones,
        Zeros,
        Uniform { min: f64, max: f64 },
        Normal { mean: f64, std: f64 },
        KaimingUniform { gain: f64, fan_out_only: bool },
        KaimingNormal { gain: f64, fan_out_only: bool },
        XavierUniform { gain: f64 },
        XavierNormal { gain: f64 },
        Orthogonal { gain: f64 },
    }

    impl Initializer {
        pub fn init<const D: usize, S: Into<Shape>>(
            &self,
            shape: S,
            _device: &Device,
        ) -> Param<Tensor<D>> {
            Param::from_shape(shape)
        }

        pub fn init_with<const D: usize, S: Into<Shape>>(
            &self,
            shape: S,
            _fan_in: Option<usize>,
            _fan_out: Option<usize>,
            _device: &Device,
        ) -> Param<Tensor<D>> {
            Param::from_shape(shape)
        }
    }
}

/// Up to 0.20, `Explicit` holds one number for each dimension.
mod padding {
    use burn_core::config::Config;

    #[derive(Config, Debug, PartialEq)]
    pub enum PaddingConfig1d {
        Same,
        Valid,
        Explicit(usize, usize),
    }

    #[derive(Config, Debug, PartialEq)]
    pub enum PaddingConfig2d {
        Same,
        Valid,
        Explicit(usize, usize, usize, usize),
    }

    #[derive(Config, Debug, PartialEq)]
    pub enum PaddingConfig3d {
        Same,
        Valid,
        Explicit(usize, usize, usize),
    }
}
