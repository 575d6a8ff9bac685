//! `Learner.freeze_to`, `freeze` and `unfreeze`, with norm layers kept trained.

use paramgroups::{DecayRule, Error, Groups, Parameter, Partition, Role, Selector, Splitter};
use serde_json::Value;

use crate::case::{Case, check_eq, is_true, list, shape, texts};
use crate::verdict::{Departure, Outcome, Verdict};

/// The parameters of a recorded model, each with the role that fastai sees in it.
pub fn parameters(case: Case<'_>, is_norm: impl Fn(&Value) -> bool) -> Vec<Parameter> {
    let modules = case.list("modules");
    case.list("params")
        .iter()
        .map(|param| {
            let path = param[0].as_str().unwrap_or("");
            let role = modules
                .iter()
                .filter_map(|module| role_in(path, module, is_norm(module)))
                .max_by_key(|role| *role == Role::Norm)
                .unwrap_or(Role::Weight);
            Parameter::new(path)
                .with_shape(shape(&param[1]))
                .with_role(role)
        })
        .collect()
}

pub fn is_fastai_norm(module: &Value) -> bool {
    is_true(&module["fastai_norm"])
}

fn role_in(path: &str, module: &Value, is_norm: bool) -> Option<Role> {
    let prefix = match module["path"].as_str().unwrap_or("") {
        "" => String::new(),
        module => format!("{module}."),
    };
    let below = path.strip_prefix(&prefix)?;
    if is_norm {
        Some(Role::Norm)
    } else if below == "bias" && is_true(&module["has_bias_attr"]) {
        Some(Role::Bias)
    } else {
        None
    }
}

/// Groups of exact paths.
pub fn groups_of(groups: &[Value]) -> Groups {
    groups
        .iter()
        .enumerate()
        .fold(Groups::new(), |split, (number, members)| {
            let paths: Vec<Selector> = texts(members).into_iter().map(Selector::path).collect();
            split.group(format!("group {number}"), paths)
        })
}

/// What is wrong with recorded groups, by rule.
pub fn departure_of_groups(groups: &[Value], error: &Error) -> Outcome {
    let is_empty = |members: &Value| list(members).is_empty();
    match error {
        Error::EmptySelector { .. } if groups.iter().any(is_empty) => {
            Ok(Verdict::Departed(Departure::EmptyGroup))
        }
        Error::NotAPartition(faults) if !faults.taken_twice.is_empty() => {
            Ok(Verdict::Departed(Departure::TakenTwice))
        }
        Error::NotAPartition(faults) if !faults.unmatched.is_empty() => {
            Ok(Verdict::Departed(Departure::Unmatched))
        }
        other => Err(format!("the groups are refused: {other}")),
    }
}

pub fn replay(case: Case<'_>) -> Outcome {
    let recorded = case.list("groups");
    let mut partition = match groups_of(recorded).split(parameters(case, is_fastai_norm)) {
        Ok(partition) => partition,
        Err(error) => return departure_of_groups(recorded, &error),
    };
    partition.keep_norms_trainable(case.flag("train_bn"));
    check_flags(case, &partition)?;

    let mut verdict = Verdict::Passed;
    for op in case.list("single") {
        let mut fresh = partition.clone();
        verdict = worse(verdict, apply(&mut fresh, Case(op))?);
    }
    for op in case.list("sequence") {
        verdict = worse(verdict, apply(&mut partition, Case(op))?);
    }
    Ok(verdict)
}

fn worse(before: Verdict, now: Verdict) -> Verdict {
    if before == Verdict::Passed {
        now
    } else {
        before
    }
}

fn apply(partition: &mut Partition, op: Case<'_>) -> Outcome {
    let name = op.text("op");
    let argument = name
        .strip_prefix("freeze_to(")
        .and_then(|rest| rest.strip_suffix(')'))
        .and_then(|number| number.parse().ok());
    let result = match (name, argument) {
        (_, Some(n)) => partition.freeze_to(n),
        ("unfreeze", _) => {
            partition.unfreeze();
            Ok(())
        }
        ("freeze" | "learner.freeze" | "opt.freeze", _) => partition.freeze(),
        _ => return Err(format!("unknown operation {name}")),
    };
    let stages = partition.stages() as isize;
    match result {
        Ok(()) => {}
        Err(Error::IndexOutOfRange { index, .. }) if index >= stages || index < -stages => {
            // fastai's state is what the next operation starts from.
            if index >= stages {
                partition.freeze_all();
            } else {
                partition.unfreeze();
            }
            check_trained(partition, op)?;
            return Ok(Verdict::Departed(Departure::FreezeOutOfRange));
        }
        Err(Error::NothingToFreeze) if stages == 1 => {
            partition.unfreeze();
            check_trained(partition, op)?;
            return Ok(Verdict::Departed(Departure::FreezeOfOneStage));
        }
        Err(error) => return Err(format!("{name}: {error}")),
    }
    check_trained(partition, op)?;
    Ok(Verdict::Passed)
}

fn check_trained(partition: &Partition, op: Case<'_>) -> Result<(), String> {
    for (index, parameter) in partition.parameters().iter().enumerate() {
        let path = parameter.path();
        let recorded = is_true(&op.get("requires_grad")[path]);
        check_eq(
            &format!("{}: `{path}` is trained", op.text("op")),
            partition.is_trained(index),
            recorded,
        )?;
    }
    Ok(())
}

fn check_flags(case: Case<'_>, partition: &Partition) -> Result<(), String> {
    if !case.has("flags") {
        return Ok(());
    }
    let mut partition = partition.clone();
    let set = partition
        .set_weight_decay(1.0)
        .and_then(|()| partition.exempt_from_decay(&DecayRule::NormAndBias));
    set.map_err(|error| error.to_string())?;
    for (index, parameter) in partition.parameters().iter().enumerate() {
        let path = parameter.path();
        let flags = &case.get("flags")[path];
        let decays = flags["do_wd"].as_bool().unwrap_or(true);
        let decay = partition.weight_decay_of(index);
        check_eq(&format!("`{path}` decays"), decay == 1.0, decays)?;
        let kept = partition.is_kept_trainable(index);
        check_eq(
            &format!("`{path}` is kept"),
            kept,
            is_true(&flags["force_train"]),
        )?;
    }
    Ok(())
}
