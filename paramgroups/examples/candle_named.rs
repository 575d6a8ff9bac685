//! Named layers: each module of the top level is a group.
//!
//! `cargo run -p paramgroups --features candle --example candle_named`

#[path = "support/candle.rs"]
mod support;

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{Linear, Module, VarBuilder, VarMap, linear};
use paramgroups::candle::NamedVars;
use paramgroups::{ByModule, Splitter};

struct Classifier {
    body: Linear,
    head: Linear,
}

impl Classifier {
    fn new(vb: VarBuilder) -> Result<Self> {
        Ok(Self {
            body: linear(10, 20, vb.pp("body"))?,
            head: linear(20, 2, vb.pp("head"))?,
        })
    }
}

impl Module for Classifier {
    fn forward(&self, points: &Tensor) -> Result<Tensor> {
        self.head.forward(&self.body.forward(points)?.relu()?)
    }
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let vars = VarMap::new();
    let model = Classifier::new(VarBuilder::from_varmap(&vars, DType::F32, &Device::Cpu))?;
    let partition = ByModule::top_level().split(NamedVars::from(&vars).parameters())?;
    support::fine_tune(&model, &vars, partition)
}
