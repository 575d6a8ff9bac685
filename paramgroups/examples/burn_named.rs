//! Named layers: each field of the model is a group.
//!
//! `cargo run -p paramgroups --features burn --example burn_named`

#[path = "support/burn.rs"]
mod support;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation::relu};
use paramgroups::burn::parameters;
use paramgroups::{ByModule, Splitter};

#[derive(Module, Debug)]
struct Named {
    body: Linear,
    head: Linear,
}

impl support::Classifier for Named {
    fn forward(&self, points: Tensor<2>) -> Tensor<2> {
        self.head.forward(relu(self.body.forward(points)))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::flex().autodiff();
    let model = Named {
        body: LinearConfig::new(10, 20).init(&device),
        head: LinearConfig::new(20, 2).init(&device),
    };
    let partition = ByModule::top_level().split(parameters(&model))?;
    support::fine_tune(model, partition, &device)
}
