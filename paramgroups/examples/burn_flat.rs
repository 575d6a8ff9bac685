//! A flat `Vec` of layers: two linear layers that nothing divides until a splitter does.
//!
//! `cargo run -p paramgroups --features burn --example burn_flat`

#[path = "support/burn.rs"]
mod support;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation::relu};
use paramgroups::burn::parameters;
use paramgroups::{Error, Groups, Splitter};

#[derive(Module, Debug)]
struct Flat {
    layers: Vec<Linear>,
}

impl support::Classifier for Flat {
    fn forward(&self, points: Tensor<2>) -> Tensor<2> {
        let hidden = relu(self.layers[0].forward(points));
        self.layers[1].forward(hidden)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::flex().autodiff();
    let model = Flat {
        layers: vec![
            LinearConfig::new(10, 20).init(&device),
            LinearConfig::new(20, 2).init(&device),
        ],
    };
    let parameters = parameters(&model);

    // Without a splitter, everything is one group, and there is no body to freeze.
    let mut collapsed = Groups::new().rest("all").split(&parameters)?;
    let error = collapsed
        .freeze()
        .expect_err("one group has nothing to freeze");
    assert!(matches!(error, Error::NothingToFreeze));
    println!("One group: {error}\n");

    let groups = Groups::new()
        .group("body", "layers.0")
        .group("head", "layers.1");
    support::fine_tune(model, groups.split(&parameters)?, &device)
}
