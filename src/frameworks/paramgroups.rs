//! paramgroups: its optimizers over candle's variables divide what they train.

use crate::eval::{Eval, Machine, Ty, Value};
use crate::name::Name;
use crate::source::Span;

/// Types that the machine knows by itself.
pub const TYPES: &[&str] = &[
    "Grouped",
    "GroupedOptimizer",
    "NamedVars",
    "Groups",
    "BodyAndHead",
    "ByModule",
    "CutBefore",
    "EvenParts",
    "Selector",
];

pub const OPTIMIZERS: &[&str] = &["Grouped", "GroupedOptimizer"];

pub fn call(machine: &mut Machine<'_>, path: &[Name], args: &[Value], span: Span) -> Option<Eval> {
    let [.., owner, function] = path else {
        return None;
    };
    let owner = owner.as_str();
    if !OPTIMIZERS.contains(&owner) {
        return Some(Ok(Value::of_type(Ty::foreign("paramgroups", owner))));
    }
    let is_constructor = ["new", "new_lr", "wrapping"].contains(&function.as_str());
    if !is_constructor || path.first().is_none_or(|module| *module != "candle") {
        return None;
    }
    let target = match machine.deref(args.first()?) {
        Value::Store(store) => machine.target_of(&super::candle::all_vars(store)),
        other => machine.target_of(&other),
    };
    let optimizer = machine.build_optimizer(owner, target, span);
    if let Value::Optimizer(id) = optimizer {
        machine.record_group(Some(id), None, span);
    }
    Some(Ok(optimizer))
}

/// Whatever a splitter or a list of variables is told, it stays what it is.
pub fn method(value: &Value) -> Option<Eval> {
    match value {
        Value::Unknown(unknown) if matches!(&unknown.ty, Ty::Foreign { krate, .. } if *krate == "paramgroups") => {
            Some(Ok(value.clone()))
        }
        _ => None,
    }
}
