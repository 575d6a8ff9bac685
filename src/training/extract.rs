//! From what a run left in the log to training sites.

use std::collections::HashSet;
use std::rc::Rc;

use super::blocks;
use super::construction::construction;
use super::fine_tune::{self, identity};
use super::forward;
use super::groups;
use super::manifest::manifest_text;
use super::parameters;
use super::site::{Root, Site, Written};
use super::surroundings::Surroundings;
use super::{Detail, Found};
use crate::eval::{
    Flow, Machine, ModuleValueId, OptimizerEvent, OptimizerId, ParamId, StoreId, Target, Value,
};
use crate::frameworks::Framework;
use crate::model::{Node, framework_of, node_of};
use crate::name::Name;
use crate::source::Span;
use crate::workspace::{TargetId, TargetKind};

/// A site with the fields that keep its optimizer.
pub struct FoundSite {
    pub site: Site,
    pub fields: Vec<Name>,
}

/// What an optimizer moves, once values are known.
struct Trained {
    models: Vec<Value>,
    stores: Vec<StoreId>,
    /// Parameters picked one by one.
    params: HashSet<ParamId>,
    filtered: bool,
}

pub fn found(machine: &mut Machine<'_>, detail: Detail) -> Found {
    let mut result = Found {
        stepped_fields: machine
            .log
            .steps
            .iter()
            .filter_map(|step| step.field)
            .collect(),
        entered: machine.entered.clone(),
        saves: machine
            .log
            .saves
            .iter()
            .filter_map(|path| path.known().map(str::to_owned))
            .collect(),
        ..Found::default()
    };
    let optimizers = machine.log.optimizers.clone();
    let trained: Vec<Trained> = optimizers
        .iter()
        .map(|optimizer| trained_by(machine, optimizer))
        .collect();
    let shared: Vec<HashSet<ParamId>> = trained
        .iter()
        .zip(&optimizers)
        .map(|(trained, optimizer)| members(machine, trained, optimizer.id))
        .collect();
    let frozen = frozen_modules(machine);
    for (number, optimizer) in optimizers.iter().enumerate() {
        let others: Vec<(Span, &HashSet<ParamId>)> = optimizers
            .iter()
            .zip(&shared)
            .filter(|(other, _)| other.id != optimizer.id && !other.excludes(optimizer))
            .map(|(other, params)| (other.span, params))
            .collect();
        let elsewhere: HashSet<ParamId> = others
            .iter()
            .filter(|(span, _)| *span != optimizer.span)
            .flat_map(|(_, params)| params.iter().copied())
            .collect();
        let beside_another = others
            .iter()
            .any(|(_, params)| !params.is_empty() && params.is_disjoint(&shared[number]));
        let mut site = site_of(
            machine,
            optimizer,
            &trained[number],
            &shared[number],
            &elsewhere,
            &frozen,
        );
        site.beside_another = beside_another;
        if detail == Detail::Groups {
            let trainable = |param: &ParamId| machine.log.params[param.0 as usize].trainable;
            let params = shared[number].iter().copied().filter(trainable).collect();
            // Each of two optimizers over one model gets a part of its gradients.
            let models = &trained[number].models;
            let shares =
                !models.is_empty() && shared[number].iter().any(|param| elsewhere.contains(param));
            site.models = groups::trained_models(machine, optimizer, models, &params, shares);
        }
        let fields = fields_of(machine, optimizer.id);
        result.sites.push(FoundSite { site, fields });
    }
    if !result.sites.is_empty() {
        result.opaque = machine
            .log
            .opaque
            .iter()
            .map(|opaque| (opaque.span, opaque.reason.clone()))
            .collect();
    }
    result
}

fn trained_by(machine: &mut Machine<'_>, optimizer: &OptimizerEvent) -> Trained {
    let mut trained = Trained {
        models: Vec::new(),
        stores: Vec::new(),
        params: HashSet::new(),
        filtered: false,
    };
    match &optimizer.target {
        Target::Vars(vars) => {
            trained.stores = vars.stores.clone();
            trained.params = vars.params.iter().copied().collect();
            trained.filtered = vars.filtered;
        }
        Target::Model(value) => trained.models.push(value.clone()),
        Target::Unknown | Target::Type(_) => {}
    }
    let fields = fields_of(machine, optimizer.id);
    let steps: Vec<Value> = machine
        .log
        .steps
        .iter()
        .filter(|step| {
            step.optimizer == Some(optimizer.id)
                || step.field.is_some_and(|field| fields.contains(&field))
        })
        .filter_map(|step| step.model.clone())
        .collect();
    for model in steps {
        if let Some(model) = machine.module_value(&model)
            && !trained.models.iter().any(|known| known.same(&model))
        {
            trained.models.push(model);
        }
    }
    trained
}

