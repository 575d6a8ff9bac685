//! Methods that change a list in place.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::machine::{Exit, Machine};
use super::super::place::any_element;
use super::super::value::{Cond, Item, List, Value};
use super::iterator::doubtful;
use super::order::order_of;
use crate::source::Span;

/// Every method that [`Machine::edited`] knows.
const EDITS: &[&str] = &[
    "push",
    "push_back",
    "push_front",
    "insert",
    "extend",
    "extend_from_slice",
    "append",
    "clear",
    "pop",
    "pop_back",
    "pop_front",
    "remove",
    "swap_remove",
    "truncate",
    "reverse",
    "drain",
    "split_off",
    "swap",
    "fill",
    "rotate_left",
    "rotate_right",
    "resize",
    "retain",
    "retain_mut",
    "dedup",
    "sort",
    "sort_unstable",
    "sort_by",
    "sort_unstable_by",
    "sort_by_key",
    "sort_unstable_by_key",
    "sort_by_cached_key",
];

pub fn is_edit(method: &str) -> bool {
    EDITS.contains(&method)
}

/// The list afterwards, and what the method gives.
pub type Edited = Result<(Value, Value), Exit>;

impl<'p> Machine<'p> {
    pub fn edited(&mut self, list: &Rc<List>, method: &str, args: &[Value], span: Span) -> Edited {
        let arg = |index: usize| args.get(index).cloned().unwrap_or_else(Value::unknown);
        let first = self.owned(&arg(0));
        let keeps_order = matches!(
            method,
            "push" | "push_back" | "extend" | "append" | "clear" | "retain" | "retain_mut"
        ) || method.starts_with("sort");
        let mut items = match self.by_place(&Value::List(list.clone())) {
            Value::List(placed) if !keeps_order => placed.items.clone(),
            _ => list.items.clone(),
        };
        let mut new_span = list.span;
        let counted = items.iter().all(|item| matches!(item, Item::One(_)));
        let mut result = Value::Unit;
        match method {
            "push" | "push_back" | "push_front" => {
                let item = self.repeated_item(first, list.born_under);
                if items.is_empty() {
                    new_span = Some(span);
                }
                let at = if method == "push_front" {
                    0
                } else {
                    items.len()
                };
                items.insert(at, item);
            }
            "extend" | "extend_from_slice" | "append" => {
                if items.is_empty() {
                    new_span = Some(span);
                }
                let more = self.forced(&first, span)?;
                let more = self
                    .items(&more)
                    .unwrap_or_else(|| vec![Item::Maybe(Value::unknown())]);
                for item in more {
                    items.push(match item {
                        Item::One(value) => self.repeated_item(value, list.born_under),
                        item => item,
                    });
                }
                if let ("append", Value::Ref(place)) = (method, arg(0)) {
                    self.write_place(&place, Value::list(Vec::new()));
                }
            }
            "clear" => items.clear(),
            "dedup" if counted => {
                let mut kept: Vec<Item> = Vec::new();
                let mut certain = true;
                for item in items {
                    let same = kept.last().map(|last| order_of(last.value(), item.value()));
                    certain &= !matches!(same, Some(None));
                    if same != Some(Some(Ordering::Equal)) {
                        kept.push(item);
                    }
                }
                items = kept;
                if !certain {
                    items = items.into_iter().map(doubtful).collect();
                }
            }
            "retain" | "retain_mut" => {
                let mut kept = Vec::new();
                for item in items {
                    let verdict = self.call_value(&first, vec![item.value().clone()], span)?;
                    match self.truth(&verdict) {
                        Cond::Known(true) => kept.push(item),
                        Cond::Known(false) => {}
                        _ => kept.push(doubtful(item)),
                    }
                }
                items = kept;
            }
            "reverse" => {
                items.reverse();
                items = items.into_iter().map(|item| self.reversed(item)).collect();
            }
            _ if method.starts_with("sort") => {
                items = self.sorted(items, method, &first, span)?;
            }
            _ if counted => {
                result = match self.edit_counted(&mut items, method, &first, &arg(1)) {
                    Some(result) => result,
                    None => unknown_edit(&mut items, method),
                };
            }
            _ => result = unknown_edit(&mut items, method),
        }
        let new = Value::List(Rc::new(List {
            items,
            unordered: list.unordered && !method.starts_with("sort"),
            span: new_span,
            ..(**list).clone()
        }));
        Ok((new, result))
    }

