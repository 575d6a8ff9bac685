//! dfdx before 0.11 and after 0.13, which no fixture can be compiled against: one needs an old nightly, the other is in no registry.

mod scratch;

use scratch::Scratch;

fn places_of(code: &str) -> Vec<String> {
    let scratch = Scratch::with(&[("net.rs", code)]);
    let run = scratch.run(&[
        "-W",
        "structure",
        "--config",
        "min-layers=3",
        "--message-format",
        "short",
        "net.rs",
    ]);
    run.places()
}

/// After 0.13 an architecture is a value, and a derive applies the fields of a struct one after another.
const DERIVED: &str = "use dfdx::prelude::*;

#[derive(Default, Clone, Sequential)]
#[built(Net)]
struct NetConfig<const CLASSES: usize> {
    conv: Conv2DConstConfig<1, 6, 5>,
    pool: MaxPool2DConst<2, 2>,
    flatten: Flatten2D,
    hidden: LinearConstConfig<864, 84>,
    head: LinearConstConfig<84, CLASSES>,
}

fn main() {
    let dev = AutoDevice::default();
    let mut model = dev.build_module::<f32>(NetConfig::<10>::default());
    let mut optim = dfdx::nn::optim::Adam::new(&model, AdamConfig::default());
    let mut grads = model.alloc_grads();
    let batches: Vec<(Tensor<(usize, Const<1>, Const<28>, Const<28>), f32, AutoDevice>, Tensor<(usize, Const<10>), f32, AutoDevice>)> = batches();
    for (images, labels) in batches {
        let logits = model.forward_mut(images.traced(grads));
        let loss = cross_entropy_with_logits_loss(logits, labels);
        grads = loss.backward();
        optim.update(&mut model, &grads).unwrap();
        model.zero_grads(&mut grads);
    }
}
";

#[test]
fn fields_of_a_derived_sequence_are_one_chain() {
    assert_eq!(places_of(DERIVED), ["net.rs:5"]);
}

#[test]
fn a_derived_sequence_without_a_step_trains_nothing() {
    let untrained = DERIVED.replace("optim.update(&mut model, &grads).unwrap();", "");
    assert_ne!(untrained, DERIVED);
    assert_eq!(places_of(&untrained), [""; 0]);
}

/// Before 0.11 a model is its type's default, and the optimizer does not see it before the first update.
const DEFAULT: &str = "use dfdx::prelude::*;
use rand::prelude::*;

type Net = (
    (Linear<4, 32>, ReLU),
    (Linear<32, 32>, ReLU),
    Linear<32, 2>,
);

fn main() {
    let mut rng = StdRng::seed_from_u64(0);
    let mut net: Net = Default::default();
    net.reset_params(&mut rng);
    let mut optim: Sgd<Net> = Sgd::new(SgdConfig::default());
    for _ in 0..100 {
        let x: Tensor1D<4> = TensorCreator::randn(&mut rng);
        let y: Tensor1D<2> = TensorCreator::randn(&mut rng);
        let loss = mse_loss(net.forward(x.trace()), y);
        optim.update(&mut net, loss.backward()).unwrap();
    }
}
";

#[test]
fn a_default_tuple_of_layers_is_a_model() {
    assert_eq!(places_of(DEFAULT), ["net.rs:4"]);
}

#[test]
fn a_default_tuple_that_no_update_gets_is_not_trained() {
    let untrained = DEFAULT.replace("optim.update(&mut net, loss.backward()).unwrap();", "");
    assert_ne!(untrained, DEFAULT);
    assert_eq!(places_of(&untrained), [""; 0]);
}
