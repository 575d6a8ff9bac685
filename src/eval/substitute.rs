//! Replacing a loop's index in a value.

use std::rc::Rc;

use super::num::{IndexId, Num};
use super::symbol;
use super::text::{Part, Text};
use super::value::{Cond, Item, List, StructValue, Unknown, Value, VariantValue};
use crate::program::hir::Member;

/// The value with `over` replaced by `new`; None where that cannot be done in place (a module, whose parameters exist already).
pub fn substitute(value: &Value, over: IndexId, new: &Num) -> Option<Value> {
    Some(match value {
        Value::Int(num) => Value::Int(number(num, over, new)),
        Value::Text(text) => {
            let mut result = Text::default();
            for part in text.parts() {
                match part {
                    Part::Index {
                        index,
                        scale,
                        offset,
                    } if *index == over => {
                        let num = new.mul(&Num::Known(*scale)).add(&Num::Known(*offset));
                        result.append(&Text::of_num(&num));
                    }
                    Part::Hole(name) => {
                        result.push(Part::Hole(symbol::substitute(name, over, new)));
                    }
                    other => result.push(other.clone()),
                }
            }
            Value::Text(result)
        }
        Value::Tuple(values) => Value::tuple(
            values
                .iter()
                .map(|value| substitute(value, over, new))
                .collect::<Option<_>>()?,
        ),
        Value::List(list) => {
            let items = list
                .items
                .iter()
                .map(|item| substitute(item.value(), over, new).map(|value| item.with_value(value)))
                .collect::<Option<Vec<Item>>>()?;
            Value::List(Rc::new(List {
                items,
                ..(**list).clone()
            }))
        }
        Value::Opt(Some(inner)) => Value::some(substitute(inner, over, new)?),
        Value::Ok(inner) => Value::ok(substitute(inner, over, new)?),
        Value::Err(inner) => Value::err(substitute(inner, over, new)?),
        Value::Alt(values) => Value::one_of(
            values
                .iter()
                .map(|value| substitute(value, over, new))
                .collect::<Option<Vec<_>>>()?,
        ),
        Value::Unknown(unknown) => Value::Unknown(Rc::new(Unknown {
            ty: unknown.ty.clone(),
            name: unknown
                .name
                .as_deref()
                .map(|name| symbol::substitute(name, over, new)),
        })),
        Value::Bool(Cond::Symbol { name, negated }) => Value::Bool(symbol::question(
            &symbol::substitute(name, over, new),
            *negated,
        )),
        // A configuration, not a module: its parts say which.
        Value::Struct(fields) => Value::Struct(Rc::new(StructValue {
            fields: members(&fields.fields, over, new)?,
            ..(**fields).clone()
        })),
        Value::Variant(variant) => Value::Variant(Rc::new(VariantValue {
            fields: members(&variant.fields, over, new)?,
            ..(**variant).clone()
        })),
        Value::Map(_)
        | Value::Tensor(_)
        | Value::Container(_)
        | Value::Builder(_)
        | Value::Iter(_) => return None,
        other => other.clone(),
    })
}

fn number(num: &Num, over: IndexId, new: &Num) -> Num {
    match num {
        Num::Affine {
            index,
            scale,
            offset,
        } if *index == over => new.mul(&Num::Known(*scale)).add(&Num::Known(*offset)),
        Num::Named(name) => Num::Named(symbol::substitute(name, over, new)),
        other => other.clone(),
    }
}

fn members(fields: &[(Member, Value)], over: IndexId, new: &Num) -> Option<Vec<(Member, Value)>> {
    fields
        .iter()
        .map(|(member, value)| Some((*member, substitute(value, over, new)?)))
        .collect()
}
