//! A splitter of one's own: whatever feeds the two classes is the head.
//!
//! `cargo run -p paramgroups --features candle --example candle_splitter`

#[path = "support/candle.rs"]
mod support;

use candle_core::{DType, Device};
use candle_nn::{Activation, VarBuilder, VarMap, linear, seq};
use paramgroups::candle::NamedVars;
use paramgroups::{Assignment, Error, GroupSpec, Parameter, Splitter};

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
    let vars = VarMap::new();
    let vb = VarBuilder::from_varmap(&vars, DType::F32, &Device::Cpu);
    let model = seq()
        .add(linear(10, 20, vb.pp("0"))?)
        .add(Activation::Relu)
        .add(linear(20, 2, vb.pp("2"))?);
    let partition = ByOutputs { classes: 2 }.split(NamedVars::from(&vars).parameters())?;
    support::fine_tune(&model, &vars, partition)
}
