//! Splits of whole models, and what a fastai `Learner` takes for a splitter.

use paramgroups::{CutBefore, Error, Groups, Parameter, Partition, Role, Selector, Splitter};
use serde_json::Value;

use crate::case::{Case, check_eq, is_true, names_and_shapes, not_applicable, number};
use crate::freeze::departure_of_groups;
use crate::verdict::{Departure, Inapplicable, Outcome, Verdict};

/// A model that could not be built, or not be split.
pub fn unbuilt() -> Outcome {
    not_applicable(Inapplicable::NothingRecorded)
}

/// A model's parameters with the group of each, and what `freeze` leaves trained.
pub fn model(case: Case<'_>) -> Outcome {
    let norms = case.list("norm_param");
    let parameters: Vec<Parameter> = names_and_shapes(case.list("params"))
        .into_iter()
        .zip(norms)
        .map(|((name, shape), norm)| {
            let role = match is_true(norm) {
                true => Role::Norm,
                false => Role::Weight,
            };
            Parameter::new(name).with_shape(shape).with_role(role)
        })
        .collect();
    let recorded: Vec<Option<usize>> = case.list("group").iter().map(index).collect();
    let groups = (0..case.count("n_groups")).fold(Groups::new(), |groups, number| {
        let members = parameters.iter().zip(&recorded);
        let members = members.filter(|(_, group)| **group == Some(number));
        let paths: Vec<Selector> = members.map(|(p, _)| Selector::path(p.path())).collect();
        groups.group(format!("group {number}"), paths)
    });
    let mut partition = match groups.split(&parameters) {
        Ok(partition) => partition,
        Err(error) => return departure_of_groups(case.list("group"), &error),
    };
    let ours: Vec<Option<usize>> = partition.group_indices().iter().map(|&g| Some(g)).collect();
    check_eq("groups", &ours, &recorded)?;
    let sizes: Vec<Option<usize>> = partition.groups().iter().map(|g| Some(g.len())).collect();
    check_eq(
        "sizes",
        sizes,
        case.list("group_sizes").iter().map(index).collect(),
    )?;
    let elements: Vec<Option<usize>> = partition.groups().iter().map(|g| g.elements()).collect();
    check_eq(
        "elements",
        elements,
        case.list("group_numel").iter().map(index).collect(),
    )?;
    check_cuts(&parameters, &partition)?;

    partition.keep_norms_trainable(true);
    let mut verdict = Verdict::Passed;
    match partition.freeze() {
        Ok(()) => {}
        Err(Error::NothingToFreeze) if partition.stages() == 1 => {
            verdict = Verdict::Departed(Departure::FreezeOfOneStage);
        }
        Err(error) => return Err(error.to_string()),
    }
    let ours: Vec<bool> = (0..parameters.len())
        .map(|i| partition.is_trained(i))
        .collect();
    let trained = case.list("trainable_after_freeze").iter().map(is_true);
    check_eq("trained after freeze", ours, trained.collect())?;
    Ok(verdict)
}

fn index(value: &Value) -> Option<usize> {
    value.as_u64().map(|number| number as usize)
}

/// Where the groups are consecutive, cutting before their first members gives the same.
fn check_cuts(parameters: &[Parameter], partition: &Partition) -> Result<(), String> {
    let indices = partition.group_indices();
    if !indices.is_sorted() {
        return Ok(());
    }
    let firsts = partition
        .groups()
        .iter()
        .filter_map(|g| g.members().first());
    let cuts = CutBefore::new(firsts.skip(1).map(|&first| parameters[first].path()));
    let cut = cuts.split(parameters).map_err(|error| error.to_string())?;
    check_eq("cuts", cut.group_indices(), indices)
}

/// A splitter written in Python: what it gave is known by the sizes of its groups.
pub fn form(case: Case<'_>) -> Outcome {
    let is_dynamic = ["create_error", "fit_error", "freeze_error"]
        .iter()
        .any(|key| matches!(case.get(key)[0].as_str(), Some(kind) if kind != "ValueError"));
    if is_dynamic {
        return not_applicable(Inapplicable::DynamicTyping);
    }
    let paths = model_paths(case.text("model"));
    let refused = case.get("create_error")[0].as_str() == Some("ValueError");
    if refused {
        // torch's only such check of a splitter: one parameter in two groups.
        let twice = Groups::new()
            .group("a", "**")
            .group("b", "**")
            .split(&paths);
        return match twice {
            Err(Error::NotAPartition(_)) => Ok(Verdict::Passed),
            _ => Err("a parameter in two groups is taken".to_owned()),
        };
    }
    let sizes: Vec<usize> = case
        .list("group_sizes")
        .iter()
        .map(|size| number(size) as usize)
        .collect();
    let held: usize = sizes.iter().sum();
    if held > paths.len() {
        return Ok(Verdict::Departed(Departure::TakenTwice));
    }
    if case.texts("changed_by_fit") != paths[..held] {
        // The groups hold something else than parameters.
        return not_applicable(Inapplicable::DynamicTyping);
    }
    let mut rest = paths.as_slice();
    let mut groups = Groups::new();
    for (number, &size) in sizes.iter().enumerate() {
        let (members, others) = rest.split_at(size);
        let members: Vec<Selector> = members.iter().map(|p| Selector::path(*p)).collect();
        groups = groups.group(format!("group {number}"), members);
        rest = others;
    }
    let recorded: Vec<Value> = sizes
        .iter()
        .map(|&size| vec![Value::Null; size].into())
        .collect();
    let mut partition = match groups.split(&paths) {
        Ok(partition) => partition,
        Err(error) => return departure_of_groups(&recorded, &error),
    };
    let mut verdict = Verdict::Passed;
    match partition.freeze() {
        Ok(()) => {}
        Err(Error::NothingToFreeze) if partition.stages() == 1 => {
            verdict = Verdict::Departed(Departure::FreezeOfOneStage);
        }
        Err(error) => return Err(error.to_string()),
    }
    let trained: Vec<&str> = (0..paths.len())
        .filter(|&index| partition.is_trained(index))
        .map(|index| paths[index])
        .collect();
    check_eq("trained", trained, case.texts("trainable_after_freeze"))?;
    Ok(verdict)
}

/// The two models of these recordings: two linear layers, numbered or named.
fn model_paths(model: &str) -> Vec<&'static str> {
    match model {
        "named" => vec![
            "backbone.weight",
            "backbone.bias",
            "head.weight",
            "head.bias",
        ],
        _ => vec!["0.weight", "0.bias", "2.weight", "2.bias"],
    }
}
