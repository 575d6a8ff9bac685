//! Five steps of an optimizer over three groups.

use paramgroups::step::{FastaiAdam, FastaiSgd, Float, Hyper, Rule, State, TorchAdamW, TorchSgd};
use paramgroups::{DecayRule, LearningRates, Parameter, Partition, Selector, Splitter};
use serde_json::Value;

use crate::case::{Case, check_close, check_eq, is_true, list, not_applicable, number, shape};
use crate::freeze::groups_of;
use crate::verdict::{Departure, Inapplicable, Outcome, Verdict};

pub fn replay(case: Case<'_>) -> Outcome {
    match case.text("dtype") {
        "float32" => replay_in::<f32>(case),
        _ => replay_in::<f64>(case),
    }
}

/// The formula, with a group's recorded figures.
fn rule_of<F: Float>(case: Case<'_>, hyper: Case<'_>) -> Option<Box<dyn Rule<F>>> {
    let args = case.case("args");
    let decoupled = !args.has("decouple_wd") || args.flag("decouple_wd");
    let rule: Box<dyn Rule<F>> = match case.text("optimizer") {
        "torch.SGD" => Box::new(TorchSgd {
            dampening: args.get("dampening").as_f64().unwrap_or(0.0),
            nesterov: args.flag("nesterov"),
        }),
        "torch.AdamW" => Box::new(TorchAdamW {
            beta2: hyper.number("sqr_mom"),
            eps: hyper.number("eps"),
            amsgrad: args.flag("amsgrad"),
        }),
        "fastai.SGD" => Box::new(FastaiSgd { decoupled }),
        "fastai.Adam" => Box::new(FastaiAdam {
            sqr_mom: hyper.number("sqr_mom"),
            eps: hyper.number("eps"),
            decoupled,
        }),
        _ => return None,
    };
    Some(rule)
}

/// Weights and their state; `f64` on the outside.
struct Trained<F> {
    weights: Vec<Vec<F>>,
    states: Vec<State<F>>,
}

trait Readable: Float {
    fn read(self) -> f64;
    /// How far a single weight may be off, relative to the greatest magnitude around.
    const TOLERANCE: f64;
}

impl Readable for f32 {
    fn read(self) -> f64 {
        self.into()
    }
    const TOLERANCE: f64 = 1e-6;
}

impl Readable for f64 {
    fn read(self) -> f64 {
        self
    }
    const TOLERANCE: f64 = 1e-12;
}

fn replay_in<F: Readable>(case: Case<'_>) -> Outcome {
    let first = Case(&case.list("steps")[0]);
    if rule_of::<F>(case, Case(&first.list("hypers")[0])).is_none() {
        return not_applicable(Inapplicable::OtherOptimizer);
    }
    let mut partition = partition(case, first).map_err(|error| error.to_string())?;
    let init = case.get("init");
    let weights = partition.parameters().iter();
    let mut trained = Trained {
        weights: weights
            .map(|p| numbers::<F>(&init[p.path()]["data"]))
            .collect(),
        states: vec![State::default(); partition.parameters().len()],
    };
    let mut verdict = Verdict::Passed;
    for (number, step) in case.list("steps").iter().enumerate() {
        let step = Case(step);
        let outcome = apply(case, step, &mut partition, &mut trained)
            .map_err(|mismatch| format!("step {number}: {mismatch}"))?;
        if outcome != Verdict::Passed {
            verdict = outcome;
        }
    }
    Ok(verdict)
}

fn numbers<F: Float>(values: &Value) -> Vec<F> {
    list(values)
        .iter()
        .map(|value| F::of(number(value)))
        .collect()
}

/// The parameters in the order of their groups, with the flags that fastai set.
fn partition(case: Case<'_>, first: Case<'_>) -> paramgroups::Result<Partition> {
    let groups = case.list("groups");
    let paths = groups
        .iter()
        .flat_map(|members| crate::case::texts(members));
    let init = case.get("init");
    let parameters = paths.map(|path| Parameter::new(path).with_shape(shape(&init[path]["shape"])));
    let mut partition = groups_of(groups).split(parameters)?;
    let flags = case.get("flags").as_object();
    let mut exempt = Vec::new();
    for (path, flags) in flags.into_iter().flatten() {
        if flags["do_wd"] == false {
            exempt.push(path.clone());
        }
        if is_true(&flags["force_train"]) {
            partition.keep_trainable(Selector::path(path))?;
        }
    }
    if case.text("optimizer").starts_with("fastai.") {
        partition.exempt_from_decay(&DecayRule::Listed { except: exempt })?;
    }
    partition.set_learning_rates(recorded(first, "lr"))?;
    partition.set_weight_decay(recorded(first, "wd"))?;
    Ok(partition)
}

