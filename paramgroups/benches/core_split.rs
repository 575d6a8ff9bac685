//! Splitting 1,000,000 paths by 24 anchored selectors, and planning steps: figures and ratios of
//! one run.
//!
//! Where the system tells it, time is time on the processor, so that a busy machine does not
//! count.

use std::hint::black_box;
use std::time::{Duration, Instant};

use paramgroups::{FineTune, Groups, Parameter, Plan, Selector, Splitter};

const SELECTORS: usize = 24;
const ROUNDS: usize = 5;

type SelectorOf = fn(usize) -> Selector;

fn main() {
    let kinds: [(&str, SelectorOf); 3] = [
        ("globs", |layer| {
            Selector::glob(format!("encoder.layer.{layer}"))
        }),
        ("globs with *", |layer| {
            Selector::glob(format!("enc*.layer.{layer}.*"))
        }),
        ("regexes", |layer| {
            Selector::regex(format!(r"^encoder\.layer\.{layer}"))
        }),
    ];
    println!("{SELECTORS} anchored selectors, best of {ROUNDS}:");
    for (name, selector) in kinds {
        let groups = (0..SELECTORS).fold(Groups::new(), |groups, layer| {
            groups.group(format!("layer {layer}"), selector(layer))
        });
        let [half, whole] = [500_000, 1_000_000].map(|paths| split(&groups, paths));
        println!(
            "  {name:<13} 1,000,000 paths in {:.3} s; {:.2} times the time of 500,000",
            whole.as_secs_f64(),
            whole.as_secs_f64() / half.as_secs_f64(),
        );
    }
    plan();
}

fn parameters(count: usize) -> Vec<Parameter> {
    (0..count)
        .map(|number| {
            let (layer, block) = (number % SELECTORS, number / SELECTORS);
            Parameter::new(format!(
                "encoder.layer.{layer}.block.{block}.attention.output.dense.weight"
            ))
        })
        .collect()
}

fn split(groups: &Groups, count: usize) -> Duration {
    let paths = parameters(count);
    best(|| {
        let paths = paths.clone();
        let clock = Clock::start();
        let partition = groups.split(paths);
        let took = clock.elapsed();
        match partition {
            Ok(partition) => assert_eq!(partition.groups().len(), SELECTORS),
            Err(error) => panic!("{error}"),
        }
        took
    })
}

fn plan() {
    let names: Vec<String> = (0..SELECTORS)
        .map(|layer| format!("{layer}.weight"))
        .collect();
    let partition = paramgroups::ByModule::top_level().split(&names);
    let plan = partition.and_then(|p| Plan::fine_tune(&p, 2e-3, FineTune::new(9, 10_000)));
    let plan = match plan {
        Ok(plan) => plan,
        Err(error) => panic!("{error}"),
    };
    let took = best(|| {
        let clock = Clock::start();
        for step in plan.steps() {
            black_box(step.learning_rates().sum::<f64>());
        }
        clock.elapsed()
    });
    println!(
        "planning a step of {SELECTORS} groups: {:.0} ns",
        took.as_secs_f64() * 1e9 / plan.len() as f64
    );
}

fn best(mut run: impl FnMut() -> Duration) -> Duration {
    (0..ROUNDS).map(|_| run()).min().unwrap_or_default()
}

struct Clock {
    wall: Instant,
    processor: Option<Duration>,
}

impl Clock {
    fn start() -> Self {
        Self {
            wall: Instant::now(),
            processor: processor_time(),
        }
    }

    fn elapsed(&self) -> Duration {
        match (self.processor, processor_time()) {
            (Some(start), Some(end)) => end - start,
            _ => self.wall.elapsed(),
        }
    }
}

/// What this thread has spent on the processor, on Linux.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
