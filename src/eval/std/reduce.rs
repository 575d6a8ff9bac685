//! What a sequence comes down to: folds, sums, the largest, the first that fits.

use std::cell::RefCell;
use std::cmp::Ordering;

use super::super::loops::Round;
use super::super::machine::{Eval, Machine};
use super::super::num::{IndexId, Num};
use super::super::rounds::{Rehearsal, Repeated, widen};
use super::super::value::{Cond, Item, Value};
use super::order::order_of;
use crate::program::hir::BinaryOp;
use crate::source::Span;

impl<'p> Machine<'p> {
    pub(super) fn reduced(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Eval {
        let arg = |index: usize| args.get(index).cloned().unwrap_or_else(Value::unknown);
        let items = self.items_or_unknown(value);
        match name {
            "fold" => self.folded(items, arg(0), &arg(1), span),
            "try_fold" => self.tried(items, arg(0), &arg(1), span),
            "reduce" => {
                let mut items = items.into_iter();
                match items.next() {
                    None => Ok(Value::Opt(None)),
                    Some(Item::One(first)) => {
                        let rest = items.collect();
                        self.folded(rest, first, &arg(0), span).map(Value::some)
                    }
                    Some(_) => Ok(Value::unknown()),
                }
            }
            "sum" | "product" => self.added_up(items, name == "product"),
            _ => self.extreme(items, name, &arg(0), span),
        }
    }

    fn folded(&mut self, items: Vec<Item>, start: Value, with: &Value, span: Span) -> Eval {
        let mut accumulated = start;
        for item in items {
            accumulated = match item {
                Item::One(value) => self.call_value(with, vec![accumulated, value], span)?,
                Item::Maybe(value) => {
                    let (before, with) = (accumulated.clone(), with.clone());
                    let run = move |machine: &mut Machine<'p>| {
                        machine.call_value(&with, vec![before, value], span)
                    };
                    let skip = move |_: &mut Machine<'p>| Ok(accumulated);
                    self.branch(vec![(None, Box::new(run)), (None, Box::new(skip))])?
                }
                Item::Repeat { index, value } => {
                    self.folded_over(index, &value, accumulated, with, span)?
                }
            };
        }
        Ok(accumulated)
    }

