//! Replacing a loop's index in a value.

use std::rc::Rc;

use super::num::{IndexId, Num};
use super::text::{Part, Text};
use super::value::{Item, List, Value};

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
        Value::Struct(_)
        | Value::Variant(_)
        | Value::Tensor(_)
        | Value::Container(_)
        | Value::Builder(_)
        | Value::Alt(_) => return None,
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
        other => other.clone(),
    }
}
