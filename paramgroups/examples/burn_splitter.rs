//! A splitter of one's own: whatever feeds the two classes is the head.
//!
//! `cargo run -p paramgroups --features burn --example burn_splitter`

#[path = "support/burn.rs"]
mod support;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation::relu};
use paramgroups::burn::parameters;
use paramgroups::{Assignment, Error, GroupSpec, Parameter, Splitter};

#[derive(Module, Debug)]
struct Flat {
    layers: (Linear, Linear),
}

impl support::Classifier for Flat {
    fn forward(&self, points: Tensor<2>) -> Tensor<2> {
        self.layers.1.forward(relu(self.layers.0.forward(points)))
    }
}

/// Two groups: the parameters with as many outputs as there are classes, and all before them.
struct ByOutputs {
    classes: usize,
}

impl Splitter for ByOutputs {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment, Error> {
        // burn keeps a linear weight as inputs by outputs.
        let is_head = |parameter: &Parameter| {
            parameter
                .shape()
                .and_then(|shape| shape.last())
                .is_some_and(|&outputs| outputs == self.classes)
        };
        Ok(Assignment {
            groups: vec![GroupSpec::new("body", 0), GroupSpec::new("head", 1)],
            of: parameters
                .iter()
                .map(|parameter| usize::from(is_head(parameter)))
                .collect(),
        })
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::flex().autodiff();
    let model = Flat {
        layers: (
            LinearConfig::new(10, 20).init(&device),
            LinearConfig::new(20, 2).init(&device),
        ),
    };
    let partition = ByOutputs { classes: 2 }.split(parameters(&model))?;
    support::fine_tune(model, partition, &device)
}
