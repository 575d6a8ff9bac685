//! burn-nn: losses; none has parameters.

pub mod loss {
    use burn_core::config::Config;
    use burn_core::module::Module;
    use burn_core::tensor::{Device, Tensor};

    #[derive(Config, Debug)]
    pub enum Reduction {
        Mean,
        Sum,
        BatchMean,
        Auto,
    }

    #[derive(Config, Debug)]
    pub struct BinaryCrossEntropyLossConfig {
        pub weights: Option<Vec<f32>>,
        pub smoothing: Option<f32>,
        #[config(default = false)]
        pub logits: bool,
    }

    #[derive(Module, Debug)]
    pub struct BinaryCrossEntropyLoss {
        pub weights: Option<Tensor<1>>,
        pub smoothing: Option<f32>,
        pub logits: bool,
    }

    impl BinaryCrossEntropyLossConfig {
        pub fn init(&self, device: &Device) -> BinaryCrossEntropyLoss {
            let weights = self
                .weights
                .as_ref()
                .map(|weights| Tensor::from_floats(weights, device));
            BinaryCrossEntropyLoss {
                weights,
                smoothing: self.smoothing,
                logits: self.logits,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct CrossEntropyLossConfig {
        pub pad_tokens: Option<Vec<usize>>,
        pub weights: Option<Vec<f32>>,
        pub smoothing: Option<f32>,
        #[config(default = true)]
        pub logits: bool,
    }

    #[derive(Module, Debug)]
    pub struct CrossEntropyLoss {
        pub pad_tokens: Option<Vec<usize>>,
        pub weights: Option<Tensor<1>>,
        pub smoothing: Option<f32>,
        pub logits: bool,
    }

    impl CrossEntropyLossConfig {
        pub fn init(&self, device: &Device) -> CrossEntropyLoss {
            let weights = self
                .weights
                .as_ref()
                .map(|weights| Tensor::from_floats(weights, device));
            CrossEntropyLoss {
                pad_tokens: self.pad_tokens.clone(),
                weights,
                smoothing: self.smoothing,
                logits: self.logits,
            }
        }
    }

    impl CrossEntropyLoss {
        pub fn new(pad_index: Option<usize>, _device: &Device) -> Self {
            CrossEntropyLoss {
                pad_tokens: pad_index.map(|index| vec![index]),
                weights: None,
                smoothing: None,
                logits: true,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct CosineEmbeddingLossConfig {
        #[config(default = 0.0)]
        pub margin: f32,
        #[config(default = "Reduction::Mean")]
        pub reduction: Reduction,
    }

    #[derive(Module, Debug)]
    pub struct CosineEmbeddingLoss {
        pub margin: f32,
        #[module(skip)]
        pub reduction: Reduction,
    }

    impl CosineEmbeddingLossConfig {
        pub fn init(&self) -> CosineEmbeddingLoss {
            CosineEmbeddingLoss {
                margin: self.margin,
                reduction: self.reduction.clone(),
            }
        }
    }

    impl CosineEmbeddingLoss {
        pub fn new() -> Self {
            CosineEmbeddingLossConfig::new().init()
        }
    }

    #[derive(Config, Debug)]
    pub struct CTCLossConfig {
        #[config(default = 0)]
        pub blank: usize,
        #[config(default = false)]
        pub zero_infinity: bool,
    }

    #[derive(Module, Debug)]
    pub struct CTCLoss {
        pub blank: usize,
        pub zero_infinity: bool,
    }

    impl CTCLossConfig {
        pub fn init(&self) -> CTCLoss {
            CTCLoss {
                blank: self.blank,
                zero_infinity: self.zero_infinity,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct GaussianNLLLossConfig {
        #[config(default = 1e-6)]
        pub eps: f64,
        #[config(default = false)]
        pub full: bool,
    }

    #[derive(Module, Debug)]
    pub struct GaussianNLLLoss {
        pub eps: f64,
        pub full: bool,
    }

    impl GaussianNLLLossConfig {
        pub fn init(&self) -> GaussianNLLLoss {
            GaussianNLLLoss {
                eps: self.eps,
                full: self.full,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct HingeEmbeddingLossConfig {
        #[config(default = 1.0)]
        pub margin: f64,
    }

    #[derive(Module, Debug)]
    pub struct HingeEmbeddingLoss {
        pub margin: f64,
    }

    impl HingeEmbeddingLossConfig {
        pub fn init(&self) -> HingeEmbeddingLoss {
            HingeEmbeddingLoss {
                margin: self.margin,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct HuberLossConfig {
        pub delta: f32,
    }

    #[derive(Module, Debug)]
    pub struct HuberLoss {
        pub delta: f32,
    }

    impl HuberLossConfig {
        pub fn init(&self) -> HuberLoss {
            HuberLoss { delta: self.delta }
        }
    }

    #[derive(Config, Debug)]
    pub struct KLDivLossConfig {
        #[config(default = false)]
        pub log_target: bool,
    }

    #[derive(Module, Debug)]
    pub struct KLDivLoss {
        pub log_target: bool,
    }

    impl KLDivLossConfig {
        pub fn init(&self) -> KLDivLoss {
            KLDivLoss {
                log_target: self.log_target,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct LpLossConfig {
        pub p: f64,
    }

    #[derive(Module, Debug)]
    pub struct LpLoss {
        pub p: f64,
    }

    impl LpLossConfig {
        pub fn init(&self) -> LpLoss {
            LpLoss { p: self.p }
        }
    }

    #[derive(Config, Debug)]
    pub struct MarginRankingLossConfig {
        #[config(default = 0.0)]
        pub margin: f64,
    }

    #[derive(Module, Debug)]
    pub struct MarginRankingLoss {
        pub margin: f64,
    }

    impl MarginRankingLossConfig {
        pub fn init(&self) -> MarginRankingLoss {
            MarginRankingLoss {
                margin: self.margin,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct MultiMarginLossConfig {
        #[config(default = 1.0)]
        pub margin: f64,
        #[config(default = 1)]
        pub p: i32,
    }

    #[derive(Module, Debug)]
    pub struct MultiMarginLoss {
        pub margin: f64,
        pub p: i32,
    }

    impl MultiMarginLossConfig {
        pub fn init(&self) -> MultiMarginLoss {
            MultiMarginLoss {
                margin: self.margin,
                p: self.p,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct PoissonNllLossConfig {
        #[config(default = true)]
        pub log_input: bool,
        #[config(default = false)]
        pub full: bool,
        #[config(default = 1e-8)]
        pub eps: f64,
    }

    #[derive(Module, Debug)]
    pub struct PoissonNllLoss {
        pub log_input: bool,
        pub full: bool,
        pub eps: f64,
    }

    impl PoissonNllLossConfig {
        pub fn init(&self) -> PoissonNllLoss {
            PoissonNllLoss {
                log_input: self.log_input,
                full: self.full,
                eps: self.eps,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct RNNTLossConfig {
        #[config(default = 0)]
        pub blank: usize,
        #[config(default = true)]
        pub logits: bool,
    }

    #[derive(Module, Debug)]
    pub struct RNNTLoss {
        pub blank: usize,
        pub logits: bool,
    }

    impl RNNTLossConfig {
        pub fn init(&self) -> RNNTLoss {
            RNNTLoss {
                blank: self.blank,
                logits: self.logits,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct SmoothL1LossConfig {
        #[config(default = 1.0)]
        pub beta: f32,
    }

    #[derive(Module, Debug)]
    pub struct SmoothL1Loss {
        pub beta: f32,
    }

    impl SmoothL1LossConfig {
        pub fn init(&self) -> SmoothL1Loss {
            SmoothL1Loss { beta: self.beta }
        }
    }

    #[derive(Config, Debug)]
    pub struct TripletMarginLossConfig {
        #[config(default = 1.0)]
        pub margin: f64,
        #[config(default = 2.0)]
        pub p: f64,
    }

    #[derive(Module, Debug)]
    pub struct TripletMarginLoss {
        pub margin: f64,
        pub p: f64,
    }

    impl TripletMarginLossConfig {
        pub fn init(&self) -> TripletMarginLoss {
            TripletMarginLoss {
                margin: self.margin,
                p: self.p,
            }
        }
    }

    #[derive(Module, Default, Debug)]
    pub struct MseLoss;

    impl MseLoss {
        pub fn new() -> Self {
            MseLoss
        }
    }

    #[derive(Module, Default, Debug)]
    pub struct SoftMarginLoss;

    impl SoftMarginLoss {
        pub fn new() -> Self {
            SoftMarginLoss
        }
    }
}
