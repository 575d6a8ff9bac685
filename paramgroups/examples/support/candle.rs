//! What the three candle programs share: data, snapshots and the two phases of fine-tuning.

use std::collections::BTreeMap;
use std::error::Error;

use candle_core::{Device, Result, Tensor};
use candle_nn::{Module, VarMap, loss};
use paramgroups::Partition;
use paramgroups::candle::{GroupedOptimizer, NamedVars, Sgd};

/// 64 points of 10 numbers, and which of two classes each is in.
pub fn data() -> Result<(Tensor, Tensor)> {
    let points: Vec<f32> = (0..640).map(|i| (i as f32 * 0.37).sin()).collect();
    let classes = points.chunks(10).map(|x| u32::from(x[0] + x[3] > 0.0));
    let classes = Tensor::from_iter(classes, &Device::Cpu)?;
    Ok((Tensor::from_vec(points, (64, 10), &Device::Cpu)?, classes))
}

/// Trains the last group with the others frozen, then all of them at rates of their own; fails where a
/// frozen weight moved, or a group moved at another rate than its own.
pub fn fine_tune(
    model: &impl Module,
    vars: &VarMap,
    partition: Partition,
) -> std::result::Result<(), Box<dyn Error>> {
    let (points, classes) = data()?;
    let loss = || loss::cross_entropy(&model.forward(&points)?, &classes);
    let mut optimizer = GroupedOptimizer::new(vars, partition, Sgd::default())?;

    optimizer.freeze()?;
    optimizer.set_learning_rates(0.1)?;
    println!("Training the head:\n{}", optimizer.partition());
    let before = snapshot(vars)?;
    let first = loss()?.to_scalar::<f32>()?;
    for _ in 0..20 {
        optimizer.backward_step(&loss()?)?;
    }
    let after = snapshot(vars)?;
    for (index, parameter) in optimizer.partition().parameters().iter().enumerate() {
        let moved = before[parameter.path()] != after[parameter.path()];
        assert_eq!(
            moved,
            optimizer.partition().is_trained(index),
            "`{}` moved: {moved}",
            parameter.path()
        );
    }

    optimizer.unfreeze();
    optimizer.set_learning_rates(1e-3..=1e-1)?;
    println!("Training everything:\n{}", optimizer.partition());
    for _ in 0..20 {
        let before = snapshot(vars)?;
        let grads = loss()?.backward()?;
        optimizer.check_gradients(&grads)?;
        optimizer.step(&grads)?;
        let after = snapshot(vars)?;
        for (path, var) in NamedVars::from(vars).iter() {
            let rate = optimizer.partition().group_of(path)?.learning_rate() as f32;
            let grad = grads.get(var).ok_or("no gradient")?.flatten_all()?;
            for ((b, a), g) in before[path]
                .iter()
                .zip(&after[path])
                .zip(grad.to_vec1::<f32>()?)
            {
                assert_eq!(
                    b - rate * g,
                    *a,
                    "`{path}` moved at another rate than {rate}"
                );
            }
        }
    }
    let last = loss()?.to_scalar::<f32>()?;
    assert!(last < first, "the loss rose from {first} to {last}");
    println!("The loss fell from {first:.4} to {last:.4}.");
    Ok(())
}

fn snapshot(vars: &VarMap) -> Result<BTreeMap<String, Vec<f32>>> {
    NamedVars::from(vars)
        .iter()
        .map(|(path, var)| Ok((path.to_owned(), var.flatten_all()?.to_vec1()?)))
        .collect()
}
