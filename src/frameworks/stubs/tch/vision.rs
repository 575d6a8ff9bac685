//! tch: the image models that come with it, as far as their variables go. Of some (EfficientNet, Inception,
//! ConvMixer, DINOv2) nothing is said.

pub mod vision {
    pub mod resnet {
        use tch::nn::{FuncT, ModuleT, Path};

        use crate::nn::{
            BatchNorm, BatchNormConfig, Conv2D, ConvConfig, Linear, LinearConfig, batch_norm2d,
            conv2d, linear, no_bias,
        };

        struct Downsample {
            conv: Conv2D,
            bn: BatchNorm,
        }

        /// Two convolutions, or three where the middle one is a bottleneck.
        struct Block {
            convs: Vec<(Conv2D, BatchNorm)>,
            downsample: Option<Downsample>,
        }

        struct ResNet {
            conv1: Conv2D,
            bn1: BatchNorm,
            layer1: Vec<Block>,
            layer2: Vec<Block>,
            layer3: Vec<Block>,
            layer4: Vec<Block>,
            fc: Option<Linear>,
        }

        fn conv_and_norm(
            p: &Path,
            index: i64,
            c_in: i64,
            c_out: i64,
            ksize: i64,
        ) -> (Conv2D, BatchNorm) {
            let conv = conv2d(p / format!("conv{index}"), c_in, c_out, ksize, no_bias());
            let bn = batch_norm2d(p / format!("bn{index}"), c_out, BatchNormConfig::default());
            (conv, bn)
        }

        fn downsample(p: Path, c_in: i64, c_out: i64, stride: i64) -> Option<Downsample> {
            if stride == 1 && c_in == c_out {
                return None;
            }
            let conv = conv2d(&p / "0", c_in, c_out, 1, no_bias());
            let bn = batch_norm2d(&p / "1", c_out, BatchNormConfig::default());
            Some(Downsample { conv, bn })
        }

        fn block(p: &Path, bottleneck: bool, c_in: i64, width: i64, stride: i64) -> Block {
            let (convs, c_out) = if bottleneck {
                let convs = vec![
                    conv_and_norm(p, 1, c_in, width, 1),
                    conv_and_norm(p, 2, width, width, 3),
                    conv_and_norm(p, 3, width, 4 * width, 1),
                ];
                (convs, 4 * width)
            } else {
                let convs = vec![
                    conv_and_norm(p, 1, c_in, width, 3),
                    conv_and_norm(p, 2, width, width, 3),
                ];
                (convs, width)
            };
            Block {
                convs,
                downsample: downsample(p / "downsample", c_in, c_out, stride),
            }
        }

        fn layer(
            p: &Path,
            bottleneck: bool,
            c_in: i64,
            width: i64,
            stride: i64,
            count: i64,
        ) -> Vec<Block> {
            let c_out = if bottleneck { 4 * width } else { width };
            let mut blocks = vec![block(&(p / "0"), bottleneck, c_in, width, stride)];
            for index in 1..count {
                blocks.push(block(&(p / index), bottleneck, c_out, width, 1));
            }
            blocks
        }

        fn resnet(
            p: &Path,
            num_classes: Option<i64>,
            bottleneck: bool,
            counts: [i64; 4],
        ) -> ResNet {
            let expansion = if bottleneck { 4 } else { 1 };
            let (conv1, bn1) = conv_and_norm(p, 1, 3, 64, 7);
            let layer1 = layer(&(p / "layer1"), bottleneck, 64, 64, 1, counts[0]);
            let layer2 = layer(
                &(p / "layer2"),
                bottleneck,
                64 * expansion,
                128,
                2,
                counts[1],
            );
            let layer3 = layer(
                &(p / "layer3"),
                bottleneck,
                128 * expansion,
                256,
                2,
                counts[2],
            );
            let layer4 = layer(
                &(p / "layer4"),
                bottleneck,
                256 * expansion,
                512,
                2,
                counts[3],
            );
            let fc = match num_classes {
                Some(count) => Some(linear(
                    p / "fc",
                    512 * expansion,
                    count,
                    LinearConfig::default(),
                )),
                None => None,
            };
            ResNet {
                conv1,
                bn1,
                layer1,
                layer2,
                layer3,
                layer4,
                fc,
            }
        }

        pub fn resnet18(p: &Path, num_classes: i64) -> FuncT<'static> {
            resnet(p, Some(num_classes), false, [2, 2, 2, 2])
        }