/// A figure of each group.
fn recorded(step: Case<'_>, figure: &str) -> Vec<f64> {
    let hypers = step.list("hypers").iter();
    hypers.map(|hyper| number(&hyper[figure])).collect()
}

fn apply<F: Readable>(
    case: Case<'_>,
    step: Case<'_>,
    partition: &mut Partition,
    trained: &mut Trained<F>,
) -> Outcome {
    for op in step.list("ops") {
        operate(op, partition, trained)?;
    }
    for (group, hyper) in partition.groups().iter().zip(step.list("hypers")) {
        check_close("rate", group.learning_rate(), number(&hyper["lr"]))?;
        check_close("weight decay", group.weight_decay(), number(&hyper["wd"]))?;
    }
    let mut verdict = Verdict::Passed;
    for index in 0..partition.parameters().len() {
        let path = partition.parameters()[index].path();
        let is_trained = partition.is_trained(index);
        let recorded_trained = is_true(&step.list("requires_grad")[index]);
        check_eq(
            &format!("`{path}` is trained"),
            is_trained,
            recorded_trained,
        )?;
        let has_gradient = is_true(&step.list("grad_tensor_present")[index]);
        let weights = &mut trained.weights[index];
        let gradient = match &step.get("grads")[path] {
            Value::Null => vec![F::ZERO; weights.len()],
            values => numbers(values),
        };
        let group = partition.group_indices()[index];
        let hyper = Case(&step.list("hypers")[group]);
        let rule = rule_of::<F>(case, hyper).ok_or("no formula")?;
        let hyper = Hyper {
            learning_rate: partition.groups()[group].learning_rate(),
            momentum: hyper.number("mom"),
            weight_decay: partition.weight_decay_of(index),
        };
        let move_by_rule = |weights: &mut Vec<F>, state: &mut State<F>| {
            let moved = rule.step(hyper, weights, &gradient, state);
            moved.map_err(|error| error.to_string())
        };
        if is_trained && has_gradient {
            move_by_rule(weights, &mut trained.states[index])?;
        }
        let after = list(&step.get("after")[path]);
        match check_weights(path, weights, after) {
            Ok(()) => {}
            Err(_) if !is_trained && has_gradient => {
                move_by_rule(weights, &mut trained.states[index])?;
                check_weights(path, weights, after)?;
                verdict = Verdict::Departed(Departure::FrozenButMoved);
            }
            Err(mismatch) => return Err(mismatch),
        }
    }
    Ok(verdict)
}

fn operate<F>(
    op: &Value,
    partition: &mut Partition,
    trained: &mut Trained<F>,
) -> Result<(), String> {
    let set = match (op[0].as_str(), op[1].as_str()) {
        (Some("set_hyper"), Some("lr")) => partition.set_learning_rates(rates(&op[2])),
        (Some("set_hyper"), Some("wd")) => {
            let decays: Vec<f64> = list(&op[2]).iter().map(number).collect();
            partition.set_weight_decay(decays)
        }
        (Some("freeze_to"), _) => {
            clear(trained);
            partition.freeze_to(op[1].as_i64().unwrap_or(0) as isize)
        }
        (Some("freeze"), _) => {
            clear(trained);
            partition.freeze()
        }
        (Some("unfreeze"), _) => {
            clear(trained);
            partition.unfreeze();
            Ok(())
        }
        _ => return Err(format!("unknown operation {op}")),
    };
    set.map_err(|error| error.to_string())
}

fn rates(value: &Value) -> LearningRates {
    if let Some(slice) = value.get("slice") {
        return match slice[0].as_f64() {
            Some(lo) => (lo..=number(&slice[1])).into(),
            None => (..=number(&slice[1])).into(),
        };
    }
    match value.as_array() {
        Some(rates) => rates.iter().map(number).collect::<Vec<_>>().into(),
        None => number(value).into(),
    }
}

/// A `Learner` clears the optimizer's state whenever it freezes or unfreezes.
fn clear<F>(trained: &mut Trained<F>) {
    for state in &mut trained.states {
        *state = State::default();
    }
}

fn check_weights<F: Readable>(path: &str, ours: &[F], recorded: &[Value]) -> Result<(), String> {
    check_eq(&format!("size of `{path}`"), ours.len(), recorded.len())?;
    for (ours, recorded) in ours.iter().zip(recorded) {
        let (ours, recorded) = (ours.read(), number(recorded));
        let scale = ours.abs().max(recorded.abs());
        let scale = if F::TOLERANCE > 1e-9 {
            scale.max(1.0)
        } else {
            scale
        };
        if (ours - recorded).abs() > F::TOLERANCE * scale {
            return Err(format!("`{path}` is {ours:e}, recorded {recorded:e}"));
        }
    }
    Ok(())
}
