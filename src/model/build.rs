//! The models of a workspace: every own constructor that reaches parameters, run with arguments known by name only.

use std::sync::Arc;

use rayon::prelude::*;

use super::module_paths::module_paths;
use super::parameters::{Occurrence, merged};
use super::tree::{Model, Opaque};
use crate::eval::{Machine, Overrides, ParamId, Setting, StoreId, Value, ZEROS};
use crate::frameworks::Framework;
use crate::name::Name;
use crate::program::hir::{GenericArg, Type, TypeKind};
use crate::program::{FnDef, Owner, Program};
use crate::workspace::Workspace;

/// Names that a run asked for, so that a misspelt `--set` can be told.
#[derive(Clone, Debug, Default)]
pub struct Settable {
    pub used: Vec<String>,
    pub known: Vec<String>,
}

/// The models whose type or constructor is called `wanted`, all without.
pub fn models(
    program: &Arc<Program>,
    workspace: &Workspace,
    values: &[(String, Setting)],
    wanted: Option<&str>,
) -> (Vec<Model>, Settable) {
    let mut constructors = Vec::new();
    for krate in program.crates() {
        let info = program.crate_info(krate);
        let package = info
            .package
            .and_then(|package| workspace.packages.get(package))
            .map_or_else(String::new, |package| package.name.clone());
        for function in program.functions(krate) {
            if function.func.body.is_some() && !function.func.is_test && may_construct(&function) {
                constructors.push((package.clone(), function));
            }
        }
    }
    let results: Vec<(Option<Model>, Vec<String>, Vec<String>)> = constructors
        .into_par_iter()
        .filter(|(_, function)| wanted.is_none_or(|wanted| is_called(program, function, wanted)))
        .map(|(package, function)| model(program, package, &function, values))
        .collect();
    let mut models: Vec<Model> = Vec::new();
    let mut settable = Settable::default();
    for (model, used, known) in results {
        settable.used.extend(used);
        settable.known.extend(known);
        if let Some(model) = model
            && !models
                .iter()
                .any(|other| other.constructor == model.constructor && other.span == model.span)
        {
            models.push(model);
        }
    }
    models.sort_by(|a, b| {
        (&a.package, &a.constructor, a.span).cmp(&(&b.package, &b.constructor, b.span))
    });
    (models, settable)
}

/// A cheap look at the signature: something goes in or comes out that can hold parameters.
fn may_construct(function: &FnDef) -> bool {
    let takes = function.func.params.iter().any(|param| {
        mentions(
            &param.ty,
            &[
                "VarBuilder",
                "Path",
                "VarStore",
                "VarMap",
                "VarBuilderArgs",
                "ShardedVarBuilder",
            ],
        )
    });
    // What gives a tensor computes with it, unless it is handed a place to make it at.
    let gives = function
        .func
        .ret
        .as_ref()
        .is_some_and(|ret| takes || !mentions(ret, &["Tensor"]));
    gives && (takes || !function.func.has_self || function.func.name.name.starts_with("init"))
}

fn mentions(ty: &Type, names: &[&str]) -> bool {
    match &ty.kind {
        TypeKind::Ref(inner) | TypeKind::Slice(inner) | TypeKind::Array(inner, _) => {
            mentions(inner, names)
        }
        TypeKind::Tuple(parts) => parts.iter().any(|part| mentions(part, names)),
        TypeKind::Path(path) => path.segments.iter().any(|segment| {
            names.contains(&segment.name.as_str())
                || segment.args.iter().any(|arg| match arg {
                    GenericArg::Type(ty) => mentions(ty, names),
                    _ => false,
                })
        }),
        TypeKind::Impl(bounds) | TypeKind::Dyn(bounds) => bounds.iter().any(|bound| {
            bound.path.segments.iter().any(|segment| {
                segment.args.iter().any(|arg| match arg {
                    GenericArg::Type(ty) | GenericArg::Assoc(_, ty) => mentions(ty, names),
                    GenericArg::Const(_) => false,
                })
            })
        }),
        _ => false,
    }
}

fn is_called(program: &Program, function: &FnDef, wanted: &str) -> bool {
    let path = constructor_path(program, function);
    let segments: Vec<&str> = path.split("::").collect();
    let wanted_segments: Vec<&str> = wanted.split("::").collect();
    segments
        .windows(wanted_segments.len())
        .any(|part| part == wanted_segments)
        || returned_name(function).is_some_and(|name| name == wanted)
}

/// `bert::BertModel::load`
fn constructor_path(program: &Program, function: &FnDef) -> String {
    let mut names: Vec<String> = program
        .module_path(function.module)
        .iter()
        .map(|name| name.to_string())
        .collect();
    match &function.owner {
        Some(Owner::Impl(found)) => {
            names.extend(type_name(&found.item.self_ty).map(|name| name.to_string()))
        }
        Some(Owner::Trait(def)) => names.push(def.item.name.name.to_string()),
        None => {}
    }
    names.push(function.func.name.name.to_string());
    names.join("::")
}

fn type_name(ty: &Type) -> Option<Name> {
    match &ty.kind {
        TypeKind::Ref(inner) => type_name(inner),
        TypeKind::Path(path) => path.segments.last().map(|segment| segment.name),
        _ => None,
    }
}