/// The fields that keep an optimizer.
fn fields_of(machine: &Machine<'_>, optimizer: OptimizerId) -> Vec<Name> {
    let kept = machine.log.optimizer_fields.iter();
    kept.filter(|(id, _)| *id == optimizer)
        .map(|(_, field)| *field)
        .collect()
}

/// The parameters that an optimizer moves.
fn members(machine: &Machine<'_>, trained: &Trained, optimizer: OptimizerId) -> HashSet<ParamId> {
    let mut params = trained.params.clone();
    for model in &trained.models {
        params.extend(model.params());
    }
    if !trained.filtered {
        let of_stores = machine.log.params.iter().enumerate().filter(|(_, event)| {
            event.trainable
                && event
                    .store
                    .is_some_and(|store| trained.stores.contains(&store))
        });
        params.extend(of_stores.map(|(number, _)| ParamId(number as u32)));
    }
    params.retain(|param| !machine.log.frozen_params.contains(param));
    let last_step = machine
        .log
        .steps
        .iter()
        .filter(|step| step.optimizer == Some(optimizer))
        .map(|step| step.time)
        .max();
    params.retain(|param| !is_in_frozen_store(machine, *param, last_step));
    params
}

/// True if the parameter's store was frozen once it was in it, and still is at the last step: freezing for an evaluation comes after it.
fn is_in_frozen_store(machine: &Machine<'_>, param: ParamId, last_step: Option<usize>) -> bool {
    let number = param.0 as usize;
    let store = machine.log.params[number].store;
    let latest = machine.log.freezes.iter().rfind(|event| {
        store == Some(event.store)
            && number < event.made
            && last_step.is_none_or(|step| event.time < step)
    });
    latest.is_some_and(|event| event.frozen)
}

fn site_of(
    machine: &mut Machine<'_>,
    optimizer: &OptimizerEvent,
    trained: &Trained,
    params: &HashSet<ParamId>,
    elsewhere: &HashSet<ParamId>,
    frozen: &HashSet<ModuleValueId>,
) -> Site {
    let values = model_values(machine, trained, params);
    let mut roots: Vec<Root> = Vec::new();
    let mut framework = None;
    let mut trains_all = !trained.filtered && !params.is_empty();
    // A body that makes features for a head. Where no module gets a gradient, training was not seen.
    let has_trained = machine.log.applications.iter().any(
        |(flow, _)| matches!(&**flow, Flow::Applied { module, .. } if !frozen.contains(module)),
    );
    for value in values {
        framework = framework.or_else(|| framework_of(machine, &value));
        let Some(node) = node_of(machine, "", &value, optimizer.span) else {
            continue;
        };
        trains_all &= !(has_trained && frozen.iter().any(|id| node.contains(*id)));
        let whole = node.params.iter().all(|param| {
            params.contains(param) && !elsewhere.contains(param)
                || !machine.log.params[param.0 as usize].trainable
        });
        trains_all &= whole;
        let mut root = root_of(machine, &value, &node, whole, frozen);
        place(machine, &mut root, &node, params);
        roots.push(root);
    }
    let divided = is_divided(machine, optimizer.id, trained, params);
    let frozen_store = machine
        .log
        .freezes
        .iter()
        .any(|event| event.frozen && trained.stores.contains(&event.store));
    // A function that gets the optimizer and steps it somewhere, though no data was seen to reach the step.
    let given = machine.log.given_optimizers.iter().any(|(id, function)| {
        *id == optimizer.id
            && machine
                .program
                .mentions(function, super::entry::STEPPING_WORDS)
    });
    let stepped = given
        || machine
            .log
            .steps
            .iter()
            .any(|step| step.optimizer == Some(optimizer.id));
    let loads = fine_tune::loads(machine, optimizer, &trained.stores, &trained.models);
    Site {
        span: optimizer.span,
        optimizer: optimizer.kind.clone(),
        framework: framework.map_or("", |framework| framework.name()),
        stepped,
        divided,
        trains_all: trains_all && !frozen_store,
        written: written(machine, optimizer, framework),
        parameters: parameters::of_site(machine, params, &trained.models, optimizer),
        has_opaque: !machine.log.opaque.is_empty(),
        roots,
        loads,
        beside_another: false,
        models: Vec::new(),
    }
}

