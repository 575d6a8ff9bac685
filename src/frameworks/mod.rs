//! What each framework's own types mean, one file each. Layers are data: the stubs.

mod burn;
mod candle;
mod dfdx;
mod paramgroups;
pub mod stubs;
mod tch;
mod tch_names;
mod tensor_shape;

use std::collections::BTreeSet;

use crate::eval::{Eval, Machine, Ty, Value};
use crate::name::Name;
use crate::program::hir::Struct;
use crate::program::{Def, ExternalPath};
use crate::source::Span;

/// A deep-learning framework that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Framework {
    Candle,
    Tch,
    Burn,
    Dfdx,
    /// The run-time engine of groups, over other frameworks' parameters.
    ParamGroups,
}

impl Framework {
    /// The framework that a package (`-` as `_`) belongs to.
    pub fn of_crate(krate: Name) -> Option<Framework> {
        let mut frameworks = ALL.iter().copied();
        frameworks.find(|framework| framework.crates().contains(&krate.as_str()))
    }

    /// Its crates, with `-` as `_`.
    fn crates(self) -> &'static [&'static str] {
        match self {
            Framework::Candle => CANDLE_CRATES,
            Framework::Tch => &["tch"],
            Framework::Burn => BURN_CRATES,
            Framework::Dfdx => &["dfdx", "dfdx_core"],
            Framework::ParamGroups => &["paramgroups"],
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Framework::Candle => "candle",
            Framework::Tch => "tch",
            Framework::Burn => "burn",
            Framework::Dfdx => "dfdx",
            Framework::ParamGroups => "paramgroups",
        }
    }

    /// The identifiers without one of which no optimizer is built.
    fn training_words(self) -> [&'static [&'static str]; 2] {
        match self {
            Framework::Candle => [candle::OPTIMIZERS, &[]],
            Framework::Tch => [tch::OPTIMIZERS, tch::OPTIMIZER_FUNCTIONS],
            Framework::Burn => [burn::OPTIMIZER_CONFIGS, burn::LEARNERS],
            Framework::Dfdx => [dfdx::OPTIMIZERS, &[]],
            Framework::ParamGroups => [paramgroups::OPTIMIZERS, &[]],
        }
    }

    /// The types that the evaluator knows by itself.
    fn intrinsic_types(self) -> &'static [&'static str] {
        match self {
            Framework::Candle => candle::TYPES,
            Framework::Tch => tch::TYPES,
            Framework::Burn => burn::TYPES,
            Framework::Dfdx => dfdx::TYPES,
            Framework::ParamGroups => paramgroups::TYPES,
        }
    }

    fn intrinsic_functions(self) -> &'static [&'static str] {
        match self {
            Framework::Candle => candle::FUNCTIONS,
            Framework::Tch => tch::FUNCTIONS,
            Framework::Burn => burn::FUNCTIONS,
            Framework::Dfdx => dfdx::FUNCTIONS,
            Framework::ParamGroups => &[],
        }
    }
}

const ALL: &[Framework] = &[
    Framework::Candle,
    Framework::Tch,
    Framework::Burn,
    Framework::Dfdx,
    Framework::ParamGroups,
];

const CANDLE_CRATES: &[&str] = &[
    "candle",
    "candle_core",
    "candle_nn",
    "candle_optimisers",
    "candle_flash_attn",
];

const BURN_CRATES: &[&str] = &[
    "burn",
    "burn_core",
    "burn_nn",
    "burn_tensor",
    "burn_optim",
    "burn_train",
    "burn_store",
    "burn_autodiff",
    "burn_common",
    "burn_derive",
    "burn_ndarray",
    "burn_flex",
    "burn_wgpu",
    "burn_cuda",
    "burn_tch",
    "burn_candle",
    "burn_dataset",
    "burn_std",
    "burn_backend",
    "burn_router",
    "burn_collective",
    "burn_import",
    "burn_jit",
    "burn_cubecl",
    "burn_fusion",
    "burn_remote",
    "burn_rocm",
];

/// The names of all crates that belong to a framework.
pub fn crate_names() -> Vec<&'static str> {
    let all = ALL.iter();
    all.flat_map(|framework| framework.crates())
        .copied()
        .collect()
}

/// Identifiers without which nothing is trained.
pub fn training_words() -> Vec<&'static str> {
    let all = ALL.iter();
    let words = all.flat_map(|framework| framework.training_words());
    let words: BTreeSet<&str> = words.flatten().copied().collect();
    words.into_iter().collect()
}

/// True if the machine itself knows the type.
pub fn is_intrinsic_type(krate: Name, name: Name) -> bool {
    Framework::of_crate(krate)
        .is_some_and(|framework| framework.intrinsic_types().contains(&name.as_str()))
}

/// True if the machine itself knows the free function.
pub fn is_intrinsic_function(krate: Name, name: Name) -> bool {
    Framework::of_crate(krate)
        .is_some_and(|framework| framework.intrinsic_functions().contains(&name.as_str()))
}

/// Where in a foreign path the name stands that the machine itself knows.
pub fn intrinsic_position(path: &ExternalPath) -> Option<usize> {
    let framework = Framework::of_crate(path.krate)?;
    let found = path
        .path
        .iter()
        .position(|name| framework.intrinsic_types().contains(&name.as_str()));
    found.or_else(|| {
        let last = path.path.last()?;
        framework
            .intrinsic_functions()
            .contains(&last.as_str())
            .then_some(path.path.len() - 1)
    })
}

