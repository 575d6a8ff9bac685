//! A splitter of one's own: whatever feeds the two classes is the head.
//!
//! `eval "$(scripts/libtorch.sh)"; cargo run -p paramgroups --features tch --example tch_splitter`

#[path = "support/tch.rs"]
mod support;

use paramgroups::tch::parameters;
use paramgroups::{Assignment, Error, GroupSpec, Parameter, Splitter};
use tch::{Device, Tensor, nn};

/// Two groups: the parameters with as many outputs as there are classes, and all before them.
struct ByOutputs {
    classes: usize,
}

impl Splitter for ByOutputs {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment, Error> {
        let is_head = |parameter: &Parameter| {
            parameter
                .shape()
                .and_then(|shape| shape.first())
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
    let vs = nn::VarStore::new(Device::Cpu);
    let root = vs.root();
    let model = nn::seq()
        .add(nn::linear(&root / "0", 10, 20, Default::default()))
        .add_fn(Tensor::relu)
        .add(nn::linear(&root / "2", 20, 2, Default::default()));
    let partition = ByOutputs { classes: 2 }.split(parameters(&vs))?;
    support::fine_tune(&model, &vs, partition)
}
