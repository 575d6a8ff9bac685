//! burn's `Learner` trains with the groups, each frozen phase a launch of its own.

#![cfg(feature = "burn-learner")]

#[path = "../examples/support/burn_learner.rs"]
mod support;

use burn::tensor::Device;
use burn::train::{ExecutionStrategy, MultiDeviceOptim};

#[test]
fn on_one_device() -> Result<(), Box<dyn std::error::Error>> {
    let device = Device::flex().autodiff();
    support::fine_tune(&device, || ExecutionStrategy::single(device.clone()))
}

#[test]
fn with_burns_own_strategy_for_several_devices() -> Result<(), Box<dyn std::error::Error>> {
    // Every CPU device of the backend is the same one: what runs is the strategy, with two workers.
    let device = Device::flex().autodiff();
    for optim in [
        MultiDeviceOptim::OptimMainDevice,
        MultiDeviceOptim::OptimSharded,
    ] {
        let devices = || vec![device.clone(), device.clone()];
        support::fine_tune(&device, || ExecutionStrategy::multi(devices(), optim))?;
    }
    Ok(())
}
