//! tch: names come from `nn::Path`, and so does the parameter group.

use std::rc::Rc;

use super::{Framework, tch_names};
use crate::eval::{Builder, Cond, Eval, Item, Machine, Num, Part, Target, Text, Ty, Value, Vars};
use crate::source::Span;

pub const TYPES: &[&str] = &[
    "VarStore",
    "Path",
    "Entry",
    "Tensor",
    "Sequential",
    "SequentialT",
    "Func",
    "FuncT",
    "Optimizer",
    "Adam",
    "AdamW",
    "Sgd",
    "RmsProp",
    "Device",
    "Kind",
    "CModule",
    "TrainableCModule",
    "Scalar",
    "Shape",
];

pub const FUNCTIONS: &[&str] = &[
    "seq",
    "seq_t",
    "func",
    "func_t",
    "no_grad",
    "no_grad_guard",
    "with_grad",
    "autocast",
    "adam",
    "adamw",
    "sgd",
    "rms_prop",
];

pub const OPTIMIZERS: &[&str] = &["Adam", "AdamW", "Sgd", "RmsProp"];

/// Functions that make an optimizer's configuration.
pub const OPTIMIZER_FUNCTIONS: &[&str] = &["adam", "adamw", "sgd", "rms_prop"];

/// Methods of `nn::Path` that make a variable; the second argument is its shape.
const MAKERS: &[&str] = &[
    "var",
    "zeros",
    "ones",
    "randn",
    "randn_standard",
    "uniform",
    "kaiming_uniform",
    "kaiming_normal",
    "orthogonal",
    "var_copy",
];
const CONSTANT_MAKERS: &[&str] = &["zeros_no_train", "ones_no_train"];

pub fn call(
    machine: &mut Machine<'_>,
    owner: &str,
    name: &str,
    args: &[Value],
    span: Span,
) -> Option<Eval> {
    let first = args.first().map(|arg| machine.deref(arg));
    Some(Ok(match (owner, name) {
        ("VarStore", "new") => {
            Value::Store(machine.new_store(Framework::Tch, "VarStore", Some(span)))
        }
        (_, "seq" | "seq_t") => machine.new_container(Vec::new(), span),
        ("Func" | "FuncT", "new") | (_, "func" | "func_t") => first.unwrap_or_else(Value::unknown),
        (_, "no_grad" | "with_grad" | "autocast") => {
            let function = args.last()?.clone();
            let frozen = name == "no_grad";
            if frozen {
                machine.no_grad += 1;
            }
            let outcome = machine.call_value(&function, Vec::new(), span);
            if frozen {
                machine.no_grad -= 1;
            }
            return Some(outcome);
        }
        (_, "no_grad_guard") => Value::Unit,
        (kind, "default" | "new") if OPTIMIZERS.contains(&kind) => {
            Value::of_type(Ty::foreign("tch", kind))
        }
        (_, function) if OPTIMIZER_FUNCTIONS.contains(&function) => {
            Value::of_type(Ty::foreign("tch", optimizer_named(name)))
        }
        ("Path" | "VarStore", method) => {
            let receiver = first?;
            return self::method(
                machine,
                &receiver,
                method,
                &args[1..],
                &vec![span; args.len()],
                span,
            )
            .or_else(|| {
                super::candle::method(
                    machine,
                    &receiver,
                    method,
                    &args[1..],
                    &vec![span; args.len()],
                    span,
                )
            });
        }
        ("Tensor", "cat" | "stack" | "concat") => machine
            .mixed_flows(&args.iter().collect::<Vec<_>>())
            .unwrap_or_else(Value::tensor),
        ("Tensor", _) => match args.first() {
            Some(receiver @ Value::Tensor(_)) => {
                return Some(machine.call_method(
                    receiver,
                    crate::name::Name::new(name),
                    &[],
                    args[1..].to_vec(),
                    span,
                ));
            }
            _ => machine
                .mixed_flows(&args.iter().collect::<Vec<_>>())
                .unwrap_or_else(Value::tensor),
        },
        ("Device" | "Kind" | "Scalar", _) => Value::of_type(Ty::foreign("tch", owner)),
        _ => return None,
    }))
}

fn optimizer_named(function: &str) -> &'static str {
    match function {
        "adam" => "Adam",
        "adamw" => "AdamW",
        "sgd" => "Sgd",
        _ => "RmsProp",
    }
}

