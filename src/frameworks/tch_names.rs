//! Which name a variable of a tch store gets: a second one of the same name is called `weight__5`, after the number of variables there are.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::eval::{Builder, Condition, Machine, Num, ParamId, TensorValue, Text, Value};
use crate::source::Span;

/// Makes a variable, under another name if its own is taken.
pub fn new_variable(
    machine: &mut Machine<'_>,
    builder: &Builder,
    name: &Value,
    shape: Option<Vec<Num>>,
    trainable: bool,
    span: Span,
) -> Value {
    let name = machine.deref(name);
    let made: Vec<Value> = name
        .alternatives()
        .iter()
        .map(|name| {
            let path = machine.param_path(builder, name, span);
            let path = told_apart(machine, builder, path, span);
            machine.push_param(Some(builder), path, shape.clone(), trainable, span)
        })
        .collect();
    Value::one_of(made)
}

/// The variable that the builder's prefix names, made if it isn't there.
pub fn entry(
    machine: &mut Machine<'_>,
    builder: &Builder,
    shape: Option<Vec<Num>>,
    trainable: bool,
    span: Span,
) -> Value {
    let name = Value::Text(Text::default());
    let path = machine.param_path(builder, &name, span);
    match certain(machine, builder, &path) {
        Some(known) => known,
        None => machine.make_param(builder, &name, shape, trainable, span),
    }
}

/// `get`: what the store holds under the name. What a store that came from elsewhere holds beside is not known.
pub fn found(machine: &mut Machine<'_>, builder: &Builder, name: &Value) -> Value {
    let text = machine.display(name);
    let path = builder.prefix.joined(".", &text);
    if let Some(known) = certain(machine, builder, &path) {
        return Value::some(known);
    }
    let made_here = machine.log.stores[builder.store.0 as usize].span.is_some();
    let possible = path.first_hole().is_some() || !twins(machine, builder, &path).is_empty();
    match made_here && !possible {
        true => Value::Opt(None),
        false => Value::one_of([Value::some(Value::tensor()), Value::Opt(None)]),
    }
}

/// The variable of this name, if there surely is one.
fn certain(machine: &Machine<'_>, builder: &Builder, path: &Text) -> Option<Value> {
    let here = machine.active_conditions();
    let found = twins(machine, builder, path).into_iter().find(|param| {
        let event = &machine.log.params[param.0 as usize];
        let conditions = &event.conditions;
        conditions.iter().all(|condition| here.contains(condition))
    })?;
    let shape = machine.log.params[found.0 as usize].shape.clone();
    Some(Value::Tensor(Rc::new(TensorValue {
        param: Some(found),
        shape,
        flow: None,
    })))
}

/// The path that a new variable gets where it wanted this one.
fn told_apart(machine: &mut Machine<'_>, builder: &Builder, path: Text, span: Span) -> Text {
    let born_under = machine.log.stores[builder.store.0 as usize].born_under;
    let rounds = machine.loops.get(born_under..).unwrap_or_default().to_vec();
    let repeats = rounds
        .iter()
        .any(|index| !path.indices().any(|known| known == *index));
    if twins(machine, builder, &path).is_empty() && !repeats {
        return path;
    }
    match number_of_variables(machine, builder) {
        Some(number) if rounds.is_empty() => {
            path.joined("", &Text::literal(&format!("__{number}")))
        }
        _ => {
            machine.opaque(
                span,
                "a second variable of one name is called after the number of variables, which is not known"
                    .into(),
            );
            path
        }
    }
}

/// The variables of the builder's store that have the path and were not made in an arm that excludes this one.
fn twins(machine: &Machine<'_>, builder: &Builder, path: &Text) -> Vec<ParamId> {
    let here = machine.active_conditions();
    let called_so = machine.log.params_called(builder.store, path).into_iter();
    called_so
        .filter(|place| {
            let event = &machine.log.params[*place];
            !exclude_each_other(machine, &event.conditions, &here)
        })
        .map(|place| ParamId(place as u32))
        .collect()
}

/// True if the conditions name different arms of one branch.
fn exclude_each_other(machine: &Machine<'_>, a: &[Condition], b: &[Condition]) -> bool {
    let meets = |one: &Condition, other: &Condition| {
        let staying = &machine.log.branches[one.branch as usize].staying;
        one.arm == other.arm
            || one.arm == Condition::STAYED && staying.contains(&other.arm)
            || other.arm == Condition::STAYED && staying.contains(&one.arm)
    };
    a.iter().any(|one| {
        b.iter()
            .any(|other| one.branch == other.branch && !meets(one, other))
    })
}

/// How many variables the store holds by now, if that is the same in every run.
fn number_of_variables(machine: &Machine<'_>, builder: &Builder) -> Option<usize> {
    let born_under = machine.log.stores[builder.store.0 as usize].born_under;
    let here = machine.active_conditions();
    let mut names = BTreeSet::new();
    for event in &machine.log.params {
        if event.store != Some(builder.store) {
            continue;
        }
        let is_certain = event
            .conditions
            .iter()
            .all(|condition| here.contains(condition));
        if !exclude_each_other(machine, &event.conditions, &here) {
            let counted = is_certain && event.loops.len() <= born_under;
            names.insert(event.path.known().filter(|_| counted)?);
        }
    }
    Some(names.len())
}
