//! burn-nn: the normalisation that a configuration chooses.

mod norm_choice {
    use crate::Identity;
    use crate::norm::{
        BatchNorm, BatchNormConfig, GroupNorm, GroupNormConfig, InstanceNorm, InstanceNormConfig,
        LayerNorm, LayerNormConfig, RmsNorm, RmsNormConfig,
    };
    use burn_core::config::Config;
    use burn_core::module::Module;
    use burn_core::tensor::Device;

    #[derive(Config, Debug)]
    pub enum NormalizationConfig {
        Identity,
        Batch(BatchNormConfig),
        Group(GroupNormConfig),
        Instance(InstanceNormConfig),
        Layer(LayerNormConfig),
        Rms(RmsNormConfig),
    }

    macro_rules! made_from {
        ($choice:ident: $($variant:ident($part:ident)),+ $(,)?) => {$(
            impl From<$part> for $choice {
                fn from(part: $part) -> Self {
                    $choice::$variant(part)
                }
            }
        )+};
    }

    made_from!(
        NormalizationConfig: Batch(BatchNormConfig),
        Group(GroupNormConfig),
        Instance(InstanceNormConfig),
        Layer(LayerNormConfig),
        Rms(RmsNormConfig),
    );

    made_from!(
        Normalization: Identity(Identity),
        Batch(BatchNorm),
        Group(GroupNorm),
        Instance(InstanceNorm),
        Layer(LayerNorm),
        Rms(RmsNorm),
    );

    impl NormalizationConfig {
        pub fn init(&self, device: &Device) -> Normalization {
            match self {
                NormalizationConfig::Identity => Normalization::Identity(Identity::new()),
                NormalizationConfig::Batch(config) => Normalization::Batch(config.init(device)),
                NormalizationConfig::Group(config) => Normalization::Group(config.init(device)),
                NormalizationConfig::Instance(config) => {
                    Normalization::Instance(config.init(device))
                }
                NormalizationConfig::Layer(config) => Normalization::Layer(config.init(device)),
                NormalizationConfig::Rms(config) => Normalization::Rms(config.init(device)),
            }
        }

        pub fn with_num_features(self, num_features: usize) -> Self {
            match self {
                NormalizationConfig::Identity => NormalizationConfig::Identity,
                NormalizationConfig::Batch(config) => NormalizationConfig::Batch(BatchNormConfig {
                    num_features,
                    ..config
                }),
                NormalizationConfig::Group(config) => NormalizationConfig::Group(GroupNormConfig {
                    num_channels: num_features,
                    ..config
                }),
                NormalizationConfig::Instance(config) => {
                    NormalizationConfig::Instance(InstanceNormConfig {
                        num_channels: num_features,
                        ..config
                    })
                }
                NormalizationConfig::Layer(config) => NormalizationConfig::Layer(LayerNormConfig {
                    d_model: num_features,
                    ..config
                }),
                NormalizationConfig::Rms(config) => NormalizationConfig::Rms(RmsNormConfig {
                    d_model: num_features,
                    ..config
                }),
            }
        }
    }

    #[derive(Module, Debug)]
    pub enum Normalization {
        Identity(Identity),
        Batch(BatchNorm),
        Group(GroupNorm),
        Instance(InstanceNorm),
        Layer(LayerNorm),
        Rms(RmsNorm),
    }
}
