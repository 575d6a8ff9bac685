//! Whether weights that are loaded make a fine-tuning: not where an interrupted training goes on.

use super::site::Load;
use crate::eval::{LoadEvent, Machine, OptimizerEvent, StoreId, Value};

/// Words that say that a training goes on.
const RESUMING: &[&str] = &["resume", "continue", "restart", "checkpoint", "restore"];

/// The loads that bring weights into what this optimizer trains, before it does.
pub fn loads(machine: &mut Machine<'_>, optimizer: &OptimizerEvent, stores: &[StoreId], models: &[Value]) -> Vec<Load> {
    let ids: Vec<_> = models
        .iter()
        .filter_map(|model| match model {
            Value::Struct(fields) => Some(fields.id),
            _ => None,
        })
        .collect();
    let state_loaded = !machine.log.optimizer_states.is_empty();
    let mut found: Vec<Load> = Vec::new();
    for load in machine.log.loads.clone() {
        let into_store = load.stores.iter().any(|store| stores.contains(store));
        let into_model = match &load.model {
            Some(Value::Struct(fields)) => ids.contains(&fields.id),
            _ => false,
        };
        // An optimizer may be built before the weights come; inside the training loop they are taken back.
        let _ = optimizer.time;
        if (into_store || into_model) && !state_loaded && !resumes(machine, &load) && !found.iter().any(|known| known.span == load.span) {
            found.push(Load { span: load.span });
        }
    }
    found
}

fn resumes(machine: &Machine<'_>, load: &LoadEvent) -> bool {
    // Loaded only under a condition that is not known: a free `--load FILE`.
    if !load.conditions.is_empty() || load.in_loop {
        return true;
    }
    let says_so = |text: &str| RESUMING.iter().any(|word| text.to_ascii_lowercase().contains(word));
    if load.callers.iter().any(|name| says_so(name)) {
        return true;
    }
    match &load.path {
        Some(path) => machine.log.saves.contains(path) || path.known().is_some_and(says_so) || path.first_hole().is_some_and(says_so),
        None => false,
    }
}
