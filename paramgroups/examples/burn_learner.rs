//! Fine-tuning with burn's `Learner`: a launch for the frozen phase, and one for the rest; on one device,
//! then with burn's own strategy for several.
//!
//! `cargo run -p paramgroups --features burn-learner --example burn_learner`

#[path = "support/burn_learner.rs"]
mod support;

use burn::tensor::Device;
use burn::train::{ExecutionStrategy, MultiDeviceOptim};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::flex().autodiff();
    support::fine_tune(&device, || ExecutionStrategy::single(device.clone()))?;

    // Two workers on the one device that this machine is sure to have; on another, list its devices.
    let devices = [device.clone(), device.clone()];
    support::fine_tune(&device, || {
        ExecutionStrategy::multi(devices.to_vec(), MultiDeviceOptim::OptimSharded)
    })
}
