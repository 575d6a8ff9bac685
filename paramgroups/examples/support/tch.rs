//! What the three tch programs share: data, snapshots and the two phases of fine-tuning.

use std::collections::BTreeMap;
use std::error::Error;

use paramgroups::Partition;
use paramgroups::tch::GroupedOptimizer;
use tch::nn::{self, Module, VarStore};
use tch::{Kind, Tensor};

/// 64 points of 10 numbers, and which of two classes each is in.
pub fn data() -> (Tensor, Tensor) {
    let points: Vec<f32> = (0..640).map(|i| (i as f32 * 0.37).sin()).collect();
    let classes: Vec<i64> = points
        .chunks(10)
        .map(|x| i64::from(x[0] + x[3] > 0.0))
        .collect();
    (
        Tensor::from_slice(&points).view([64, 10]),
        Tensor::from_slice(&classes),
    )
}

/// Trains the last group with the others frozen, then all of them at rates of their own; fails where a
/// frozen weight moved, or a group moved at another rate than its own.
pub fn fine_tune(
    model: &impl Module,
    vs: &VarStore,
    partition: Partition,
) -> Result<(), Box<dyn Error>> {
    let (points, classes) = data();
    let loss = || model.forward(&points).cross_entropy_for_logits(&classes);
    let mut optimizer = GroupedOptimizer::build(vs, partition, nn::Sgd::default())?;

    optimizer.freeze()?;
    optimizer.set_learning_rates(0.1)?;
    println!("Training the head:\n{}", optimizer.partition());
    let before = snapshot(vs)?;
    let first = f64::try_from(loss())?;
    for _ in 0..20 {
        optimizer.backward_step(&loss())?;
    }
    let after = snapshot(vs)?;
    for (index, parameter) in optimizer.partition().parameters().iter().enumerate() {
        let path = parameter.path();
        let moved = before[path] != after[path];
        assert_eq!(
            moved,
            optimizer.partition().is_trained(index),
            "`{path}` moved: {moved}"
        );
    }

    optimizer.unfreeze();
    optimizer.set_learning_rates(1e-3..=1e-1)?;
    println!("Training everything:\n{}", optimizer.partition());
    for _ in 0..20 {
        let before = snapshot(vs)?;
        optimizer.backward_step(&loss())?;
        optimizer.check_gradients()?;
        let after = snapshot(vs)?;
        for (path, tensor) in vs.variables() {
            let rate = optimizer.partition().group_of(&path)?.learning_rate() as f32;
            let grad = Vec::<f32>::try_from(tensor.grad().flatten(0, -1).to_kind(Kind::Float))?;
            for ((b, a), g) in before[&path].iter().zip(&after[&path]).zip(grad) {
                let gap = (b - rate * g - a).abs();
                assert!(gap <= 1e-7, "`{path}` moved at another rate than {rate}");
            }
        }
    }
    let last = f64::try_from(loss())?;
    assert!(last < first, "the loss rose from {first} to {last}");
    println!("The loss fell from {first:.4} to {last:.4}.");
    Ok(())
}

fn snapshot(vs: &VarStore) -> Result<BTreeMap<String, Vec<f32>>, tch::TchError> {
    vs.variables()
        .into_iter()
        .map(|(path, tensor)| Ok((path, Vec::try_from(tensor.detach().flatten(0, -1))?)))
        .collect()
}
