//! A flat `Sequential`: two linear layers that nothing divides until a splitter does.
//!
//! `cargo run -p paramgroups --features candle --example candle_flat`

#[path = "support/candle.rs"]
mod support;

use candle_core::{DType, Device};
use candle_nn::{Activation, VarBuilder, VarMap, linear, seq};
use paramgroups::candle::NamedVars;
use paramgroups::{Error, Groups, Splitter};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vars = VarMap::new();
    let vb = VarBuilder::from_varmap(&vars, DType::F32, &Device::Cpu);
    let model = seq()
        .add(linear(10, 20, vb.pp("0"))?)
        .add(Activation::Relu)
        .add(linear(20, 2, vb.pp("2"))?);
    let parameters = NamedVars::from(&vars).parameters();

    // Without a splitter, everything is one group, and there is no body to freeze.
    let mut collapsed = Groups::new().rest("all").split(&parameters)?;
    let error = collapsed
        .freeze()
        .expect_err("one group has nothing to freeze");
    assert!(matches!(error, Error::NothingToFreeze));
    println!("One group: {error}\n");

    let groups = Groups::new().group("body", "0").group("head", "2");
    support::fine_tune(&model, &vars, groups.split(&parameters)?)
}
