//! Branches whose condition is not known: every arm is run from the same state, and what they leave behind is joined.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::log::Branch;
use super::machine::{Condition, Eval, Exit, Machine};
use super::value::{Container, ContainerItem, Item, List, Slot, StructValue, Value, VariantValue};

/// What one arm is run under, besides the branch itself.
pub type Assumption = Option<(Rc<str>, bool)>;

/// An arm: what it assumes, and its code.
pub type Arm<'a, 'p> = (Assumption, Box<dyn FnOnce(&mut Machine<'p>) -> Eval + 'a>);

impl<'p> Machine<'p> {
    /// Runs every arm and joins values and variables of those that go on.
    pub fn branch(&mut self, arms: Vec<Arm<'_, 'p>>) -> Eval {
        let branch = self.log.branches.len() as u32;
        self.log.branches.push(Branch::default());
        let count = arms.len();
        let mut live: Vec<(Value, BTreeMap<Slot, Value>)> = Vec::new();
        let mut left: Vec<(u32, Exit, BTreeMap<Slot, Value>)> = Vec::new();
        let mut live_arms = Vec::new();
        let mut error = None;
        for (number, (assumption, code)) in arms.into_iter().enumerate() {
            let mark = self.trail.len();
            self.open_branches += 1;
            let condition = Condition {
                branch,
                arm: number as u32,
            };
            let depth = self.conditions.len();
            if count > 1 {
                self.conditions.push(condition);
            }
            let assumed = assumption.is_some();
            self.assumptions.extend(assumption);
            let outcome = code(self).and_then(|value| self.made_here(value));
            if assumed {
                self.assumptions.pop();
            }
            self.conditions.truncate(depth);
            let changes = self.rewind(mark);
            self.open_branches -= 1;
            match outcome {
                // An arm whose value is an error is not followed by the rest.
                Ok(value) if value.is_err() => error = Some(Ok(value)),
                Err(Exit::Return(value)) if value.is_err() => {
                    error.get_or_insert(Err(Exit::Return(value)));
                }
                Ok(value) => {
                    live_arms.push(number as u32);
                    live.push((value, changes));
                }
                Err(Exit::Never) => {}
                Err(exit) => {
                    live_arms.push(number as u32);
                    left.push((number as u32, exit, changes));
                }
            }
        }
        let staying = live_arms
            .iter()
            .copied()
            .filter(|arm| !left.iter().any(|(number, ..)| number == arm))
            .collect();
        self.log.branches[branch as usize] = Branch {
            live: live_arms,
            staying,
        };
        // Whoever is given the result may ask whether it is an error.
        match &error {
            Some(Ok(_)) if !live.is_empty() || !left.is_empty() => self.may_be_error(),
            Some(Err(_)) if !live.is_empty() || !left.is_empty() => {
                self.frame_mut().may_fail = true;
            }
            _ => {}
        }
        if live.is_empty() {
            return match error {
                Some(error) if left.is_empty() => error,
                _ => self.all_left(left),
            };
        }
        if !left.is_empty() {
            // What follows runs only if no arm left.
            let returns = left
                .iter()
                .any(|(_, exit, _)| matches!(exit, Exit::Return(_)));
            self.frame_mut().sticky.push((
                Condition {
                    branch,
                    arm: Condition::STAYED,
                },
                returns,
            ));
        }
        let mut states: Vec<BTreeMap<Slot, Value>> = Vec::new();
        let mut values = Vec::new();
        for (value, changes) in live {
            values.push(value);
            states.push(changes);
        }
        for (_, exit, changes) in left {
            match exit {
                Exit::Return(value) => self.frame_mut().returns.push(value),
                // The state of a round that ended early still counts after the loop.
                _ => states.push(changes),
            }
        }
        let slots: BTreeSet<Slot> = states
            .iter()
            .flat_map(|changes| changes.keys().copied())
            .collect();
        for slot in slots {
            let written = states.iter().map(|changes| {
                changes
                    .get(&slot)
                    .cloned()
                    .unwrap_or_else(|| self.read_slot(slot))
            });
            let joined = join_all(written.collect());
            self.write_slot(slot, joined);
        }
        Ok(join_all(values))
    }

    /// An iterator's elements are made in the arm that the iterator comes from.
    fn made_here(&mut self, value: Value) -> Eval {
        match value {
            Value::Iter(_) => {
                let span = self.frame().home;
                self.forced(&value, span)
            }
            value => Ok(value),
        }
    }

    fn all_left(&mut self, left: Vec<(u32, Exit, BTreeMap<Slot, Value>)>) -> Eval {
        let mut returned = Vec::new();
        let mut other = None;
        for (_, exit, changes) in left {
            for (slot, value) in changes {
                let old = self.read_slot(slot);
                self.write_slot(slot, join(old, value));
            }
            match exit {
                Exit::Return(value) => returned.push(value),
                exit => other = Some(exit),
            }
        }
        match (other, returned.is_empty()) {
            (Some(exit), true) => Err(exit),
            (Some(exit), false) => {
                self.frame_mut().returns.extend(returned);
                Err(exit)
            }
            (None, false) => Err(Exit::Return(join_all(returned))),
            (None, true) => Err(Exit::Never),
        }
    }

    /// Takes the cells back to what they held at `mark`; gives what they held until now.
    fn rewind(&mut self, mark: usize) -> BTreeMap<Slot, Value> {
        let mut changes = BTreeMap::new();
        while self.trail.len() > mark {
            let Some((slot, old)) = self.trail.pop() else {
                break;
            };
            let new = std::mem::replace(&mut self.heap[slot.0 as usize], old);
            changes.entry(slot).or_insert(new);
        }
        changes
    }
}

/// The value of a variable that several arms wrote.
pub fn join_all(values: Vec<Value>) -> Value {
    let mut values = values.into_iter();
    let Some(first) = values.next() else {
        return Value::Unit;
    };
    values.fold(first, join)
}

/// One of the two; where both are the same kind of collection, their parts are joined.
pub fn join(a: Value, b: Value) -> Value {
    if a.same(&b) {
        return a;
    }
    match (&a, &b) {
        (Value::List(x), Value::List(y)) => Value::List(Rc::new(List {
            items: join_items(&x.items, &y.items),
            span: x.span.or(y.span),
            id: x.id.or(y.id),
            born_under: x.born_under,
            unordered: x.unordered || y.unordered,
        })),
        (Value::Container(x), Value::Container(y)) if x.id == y.id => {
            let common = x
                .items
                .iter()
                .zip(&y.items)
                .take_while(|(a, b)| a.span == b.span && a.call == b.call)
                .count();
            let mut items: Vec<ContainerItem> = x.items[..common]
                .iter()
                .zip(&y.items)
                .map(|(a, b)| ContainerItem {
                    item: join_item(&a.item, &b.item),
                    ..a.clone()
                })
                .collect();
            for rest in [&x.items[common..], &y.items[common..]] {
                items.extend(rest.iter().map(|item| ContainerItem {
                    item: maybe(&item.item),
                    ..item.clone()
                }));
            }
            Value::Container(Rc::new(Container {
                items,
                ..(**x).clone()
            }))
        }
        (Value::Tuple(x), Value::Tuple(y)) if x.len() == y.len() => Value::tuple(
            x.iter()
                .cloned()
                .zip(y.iter().cloned())
                .map(|(a, b)| join(a, b))
                .collect(),
        ),
        (Value::Struct(x), Value::Struct(y))
            if x.id == y.id && x.fields.len() == y.fields.len() =>
        {
            let fields = x
                .fields
                .iter()
                .zip(&y.fields)
                .map(|((member, a), (_, b))| (*member, join(a.clone(), b.clone())))
                .collect();
            Value::Struct(Rc::new(StructValue {
                fields,
                ..(**x).clone()
            }))
        }
        (Value::Variant(x), Value::Variant(y))
            if x.def == y.def && x.variant == y.variant && x.fields.len() == y.fields.len() =>
        {
            let fields = x
                .fields
                .iter()
                .zip(&y.fields)
                .map(|((member, a), (_, b))| (*member, join(a.clone(), b.clone())))
                .collect();
            Value::Variant(Rc::new(VariantValue {
                fields,
                ..(**x).clone()
            }))
        }
        (Value::Opt(Some(x)), Value::Opt(Some(y))) => {
            Value::some(join((**x).clone(), (**y).clone()))
        }
        (Value::Ok(x), Value::Ok(y)) => Value::ok(join((**x).clone(), (**y).clone())),
        _ => Value::one_of([a, b]),
    }
}

fn join_items(a: &[Item], b: &[Item]) -> Vec<Item> {
    let mut items: Vec<Item> = a.iter().zip(b).map(|(a, b)| join_item(a, b)).collect();
    let rest = if a.len() > b.len() {
        &a[b.len()..]
    } else {
        &b[a.len()..]
    };
    items.extend(rest.iter().map(maybe));
    items
}

fn join_item(a: &Item, b: &Item) -> Item {
    match (a, b) {
        (Item::Repeat { index: i, value: x }, Item::Repeat { index: j, value: y }) if i == j => {
            Item::Repeat {
                index: *i,
                value: join(x.clone(), y.clone()),
            }
        }
        (Item::One(x), Item::One(y)) => Item::One(join(x.clone(), y.clone())),
        _ => Item::Maybe(join(a.value().clone(), b.value().clone())),
    }
}

fn maybe(item: &Item) -> Item {
    match item {
        Item::One(value) => Item::Maybe(value.clone()),
        other => other.clone(),
    }
}
