//! A model that burn's `Learner` fine-tunes by a plan of two phases.

use std::sync::Arc;

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig};
use burn::optim::AdamWConfig;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};
use burn::train::logger::InMemoryMetricLogger;
use burn::train::metric::LossMetric;
use burn::train::{
    ClassificationOutput, ExecutionStrategy, InferenceStep, Learner, SupervisedTraining,
    TrainOutput, TrainStep,
};
use paramgroups::burn::{ModuleGroups, parameters};
use paramgroups::{ByModule, FineTune, Plan, Splitter};

#[derive(Module, Debug)]
struct Classifier {
    body: Linear,
    head: Linear,
}

/// Ten numbers, and a class.
type Point = ([f32; 10], i32);

#[derive(Clone, Debug)]
struct Batch {
    points: Tensor<2>,
    classes: Tensor<1, Int>,
}

struct Stack;

impl Batcher<Point, Batch> for Stack {
    fn batch(&self, items: Vec<Point>, device: &Device) -> Batch {
        let count = items.len();
        let points = items
            .iter()
            .flat_map(|(point, _)| *point)
            .collect::<Vec<f32>>();
        let classes = items.iter().map(|&(_, class)| class).collect::<Vec<i32>>();
        Batch {
            points: Tensor::from_data(TensorData::new(points, [count, 10]), device),
            classes: Tensor::from_data(TensorData::new(classes, [count]), device),
        }
    }
}

impl Classifier {
    fn classify(&self, batch: Batch) -> ClassificationOutput {
        let scores = self.head.forward(relu(self.body.forward(batch.points)));
        let loss = CrossEntropyLossConfig::new()
            .init(&scores.device())
            .forward(scores.clone(), batch.classes.clone());
        ClassificationOutput::new(loss, scores, batch.classes)
    }
}

impl TrainStep for Classifier {
    type Input = Batch;
    type Output = ClassificationOutput;

    fn step(&self, batch: Batch) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(batch);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Classifier {
    type Input = Batch;
    type Output = ClassificationOutput;

    fn step(&self, batch: Batch) -> ClassificationOutput {
        self.classify(batch)
    }
}

const BATCH: usize = 16;
const BATCHES: usize = 4;

fn points() -> Arc<dyn DataLoader<Batch>> {
    let numbers: Vec<f32> = (0..BATCH * BATCHES * 10)
        .map(|i| (i as f32 * 0.37).sin())
        .collect();
    let points = numbers.chunks_exact(10).filter_map(|x| {
        let point = <[f32; 10]>::try_from(x).ok()?;
        Some((point, i32::from(x[0] + x[3] > 0.0)))
    });
    DataLoaderBuilder::new(Stack)
        .batch_size(BATCH)
        .build(InMemDataset::new(points.collect()))
}

fn weights(layer: &Linear) -> Vec<f32> {
    layer.weight.val().into_data().iter().collect()
}

/// Launches a training for each phase of the plan; fails where a frozen weight moved, or a trained one
/// did not.
pub fn fine_tune(
    device: &Device,
    strategy: impl Fn() -> ExecutionStrategy,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut model = Classifier {
        body: LinearConfig::new(10, 20).init(device),
        head: LinearConfig::new(20, 2).init(device),
    };
    let mut partition = ByModule::top_level().split(parameters(&model))?;
    let plan = Plan::fine_tune(&partition, 2e-2, FineTune::new(2, BATCHES))?;

    let mut first_step = 0;
    for phase in 0..plan.phases() {
        partition.follow(plan.step(first_step)?)?;
        first_step += plan.phase_len(phase);
        println!("Phase {phase}:\n{partition}");
        let frozen = partition.freeze_module(&model)?;
        let optimizer = partition.optimizer(&frozen, None, |_| AdamWConfig::new().build())?;
        let scheduler = partition.planned_rates(&frozen, &plan, phase)?;

        let folder =
            std::env::temp_dir().join(format!("paramgroups-learner-{}", std::process::id()));
        let result = SupervisedTraining::new(&folder, points(), points())
            .num_epochs(plan.phase_len(phase) / BATCHES)
            .with_training_strategy(strategy().into())
            .with_metric_logger(InMemoryMetricLogger::new())
            .with_application_logger(None)
            .metric_train_numeric(LossMetric::new())
            .launch(Learner::new(frozen, optimizer, scheduler));
        let _ = std::fs::remove_dir_all(folder);

        let trained = result.model.train();
        for (before, after, group) in [
            (&model.body, &trained.body, "body"),
            (&model.head, &trained.head, "head"),
        ] {
            let moved = weights(before) != weights(after);
            let frozen = partition.group(group)?.is_frozen();
            assert_eq!(moved, !frozen, "phase {phase}: `{group}` moved: {moved}");
        }
        model = trained;
    }
    Ok(())
}
