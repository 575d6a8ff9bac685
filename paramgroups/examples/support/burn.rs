//! What the three burn programs share: data, snapshots and the two phases of fine-tuning.

use std::collections::BTreeMap;
use std::error::Error;

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};
use paramgroups::Partition;
use paramgroups::burn::ModuleGroups;

/// A module from 10 numbers to the scores of 2 classes.
pub trait Classifier: Module {
    fn forward(&self, points: Tensor<2>) -> Tensor<2>;
}

/// 64 points of 10 numbers, and which of two classes each is in.
pub fn data(device: &Device) -> (Tensor<2>, Tensor<1, Int>) {
    let points: Vec<f32> = (0..640).map(|i| (i as f32 * 0.37).sin()).collect();
    let classes: Vec<i32> = points
        .chunks(10)
        .map(|x| i32::from(x[0] + x[3] > 0.0))
        .collect();
    (
        Tensor::from_data(TensorData::new(points, [64, 10]), device),
        Tensor::from_data(TensorData::new(classes, [64]), device),
    )
}

/// Trains the last group with the others frozen, then all of them at rates of their own; fails where a
/// frozen weight moved, or a group moved at another rate than its own.
pub fn fine_tune<M: Classifier>(
    model: M,
    mut partition: Partition,
    device: &Device,
) -> Result<(), Box<dyn Error>> {
    let (points, classes) = data(device);
    let loss = |model: &M| {
        let scores = model.forward(points.clone());
        CrossEntropyLossConfig::new()
            .init(device)
            .forward(scores, classes.clone())
    };
    let mut optimizer = partition.optimizer(&model, None, |_| SgdConfig::new().build())?;

    partition.freeze()?;
    partition.set_learning_rates(0.1)?;
    println!("Training the head:\n{partition}");
    let mut model = partition.freeze_module(&model)?;
    let mut rates = partition.lr_scheduler(&model)?;
    let before = snapshot(&model);
    let first: f32 = loss(&model).into_scalar();
    for _ in 0..20 {
        let grads = GradientsParams::from_grads(loss(&model).backward(), &model);
        model = optimizer.step(rates.step(), model, grads);
    }
    let after = snapshot(&model);
    for (index, parameter) in partition.parameters().iter().enumerate() {
        let path = parameter.path();
        let moved = before[path].values != after[path].values;
        assert_eq!(
            moved,
            partition.is_trained(index),
            "`{path}` moved: {moved}"
        );
    }

    partition.unfreeze();
    partition.set_learning_rates(1e-3..=1e-1)?;
    println!("Training everything:\n{partition}");
    let mut model = partition.freeze_module(&model)?;
    let mut rates = partition.lr_scheduler(&model)?;
    for _ in 0..20 {
        let before = snapshot(&model);
        let grads = GradientsParams::from_grads(loss(&model).backward(), &model);
        partition.check_gradients(&model, &grads)?;
        let gradients = snapshot_gradients(&model, &grads);
        model = optimizer.step(rates.step(), model, grads);
        let after = snapshot(&model);
        for (path, before) in &before {
            let rate = partition.group_of(path)?.learning_rate() as f32;
            let moved = before.values.iter().zip(&after[path].values);
            for ((b, a), g) in moved.zip(&gradients[path].values) {
                let gap = (b - rate * g - a).abs();
                assert!(gap <= 1e-7, "`{path}` moved at another rate than {rate}");
            }
        }
    }
    let last: f32 = loss(&model).into_scalar();
    assert!(last < first, "the loss rose from {first} to {last}");
    println!("The loss fell from {first:.4} to {last:.4}.");
    Ok(())
}

struct Flat {
    values: Vec<f32>,
}

#[derive(Default)]
struct Snapshot<'a> {
    path: Vec<String>,
    gradients: Option<&'a GradientsParams>,
    found: BTreeMap<String, Flat>,
}

fn snapshot<M: Module>(model: &M) -> BTreeMap<String, Flat> {
    let mut visitor = Snapshot::default();
    model.visit(&mut visitor);
    visitor.found
}

fn snapshot_gradients<M: Module>(model: &M, grads: &GradientsParams) -> BTreeMap<String, Flat> {
    let mut visitor = Snapshot {
        gradients: Some(grads),
        ..Snapshot::default()
    };
    model.visit(&mut visitor);
    visitor.found
}

impl ModuleVisitor for Snapshot<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = match self.gradients {
            None => Some(param.val()),
            Some(grads) => grads.get::<D>(param.id),
        };
        let values = tensor.map(|tensor| tensor.into_data().iter::<f32>().collect());
        let values = values.unwrap_or_default();
        self.found.insert(self.path.join("."), Flat { values });
    }
}
