//! candle: names come from the `VarBuilder` that flows through constructors.

mod builder;
mod checkpoint;
mod optimizer;

use std::rc::Rc;

use self::builder::{builder_method, is_builder_constructor};
use self::checkpoint::{checkpoint, column, entry, is_checkpoint};
use self::optimizer::{is_optimizer, optimizer_method};
use super::{Framework, tensor_shape};
use crate::eval::{Cond, Eval, Item, Machine, Num, TensorValue, Text, Ty, Value, Vars};
use crate::source::Span;

/// Types that the machine knows by itself.
pub const TYPES: &[&str] = &[
    "VarBuilder",
    "VarBuilderArgs",
    "ShardedVarBuilder",
    "ShardedSafeTensors",
    "VarMap",
    "Sequential",
    "Tensor",
    "Var",
    "Func",
    "FuncT",
    "Device",
    "DType",
    "AdamW",
    "SGD",
    "Adam",
    "Adamax",
    "NAdam",
    "RAdam",
    "RMSprop",
    "Adadelta",
    "Adagrad",
    "ESGD",
    "Lbfgs",
    "SGDMomentum",
    "D",
    "Shape",
    "Init",
    "ParamsAdamW",
    "MmapedSafetensors",
    "SliceSafetensors",
    "BufferedSafetensors",
    "PthTensors",
    "NpzTensors",
    "safetensors",
];

pub const FUNCTIONS: &[&str] = &["seq", "func", "func_t"];

pub const OPTIMIZERS: &[&str] = &[
    "AdamW",
    "SGD",
    "Adam",
    "Adamax",
    "NAdam",
    "RAdam",
    "RMSprop",
    "Adadelta",
    "Adagrad",
    "ESGD",
    "Lbfgs",
    "SGDMomentum",
];

