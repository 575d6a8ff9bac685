//! tch: densely connected and small image models, as far as their variables go.

mod dense_nets {
    use tch::nn::{ModuleT, Path};

    use crate::nn::{
        BatchNorm, BatchNormConfig, Conv2D, Linear, LinearConfig, batch_norm2d, conv2d, linear,
        no_bias,
    };

    struct DenseLayer {
        norm1: BatchNorm,
        conv1: Conv2D,
        norm2: BatchNorm,
        conv2: Conv2D,
    }

    struct Transition {
        norm: BatchNorm,
        conv: Conv2D,
    }

    struct DenseNet {
        conv0: Conv2D,
        norm0: BatchNorm,
        blocks: Vec<(Vec<DenseLayer>, Option<Transition>)>,
        norm5: BatchNorm,
        classifier: Linear,
    }

    /// The inner width is four times the growth.
    fn dense_layer(p: &Path, c_in: i64, growth: i64) -> DenseLayer {
        let norm1 = batch_norm2d(p / "norm1", c_in, BatchNormConfig::default());
        let conv1 = conv2d(p / "conv1", c_in, 4 * growth, 1, no_bias());
        let norm2 = batch_norm2d(p / "norm2", 4 * growth, BatchNormConfig::default());
        let conv2 = conv2d(p / "conv2", 4 * growth, growth, 3, no_bias());
        DenseLayer {
            norm1,
            conv1,
            norm2,
            conv2,
        }
    }

    fn densenet(p: &Path, c_in: i64, growth: i64, counts: [i64; 4], nclasses: i64) -> DenseNet {
        let f = p / "features";
        let conv0 = conv2d(&f / "conv0", 3, c_in, 7, no_bias());
        let norm0 = batch_norm2d(&f / "norm0", c_in, BatchNormConfig::default());
        let mut width = c_in;
        let mut blocks = vec![];
        for number in 1..5 {
            let block = &f / format!("denseblock{number}");
            let mut layers = vec![];
            for layer in 0..counts[number - 1] {
                layers.push(dense_layer(
                    &(&block / format!("denselayer{}", layer + 1)),
                    width,
                    growth,
                ));
                width += growth;
            }
            let transition = if number < 4 {
                let at = &f / format!("transition{number}");
                let norm = batch_norm2d(&at / "norm", width, BatchNormConfig::default());
                let conv = conv2d(&at / "conv", width, width / 2, 1, no_bias());
                width = width / 2;
                Some(Transition { norm, conv })
            } else {
                None
            };
            blocks.push((layers, transition));
        }
        let norm5 = batch_norm2d(&f / "norm5", width, BatchNormConfig::default());
        let classifier = linear(p / "classifier", width, nclasses, LinearConfig::default());
        DenseNet {
            conv0,
            norm0,
            blocks,
            norm5,
            classifier,
        }
    }

    pub fn densenet121(p: &Path, nclasses: i64) -> impl ModuleT {
        densenet(p, 64, 32, [6, 12, 24, 16], nclasses)
    }

    pub fn densenet161(p: &Path, nclasses: i64) -> impl ModuleT {
        densenet(p, 96, 48, [6, 12, 36, 24], nclasses)
    }

    pub fn densenet169(p: &Path, nclasses: i64) -> impl ModuleT {
        densenet(p, 64, 32, [6, 12, 32, 32], nclasses)
    }

    pub fn densenet201(p: &Path, nclasses: i64) -> impl ModuleT {
        densenet(p, 64, 32, [6, 12, 48, 32], nclasses)
    }
}

mod squeeze_nets {
    use tch::nn::{ModuleT, Path};

    use crate::nn::{Conv2D, ConvConfig, conv2d};

    struct Fire {
        squeeze: Conv2D,
        expand1x1: Conv2D,
        expand3x3: Conv2D,
    }

    struct SqueezeNet {
        first: Conv2D,
        fires: Vec<Fire>,
        last: Conv2D,
    }

    /// Both expansions are equally wide; their outputs are joined.
    fn fire(p: Path, c_in: i64, c_squeeze: i64, c_expand: i64) -> Fire {
        let squeeze = conv2d(&p / "squeeze", c_in, c_squeeze, 1, ConvConfig::default());
        let expand1x1 = conv2d(
            &p / "expand1x1",
            c_squeeze,
            c_expand,
            1,
            ConvConfig::default(),
        );
        let expand3x3 = conv2d(
            &p / "expand3x3",
            c_squeeze,
            c_expand,
            3,
            ConvConfig::default(),
        );
        Fire {
            squeeze,
            expand1x1,
            expand3x3,
        }
    }