/// What is written where an optimizer is built.
fn written(
    machine: &Machine<'_>,
    optimizer: &OptimizerEvent,
    framework: Option<Framework>,
) -> Option<Written> {
    let function = optimizer.function.as_ref()?;
    let info = machine
        .program
        .crate_info(machine.program.crate_of(function.module));
    let package = &machine.program.workspace().packages[info.package?];
    let file = machine.program.sources().get(optimizer.span.file);
    let range = optimizer.span.start as usize..optimizer.span.end as usize;
    // What is called where an optimizer is built is in another crate than the tensors.
    let (name_in_code, name) = match framework {
        Some(Framework::Candle) => ("candle_nn", "candle-nn"),
        Some(framework) => (framework.name(), framework.name()),
        None => ("", ""),
    };
    let dependency = package
        .dependencies
        .iter()
        .find(|dependency| dependency.name_in_code == name_in_code && dependency.package == name);
    let is_candle = framework == Some(Framework::Candle);
    Some(Written {
        text: file.text.get(range)?.to_owned(),
        framework_version: dependency
            .and_then(|dependency| dependency.resolved.as_ref())
            .map(|resolved| resolved.version.clone()),
        construction: is_candle
            .then(|| construction(machine, optimizer))
            .flatten(),
        manifest: is_candle
            .then(|| manifest_text(machine.program.sources(), package, dependency?))
            .flatten(),
    })
}

fn is_divided(
    machine: &Machine<'_>,
    optimizer: OptimizerId,
    trained: &Trained,
    params: &HashSet<ParamId>,
) -> bool {
    let split = machine.log.splits.iter().any(|split| {
        split.optimizer.is_none() && split.store.is_none()
            || split.optimizer == Some(optimizer)
            || split
                .store
                .is_some_and(|store| trained.stores.contains(&store))
    });
    let mut groups = params
        .iter()
        .map(|param| &machine.log.params[param.0 as usize].group);
    let first = groups.next();
    split || groups.any(|group| Some(group) != first)
}

/// The models given to the optimizer; of a store, the outermost values built from it.
fn model_values(
    machine: &mut Machine<'_>,
    trained: &Trained,
    params: &HashSet<ParamId>,
) -> Vec<Value> {
    let latest = machine.latest_modules();
    let mut values: Vec<Value> = trained
        .models
        .iter()
        .map(|model| outermost(model, &latest))
        .collect();
    if trained.stores.is_empty() && trained.params.is_empty() {
        return values;
    }
    let mut inner: HashSet<ModuleValueId> = HashSet::new();
    let mut outer: Vec<(ModuleValueId, Value)> = Vec::new();
    for (id, value) in latest {
        if !value.params().iter().any(|param| params.contains(param)) {
            continue;
        }
        if is_agent(&value) {
            continue;
        }
        inner_ids(&value, id, &mut inner);
        outer.push((id, value));
    }
    for (id, value) in outer {
        if !inner.contains(&id) && !is_layer(machine, &value) {
            values.push(value);
        }
    }
    values
}

/// The module that a part of it was given for; itself if it is no part of another.
fn outermost(model: &Value, modules: &[(ModuleValueId, Value)]) -> Value {
    let Value::Container(part) = model else {
        return model.clone();
    };
    let holds = |value: &Value| {
        value.any(|inner| matches!(inner, Value::Container(container) if container.id == part.id))
    };
    let around = modules
        .iter()
        .filter(|(id, value)| *id != part.id && !is_agent(value) && holds(value));
    around
        .map(|(_, value)| value)
        .max_by_key(|value| value.params().len())
        .unwrap_or(model)
        .clone()
}

fn is_layer(machine: &Machine<'_>, value: &Value) -> bool {
    matches!(value, Value::Struct(fields) if machine.is_framework_layer(fields))
}

