//! dfdx: a tuple of layer types is the sequential container; the type says everything.

use std::rc::Rc;

use crate::eval::{Eval, Item, Machine, Target, Ty, Value};
use crate::eval::ContainerItem;
use crate::name::Name;
use crate::source::Span;

pub const TYPES: &[&str] = &["Tensor", "Param", "Sgd", "Adam", "RMSprop", "Gradients", "AutoDevice", "Cpu", "Cuda", "SgdConfig", "AdamConfig"];

pub const FUNCTIONS: &[&str] = &[];

const OPTIMIZERS: &[&str] = &["Sgd", "Adam", "RMSprop"];

pub fn call(machine: &mut Machine<'_>, owner: &str, name: &str, generics: &[Ty], args: &[Value], span: Span) -> Option<Eval> {
    Some(Ok(match (owner, name) {
        (kind, "new") if OPTIMIZERS.contains(&kind) => {
            let model = machine.deref(args.first()?);
            machine.build_optimizer(kind, Target::Model(model), span)
        }
        ("Param", "from_shape") => {
            let shape = args.first().and_then(|shape| machine.shape_of(shape));
            machine.push_param(None, crate::eval::Text::default(), shape, crate::eval::Num::Known(0), true, span)
        }
        ("AutoDevice" | "Cpu" | "Cuda", _) => Value::of_type(Ty::foreign("dfdx", "AutoDevice")),
        (_, "build_on_device" | "build") => {
            let ty = generics.first()?.clone();
            instantiate(machine, &ty, span)
        }
        ("Tensor", _) => machine.mixed_flows(&args.iter().collect::<Vec<_>>()).unwrap_or_else(Value::tensor),
        _ => return None,
    }))
}

pub fn method(machine: &mut Machine<'_>, value: &Value, name: &str, generics: &[Ty], args: &[Value], span: Span) -> Option<Eval> {
    let _ = args;
    match (value, name) {
        (Value::Unknown(_), "build_module") => {
            let ty = generics.first()?.clone();
            Some(Ok(instantiate(machine, &ty, span)))
        }
        (Value::Container(_) | Value::Struct(_), "load" | "load_safetensors") => {
            machine.record_load(Vec::new(), Some(value.clone()), args.first(), span);
            Some(Ok(Value::Unit))
        }
        (Value::Container(_), "alloc_grads" | "zero_grads" | "clone_from" | "reset_params" | "save") => Some(Ok(Value::unknown())),
        _ => None,
    }
}

/// The module that a type describes.
fn instantiate(machine: &mut Machine<'_>, ty: &Ty, span: Span) -> Value {
    match ty {
        Ty::Tuple(parts, at) => {
            let items = parts
                .iter()
                .map(|part| {
                    let value = instantiate(machine, part, span);
                    ContainerItem { item: Item::One(value), span: at.unwrap_or(span), call: at.unwrap_or(span) }
                })
                .collect();
            machine.new_container(items, at.unwrap_or(span))
        }
        Ty::Struct(def, args) => {
            let built = Ty::Struct(def.clone(), Rc::clone(args));
            match machine.associated(&built, &[Name::new("build")], &[], span) {
                Ok(function @ Value::Function(_)) => machine.call_value(&function, Vec::new(), span).unwrap_or_else(|_| Value::of_type(ty.clone())),
                _ => Value::of_type(ty.clone()),
            }
        }
        other => Value::of_type(other.clone()),
    }
}