    /// An edit of a list whose elements are counted. None: where it happens is not known.
    fn edit_counted(
        &mut self,
        items: &mut Vec<Item>,
        method: &str,
        first: &Value,
        second: &Value,
    ) -> Option<Value> {
        let taken = |item: Option<Item>| match item {
            Some(item) => Value::some(item.value().clone()),
            None => Value::Opt(None),
        };
        let length = items.len();
        let place = |machine: &mut Self, value: &Value| {
            let number = machine.number(value).known()?;
            usize::try_from(number).ok()
        };
        Some(match method {
            "pop" | "pop_back" => taken(items.pop()),
            "pop_front" if length == 0 => Value::Opt(None),
            "pop_front" => taken(Some(items.remove(0))),
            "insert" => {
                let at = place(self, first).filter(|at| *at <= length)?;
                let value = self.owned(second);
                items.insert(at, Item::One(value));
                Value::Unit
            }
            "remove" => {
                let at = place(self, first).filter(|at| *at < length)?;
                items.remove(at).value().clone()
            }
            "swap_remove" => {
                let at = place(self, first).filter(|at| *at < length)?;
                items.swap_remove(at).value().clone()
            }
            "truncate" => {
                items.truncate(place(self, first)?);
                Value::Unit
            }
            "split_off" => {
                let at = place(self, first).filter(|at| *at <= length)?;
                Value::list(items.split_off(at))
            }
            "drain" => {
                let (from, to) = self.bounds(first, length)?;
                Value::list(items.drain(from..to).collect())
            }
            "swap" => {
                let a = place(self, first).filter(|at| *at < length)?;
                let b = place(self, second).filter(|at| *at < length)?;
                items.swap(a, b);
                Value::Unit
            }
            "fill" => {
                items.fill(Item::One(first.clone()));
                Value::Unit
            }
            "rotate_left" | "rotate_right" => {
                let by = place(self, first).filter(|by| *by <= length)?;
                if method == "rotate_left" {
                    items.rotate_left(by);
                } else {
                    items.rotate_right(by);
                }
                Value::Unit
            }
            "resize" => {
                let length = place(self, first).filter(|length| *length <= 4096)?;
                let value = self.owned(second);
                items.resize(length, Item::One(value));
                Value::Unit
            }
            _ => return None,
        })
    }

    /// A range of places.
    pub(super) fn bounds(&mut self, range: &Value, length: usize) -> Option<(usize, usize)> {
        let Value::Range(range) = self.deref(range) else {
            return None;
        };
        let from = usize::try_from(range.low.known()?).ok()?;
        let to = match &range.high {
            None => length,
            Some(high) => usize::try_from(high.known()? + i128::from(range.inclusive)).ok()?,
        };
        (from <= to && to <= length).then_some((from, to))
    }

    fn sorted(
        &mut self,
        items: Vec<Item>,
        method: &str,
        with: &Value,
        span: Span,
    ) -> Result<Vec<Item>, Exit> {
        let mut sorted: Vec<(Item, Value)> = Vec::new();
        let mut certain = true;
        for item in items {
            certain &= matches!(item, Item::One(_));
            let value = self.owned(item.value());
            let key = match method {
                "sort_by_key" | "sort_unstable_by_key" | "sort_by_cached_key" => {
                    let key = self.call_value(with, vec![value], span)?;
                    self.owned(&key)
                }
                _ => value,
            };
            let mut at = sorted.len();
            while at > 0 {
                let order = match method {
                    "sort_by" | "sort_unstable_by" => {
                        let pair = vec![sorted[at - 1].1.clone(), key.clone()];
                        match self.call_value(with, pair, span)? {
                            Value::Ordering(order) => Some(order),
                            _ => None,
                        }
                    }
                    _ => order_of(&sorted[at - 1].1, &key),
                };
                certain &= order.is_some();
                if order != Some(Ordering::Greater) {
                    break;
                }
                at -= 1;
            }
            sorted.insert(at, (item, key));
        }
        let items: Vec<Item> = sorted.into_iter().map(|(item, _)| item).collect();
        if certain {
            return Ok(items);
        }
        // Any element may be at any place.
        let any = any_element(&Value::list(items.clone()));
        Ok(items
            .iter()
            .map(|item| item.with_value(any.clone()))
            .collect())
    }
}

/// An edit at a place that is not known: any element may be gone or elsewhere.
fn unknown_edit(items: &mut Vec<Item>, method: &str) -> Value {
    let any = any_element(&Value::list(items.clone()));
    let all = std::mem::take(items).into_iter().map(doubtful);
    *items = all.map(|item| item.with_value(any.clone())).collect();
    match method {
        "pop" | "pop_back" | "pop_front" => Value::one_of([Value::some(any), Value::Opt(None)]),
        "remove" | "swap_remove" => any,
        "drain" | "split_off" => Value::list(items.clone()),
        _ => Value::Unit,
    }
}
