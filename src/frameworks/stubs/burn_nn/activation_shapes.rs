//! burn-nn: activations that a few numbers shape.

mod activation_shapes {
    use burn_core::config::Config;
    use burn_core::module::Module;

    #[derive(Config, Debug)]
    pub struct CeluConfig {
        #[config(default = "1.0")]
        pub alpha: f64,
    }

    #[derive(Module, Debug)]
    pub struct Celu {
        pub alpha: f64,
    }

    impl CeluConfig {
        pub fn init(&self) -> Celu {
            Celu { alpha: self.alpha }
        }
    }

    #[derive(Config, Debug)]
    pub struct EluConfig {
        #[config(default = "1.0")]
        pub alpha: f64,
    }

    #[derive(Module, Debug)]
    pub struct Elu {
        pub alpha: f64,
    }

    impl EluConfig {
        pub fn init(&self) -> Elu {
            Elu { alpha: self.alpha }
        }
    }

    #[derive(Config, Debug)]
    pub struct HardShrinkConfig {
        #[config(default = "0.5")]
        pub lambda: f64,
    }

    #[derive(Module, Debug)]
    pub struct HardShrink {
        pub lambda: f64,
    }

    impl HardShrinkConfig {
        pub fn init(&self) -> HardShrink {
            HardShrink {
                lambda: self.lambda,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct HardSigmoidConfig {
        #[config(default = "0.2")]
        pub alpha: f64,
        #[config(default = "0.5")]
        pub beta: f64,
    }

    #[derive(Module, Debug)]
    pub struct HardSigmoid {
        pub alpha: f64,
        pub beta: f64,
    }

    impl HardSigmoidConfig {
        pub fn init(&self) -> HardSigmoid {
            HardSigmoid {
                alpha: self.alpha,
                beta: self.beta,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct HardtanhConfig {
        #[config(default = "-1.0")]
        pub min_val: f64,
        #[config(default = "1.0")]
        pub max_val: f64,
    }

    #[derive(Module, Debug)]
    pub struct Hardtanh {
        pub min_val: f64,
        pub max_val: f64,
    }

    impl HardtanhConfig {
        pub fn init(&self) -> Hardtanh {
            Hardtanh {
                min_val: self.min_val,
                max_val: self.max_val,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct LeakyReluConfig {
        #[config(default = "0.01")]
        pub negative_slope: f64,
    }

    #[derive(Module, Debug)]
    pub struct LeakyRelu {
        pub negative_slope: f64,
    }

    impl LeakyReluConfig {
        pub fn init(&self) -> LeakyRelu {
            LeakyRelu {
                negative_slope: self.negative_slope,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct RReluConfig {
        #[config(default = "0.125")]
        pub lower: f64,
        #[config(default = "1.0 / 3.0")]
        pub upper: f64,
    }

    #[derive(Module, Debug)]
    pub struct RRelu {
        pub lower: f64,
        pub upper: f64,
    }

    impl RReluConfig {
        pub fn init(&self) -> RRelu {
            RRelu {
                lower: self.lower,
                upper: self.upper,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct ShrinkConfig {
        #[config(default = "0.5")]
        pub lambda: f64,
        #[config(default = "0.5")]
        pub bias: f64,
    }

    #[derive(Module, Debug)]
    pub struct Shrink {
        pub lambda: f64,
        pub bias: f64,
    }

    impl ShrinkConfig {
        pub fn init(&self) -> Shrink {
            Shrink {
                lambda: self.lambda,
                bias: self.bias,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct SoftShrinkConfig {
        #[config(default = "0.5")]
        pub lambda: f64,
    }

    #[derive(Module, Debug)]
    pub struct SoftShrink {
        pub lambda: f64,
    }

    impl SoftShrinkConfig {
        pub fn init(&self) -> SoftShrink {
            SoftShrink {
                lambda: self.lambda,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct SoftplusConfig {
        #[config(default = "1.0")]
        pub beta: f64,
        #[config(default = "20.0")]
        pub threshold: f64,
    }

    #[derive(Module, Debug)]
    pub struct Softplus {
        pub beta: f64,
        pub threshold: f64,
    }

    impl SoftplusConfig {
        pub fn init(&self) -> Softplus {
            Softplus {
                beta: self.beta,
                threshold: self.threshold,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct ThresholdConfig {
        pub threshold: f64,
        pub value: f64,
    }

    #[derive(Module, Debug)]
    pub struct Threshold {
        pub threshold: f64,
        pub value: f64,
    }

    impl ThresholdConfig {
        pub fn init(&self) -> Threshold {
            Threshold {
                threshold: self.threshold,
                value: self.value,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct ThresholdedReluConfig {
        #[config(default = "1.0")]
        pub alpha: f64,
    }

    #[derive(Module, Debug)]
    pub struct ThresholdedRelu {
        pub alpha: f64,
    }

    impl ThresholdedReluConfig {
        pub fn init(&self) -> ThresholdedRelu {
            ThresholdedRelu { alpha: self.alpha }
        }
    }
}
