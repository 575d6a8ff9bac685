//! Named layers: each module of the top level is a group.
//!
//! `eval "$(scripts/libtorch.sh)"; cargo run -p paramgroups --features tch --example tch_named`

#[path = "support/tch.rs"]
mod support;

use paramgroups::tch::parameters;
use paramgroups::{ByModule, Splitter};
use tch::nn::{Linear, Module, Path};
use tch::{Device, Tensor, nn};

#[derive(Debug)]
struct Classifier {
    body: Linear,
    head: Linear,
}

impl Classifier {
    fn new(path: &Path) -> Self {
        Self {
            body: nn::linear(path / "body", 10, 20, Default::default()),
            head: nn::linear(path / "head", 20, 2, Default::default()),
        }
    }
}

impl Module for Classifier {
    fn forward(&self, points: &Tensor) -> Tensor {
        self.head.forward(&self.body.forward(points).relu())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vs = nn::VarStore::new(Device::Cpu);
    let model = Classifier::new(&vs.root());
    let partition = ByModule::top_level().split(parameters(&vs))?;
    support::fine_tune(&model, &vs, partition)
}