        pub fn resnet18_no_final_layer(p: &Path) -> FuncT<'static> {
            resnet(p, None, false, [2, 2, 2, 2])
        }

        pub fn resnet34(p: &Path, num_classes: i64) -> FuncT<'static> {
            resnet(p, Some(num_classes), false, [3, 4, 6, 3])
        }

        pub fn resnet34_no_final_layer(p: &Path) -> FuncT<'static> {
            resnet(p, None, false, [3, 4, 6, 3])
        }

        pub fn resnet50(p: &Path, num_classes: i64) -> impl ModuleT {
            resnet(p, Some(num_classes), true, [3, 4, 6, 3])
        }

        pub fn resnet50_no_final_layer(p: &Path) -> impl ModuleT {
            resnet(p, None, true, [3, 4, 6, 3])
        }

        pub fn resnet101(p: &Path, num_classes: i64) -> impl ModuleT {
            resnet(p, Some(num_classes), true, [3, 4, 23, 3])
        }

        pub fn resnet101_no_final_layer(p: &Path) -> impl ModuleT {
            resnet(p, None, true, [3, 4, 23, 3])
        }

        pub fn resnet152(p: &Path, num_classes: i64) -> impl ModuleT {
            resnet(p, Some(num_classes), true, [3, 8, 36, 3])
        }

        /// So called in the crate, though it is the 152.
        pub fn resnet150_no_final_layer(p: &Path) -> impl ModuleT {
            resnet(p, None, true, [3, 8, 36, 3])
        }
    }

    pub mod alexnet {
        use tch::nn::{ModuleT, Path};

        use crate::nn::{Conv2D, ConvConfig, Linear, LinearConfig, conv2d, linear};

        struct AlexNet {
            features: Vec<Conv2D>,
            classifier: Vec<Linear>,
        }

        pub fn alexnet(p: &Path, nclasses: i64) -> impl ModuleT {
            let f = p / "features";
            let features = vec![
                conv2d(&f / "0", 3, 64, 11, ConvConfig::default()),
                conv2d(&f / "3", 64, 192, 5, ConvConfig::default()),
                conv2d(&f / "6", 192, 384, 3, ConvConfig::default()),
                conv2d(&f / "8", 384, 256, 3, ConvConfig::default()),
                conv2d(&f / "10", 256, 256, 3, ConvConfig::default()),
            ];
            let c = p / "classifier";
            let classifier = vec![
                linear(&c / "1", 256 * 6 * 6, 4096, LinearConfig::default()),
                linear(&c / "4", 4096, 4096, LinearConfig::default()),
                linear(&c / "6", 4096, nclasses, LinearConfig::default()),
            ];
            AlexNet {
                features,
                classifier,
            }
        }
    }

    pub mod vgg {
        use tch::nn::{Path, SequentialT};

        use crate::nn::{
            BatchNorm, BatchNormConfig, Conv2D, ConvConfig, Linear, LinearConfig, batch_norm2d,
            conv2d, linear,
        };

        struct Vgg {
            features: Vec<(Conv2D, Option<BatchNorm>)>,
            classifier: Vec<Linear>,
        }

        /// `counts` convolutions in each of five stages; an activation follows each, a pooling each stage, and all count.
        fn vgg(p: &Path, counts: [i64; 5], nclasses: i64, batch_norm: bool) -> Vgg {
            let f = p / "features";
            let widths = [64, 128, 256, 512, 512];
            let mut features = vec![];
            let mut position = 0;
            let mut c_in = 3;
            for stage in 0..5 {
                let c_out = widths[stage];
                for _ in 0..counts[stage] {
                    let conv = conv2d(&f / position, c_in, c_out, 3, ConvConfig::default());
                    if batch_norm {
                        let bn =
                            batch_norm2d(&f / (position + 1), c_out, BatchNormConfig::default());
                        features.push((conv, Some(bn)));
                        position += 3;
                    } else {
                        features.push((conv, None));
                        position += 2;
                    }
                    c_in = c_out;
                }
                position += 1;
            }
            let c = p / "classifier";
            let classifier = vec![
                linear(&c / "0", 512 * 7 * 7, 4096, LinearConfig::default()),
                linear(&c / "3", 4096, 4096, LinearConfig::default()),
                linear(&c / "6", 4096, nclasses, LinearConfig::default()),
            ];
            Vgg {
                features,
                classifier,
            }
        }

        pub fn vgg11(p: &Path, nclasses: i64) -> SequentialT {
            vgg(p, [1, 1, 2, 2, 2], nclasses, false)
        }

        pub fn vgg11_bn(p: &Path, nclasses: i64) -> SequentialT {
            vgg(p, [1, 1, 2, 2, 2], nclasses, true)
        }

        pub fn vgg13(p: &Path, nclasses: i64) -> SequentialT {
            vgg(p, [2, 2, 2, 2, 2], nclasses, false)
        }

        pub fn vgg13_bn(p: &Path, nclasses: i64) -> SequentialT {
            vgg(p, [2, 2, 2, 2, 2], nclasses, true)
        }

        pub fn vgg16(p: &Path, nclasses: i64) -> SequentialT {
            vgg(p, [2, 2, 3, 3, 3], nclasses, false)
        }

        pub fn vgg16_bn(p: &Path, nclasses: i64) -> SequentialT {
            vgg(p, [2, 2, 3, 3, 3], nclasses, true)
        }

        pub fn vgg19(p: &Path, nclasses: i64) -> SequentialT {
            vgg(p, [2, 2, 4, 4, 4], nclasses, false)
        }

        pub fn vgg19_bn(p: &Path, nclasses: i64) -> SequentialT {
            vgg(p, [2, 2, 4, 4, 4], nclasses, true)
        }
    }

    pub mod densenet {
        pub use crate::dense_nets::{densenet121, densenet161, densenet169, densenet201};
    }

    pub mod squeezenet {
        pub use crate::squeeze_nets::{v1_0, v1_1};
    }

    pub mod mobilenet {
        pub use crate::mobile_nets::v2;
    }
}
