//! Which of two known values comes first.

use std::cmp::Ordering;

use super::super::machine::{Eval, Machine};
use super::super::num::Num;
use super::super::value::{Cond, Item, Value};
use crate::source::Span;

/// As `Ord` and `PartialOrd` would say.
pub fn order_of(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(Num::Known(a)), Value::Int(Num::Known(b))) => Some(a.cmp(b)),
        (Value::Float(Some(a)), Value::Float(Some(b))) => a.compare(*b),
        (Value::Text(a), Value::Text(b)) => Some(a.known()?.cmp(b.known()?)),
        (Value::Bool(Cond::Known(a)), Value::Bool(Cond::Known(b))) => Some(a.cmp(b)),
        (Value::Unit, Value::Unit) => Some(Ordering::Equal),
        (Value::Opt(a), Value::Opt(b)) => match (a, b) {
            (Some(a), Some(b)) => order_of(a, b),
            (a, b) => Some(a.is_some().cmp(&b.is_some())),
        },
        (Value::Tuple(a), Value::Tuple(b)) if a.len() == b.len() => {
            first_difference(a.iter().zip(b.iter()))
        }
        (Value::List(a), Value::List(b)) => {
            let single = |item: &Item| matches!(item, Item::One(_));
            if !a.items.iter().chain(&b.items).all(single) {
                return None;
            }
            let values = |items: &[Item]| -> Vec<Value> {
                items.iter().map(|item| item.value().clone()).collect()
            };
            let (a, b) = (values(&a.items), values(&b.items));
            let shared = first_difference(a.iter().zip(&b))?;
            Some(shared.then(a.len().cmp(&b.len())))
        }
        (Value::Variant(a), Value::Variant(b)) if a.def == b.def => {
            if a.variant != b.variant {
                return Some(a.variant.cmp(&b.variant));
            }
            first_difference(
                a.fields
                    .iter()
                    .map(|(_, a)| a)
                    .zip(b.fields.iter().map(|(_, b)| b)),
            )
        }
        (Value::Ordering(a), Value::Ordering(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn first_difference<'a>(
    mut pairs: impl Iterator<Item = (&'a Value, &'a Value)>,
) -> Option<Ordering> {
    pairs.try_fold(Ordering::Equal, |order, (a, b)| match order {
        Ordering::Equal => order_of(a, b),
        order => Some(order),
    })
}

impl<'p> Machine<'p> {
    /// `cmp` and its kin of two values that are known.
    pub(super) fn compared(&mut self, value: &Value, name: &str, args: &[Value]) -> Option<Eval> {
        if !matches!(name, "cmp" | "partial_cmp" | "total_cmp") {
            return None;
        }
        let other = args.first().map(|other| self.deref(other))?;
        let order = order_of(value, &other).map_or_else(Value::unknown, Value::Ordering);
        Some(Ok(match name {
            "partial_cmp" => Value::some(order),
            _ => order,
        }))
    }

    pub(super) fn ordering_method(
        &mut self,
        order: Ordering,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let first = args.first().cloned();
        Some(match name {
            "reverse" => Ok(Value::Ordering(order.reverse())),
            "then" | "then_with" if order.is_ne() => Ok(Value::Ordering(order)),
            "then" => Ok(first?),
            "then_with" => self.call_value(&first?, Vec::new(), span),
            "is_lt" | "is_le" | "is_gt" | "is_ge" | "is_eq" | "is_ne" => {
                Ok(Value::Bool(Cond::Known(match name {
                    "is_lt" => order.is_lt(),
                    "is_le" => order.is_le(),
                    "is_gt" => order.is_gt(),
                    "is_ge" => order.is_ge(),
                    "is_eq" => order.is_eq(),
                    _ => order.is_ne(),
                })))
            }
            _ => return None,
        })
    }
}

/// `Ordering::Less` and its like, by its last name.
pub fn ordering_named(name: &str) -> Option<Ordering> {
    match name {
        "Less" => Some(Ordering::Less),
        "Equal" => Some(Ordering::Equal),
        "Greater" => Some(Ordering::Greater),
        _ => None,
    }
}
