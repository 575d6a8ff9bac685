//! burn-nn: layers without parameters.

pub use distance::{
    CosineSimilarity, CosineSimilarityConfig, PairwiseDistance, PairwiseDistanceConfig,
};
pub use rearrangement::{
    Fold4d, Fold4dConfig, PixelShuffle, PixelShuffleConfig, PixelUnshuffle, PixelUnshuffleConfig,
    Unfold4d, Unfold4dConfig,
};
pub use regularization::{Dropout, DropoutConfig, GaussianNoise, GaussianNoiseConfig, Identity};

/// Since 0.22 a module that behaves otherwise in training has a flag for that, which is no parameter.
mod regularization {
    use burn_core::config::Config;
    use burn_core::module::Module;

    #[derive(Config, Debug)]
    pub struct DropoutConfig {
        pub prob: f64,
    }

    #[derive(Module, Debug)]
    pub struct Dropout {
        pub prob: f64,
    }

    impl DropoutConfig {
        pub fn init(&self) -> Dropout {
            Dropout { prob: self.prob }
        }
    }

    #[derive(Config, Debug)]
    pub struct GaussianNoiseConfig {
        pub std: f64,
    }

    #[derive(Module, Debug)]
    pub struct GaussianNoise {
        pub std: f64,
    }

    impl GaussianNoiseConfig {
        pub fn init(&self) -> GaussianNoise {
            GaussianNoise { std: self.std }
        }
    }

    #[derive(Module, Default, Debug)]
    pub struct Identity;

    impl Identity {
        pub fn new() -> Self {
            Identity
        }
    }
}

mod rearrangement {
    use burn_core::config::Config;
    use burn_core::module::Module;

    #[derive(Config, Debug)]
    pub struct Fold4dConfig {
        pub output_size: [usize; 2],
        pub kernel_size: [usize; 2],
        #[config(default = "[1, 1]")]
        pub stride: [usize; 2],
        #[config(default = "[1, 1]")]
        pub dilation: [usize; 2],
        #[config(default = "[0, 0]")]
        pub padding: [usize; 2],
    }

    #[derive(Module, Debug)]
    pub struct Fold4d {
        pub output_size: [usize; 2],
        pub kernel_size: [usize; 2],
        pub stride: [usize; 2],
        pub dilation: [usize; 2],
        pub padding: [usize; 2],
    }

