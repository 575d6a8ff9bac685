//! dfdx: a tuple of layer types is the sequential container; the type says everything.

use std::rc::Rc;

use crate::eval::ContainerItem;
use crate::eval::{Eval, Item, Machine, Target, Ty, Value};
use crate::name::Name;
use crate::program::hir::{Fields, Struct};
use crate::program::{AdtRef, Def};
use crate::source::Span;

use super::Framework;

pub const TYPES: &[&str] = &[
    "Tensor",
    "Param",
    "Sgd",
    "Adam",
    "RMSprop",
    "Gradients",
    "AutoDevice",
    "Cpu",
    "Cuda",
    "SgdConfig",
    "AdamConfig",
];

pub const FUNCTIONS: &[&str] = &[];

pub const OPTIMIZERS: &[&str] = &["Sgd", "Adam", "RMSprop"];

pub fn call(
    machine: &mut Machine<'_>,
    owner: &str,
    name: &str,
    generics: &[Ty],
    args: &[Value],
    span: Span,
) -> Option<Eval> {
    Some(Ok(match (owner, name) {
        (kind, "new") if OPTIMIZERS.contains(&kind) => {
            let model = machine.deref(args.first()?);
            machine.build_optimizer(kind, Target::Model(model), span)
        }
        ("Param", "running") => {
            let shape = args.first().and_then(|shape| machine.shape_of(shape));
            machine.push_param(None, crate::eval::Text::default(), shape, false, span)
        }
        ("Param", "from_shape") => {
            let shape = args.first().and_then(|shape| machine.shape_of(shape));
            machine.push_param(None, crate::eval::Text::default(), shape, true, span)
        }
        ("AutoDevice" | "Cpu" | "Cuda", _) => Value::of_type(Ty::foreign("dfdx", "AutoDevice")),
        (_, "build_on_device" | "build") => {
            let ty = generics.first()?.clone();
            instantiate(machine, &ty, span)
        }
        ("Tensor", _) => machine
            .mixed_flows(&args.iter().collect::<Vec<_>>())
            .unwrap_or_else(Value::tensor),
        _ => return None,
    }))
}

pub fn method(
    machine: &mut Machine<'_>,
    value: &Value,
    name: &str,
    generics: &[Ty],
    args: &[Value],
    span: Span,
) -> Option<Eval> {
    match (value, name) {
        (Value::Unknown(_), "build_module" | "build_module_ext" | "try_build_module") => {
            // Since the architecture is a value of its own, it is the argument, and the type is a number's.
            let built = match args.first().map(|arg| machine.deref(arg)) {
                Some(module @ Value::Container(_)) => module,
                Some(architecture) => {
                    let ty = machine.ty_of(&architecture);
                    instantiate(machine, &ty, span)
                }
                None => instantiate(machine, &generics.first()?.clone(), span),
            };
            Some(Ok(built))
        }
        (Value::Container(_) | Value::Struct(_), "load" | "load_safetensors") => {
            machine.record_load(Vec::new(), Some(value.clone()), args.first(), span);
            Some(Ok(Value::Unit))
        }
        (
            Value::Container(_),
            "alloc_grads" | "zero_grads" | "clone_from" | "reset_params" | "save",
        ) => Some(Ok(Value::unknown())),
        _ => None,
    }
}

/// An own struct of modules: dfdx builds each field by its type.
fn fields_of(machine: &mut Machine<'_>, ty: &Ty, span: Span) -> Value {
    let Ty::Struct(def, args) = ty else {
        return Value::of_type(ty.clone());
    };
    let generics = machine.generics_of(&def.item.generics, args);
    let declared = match &def.item.fields {
        Fields::Named(fields) | Fields::Tuple(fields) => fields.clone(),
        Fields::Unit => Vec::new(),
    };
    let mut fields = Vec::new();
    for field in &declared {
        let ty = machine.resolve_ty_in(&field.ty, def.module, &generics, None);
        fields.push((field.member, instantiate(machine, &ty, field.span)));
    }
    machine.build_struct(def.clone(), generics, fields, span)
}

/// True for an own struct that applies its fields one after another.
pub fn is_sequential(def: &Def<Struct>) -> bool {
    def.item.derives.iter().any(|name| *name == *"Sequential")
}

/// True for the structs that give one input to each module of a tuple.
pub fn has_modules_side_by_side(def: &Def<Struct>) -> bool {
    ["SplitInto", "AddInto"].contains(&def.item.name.name.as_str())
}

/// True if the type is one of dfdx's modules, or a tuple with one in it.
pub fn is_module(machine: &Machine<'_>, ty: &Ty) -> bool {
    match ty {
        Ty::Struct(def, _) => {
            Framework::of_crate(machine.package_of(def.module)) == Some(Framework::Dfdx)
        }
        Ty::Tuple(parts, _) => parts.iter().any(|part| is_module(machine, part)),
        _ => false,
    }
}

/// True if the type is a module by dfdx's own trait.
pub fn is_collection(machine: &Machine<'_>, ty: &Ty) -> bool {
    let Ty::Struct(def, _) = ty else { return false };
    let impls = machine.program.trait_impls(&AdtRef::Struct(def.clone()));
    impls.iter().any(|found| {
        found
            .item
            .trait_path
            .as_ref()
            .and_then(|path| path.segments.last())
            .is_some_and(|segment| segment.name == "TensorCollection")
    })
}

/// The module that a type describes.
pub fn instantiate(machine: &mut Machine<'_>, ty: &Ty, span: Span) -> Value {
    match ty {
        Ty::Tuple(parts, at) => {
            let items = parts
                .iter()
                .map(|part| {
                    let value = instantiate(machine, part, span);
                    ContainerItem {
                        item: Item::One(value),
                        span: at.unwrap_or(span),
                        call: at.unwrap_or(span),
                    }
                })
                .collect();
            let container = machine.new_container(items, at.unwrap_or(span));
            if let Value::Container(built) = &container {
                machine.module_built(built.id, &container, span);
            }
            container
        }
        Ty::Struct(def, args) => {
            let own = machine.program.associated_fns(
                &AdtRef::Struct(def.clone()),
                Name::new("build"),
                def.module,
            );
            match own.first() {
                Some(function) => machine
                    .call_own(
                        function,
                        Vec::new(),
                        Some(Ty::Struct(def.clone(), Rc::clone(args))),
                        None,
                        Vec::new(),
                        span,
                    )
                    .unwrap_or_else(|_| Value::of_type(ty.clone())),
                None => fields_of(machine, ty, span),
            }
        }
        other => Value::of_type(other.clone()),
    }
}
