//! The cost of grouping on 12.6 million parameters, as ratios of times measured in turns.
//!
//! `cargo bench -p paramgroups --features candle --bench candle_step`
//!
//! `CHECK=1` makes a ratio above its bound an error.

use std::time::{Duration, Instant};

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Result, Tensor, Var};
use candle_nn::{Optimizer, ParamsAdamW};
use paramgroups::candle::{AdamW, GroupedOptimizer, NamedVars, Sgd, UpdateRule};
use paramgroups::{Groups, Partition, Splitter};

const LAYERS: usize = 24;
const WIDTH: usize = 724;
const ROUNDS: usize = 31;

type AnyError = Box<dyn std::error::Error>;
type Step = Box<dyn FnMut() -> std::result::Result<(), AnyError>>;

fn main() -> std::result::Result<(), AnyError> {
    let momentum = Sgd {
        momentum: 0.9,
        ..Sgd::default()
    };
    let within = [
        compare(
            "our AdamW, 24 groups / one group",
            1.02,
            grouped(LAYERS, AdamW::default())?,
            grouped(1, AdamW::default())?,
        )?,
        compare(
            "our SGD with momentum, 24 groups / one group",
            1.02,
            grouped(LAYERS, momentum)?,
            grouped(1, momentum)?,
        )?,
        compare(
            "our AdamW in 24 groups / candle's AdamW",
            1.00,
            grouped(LAYERS, AdamW::default())?,
            plain::<candle_nn::AdamW>(ParamsAdamW::default())?,
        )?,
        compare(
            "our SGD in 24 groups / candle's SGD",
            1.02,
            grouped(LAYERS, Sgd::default())?,
            plain::<candle_nn::SGD>(1e-3)?,
        )?,
        compare(
            "candle's AdamW wrapped in 24 groups / candle's AdamW",
            1.02,
            wrapped::<candle_nn::AdamW>(ParamsAdamW::default())?,
            plain::<candle_nn::AdamW>(ParamsAdamW::default())?,
        )?,
    ];
    let all = within.into_iter().all(|is_within| is_within);
    match !all && std::env::var_os("CHECK").is_some() {
        true => Err("a ratio is above its bound".into()),
        false => Ok(()),
    }
}

/// 24 layers of 724 by 724 weights with biases, and a gradient for each.
fn model() -> Result<(NamedVars, GradStore)> {
    let mut grads = Tensor::zeros((), DType::F32, &Device::Cpu)?.backward()?;
    let mut vars = Vec::new();
    for layer in 0..LAYERS {
        let weight = Var::randn(0f32, 1.0, (WIDTH, WIDTH), &Device::Cpu)?;
        let bias = Var::randn(0f32, 1.0, WIDTH, &Device::Cpu)?;
        for (name, var) in [("weight", weight), ("bias", bias)] {
            grads.insert(&var, var.randn_like(0.0, 0.01)?);
            vars.push((format!("layer.{layer}.{name}"), var));
        }
    }
    Ok((vars.into_iter().collect(), grads))
}

fn partition(vars: &NamedVars, groups: usize) -> paramgroups::Result<Partition> {
    let groups = match groups {
        1 => Groups::new().rest("all"),
        _ => (0..groups).fold(Groups::new(), |groups, layer| {
            let path = format!("layer.{layer}");
            groups.group(path.clone(), path)
        }),
    };
    groups.split(vars.parameters())
}

fn grouped(groups: usize, rule: impl UpdateRule + 'static) -> std::result::Result<Step, AnyError> {
    let (vars, grads) = model()?;
    let partition = partition(&vars, groups)?;
    let mut optimizer = GroupedOptimizer::new(vars, partition, rule)?;
    Ok(Box::new(move || Ok(optimizer.step(&grads)?)))
}

fn wrapped<O>(config: O::Config) -> std::result::Result<Step, AnyError>
where
    O: Optimizer + Send + 'static,
    O::Config: Clone,
{
    let (vars, grads) = model()?;
    let partition = partition(&vars, LAYERS)?;
    let mut optimizer = GroupedOptimizer::wrapping::<O>(vars, partition, config)?;
    Ok(Box::new(move || Ok(optimizer.step(&grads)?)))
}

fn plain<O: Optimizer + 'static>(config: O::Config) -> std::result::Result<Step, AnyError> {
    let (vars, grads) = model()?;
    let vars = vars.iter().map(|(_, var)| var.clone()).collect();
    let mut optimizer = O::new(vars, config)?;
    Ok(Box::new(move || Ok(optimizer.step(&grads)?)))
}

/// Prints the ratio and the median times, and says whether it is within the bound.
fn compare(
    name: &str,
    bound: f64,
    mut ours: Step,
    mut theirs: Step,
) -> std::result::Result<bool, AnyError> {
    let (ratio, ours, theirs) = in_turns(&mut ours, &mut theirs)?;
    println!("{name}: {ratio:.3}, bound {bound:.2} ({ours:.1?} / {theirs:.1?})");
    Ok(ratio <= bound)
}

/// The median times of two steps that take turns, and the median ratio of two turns in a row: what
/// else the machine does then weighs on both.
fn in_turns(
    one: &mut Step,
    other: &mut Step,
) -> std::result::Result<(f64, Duration, Duration), AnyError> {
    let time = |step: &mut Step| -> std::result::Result<Duration, AnyError> {
        let start = Instant::now();
        step()?;
        Ok(start.elapsed())
    };
    for step in [&mut *one, &mut *other] {
        time(step)?;
        time(step)?;
    }
    let mut turns: Vec<(Duration, Duration)> = Vec::new();
    for round in 0..ROUNDS {
        turns.push(match round % 2 {
            0 => (time(one)?, time(other)?),
            _ => {
                let after = time(other)?;
                (time(one)?, after)
            }
        });
    }
    let ratio = |&(one, other): &(Duration, Duration)| one.as_secs_f64() / other.as_secs_f64();
    turns.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let median_ratio = ratio(&turns[ROUNDS / 2]);
    turns.sort_by_key(|turn| turn.0);
    let one = turns[ROUNDS / 2].0;
    turns.sort_by_key(|turn| turn.1);
    Ok((median_ratio, one, turns[ROUNDS / 2].1))
}
