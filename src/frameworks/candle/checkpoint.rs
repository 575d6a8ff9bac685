//! What is read from a checkpoint, and the variables of a store as code sees them.

use std::rc::Rc;

use crate::eval::{Machine, Ty, Value, Vars};

/// The tensors of a file.
pub(super) fn checkpoint() -> Value {
    Value::of_type(Ty::foreign("candle_core", "Checkpoint"))
}

pub(super) fn is_checkpoint(value: &Value) -> bool {
    match value {
        Value::Unknown(unknown) => unknown
            .ty
            .foreign_name()
            .is_some_and(|name| name == "Checkpoint"),
        Value::Alt(values) => values.iter().any(is_checkpoint),
        Value::Opt(Some(inner)) => is_checkpoint(inner),
        Value::Tuple(values) => values.iter().any(is_checkpoint),
        Value::List(list) => list.items.iter().any(|item| is_checkpoint(item.value())),
        _ => false,
    }
}

pub(super) fn column(machine: &mut Machine<'_>, store: crate::eval::StoreId, which: u32) -> Value {
    let Value::List(list) = machine.store_entries(store) else {
        return Value::unknown();
    };
    let items = list
        .items
        .iter()
        .map(|item| {
            let piece = machine.member_of(item.value(), crate::program::hir::Member::Index(which));
            item.with_value(piece)
        })
        .collect();
    Value::list(items)
}

pub(super) fn entry(machine: &mut Machine<'_>, store: crate::eval::StoreId, name: &Value) -> Value {
    let wanted = machine.display(name);
    let found = machine
        .log
        .params
        .iter()
        .position(|event| event.store == Some(store) && event.path == wanted);
    match found {
        Some(number) => Value::some(Value::Tensor(Rc::new(crate::eval::TensorValue {
            param: Some(crate::eval::ParamId(number as u32)),
            ..Default::default()
        }))),
        None => Value::some(Value::Vars(Rc::new(Vars {
            stores: vec![store],
            params: Vec::new(),
            filtered: true,
        }))),
    }
}