pub fn call(
    machine: &mut Machine<'_>,
    owner: &str,
    name: &str,
    args: &[Value],
    span: Span,
) -> Option<Eval> {
    let first = args.first().map(|arg| machine.deref(arg));
    Some(Ok(match (owner, name) {
        ("VarMap", "new" | "default") => {
            Value::Store(machine.new_map(Framework::Candle, "VarMap", Some(span)))
        }
        ("VarBuilder" | "VarBuilderArgs", "from_varmap") => match first {
            Some(Value::Store(store)) => machine.root_builder(store),
            _ => {
                let store = machine.new_map(Framework::Candle, "VarMap", None);
                machine.root_builder(store)
            }
        },
        ("VarBuilder" | "VarBuilderArgs" | "ShardedSafeTensors", constructor)
            if !constructor.starts_with(|c: char| c.is_uppercase())
                && is_builder_constructor(constructor) =>
        {
            // A backend of the program's own that keeps a map.
            let map = first
                .filter(|_| constructor == "from_backend")
                .and_then(only_store);
            let store = map.unwrap_or_else(|| {
                let kind = match constructor {
                    "zeros" => crate::eval::ZEROS,
                    _ => "VarBuilder",
                };
                let store = machine.new_store(Framework::Candle, kind, Some(span));
                machine.log.stores[store.0 as usize].grants = constructor == "zeros";
                store
            });
            machine.root_builder(store)
        }
        // `VarBuilder::pp(&vb, "x")`
        ("VarBuilder" | "VarBuilderArgs", method) => {
            let builder = args.first()?.clone();
            let builder = machine.deref(&builder);
            return self::method(
                machine,
                &builder,
                method,
                &args[1..],
                &vec![span; args.len()],
                span,
            );
        }
        (_, "seq") => machine.new_container(Vec::new(), span),
        ("Func" | "FuncT", "new") | (_, "func" | "func_t") => first.unwrap_or_else(Value::unknown),
        (optimizer, "new" | "new_lr" | "from_slice") if is_optimizer(optimizer) => {
            let target = machine.target_of(args.first()?);
            machine.build_optimizer(optimizer, target, span)
        }
        (
            "Var",
            "from_tensor" | "from_vec" | "from_slice" | "zeros" | "ones" | "randn" | "rand" | "new",
        ) => machine.push_param(None, Text::default(), None, true, span),
        ("safetensors", "load" | "load_buffer")
        | (
            "MmapedSafetensors"
            | "SliceSafetensors"
            | "BufferedSafetensors"
            | "PthTensors"
            | "NpzTensors",
            _,
        )
        | ("Tensor", "read_npz" | "read_npz_by_name" | "read_npy")
        | ("pickle", "read_all") => checkpoint(),
        ("Tensor" | "Var", "cat" | "stack") => machine
            .mixed_flows(&args.iter().collect::<Vec<_>>())
            .unwrap_or_else(Value::tensor),
        ("Tensor" | "Var", _) => match args.first() {
            // `Tensor::relu(&xs)`
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
        ("Device" | "DType" | "Shape" | "ParamsAdamW" | "D", _) => {
            Value::of_type(Ty::foreign("candle_core", owner))
        }
        ("ops" | "loss" | "activation" | "init", _) => machine
            .mixed_flows(&args.iter().collect::<Vec<_>>())
            .unwrap_or_else(Value::tensor),
        _ => return None,
    }))
}

/// All variables of a store.
pub fn all_vars(store: crate::eval::StoreId) -> Value {
    Value::Vars(Rc::new(Vars {
        stores: vec![store],
        params: Vec::new(),
        filtered: false,
    }))
}

/// The one store that a value holds.
fn only_store(value: Value) -> Option<crate::eval::StoreId> {
    let mut stores = Vec::new();
    value.visit(&mut |part| {
        if let Value::Store(store) = part {
            stores.push(*store);
        }
    });
    match stores.as_slice() {
        [store] => Some(*store),
        _ => None,
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
    match value {
        Value::Builder(builder) => {
            builder_method(machine, &builder.clone(), name, args, span).map(Ok)
        }
        Value::Store(store) => {
            let store = *store;
            Some(Ok(match name {
                "all_vars" => all_vars(store),
                "data" | "lock" | "unwrap" | "expect" | "clone" | "read" => value.clone(),
                "iter" | "into_iter" | "iter_mut" | "drain" => machine.store_entries(store),
                "keys" => column(machine, store, 0),
                "values" => column(machine, store, 1),
                "get" | "remove" => entry(machine, store, args.first()?),
                "load" => {
                    machine.record_load(vec![store], None, args.first(), span);
                    Value::Unit
                }
                "set" | "set_one" => {
                    match args.last() {
                        Some(given) if is_checkpoint(given) => {
                            machine.record_load(vec![store], None, None, span)
                        }
                        _ => machine.record_copy(store, span),
                    }
                    Value::Unit
                }
                "save" => {
                    if let Some(path) = args.first() {
                        machine.record_save(path);
                    }
                    Value::Unit
                }
                "insert" => Value::Unit,
                _ => return None,
            }))
        }
        // tch's switch of a variable's gradient.
        Value::Tensor(_) | Value::Vars(_)
            if matches!(name, "requires_grad_" | "set_requires_grad") =>
        {
            None
        }
        Value::Vars(vars) if name == "set" => {
            if args.first().is_some_and(is_checkpoint) {
                machine.record_load(vars.stores.clone(), None, None, span);
            }
            Some(Ok(Value::Unit))
        }
        Value::Tensor(tensor) if name == "set" && tensor.param.is_some() => {
            let store = tensor
                .param
                .and_then(|param| machine.log.params[param.0 as usize].store);
            if args.first().is_some_and(is_checkpoint) {
                machine.record_load(store.into_iter().collect(), None, None, span);
            }
            Some(Ok(Value::Unit))
        }
        // Whatever is taken out of a checkpoint is a part of it.
        Value::Unknown(_) if is_checkpoint(value) => Some(Ok(match name {
            "iter" | "into_iter" | "drain" | "tensors" => {
                let index = machine.fresh_index("i", 0, Num::named("?"));
                let entry = Value::tuple(vec![
                    Value::Text(Text::hole("a checkpoint's key")),
                    value.clone(),
                ]);
                Value::list(vec![Item::Repeat {
                    index,
                    value: entry,
                }])
            }
            "get" | "remove" => Value::one_of([Value::some(value.clone()), Value::Opt(None)]),
            "keys" | "len" | "contains_key" | "is_empty" => Value::unknown(),
            _ => value.clone(),
        })),
        Value::Vars(_) => Some(Ok(match name {
            "iter" | "into_iter" | "collect" | "to_vec" | "clone" | "into" | "as_slice"
            | "iter_mut" | "cloned" => value.clone(),
            "len" => Value::Int(Num::named("number of variables")),
            "filter" | "filter_map" | "take" | "skip" | "into_values" => narrowed(value),
            "map" => value.clone(),
            "as_tensor" | "as_detached_tensor" | "unwrap" => value.clone(),
            "push" | "extend" | "append" | "sort_by" | "sort" | "retain" => Value::Unit,
            _ => return None,
        })),
        Value::Container(container) => {
            let container = container.clone();
            match name {
                "add" | "add_fn" | "add_fn_t" => {
                    let argument = machine.deref(args.first()?);
                    let item = machine.repeated_item(argument, container.born_under);
                    let at = spans.first().copied().unwrap_or(span);
                    let grown = crate::eval::with_item(&container, item, at, span);
                    machine.module_built(container.id, &grown, span);
                    Some(Ok(grown))
                }
                "len" => Some(Ok(Value::Int(machine.elements(value)))),
                "is_empty" => {
                    let empty = match machine.elements(value) {
                        Num::Known(count) => Cond::Known(count == 0),
                        _ => Cond::Unknown,
                    };
                    Some(Ok(Value::Bool(empty)))
                }
                "iter" | "into_iter" => Some(Ok(Value::list(
                    container
                        .items
                        .iter()
                        .map(|item| item.item.clone())
                        .collect(),
                ))),
                _ => None,
            }
        }
        Value::Optimizer(_) => optimizer_method(machine, value, name, args, span).map(Ok),
        Value::Unknown(unknown)
            if unknown
                .ty
                .foreign_name()
                .is_some_and(|name| is_optimizer(name.as_str())) =>
        {
            optimizer_method(machine, value, name, args, span).map(Ok)
        }
        Value::Tensor(tensor) => match name {
            "dims" | "shape" => Some(Ok(match &tensor.shape {
                Some(shape) => Value::list(
                    shape
                        .iter()
                        .map(|num| Item::One(Value::Int(num.clone())))
                        .collect(),
                ),
                None => Value::of_type(Ty::Vec(Rc::new(Ty::Int))),
            })),
            "dim" | "elem_count" | "rank" | "dims1" | "dims2" | "dims3" | "dims4" | "dims5" => {
                tensor_shape::answer(machine, tensor.shape.as_deref(), name, args).map(Ok)
            }
            _ if name.starts_with("size") && name.len() == 5 => {
                let count = usize::from(name.as_bytes()[4].wrapping_sub(b'0')).min(8);
                Some(Ok(if count == 1 {
                    Value::Int(Num::named("?"))
                } else {
                    Value::tuple(vec![Value::Int(Num::named("?")); count])
                }))
            }
            "size" => Some(Ok(Value::of_type(Ty::Vec(Rc::new(Ty::Int))))),
            _ if super::is_question(name) && !matches!(name, "device" | "dtype") => {
                Some(Ok(Value::unknown()))
            }
            "device" | "dtype" => Some(Ok(Value::of_type(Ty::foreign("candle_core", "Device")))),
            "backward" => Some(Ok(Value::unknown())),
            _ if tensor.param.is_some()
                && matches!(
                    name,
                    "clone"
                        | "to_dtype"
                        | "contiguous"
                        | "to_device"
                        | "detach"
                        | "as_tensor"
                        | "copy"
                        | "t"
                        | "transpose"
                        | "shallow_clone"
                        | "reshape"
                        | "unsqueeze"
                        | "squeeze"
                ) =>
            {
                let shape = tensor_shape::after(machine, tensor.shape.as_deref(), name, args);
                Some(Ok(Value::Tensor(Rc::new(TensorValue {
                    shape,
                    ..(**tensor).clone()
                }))))
            }
            _ => {
                let mut parts = vec![value];
                parts.extend(args.iter());
                let result = machine.mixed_flows(&parts).unwrap_or_else(Value::tensor);
                let shape = tensor_shape::after(machine, tensor.shape.as_deref(), name, args);
                Some(Ok(match (result, shape) {
                    (Value::Tensor(result), Some(shape)) => Value::Tensor(Rc::new(TensorValue {
                        shape: Some(shape),
                        ..(*result).clone()
                    })),
                    (result, _) => result,
                }))
            }
        },
        // `tensor.shape().dims2()`
        Value::List(list) if name.starts_with("dims") || name == "rank" || name == "elem_count" => {
            if name == "dims" {
                return Some(Ok(value.clone()));
            }
            let shape: Option<Vec<Num>> = list
                .items
                .iter()
                .map(|item| match item {
                    Item::One(Value::Int(num)) => Some(num.clone()),
                    _ => None,
                })
                .collect();
            tensor_shape::answer(machine, shape.as_deref(), name, args).map(Ok)
        }
        _ => None,
    }
}

pub fn symbol(machine: &mut Machine<'_>, foreign: &str, name: Option<&str>) -> Option<Value> {
    Some(match foreign {
        "VarBuilder" | "VarBuilderArgs" | "ShardedVarBuilder" => {
            let store = machine.given_store(Framework::Candle, name);
            machine.root_builder(store)
        }
        "VarMap" => {
            let store = machine.given_store(Framework::Candle, name);
            machine.log.stores[store.0 as usize].grants = true;
            Value::Store(store)
        }
        "Tensor" | "Var" => Value::tensor(),
        "Sequential" => return None,
        _ => return None,
    })
}

fn narrowed(value: &Value) -> Value {
    match value {
        Value::Vars(vars) => Value::Vars(Rc::new(Vars {
            filtered: true,
            ..(**vars).clone()
        })),
        other => other.clone(),
    }
}