    /// A fold over rounds that are not counted: what is accumulated is known as far as it holds in each.
    fn folded_over(
        &mut self,
        index: IndexId,
        element: &Value,
        start: Value,
        with: &Value,
        span: Span,
    ) -> Eval {
        let accumulated = RefCell::new(start);
        let run = |machine: &mut Machine<'p>, value: &Value| {
            let before = accumulated.borrow().clone();
            let after = machine.call_value(with, vec![before, value.clone()], span)?;
            accumulated.replace(after);
            Ok(Round::Next)
        };
        let repeated = Repeated {
            run: &run,
            span,
            index,
            element,
        };
        let before = accumulated.borrow().clone();
        let changed = match self.rehearse(repeated) {
            Rehearsal::Changed(changed) => changed,
            Rehearsal::Peel(_) | Rehearsal::Left => Vec::new(),
        };
        let after = accumulated.replace(before.clone());
        // How far a counter comes is not known: its index is not.
        if let Some(wide) = widen(&before, &after, index, None) {
            accumulated.replace(wide);
        }
        self.general_round(repeated, changed)?;
        Ok(accumulated.into_inner())
    }

    /// `try_fold`: ends at the first `None` or error.
    fn tried(&mut self, items: Vec<Item>, start: Value, with: &Value, span: Span) -> Eval {
        let mut accumulated = start;
        let mut gives_option = false;
        for item in items {
            let Item::One(value) = item else {
                let rest = vec![item];
                accumulated = self.folded(rest, accumulated, with, span)?;
                continue;
            };
            let given = self.call_value(with, vec![accumulated, value], span)?;
            accumulated = match self.deref(&given) {
                ended @ (Value::Opt(None) | Value::Err(_)) => return Ok(ended),
                Value::Opt(Some(inner)) => {
                    gives_option = true;
                    (*inner).clone()
                }
                other => other.into_granted(),
            };
        }
        Ok(match gives_option {
            true => Value::some(accumulated),
            false => Value::ok(accumulated),
        })
    }

    fn added_up(&mut self, items: Vec<Item>, is_product: bool) -> Eval {
        let op = if is_product {
            BinaryOp::Mul
        } else {
            BinaryOp::Add
        };
        let mut total: Option<Value> = None;
        let mut is_option = false;
        for item in items {
            let Item::One(value) = item else {
                return Ok(Value::Int(Num::named("?")));
            };
            let value = match self.deref(&value) {
                Value::Opt(None) => return Ok(Value::Opt(None)),
                Value::Opt(Some(inner)) => {
                    is_option = true;
                    (*inner).clone()
                }
                Value::Float(number) => Value::Float(number),
                other => Value::Int(self.number(&other)),
            };
            total = Some(match total {
                None => value,
                Some(total) => self.binary(op, total, value)?,
            });
        }
        let total = total.unwrap_or_else(|| Value::known(i128::from(is_product)));
        Ok(match is_option {
            true => Value::some(total),
            false => total,
        })
    }

    fn extreme(&mut self, items: Vec<Item>, name: &str, with: &Value, span: Span) -> Eval {
        let wants = if name.starts_with("max") {
            Ordering::Greater
        } else {
            Ordering::Less
        };
        let mut chosen: Option<(Value, Value)> = None;
        for item in &items {
            let Item::One(value) = item else {
                return Ok(Value::some(super::super::place::any_element(&Value::list(
                    items.clone(),
                ))));
            };
            let key = match name {
                "max_by_key" | "min_by_key" => self.call_value(with, vec![value.clone()], span)?,
                _ => value.clone(),
            };
            let Some((best, best_key)) = &chosen else {
                chosen = Some((value.clone(), key));
                continue;
            };
            let order = match name {
                "max_by" | "min_by" => {
                    let given = vec![value.clone(), best.clone()];
                    match self.call_value(with, given, span)? {
                        Value::Ordering(order) => Some(order),
                        _ => None,
                    }
                }
                _ => {
                    let (key, best_key) = (self.deref(&key), self.deref(best_key));
                    order_of(&key, &best_key)
                }
            };
            match order {
                // Of equal ones, the last is the largest and the first the smallest.
                Some(order) if order == wants || name.starts_with("max") && order.is_eq() => {
                    chosen = Some((value.clone(), key));
                }
                Some(_) => {}
                None => {
                    let list = Value::list(items.clone());
                    let any = match super::super::place::any_element(&list) {
                        Value::Alt(values)
                            if values.iter().all(|value| matches!(value, Value::Int(_))) =>
                        {
                            Value::Int(Num::named("?"))
                        }
                        other => other,
                    };
                    return Ok(Value::some(any));
                }
            }
        }
        Ok(chosen.map_or(Value::Opt(None), |(value, _)| Value::some(value)))
    }

    pub(super) fn partitioned(&mut self, value: &Value, with: &Value, span: Span) -> Eval {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for item in self.items_or_unknown(value) {
            let verdict = self.call_value(with, vec![item.value().clone()], span)?;
            match self.truth(&verdict) {
                Cond::Known(true) => yes.push(item),
                Cond::Known(false) => no.push(item),
                _ => {
                    yes.push(super::iterator::doubtful(item.clone()));
                    no.push(super::iterator::doubtful(item));
                }
            }
        }
        Ok(Value::tuple(vec![Value::list(yes), Value::list(no)]))
    }

    /// The first element that fits, or its place.
    pub(super) fn found(&mut self, list: &Value, name: &str, with: &Value, span: Span) -> Eval {
        let mut items: Vec<(usize, Item)> = self
            .items_or_unknown(list)
            .into_iter()
            .enumerate()
            .collect();
        if name.starts_with('r') {
            items.reverse();
        }
        for (place, item) in items {
            let value = item.value().clone();
            let verdict = self.call_value(with, vec![value.clone()], span)?;
            let verdict = self.deref(&verdict);
            let certain = matches!(item, Item::One(_));
            if name == "find_map" {
                match (&verdict, certain) {
                    (Value::Opt(None), _) => continue,
                    (Value::Opt(Some(_)), true) => return Ok(verdict),
                    _ => return Ok(Value::unknown()),
                }
            }
            match (self.truth(&verdict), certain) {
                (Cond::Known(false), _) => {}
                (Cond::Known(true), true) if name.ends_with("position") => {
                    return Ok(Value::some(Value::known(place as i128)));
                }
                (Cond::Known(true), true) => return Ok(Value::some(value)),
                _ => return Ok(Value::unknown()),
            }
        }
        Ok(Value::Opt(None))
    }
}
