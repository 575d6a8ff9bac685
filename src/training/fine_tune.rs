//! Whether weights that are loaded make a fine-tuning: not where an interrupted training goes on.

use std::collections::HashSet;

use super::site::Load;
use crate::eval::{LoadEvent, Machine, ModuleValueId, OptimizerEvent, StoreId, Value};

/// Words that say that a training goes on.
const RESUMING: &[&str] = &["resume", "continue", "restart", "checkpoint", "restore"];

/// The loads that bring weights into what this optimizer trains, before it does.
pub fn loads(
    machine: &mut Machine<'_>,
    optimizer: &OptimizerEvent,
    stores: &[StoreId],
    models: &[Value],
) -> Vec<Load> {
    let mut ids = HashSet::new();
    for model in models {
        model.visit(&mut |part| ids.extend(identity(part)));
    }
    let first_step = machine
        .log
        .steps
        .iter()
        .filter(|step| step.optimizer == Some(optimizer.id))
        .map(|step| step.time)
        .min();
    let state_loaded = !machine.log.optimizer_states.is_empty();
    let mut found: Vec<Load> = Vec::new();
    for load in machine.log.loads.clone() {
        let into_store = load.stores.iter().any(|store| stores.contains(store));
        let into_model = load
            .model
            .as_ref()
            .and_then(identity)
            .is_some_and(|id| ids.contains(&id));
        // What comes after a step rolls back, or is for evaluation.
        let in_time = first_step.is_none_or(|step| load.time < step);
        if (into_store || into_model)
            && in_time
            && !state_loaded
            && !resumes(machine, &load)
            && !found.iter().any(|known| known.span == load.span)
        {
            let path = load.path.as_ref().and_then(|path| path.known());
            found.push(Load {
                span: load.span,
                path: path.map(str::to_owned),
            });
        }
    }
    found
}

/// By which a value is known, whatever was changed in it since.
pub fn identity(value: &Value) -> Option<ModuleValueId> {
    match value {
        Value::Struct(fields) => Some(fields.id),
        Value::Container(container) => Some(container.id),
        Value::List(list) => list.id,
        _ => None,
    }
}

fn resumes(machine: &Machine<'_>, load: &LoadEvent) -> bool {
    // Loaded only under a condition that is not known: a free `--load FILE`.
    let by_file = load.path.is_some();
    if by_file && (!load.conditions.is_empty() || load.in_loop) {
        return true;
    }
    let says_so = |text: &str| {
        RESUMING
            .iter()
            .any(|word| text.to_ascii_lowercase().contains(word))
    };
    if load.callers.iter().any(|name| says_so(name)) {
        return true;
    }
    match &load.path {
        Some(path) => {
            machine.log.saves.contains(path)
                || path.known().is_some_and(says_so)
                || path.first_hole().is_some_and(says_so)
        }
        None => false,
    }
}