/// The name of the type that a constructor gives, through `Result`, `Option` and `Box`.
fn returned_name(function: &FnDef) -> Option<Name> {
    let mut ty = function.func.ret.as_ref()?;
    loop {
        let TypeKind::Path(path) = &ty.kind else {
            return None;
        };
        let segment = path.segments.last()?;
        match (segment.name.as_str(), segment.args.first()) {
            ("Result" | "Option" | "Box" | "Arc" | "Rc", Some(GenericArg::Type(inner))) => {
                ty = inner
            }
            ("Self", _) => {
                return match &function.owner {
                    Some(Owner::Impl(found)) => type_name(&found.item.self_ty),
                    _ => None,
                };
            }
            _ => return Some(segment.name),
        }
    }
}

/// `T` of `fn load<T: Module>() -> T`.
fn is_type_parameter(function: &FnDef, name: Name) -> bool {
    let own = &function.func.generics.params;
    let of_impl = match &function.owner {
        Some(Owner::Impl(found)) => found.item.generics.params.as_slice(),
        _ => &[],
    };
    own.iter().chain(of_impl).any(|param| param.name == name)
}

fn model(
    program: &Arc<Program>,
    package: String,
    function: &FnDef,
    values: &[(String, Setting)],
) -> (Option<Model>, Vec<String>, Vec<String>) {
    let overrides = Overrides::new(values.iter().cloned());
    let mut machine = Machine::new(program, &overrides);
    let result = machine.run_entry(function);
    let model = described(&mut machine, program, package, function, result);
    let (used, known) = match &model {
        Some(_) => (overrides.used(), overrides.known_names()),
        None => (Vec::new(), Vec::new()),
    };
    (model, used, known)
}

/// Whether a parameter of a store is one of the model's: zeros made on the way are none, beside others; nor is what lies in a store made on
/// the way, beside one that was given, if nothing that comes out holds it.
fn belongs<'m>(
    machine: &'m Machine<'_>,
    result: Option<&Value>,
) -> impl Fn(ParamId, StoreId) -> bool + use<'m> {
    let stores = &machine.log.stores;
    let used = || {
        let events = machine.log.params.iter();
        events.filter_map(|event| event.store.map(|store| &stores[store.0 as usize]))
    };
    let others = used().any(|store| store.name != ZEROS);
    let given = used().any(|store| store.span.is_none() && !store.is_stray);
    let made_aside = given && used().any(|store| store.span.is_some());
    let held = result
        .filter(|_| made_aside)
        .map(Value::params)
        .unwrap_or_default();
    move |param, store| {
        let store = &stores[store.0 as usize];
        let is_zeros = others && store.name == ZEROS;
        let is_aside = made_aside && store.span.is_some() && !held.contains(&param);
        !is_zeros && !is_aside
    }
}

fn described(
    machine: &mut Machine<'_>,
    program: &Program,
    package: String,
    function: &FnDef,
    result: Option<Value>,
) -> Option<Model> {
    let store_made = machine.log.params.iter().any(|event| event.store.is_some());
    let holds = result
        .as_ref()
        .is_some_and(|value| !value.params().is_empty());
    if !store_made && !holds {
        return None;
    }
    let mut opaque: Vec<Opaque> = machine
        .log
        .opaque
        .iter()
        .map(|opaque| Opaque {
            span: opaque.span,
            reason: opaque.reason.clone(),
        })
        .collect();
    let (framework, occurrences) = if store_made {
        let by_krate = machine.entered_frameworks();
        let belongs = belongs(machine, result.as_ref());
        let events = (0..).map(ParamId).zip(&machine.log.params);
        let occurrences: Vec<Occurrence> = events
            .filter(|(id, event)| event.store.is_some_and(|store| belongs(*id, store)))
            .map(|(_, event)| Occurrence::of_event(event))
            .collect();
        (by_krate.unwrap_or(Framework::Candle), occurrences)
    } else {
        let value = result.as_ref()?;
        let framework = super::framework_of(machine, value).unwrap_or(Framework::Burn);
        if !matches!(
            value,
            Value::Struct(_) | Value::Variant(_) | Value::Container(_)
        ) {
            return None;
        }
        let paths = module_paths(machine, value, function.func.span);
        opaque.extend(
            paths
                .opaque
                .into_iter()
                .map(|(span, reason)| Opaque { span, reason }),
        );
        (framework, paths.parameters)
    };
    if result.is_none() {
        opaque.push(Opaque {
            span: function.func.name.span,
            reason: "the constructor does not come to its end".into(),
        });
    }
    let (parameters, unwritable) = merged(machine, &occurrences);
    opaque.extend(unwritable.into_iter().map(|one| Opaque {
        span: one.span,
        reason: one.reason,
    }));
    opaque.sort_by(|a, b| (a.span, &a.reason).cmp(&(b.span, &b.reason)));
    opaque.dedup_by(|a, b| a.span == b.span && a.reason == b.reason);
    let name = returned_name(function).filter(|name| {
        !["Self", "Sequential", "SequentialT", "Func", "FuncT"].contains(&name.as_str())
            && !name.starts_with(|c: char| c.is_lowercase())
            && !is_type_parameter(function, *name)
    });
    Some(Model {
        name: name.map_or_else(
            || function.func.name.name.to_string(),
            |name| name.to_string(),
        ),
        framework: framework.name(),
        package,
        constructor: constructor_path(program, function),
        span: function.func.name.span,
        complete: opaque.is_empty(),
        opaque,
        parameters,
        sites: Vec::new(),
    })
}