pub fn method(
    machine: &mut Machine<'_>,
    value: &Value,
    name: &str,
    args: &[Value],
    spans: &[Span],
    span: Span,
) -> Option<Eval> {
    let _ = spans;
    match value {
        Value::Tensor(_) | Value::Vars(_) | Value::Store(_)
            if matches!(name, "requires_grad_" | "set_requires_grad") =>
        {
            if let Some(Value::Bool(Cond::Known(false))) = args.first() {
                machine.record_frozen_variable(value);
            }
            Some(Ok(value.clone()))
        }
        Value::Builder(builder) => path_method(machine, &builder.clone(), name, args, span).map(Ok),
        Value::Store(store) => {
            let store = *store;
            Some(Ok(match name {
                "root" => machine.root_builder(store),
                "trainable_variables" | "variables" | "variables_" => match name {
                    "variables" => machine.store_entries(store),
                    _ => Value::Vars(Rc::new(Vars {
                        stores: vec![store],
                        params: Vec::new(),
                        filtered: false,
                    })),
                },
                "load" | "load_partial" | "load_from_stream" | "read_safetensors"
                | "fill_safetensors" | "load_safetensors" | "load_weights" => {
                    machine.record_load(vec![store], None, args.first(), span);
                    Value::Unit
                }
                "copy" => {
                    machine.record_copy(store, span);
                    Value::Unit
                }
                "freeze" => {
                    machine.record_freeze(store, true);
                    Value::Unit
                }
                "unfreeze" => {
                    machine.record_freeze(store, false);
                    Value::Unit
                }
                "device" | "kind" => Value::of_type(Ty::foreign("tch", "Device")),
                "len" => Value::Int(Num::named("number of variables")),
                "save" => {
                    if let Some(path) = args.first() {
                        machine.record_save(path);
                    }
                    Value::Unit
                }
                "half" | "float" | "double" | "bfloat16" | "set_kind" | "set_device"
                | "save_to_stream" | "merge" | "is_empty" => Value::Unit,
                "as_ref" | "borrow" | "as_mut" | "borrow_mut" => value.clone(),
                _ => return None,
            }))
        }
        Value::Unknown(unknown)
            if unknown
                .ty
                .foreign_name()
                .is_some_and(|name| OPTIMIZERS.contains(&name.as_str())) =>
        {
            let kind = unknown.ty.foreign_name()?.as_str();
            match name {
                "build" | "build_copt" => {
                    let target = match machine.deref(args.first()?) {
                        Value::Store(store) => Target::Vars(Rc::new(Vars {
                            stores: vec![store],
                            params: Vec::new(),
                            filtered: false,
                        })),
                        _ => Target::Unknown,
                    };
                    Some(Ok(machine.build_optimizer(kind, target, span)))
                }
                name if [
                    "wd",
                    "beta1",
                    "beta2",
                    "eps",
                    "amsgrad",
                    "momentum",
                    "dampening",
                    "nesterov",
                    "alpha",
                    "centered",
                ]
                .contains(&name) =>
                {
                    Some(Ok(value.clone()))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn path_method(
    machine: &mut Machine<'_>,
    builder: &Builder,
    name: &str,
    args: &[Value],
    span: Span,
) -> Option<Value> {
    let name = name.strip_prefix("f_").unwrap_or(name);
    Some(match name {
        "add" if args.len() >= 3 => {
            let shape = machine.shape_of(&args[1]);
            let trainable = !matches!(args[2], Value::Bool(Cond::Known(false)));
            tch_names::new_variable(machine, builder, &args[0], shape, trainable, span)
        }
        _ if MAKERS.contains(&name) && args.len() >= 2 => {
            let shape = machine.shape_of(&args[1]);
            tch_names::new_variable(machine, builder, &args[0], shape, true, span)
        }
        _ if CONSTANT_MAKERS.contains(&name) && args.len() >= 2 => {
            let shape = machine.shape_of(&args[1]);
            tch_names::new_variable(machine, builder, &args[0], shape, false, span)
        }
        "set_group" => {
            let group = machine.number(args.first()?);
            if group != Num::Known(0) {
                machine.record_split(Some(builder.store), None, span);
            }
            Value::Builder(Rc::new(Builder {
                group,
                ..builder.clone()
            }))
        }
        "entry" => {
            // The variable comes to be with `or_zeros` and its kin.
            let text = machine.display(args.first()?);
            Value::Builder(Rc::new(Builder {
                prefix: builder.prefix.joined(".", &text),
                ..builder.clone()
            }))
        }
        "or_zeros" | "or_ones" | "or_var" | "or_randn" | "or_randn_standard" | "or_uniform"
        | "or_kaiming_uniform" | "or_kaiming_normal" | "or_orthogonal" | "or_var_copy"
        | "or_zeros_no_train" | "or_ones_no_train" => {
            let shape = args.first().and_then(|shape| machine.shape_of(shape));
            let trainable = !name.ends_with("no_train");
            tch_names::entry(machine, builder, shape, trainable, span)
        }
        "get" => tch_names::found(machine, builder, args.first()?),
        "kind" | "device" => Value::of_type(Ty::foreign("tch", "Device")),
        "components" => {
            let names = components(&builder.prefix).into_iter();
            Value::list(names.map(|name| Item::One(Value::Text(name))).collect())
        }
        "path" => {
            let name = machine.display(args.first()?);
            Value::Text(builder.prefix.joined(".", &name))
        }
        "trainable_variables" => Value::unknown(),
        "into" | "borrow" => Value::Builder(Rc::new(builder.clone())),
        _ => return None,
    })
}

/// The segments of a path: none has a dot in it.
fn components(path: &Text) -> Vec<Text> {
    let mut names = Vec::new();
    let mut name = Text::default();
    for part in path.parts() {
        match part {
            Part::Literal(literal) => {
                for (number, piece) in literal.split('.').enumerate() {
                    if number > 0 {
                        names.push(std::mem::take(&mut name));
                    }
                    name.push(Part::Literal(piece.into()));
                }
            }
            other => name.push(other.clone()),
        }
    }
    names.push(name);
    names.retain(|name| !name.is_empty());
    names
}

pub fn symbol(machine: &mut Machine<'_>, foreign: &str, name: Option<&str>) -> Option<Value> {
    Some(match foreign {
        "Path" => {
            let store = machine.given_store(Framework::Tch, name);
            machine.root_builder(store)
        }
        "VarStore" => Value::Store(machine.given_store(Framework::Tch, name)),
        "Tensor" => Value::tensor(),
        _ => return None,
    })
}
