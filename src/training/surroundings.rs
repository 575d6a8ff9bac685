//! What the program applies to the output of a model: heads that no struct holds together with their body.

use std::collections::HashSet;

use super::flow_graph::FlowGraph;
use super::forward;
use crate::eval::{Machine, ModuleValueId, ParamId, Value};

/// The program's own applications of modules that hold parameters of one site.
pub struct Surroundings {
    flow: FlowGraph,
    modules: Vec<(ModuleValueId, Vec<ParamId>)>,
}

impl Surroundings {
    /// As the run showed them.
    pub fn new(machine: &Machine<'_>, trained: &HashSet<ParamId>) -> Surroundings {
        let mut known = HashSet::new();
        let mut modules = Vec::new();
        for (_, value) in machine.latest_modules() {
            value.visit(&mut |part| {
                let id = match part {
                    Value::Struct(fields) => fields.id,
                    Value::Container(container) => container.id,
                    _ => return,
                };
                let mut params = part.params();
                params.retain(|param| trained.contains(param));
                if !params.is_empty() && known.insert(id) {
                    modules.push((id, params));
                }
            });
        }
        Surroundings {
            flow: forward::run_graph(machine, known),
            modules,
        }
    }

    /// Parameters of other modules that get data from those with these parameters.
    pub fn behind(&self, own: &[ParamId]) -> Vec<ParamId> {
        let holds_own = |params: &[ParamId]| params.iter().any(|param| own.contains(param));
        let (inside, outside): (Vec<_>, Vec<_>) = self
            .modules
            .iter()
            .partition(|(_, params)| holds_own(params));
        let reached = self
            .flow
            .behind(&inside.into_iter().map(|(id, _)| *id).collect());
        let mut behind: Vec<ParamId> = outside
            .into_iter()
            .filter(|(id, _)| reached.contains(id))
            .flat_map(|(_, params)| params.iter().copied())
            .collect();
        behind.sort_unstable();
        behind.dedup();
        behind
    }

    /// True if data was seen to go through a module that holds the parameter.
    pub fn applies(&self, param: ParamId) -> bool {
        self.modules.iter().any(|(id, params)| {
            params.contains(&param) && self.flow.last_application(*id).is_some()
        })
    }
}