    impl Fold4dConfig {
        pub fn init(&self) -> Fold4d {
            Fold4d {
                output_size: self.output_size,
                kernel_size: self.kernel_size,
                stride: self.stride,
                dilation: self.dilation,
                padding: self.padding,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct Unfold4dConfig {
        pub kernel_size: [usize; 2],
        #[config(default = "[1, 1]")]
        pub stride: [usize; 2],
        #[config(default = "[1, 1]")]
        pub dilation: [usize; 2],
        #[config(default = "[0, 0]")]
        pub padding: [usize; 2],
    }

    #[derive(Module, Debug)]
    pub struct Unfold4d {
        pub kernel_size: [usize; 2],
        pub stride: [usize; 2],
        pub dilation: [usize; 2],
        pub padding: [usize; 2],
    }

    impl Unfold4dConfig {
        pub fn init(&self) -> Unfold4d {
            Unfold4d {
                kernel_size: self.kernel_size,
                stride: self.stride,
                dilation: self.dilation,
                padding: self.padding,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct PixelShuffleConfig {
        pub upscale_factor: usize,
    }

    #[derive(Module, Debug)]
    pub struct PixelShuffle {
        pub upscale_factor: usize,
    }

    impl PixelShuffleConfig {
        pub fn init(&self) -> PixelShuffle {
            PixelShuffle {
                upscale_factor: self.upscale_factor,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct PixelUnshuffleConfig {
        pub downscale_factor: usize,
    }

    #[derive(Module, Debug)]
    pub struct PixelUnshuffle {
        pub downscale_factor: usize,
    }

    impl PixelUnshuffleConfig {
        pub fn init(&self) -> PixelUnshuffle {
            PixelUnshuffle {
                downscale_factor: self.downscale_factor,
            }
        }
    }
}

mod distance {
    use burn_core::config::Config;
    use burn_core::module::Module;

    #[derive(Config, Debug)]
    pub struct CosineSimilarityConfig {
        #[config(default = 1)]
        pub dim: isize,
        #[config(default = 1e-8)]
        pub eps: f64,
    }

    #[derive(Module, Debug)]
    pub struct CosineSimilarity {
        pub dim: isize,
        pub eps: f64,
    }

    impl CosineSimilarityConfig {
        pub fn init(&self) -> CosineSimilarity {
            CosineSimilarity {
                dim: self.dim,
                eps: self.eps,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct PairwiseDistanceConfig {
        #[config(default = 2.0)]
        pub p: f64,
        #[config(default = 1e-6)]
        pub eps: f64,
    }

    #[derive(Module, Debug)]
    pub struct PairwiseDistance {
        pub p: f64,
        pub eps: f64,
    }

    impl PairwiseDistanceConfig {
        pub fn init(&self) -> PairwiseDistance {
            PairwiseDistance {
                p: self.p,
                eps: self.eps,
            }
        }
    }
}

pub mod interpolate {
    use burn_core::config::Config;
    use burn_core::module::Module;

    #[derive(Config, Debug)]
    pub enum InterpolateMode {
        Nearest,
        NearestExact,
        Linear,
        Cubic,
        Lanczos,
    }

    #[derive(Config, Debug)]
    pub struct Interpolate1dConfig {
        #[config(default = "None")]
        pub output_size: Option<usize>,
        #[config(default = "None")]
        pub scale_factor: Option<f32>,
        #[config(default = "InterpolateMode::Nearest")]
        pub mode: InterpolateMode,
        #[config(default = true)]
        pub align_corners: bool,
    }

    #[derive(Module, Debug)]
    pub struct Interpolate1d {
        pub output_size: Option<usize>,
        pub scale_factor: Option<f32>,
        #[module(skip)]
        pub mode: InterpolateMode,
        pub align_corners: bool,
    }

    impl Interpolate1dConfig {
        pub fn init(&self) -> Interpolate1d {
            Interpolate1d {
                output_size: self.output_size,
                scale_factor: self.scale_factor,
                mode: self.mode.clone(),
                align_corners: self.align_corners,
            }
        }
    }

    #[derive(Config, Debug)]
    pub struct Interpolate2dConfig {
        #[config(default = "None")]
        pub output_size: Option<[usize; 2]>,
        #[config(default = "None")]
        pub scale_factor: Option<[f32; 2]>,
        #[config(default = "InterpolateMode::Nearest")]
        pub mode: InterpolateMode,
        #[config(default = true)]
        pub align_corners: bool,
    }

    #[derive(Module, Debug)]
    pub struct Interpolate2d {
        pub output_size: Option<[usize; 2]>,
        pub scale_factor: Option<[f32; 2]>,
        #[module(skip)]
        pub mode: InterpolateMode,
        pub align_corners: bool,
    }

    impl Interpolate2dConfig {
        pub fn init(&self) -> Interpolate2d {
            Interpolate2d {
                output_size: self.output_size,
                scale_factor: self.scale_factor,
                mode: self.mode.clone(),
                align_corners: self.align_corners,
            }
        }
    }
}

pub mod cache {
    use burn_core::tensor::Tensor;

    enum CacheState<T> {
        Value(T),
        Empty,
    }

    pub struct TensorCache<const D: usize> {
        state: CacheState<Tensor<D>>,
    }

    impl<const D: usize> TensorCache<D> {
        pub fn empty() -> Self {
            TensorCache {
                state: CacheState::Empty,
            }
        }
    }
}
