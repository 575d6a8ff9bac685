//! What a site trains: each parameter with its path, its shape, and where the path is written.

use std::collections::{HashMap, HashSet};

use super::site::{Parameter, PathPlace};
use crate::eval::{Condition, Machine, Num, OptimizerEvent, ParamEvent, ParamId, PathStep, Value};
use crate::model::{module_paths, path_of};
use crate::source::Span;

/// The parameters of a site, in the order in which they came to be.
pub fn of_site(
    machine: &mut Machine<'_>,
    params: &HashSet<ParamId>,
    models: &[Value],
    optimizer: &OptimizerEvent,
) -> Vec<Parameter> {
    let in_model = match models {
        [model] => paths_in(machine, model, optimizer.span),
        _ => HashMap::new(),
    };
    let mut ids: Vec<ParamId> = params.iter().copied().collect();
    ids.sort_unstable();
    ids.into_iter()
        .map(|id| (id, &machine.log.params[id.0 as usize]))
        .filter(|(_, event)| event.trainable)
        .map(|(id, event)| Parameter {
            id,
            path: match event.store {
                Some(_) => path_of(machine, &event.path),
                None => in_model.get(&id).cloned().flatten(),
            },
            shape: known_shape(event),
            is_optional: !is_with(optimizer, &event.conditions),
            is_repeated: !event.loops.is_empty(),
            path_places: path_places(optimizer, event),
        })
        .collect()
}

/// In a module framework a path is the way through the fields. A parameter that is found in two places has no one path.
fn paths_in(
    machine: &mut Machine<'_>,
    model: &Value,
    span: Span,
) -> HashMap<ParamId, Option<String>> {
    let found = module_paths(machine, model, span);
    let mut paths = HashMap::new();
    for occurrence in found.parameters {
        let Some(param) = occurrence.param else {
            continue;
        };
        let path = path_of(machine, &occurrence.path);
        paths
            .entry(param)
            .and_modify(|known| *known = None)
            .or_insert(path);
    }
    paths
}

fn known_shape(event: &ParamEvent) -> Option<Vec<usize>> {
    let known = |size: &Num| size.known().and_then(|size| usize::try_from(size).ok());
    event.shape.as_ref()?.iter().map(known).collect()
}

/// True for what runs whenever the optimizer is built.
fn is_with(optimizer: &OptimizerEvent, conditions: &[Condition]) -> bool {
    let mut conditions = conditions.iter();
    conditions.all(|condition| optimizer.conditions.contains(condition))
}

fn path_places(optimizer: &OptimizerEvent, event: &ParamEvent) -> Vec<PathPlace> {
    let mut places = Vec::new();
    let mut next: Option<&PathStep> = event.step.as_deref();
    while let Some(step) = next {
        places.push(PathPlace {
            operand: step.operand,
            form: step.form,
            is_sure: step.is_written && is_with(optimizer, &step.conditions),
            is_own: step.is_own,
        });
        next = step.before.as_deref();
    }
    places.reverse();
    places
}