/// True for a tensor's method that tells about it and gives no data.
pub fn is_question(method: &str) -> bool {
    method.starts_with("dims")
        || method.starts_with("size")
        || [
            "dim",
            "shape",
            "device",
            "dtype",
            "kind",
            "elem_count",
            "rank",
            "numel",
            "num_elements",
            "ndim",
            "item",
            "into_scalar",
            "to_scalar",
            "is_empty",
            "len",
            "layout",
            "stride",
        ]
        .contains(&method)
}

/// A call of a framework's own function or `Type::function`. None: it is not known.
pub fn call(
    machine: &mut Machine<'_>,
    framework: Framework,
    path: &[Name],
    generics: &[Ty],
    args: &[Value],
    span: Span,
) -> Option<Eval> {
    let name = path.last()?.as_str();
    let owner = path.len().checked_sub(2).map_or("", |at| path[at].as_str());
    match framework {
        Framework::Candle => candle::call(machine, owner, name, args, span),
        Framework::Tch => tch::call(machine, owner, name, args, span),
        Framework::Burn => burn::call(machine, owner, name, args, span),
        Framework::Dfdx => dfdx::call(machine, owner, name, generics, args, span),
        Framework::ParamGroups => paramgroups::call(machine, path, args, span),
    }
}

/// A method of a value that a framework owns. None: it is not known.
pub fn method(
    machine: &mut Machine<'_>,
    value: &Value,
    method: Name,
    generics: &[Ty],
    args: &[Value],
    spans: &[Span],
    span: Span,
) -> Option<Eval> {
    let name = method.as_str();
    if framework_of(machine, value) == Some(Framework::Tch)
        && let Some(outcome) = tch::method(machine, value, name, args, spans, span)
    {
        return Some(outcome);
    }
    paramgroups::method(value)
        .or_else(|| candle::method(machine, value, name, args, spans, span))
        .or_else(|| tch::method(machine, value, name, args, spans, span))
        .or_else(|| burn::method(machine, value, name, args, span))
        .or_else(|| dfdx::method(machine, value, name, generics, args, span))
}

/// Whose store it is, or whose builder.
fn framework_of(machine: &Machine<'_>, value: &Value) -> Option<Framework> {
    let store = match value {
        Value::Store(store) => *store,
        Value::Builder(builder) => builder.store,
        _ => return None,
    };
    machine.log.stores.get(store.0 as usize)?.framework
}

/// `Type::build` of a module whose constructor a framework's trait provides.
pub fn built_by_trait(machine: &mut Machine<'_>, ty: &Ty, name: &str, span: Span) -> Option<Value> {
    let builds = match name {
        "build" | "build_on_device" | "try_build" | "try_build_on_device" => {
            dfdx::is_collection(machine, ty) || dfdx::is_module(machine, ty)
        }
        "default" => dfdx::is_module(machine, ty),
        _ => false,
    };
    builds.then(|| dfdx::instantiate(machine, ty, span))
}

/// True for an own struct whose fields a derive applies one after another.
pub fn is_sequential(def: &Def<Struct>) -> bool {
    dfdx::is_sequential(def)
}

/// True for a framework's struct that gives one input to each module of a tuple.
pub fn has_modules_side_by_side(def: &Def<Struct>) -> bool {
    dfdx::has_modules_side_by_side(def)
}

/// A value of a foreign type that is only known by its type.
pub fn symbol(
    machine: &mut Machine<'_>,
    krate: Name,
    foreign: Name,
    name: Option<&str>,
) -> Option<Value> {
    match Framework::of_crate(krate)? {
        Framework::Candle => candle::symbol(machine, foreign.as_str(), name),
        Framework::Tch => tch::symbol(machine, foreign.as_str(), name),
        Framework::Burn => (foreign == "Tensor" || foreign == "Param").then(Value::tensor),
        Framework::Dfdx => (foreign == "Tensor").then(Value::tensor),
        Framework::ParamGroups => None,
    }
}

/// A constant or unit variant of a foreign crate; nothing that parameters hang on.
pub fn constant(krate: Name, path: &[Name]) -> Option<Value> {
    let framework = Framework::of_crate(krate)?;
    let last = path.last()?.as_str();
    let constant = last
        .chars()
        .all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
        && last.len() > 1;
    let owner = path.len().checked_sub(2).map_or("", |at| path[at].as_str());
    let variant = [
        "Device",
        "DType",
        "Kind",
        "D",
        "Init",
        "Activation",
        "PaddingConfig2d",
        "Initializer",
    ]
    .contains(&owner)
        && last.starts_with(char::is_uppercase);
    (constant || variant).then(|| Value::of_type(Ty::foreign(framework.name(), last)))
}

/// `Default::default()` of a foreign type.
pub fn default_of(krate: Name, name: Name) -> Value {
    Value::of_type(Ty::Foreign {
        krate,
        name,
        args: Default::default(),
    })
}

/// The type of a value that only frameworks have.
pub fn ty_of(machine: &Machine<'_>, value: &Value) -> Ty {
    match (value, framework_of(machine, value)) {
        (Value::Store(_), Some(Framework::Tch)) => return Ty::foreign("tch", "VarStore"),
        (Value::Builder(_), Some(Framework::Tch)) => return Ty::foreign("tch", "Path"),
        _ => {}
    }
    match value {
        Value::Store(_) => Ty::foreign("candle_nn", "VarMap"),
        Value::Builder(_) => Ty::foreign("candle_nn", "VarBuilder"),
        Value::Tensor(_) => Ty::foreign("candle_core", "Tensor"),
        Value::Container(_) => Ty::foreign("candle_nn", "Sequential"),
        Value::Optimizer(_) => Ty::foreign("candle_nn", "Optimizer"),
        _ => Ty::Unknown,
    }
}
