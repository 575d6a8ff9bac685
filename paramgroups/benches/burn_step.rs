//! The cost of grouping burn's optimizers on 12.6 million parameters, as ratios of times measured in turns.
//!
//! `cargo bench -p paramgroups --features burn --bench burn_step`
//!
//! `CHECK=1` makes a ratio above its bound an error.

use std::time::{Duration, Instant};

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamWConfig, GradientsParams, Optimizer, SgdConfig};
use burn::tensor::{Device, Distribution, Tensor};
use paramgroups::burn::{ModuleGroups, parameters};
use paramgroups::{Groups, Splitter};

const LAYERS: usize = 24;
const WIDTH: usize = 724;
const ROUNDS: usize = 31;

type AnyError = Box<dyn std::error::Error>;
type Step = Box<dyn FnMut() -> Duration>;

#[derive(Module, Debug)]
struct Model {
    layers: Vec<Linear>,
}

fn main() -> Result<(), AnyError> {
    let within = [
        compare("AdamW", AdamWConfig::new().build())?,
        compare("SGD", SgdConfig::new().build())?,
    ];
    match within != [true, true] && std::env::var_os("CHECK").is_some() {
        true => Err("a ratio is above its bound".into()),
        false => Ok(()),
    }
}

/// Prints the ratio and the median times, and says whether it is within the bound.
fn compare<O: Optimizer>(name: &str, optimizer: O) -> Result<bool, AnyError> {
    let (ratio, grouped, plain) = in_turns(grouped(&optimizer)?, plain(optimizer));
    println!("{name}, 24 groups / plain: {ratio:.3}, bound 1.02 ({grouped:.1?} / {plain:.1?})");
    Ok(ratio <= 1.02)
}

fn model() -> (Model, Tensor<2>) {
    let device = Device::flex().autodiff();
    let linear = LinearConfig::new(WIDTH, WIDTH);
    let layers = (0..LAYERS).map(|_| linear.init(&device)).collect();
    let input = Tensor::random([2, WIDTH], Distribution::Default, &device);
    (Model { layers }, input)
}

fn grads(model: &Model, input: &Tensor<2>) -> GradientsParams {
    let output = model
        .layers
        .iter()
        .fold(input.clone(), |x, layer| layer.forward(x));
    GradientsParams::from_grads(output.mean().backward(), model)
}

fn grouped<O: Optimizer>(optimizer: &O) -> Result<Step, AnyError> {
    let (model, input) = model();
    let groups = (0..LAYERS).fold(Groups::new(), |groups, layer| {
        let path = format!("layers.{layer}");
        groups.group(path.clone(), path)
    });
    let mut partition = groups.split(parameters(&model))?;
    partition.set_learning_rates(1e-5..=1e-3)?;
    let mut rates = partition.lr_scheduler(&model)?;
    let mut grouped = partition.optimizer(&model, None, |_| optimizer.clone())?;
    let mut model = Some(model);
    Ok(Box::new(move || {
        let Some(before) = model.take() else {
            return Duration::ZERO;
        };
        let grads = grads(&before, &input);
        let start = Instant::now();
        model = Some(grouped.step(rates.step(), before, grads));
        start.elapsed()
    }))
}

fn plain<O: Optimizer>(optimizer: O) -> Step {
    let (model, input) = model();
    let mut plain = burn::optim::ModuleOptimizer::from(optimizer);
    let mut model = Some(model);
    Box::new(move || {
        let Some(before) = model.take() else {
            return Duration::ZERO;
        };
        let grads = grads(&before, &input);
        let start = Instant::now();
        model = Some(plain.step(1e-3, before, grads));
        start.elapsed()
    })
}

/// The median times of two steps that take turns, and the median ratio of two turns in a row: what
/// else the machine does then weighs on both.
fn in_turns(mut one: Step, mut other: Step) -> (f64, Duration, Duration) {
    for _ in 0..3 {
        one();
        other();
    }
    let mut turns: Vec<(Duration, Duration)> = (0..ROUNDS)
        .map(|round| match round % 2 {
            0 => (one(), other()),
            _ => {
                let after = other();
                (one(), after)
            }
        })
        .collect();
    let ratio = |&(one, other): &(Duration, Duration)| one.as_secs_f64() / other.as_secs_f64();
    turns.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let median_ratio = ratio(&turns[ROUNDS / 2]);
    turns.sort_by_key(|turn| turn.0);
    let one = turns[ROUNDS / 2].0;
    turns.sort_by_key(|turn| turn.1);
    (median_ratio, one, turns[ROUNDS / 2].1)
}