/// What owns the store or the optimizer, itself or through a part, is looked through: a struct, a list of such structs.
fn is_agent(value: &Value) -> bool {
    matches!(value, Value::Struct(_) | Value::List(_))
        && value.any(|part| matches!(part, Value::Store(_) | Value::Optimizer(_)))
}

fn inner_ids(value: &Value, own: ModuleValueId, ids: &mut HashSet<ModuleValueId>) {
    value.visit(&mut |part| {
        ids.extend(identity(part).filter(|id| *id != own));
    });
}

/// Modules that the program applies, but only under `no_grad` or with the result detached.
fn frozen_modules(machine: &Machine<'_>) -> HashSet<ModuleValueId> {
    let mut cut: HashSet<*const Flow> = HashSet::new();
    for flow in &machine.log.detached {
        ancestors(flow, &mut cut);
    }
    let mut needed: HashSet<*const Flow> = HashSet::new();
    for (flow, no_grad) in &machine.log.applications {
        if !no_grad && !cut.contains(&Rc::as_ptr(flow)) {
            ancestors(flow, &mut needed);
        }
    }
    let mut frozen = HashSet::new();
    let mut trained = HashSet::new();
    for (flow, no_grad) in &machine.log.applications {
        let Flow::Applied { module, .. } = &**flow else {
            continue;
        };
        let at = Rc::as_ptr(flow);
        if *no_grad || cut.contains(&at) && !needed.contains(&at) {
            frozen.insert(*module);
        } else {
            trained.insert(*module);
        }
    }
    frozen.retain(|module| !trained.contains(module));
    frozen
}

fn ancestors(flow: &Rc<Flow>, seen: &mut HashSet<*const Flow>) {
    if !seen.insert(Rc::as_ptr(flow)) {
        return;
    }
    match &**flow {
        Flow::Applied { inputs: parts, .. } | Flow::Joined(parts) => {
            parts.iter().for_each(|part| ancestors(part, seen))
        }
        Flow::Carried { entry } => ancestors(entry, seen),
        Flow::Input(_) => {}
    }
}

fn root_of(
    machine: &mut Machine<'_>,
    value: &Value,
    node: &Node,
    whole: bool,
    frozen: &HashSet<ModuleValueId>,
) -> Root {
    let flow = forward::flow_through(machine, value);
    let mut flat = blocks::flat_blocks(node, &flow, frozen);
    blocks::find_behind(&mut flat, node, &flow);
    Root {
        name: node.ty.clone(),
        blocks: flat,
        chain: blocks::struct_chain(node, &flow),
        top_modules: blocks::parts(node, &flow),
        behind: Vec::new(),
        is_placed: true,
        layers: node.layers(),
        whole,
        is_in_library: is_in_library(machine, value),
    }
}

/// Finds what the site trains behind the model and its blocks, if there is more than the model.
fn place(machine: &Machine<'_>, root: &mut Root, node: &Node, params: &HashSet<ParamId>) {
    let own: HashSet<ParamId> = node.params.iter().copied().collect();
    let others: Vec<ParamId> = params.difference(&own).copied().collect();
    if others.is_empty() {
        return;
    }
    let surroundings = Surroundings::new(machine, params);
    root.behind = surroundings.behind(&node.params);
    root.is_placed = node.params.iter().any(|param| surroundings.applies(*param))
        && others.iter().all(|param| surroundings.applies(*param));
    for block in root.blocks.iter_mut().chain(&mut root.chain) {
        let layers = block.layers.iter();
        let of_block: Vec<ParamId> = layers.flat_map(|layer| layer.params.clone()).collect();
        let mut behind = surroundings.behind(&of_block);
        behind.retain(|param| !block.behind.contains(param));
        block.behind.extend(behind);
    }
}

fn is_in_library(machine: &Machine<'_>, value: &Value) -> bool {
    let Value::Struct(fields) = value else {
        return false;
    };
    let program = machine.program;
    let info = program.crate_info(program.crate_of(fields.def.module));
    let target = info.package.zip(info.target);
    let target = target.map(|(package, target)| TargetId { package, target });
    target.is_some_and(|target| program.workspace().target(target).kind == TargetKind::Lib)
}