    fn squeezenet(
        p: &Path,
        width: i64,
        ksize: i64,
        positions: [i64; 8],
        nclasses: i64,
    ) -> SqueezeNet {
        let f = p / "features";
        let first = conv2d(&f / "0", 3, width, ksize, ConvConfig::default());
        let fires = vec![
            fire(&f / positions[0], width, 16, 64),
            fire(&f / positions[1], 128, 16, 64),
            fire(&f / positions[2], 128, 32, 128),
            fire(&f / positions[3], 256, 32, 128),
            fire(&f / positions[4], 256, 48, 192),
            fire(&f / positions[5], 384, 48, 192),
            fire(&f / positions[6], 384, 64, 256),
            fire(&f / positions[7], 512, 64, 256),
        ];
        let last = conv2d(
            p / "classifier" / "1",
            512,
            nclasses,
            1,
            ConvConfig::default(),
        );
        SqueezeNet { first, fires, last }
    }

    pub fn v1_0(p: &Path, nclasses: i64) -> impl ModuleT {
        squeezenet(p, 96, 7, [3, 4, 5, 7, 8, 9, 10, 12], nclasses)
    }

    pub fn v1_1(p: &Path, nclasses: i64) -> impl ModuleT {
        squeezenet(p, 64, 3, [3, 4, 6, 7, 9, 10, 11, 12], nclasses)
    }
}

mod mobile_nets {
    use tch::nn::{ModuleT, Path};

    use crate::nn::{
        BatchNorm, BatchNormConfig, Conv2D, ConvConfig, Linear, LinearConfig, batch_norm2d, conv2d,
        linear, no_bias,
    };

    struct ConvNorm {
        conv: Conv2D,
        bn: BatchNorm,
    }

    struct InvertedResidual {
        expand: Option<ConvNorm>,
        depthwise: ConvNorm,
        project: ConvNorm,
    }

    struct MobileNet {
        first: ConvNorm,
        blocks: Vec<InvertedResidual>,
        last: ConvNorm,
        classifier: Linear,
    }

    fn conv_norm(p: Path, c_in: i64, c_out: i64, ksize: i64, groups: i64) -> ConvNorm {
        let conv = conv2d(
            &p / 0,
            c_in,
            c_out,
            ksize,
            ConvConfig {
                groups,
                ..no_bias()
            },
        );
        let bn = batch_norm2d(&p / 1, c_out, BatchNormConfig::default());
        ConvNorm { conv, bn }
    }

    fn inverted_residual(p: Path, c_in: i64, c_out: i64, expansion: i64) -> InvertedResidual {
        let hidden = expansion * c_in;
        let (expand, at) = if expansion == 1 {
            (None, 0)
        } else {
            (Some(conv_norm(&p / 0, c_in, hidden, 1, 1)), 1)
        };
        let depthwise = conv_norm(&p / at, hidden, hidden, 3, hidden);
        let conv = conv2d(&p / (at + 1), hidden, c_out, 1, no_bias());
        let bn = batch_norm2d(&p / (at + 2), c_out, BatchNormConfig::default());
        InvertedResidual {
            expand,
            depthwise,
            project: ConvNorm { conv, bn },
        }
    }

    pub fn v2(p: &Path, nclasses: i64) -> impl ModuleT {
        let f = p / "features";
        let first = conv_norm(&f / 0, 3, 32, 3, 1);
        let mut c_in = 32;
        let mut position = 1;
        let mut blocks = vec![];
        // Expansion, width, number of blocks.
        for (expansion, c_out, count) in [
            (1, 16, 1),
            (6, 24, 2),
            (6, 32, 3),
            (6, 64, 4),
            (6, 96, 3),
            (6, 160, 3),
            (6, 320, 1),
        ] {
            for _ in 0..count {
                blocks.push(inverted_residual(
                    &f / position / "conv",
                    c_in,
                    c_out,
                    expansion,
                ));
                c_in = c_out;
                position += 1;
            }
        }
        let last = conv_norm(&f / position, c_in, 1280, 1, 1);
        let classifier = linear(
            p / "classifier" / 1,
            1280,
            nclasses,
            LinearConfig::default(),
        );
        MobileNet {
            first,
            blocks,
            last,
            classifier,
        }
    }
}
