//! A flat `Sequential`: two linear layers that nothing divides until a splitter does.
//!
//! `eval "$(scripts/libtorch.sh)"; cargo run -p paramgroups --features tch --example tch_flat`

#[path = "support/tch.rs"]
mod support;

use paramgroups::tch::parameters;
use paramgroups::{Error, Groups, Splitter};
use tch::{Device, Tensor, nn};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vs = nn::VarStore::new(Device::Cpu);
    let root = vs.root();
    let model = nn::seq()
        .add(nn::linear(&root / "0", 10, 20, Default::default()))
        .add_fn(Tensor::relu)
        .add(nn::linear(&root / "2", 20, 2, Default::default()));
    let parameters = parameters(&vs);

    // Without a splitter, everything is one group, and there is no body to freeze.
    let mut collapsed = Groups::new().rest("all").split(&parameters)?;
    let error = collapsed
        .freeze()
        .expect_err("one group has nothing to freeze");
    assert!(matches!(error, Error::NothingToFreeze));
    println!("One group: {error}\n");

    let groups = Groups::new().group("body", "0").group("head", "2");
    support::fine_tune(&model, &vs, groups.split(&parameters)?)
}
