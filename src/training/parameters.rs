//! What a site trains: each parameter with its path, its shape, and where the path is written.

use std::collections::HashSet;

use super::site::{Parameter, PathPlace};
use crate::eval::{Machine, Num, ParamEvent, ParamId, PathStep};
use crate::model::written_path;

/// The parameters of a site, in the order in which they came to be.
pub fn of_site(machine: &Machine<'_>, params: &HashSet<ParamId>) -> Vec<Parameter> {
    let mut ids: Vec<ParamId> = params.iter().copied().collect();
    ids.sort_unstable();
    ids.into_iter()
        .map(|id| {
            let event = &machine.log.params[id.0 as usize];
            Parameter {
                id,
                path: written_path(machine, &event.path),
                shape: known_shape(event),
                is_optional: !event.conditions.is_empty(),
                is_repeated: !event.loops.is_empty(),
                path_places: path_places(event),
            }
        })
        .collect()
}

fn known_shape(event: &ParamEvent) -> Option<Vec<usize>> {
    let known = |size: &Num| size.known().and_then(|size| usize::try_from(size).ok());
    event.shape.as_ref()?.iter().map(known).collect()
}

fn path_places(event: &ParamEvent) -> Vec<PathPlace> {
    let mut places = Vec::new();
    let mut next: Option<&PathStep> = event.step.as_deref();
    while let Some(step) = next {
        places.push(PathPlace {
            operand: step.operand,
            form: step.form,
            is_sure: step.is_sure,
            is_own: step.is_own,
        });
        next = step.before.as_deref();
    }
    places.reverse();
    places
}
