//! The way data takes through a model's layers, as `forward` shows it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::eval::{Flow, ModuleValueId};

/// Applications of modules and which one feeds which.
#[derive(Debug, Default)]
pub struct FlowGraph {
    /// Each application, inputs before outputs.
    steps: Vec<Step>,
    /// The steps that the results of `forward` come from; None where several tensors meet or nothing is known.
    output: Option<usize>,
    parameterised: HashSet<ModuleValueId>,
}

#[derive(Debug)]
struct Step {
    module: ModuleValueId,
    /// The application that the only input comes from.
    input: Option<usize>,
    /// The only input is an argument of `forward`.
    from_start: bool,
    /// Every application that it gets data from, through joins too.
    from: Vec<usize>,
    /// How many applications or joins take this one's output.
    readers: usize,
}

impl FlowGraph {
    /// From what `forward` gave; `parameterised` are the modules that hold parameters.
    pub fn new(results: &[Rc<Flow>], parameterised: HashSet<ModuleValueId>) -> FlowGraph {
        let mut graph = FlowGraph {
            parameterised,
            ..FlowGraph::default()
        };
        let mut known: HashMap<*const Flow, Known> = HashMap::new();
        let mut outputs = Vec::new();
        for result in results {
            outputs.push(graph.add(result, &mut known).source);
        }
        graph.output = match outputs.as_slice() {
            [Some(Source::Step(step))] => Some(*step),
            _ => None,
        };
        graph
    }

    fn add(&mut self, flow: &Rc<Flow>, known: &mut HashMap<*const Flow, Known>) -> Known {
        if let Some(found) = known.get(&Rc::as_ptr(flow)) {
            return found.clone();
        }
        let found = match &**flow {
            Flow::Input(_) => Known {
                source: Some(Source::Start),
                from: Vec::new(),
            },
            Flow::Carried { entry } => self.add(entry, known),
            Flow::Joined(parts) => {
                let mut from = Vec::new();
                for part in parts {
                    let part = self.add(part, known);
                    if let Some(Source::Step(step)) = part.source {
                        self.steps[step].readers += 1;
                    }
                    from.extend(part.from);
                }
                from.sort_unstable();
                from.dedup();
                Known { source: None, from }
            }
            Flow::Applied { module, inputs, .. } => {
                let mut from = Vec::new();
                let mut sources: Vec<Option<Source>> = Vec::new();
                for input in inputs {
                    let input = self.add(input, known);
                    from.extend(input.from);
                    sources.push(input.source);
                }
                from.sort_unstable();
                from.dedup();
                for source in sources.iter().flatten() {
                    if let Source::Step(step) = source {
                        self.steps[*step].readers += 1;
                    }
                }
                let (input, from_start) = match sources.as_slice() {
                    [Some(Source::Step(step))] => (Some(*step), false),
                    [Some(Source::Start)] => (None, true),
                    _ => (None, false),
                };
                self.steps.push(Step {
                    module: *module,
                    input,
                    from_start,
                    from,
                    readers: 0,
                });
                let step = self.steps.len() - 1;
                Known {
                    source: Some(Source::Step(step)),
                    from: vec![step],
                }
            }
        };
        known.insert(Rc::as_ptr(flow), found.clone());
        found
    }

    /// How many modules with parameters data goes through.
    pub fn reached(&self) -> usize {
        let modules: HashSet<ModuleValueId> = self
            .steps
            .iter()
            .map(|step| step.module)
            .filter(|module| self.has_parameters(*module))
            .collect();
        modules.len()
    }

    pub fn has_parameters(&self, module: ModuleValueId) -> bool {
        self.parameterised.contains(&module)
    }

    /// Maximal runs in which each application has one input, which nothing else reads.
    pub fn chains(&self) -> Vec<Vec<&ModuleValueId>> {
        let continued: HashSet<usize> = self
            .steps
            .iter()
            .filter_map(|step| step.input)
            .filter(|input| self.steps[*input].readers == 1)
            .collect();
        let mut chains = Vec::new();
        for end in (0..self.steps.len()).filter(|step| !continued.contains(step)) {
            let mut chain = vec![&self.steps[end].module];
            let mut at = end;
            while let Some(input) = self.steps[at].input {
                if self.steps[input].readers != 1 {
                    break;
                }
                chain.push(&self.steps[input].module);
                at = input;
            }
            chain.reverse();
            chains.push(chain);
        }
        chains
    }

    /// All applications, if they are one unbranched chain from the input to the output.
    pub fn whole_chain(&self) -> Option<Vec<ModuleValueId>> {
        let mut at = self.output?;
        let mut chain = vec![self.steps[at].module];
        while let Some(input) = self.steps[at].input {
            if self.steps[input].readers != 1 {
                return None;
            }
            chain.push(self.steps[input].module);
            at = input;
        }
        if !self.steps[at].from_start || chain.len() != self.steps.len() {
            return None;
        }
        chain.reverse();
        Some(chain)
    }

    /// The modules that get data from one of these, through others too.
    pub fn behind(&self, modules: &HashSet<ModuleValueId>) -> HashSet<ModuleValueId> {
        let mut reached = vec![false; self.steps.len()];
        // Inputs come before outputs.
        for (number, step) in self.steps.iter().enumerate() {
            reached[number] =
                modules.contains(&step.module) || step.from.iter().any(|input| reached[*input]);
        }
        let steps = self.steps.iter().zip(reached);
        steps
            .filter(|(_, is_reached)| *is_reached)
            .map(|(step, _)| step.module)
            .collect()
    }

    /// When the module is applied last, counted in applications.
    pub fn last_application(&self, module: ModuleValueId) -> Option<usize> {
        self.steps.iter().rposition(|step| step.module == module)
    }

    /// True if the module takes the output of parameterised layers that something else with parameters takes too.
    pub fn is_head(&self, module: ModuleValueId) -> bool {
        self.steps
            .iter()
            .filter(|step| step.module == module)
            .any(|step| {
                step.input.is_some_and(|input| {
                    let others = self.steps.iter().filter(|other| {
                        other.module != module
                            && other.input == Some(input)
                            && self.has_parameters(other.module)
                    });
                    self.has_parameters(self.steps[input].module) && others.count() > 0
                })
            })
    }
}

/// Where a tensor comes from.
#[derive(Clone, Debug)]
struct Known {
    /// The one place, unless several tensors met.
    source: Option<Source>,
    /// The last applications before it.
    from: Vec<usize>,
}

#[derive(Clone, Debug)]
enum Source {
    Start,
    Step(usize),
}
