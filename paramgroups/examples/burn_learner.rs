//! Fine-tuning with burn's `Learner`: a launch for the frozen phase, and one for the rest.
//!
//! `cargo run -p paramgroups --features burn-learner --example burn_learner`

#[path = "support/burn_learner.rs"]
mod support;

use burn::tensor::Device;
use burn::train::ExecutionStrategy;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::flex().autodiff();
    support::fine_tune(&device, || ExecutionStrategy::single(device.clone()))
}
