//! Elements that come in no known order, those of a hash map: what is made of them must not depend on it.

use super::iter::{IterValue, Source};
use super::machine::{Exit, Machine};
use super::value::{Item, List, Slot, Value};
use crate::source::Span;

/// What a run over the elements left behind.
#[derive(PartialEq)]
struct Traces {
    parameters: Vec<String>,
    /// Numbers, strings and the like that changed.
    changed: Vec<(Slot, String)>,
}

impl<'p> Machine<'p> {
    /// Runs over the elements from the last to the first and back; where the two differ, nothing is known.
    pub(super) fn in_any_order<R>(
        &mut self,
        iter: &IterValue,
        span: Span,
        mut run: impl FnMut(&mut Self, &IterValue) -> Result<R, Exit>,
    ) -> Result<R, Exit> {
        if !iter.unordered {
            return run(self, iter);
        }
        let mut backwards = iter.clone();
        if let Source::Items(items) = &mut backwards.source {
            *items = items.iter().rev().cloned().collect();
        }
        let (_, one) = self.traced(true, |machine| run(machine, &backwards));
        let (outcome, other) = self.traced(false, |machine| run(machine, iter));
        if one != other {
            self.opaque(span, "the order of a hash map decides".into());
        }
        outcome
    }

    /// Runs, forgets all about it if it was only a rehearsal, and tells what it did.
    fn traced<R>(&mut self, rehearsal: bool, run: impl FnOnce(&mut Self) -> R) -> (R, Traces) {
        let marks = self.log.mark();
        let (params, trail, heap) = (self.log.params.len(), self.trail.len(), self.heap.len());
        self.open_branches += 1;
        let outcome = run(self);
        let mut parameters: Vec<String> = self.log.params[params..]
            .iter()
            .map(|event| format!("{:?} {:?} {:?}", event.store, event.path, event.shape))
            .collect();
        parameters.sort();
        let mut slots: Vec<Slot> = self.trail[trail..].iter().map(|(slot, _)| *slot).collect();
        slots.sort();
        slots.dedup();
        slots.retain(|slot| (slot.0 as usize) < heap);
        let shown = |value: &Value| match value {
            Value::Int(_)
            | Value::Text(_)
            | Value::Bool(_)
            | Value::Float(_)
            | Value::Opt(_)
            | Value::Builder(_) => Some(format!("{value:?}")),
            _ => None,
        };
        let changed: Vec<(Slot, String)> = slots
            .iter()
            .filter_map(|slot| Some((*slot, shown(&self.heap[slot.0 as usize])?)))
            .collect();
        if rehearsal {
            self.undo(trail);
            self.log.reset(marks);
        } else {
            for slot in slots {
                // What was put into a list stands there in no known order either.
                if let Value::List(list) = self.read_slot(slot) {
                    let list = List {
                        unordered: true,
                        ..(*list).clone()
                    };
                    self.write_slot(slot, Value::List(list.into()));
                }
            }
        }
        self.open_branches -= 1;
        let traces = Traces {
            parameters,
            changed,
        };
        (outcome, traces)
    }

    /// A list as it looks to one who asks by place: any element may be at any.
    pub(super) fn by_place(&self, value: &Value) -> Value {
        match value {
            Value::List(list) if list.unordered => {
                let any = super::place::any_element(value);
                let items = list.items.iter().map(|item| item.with_value(any.clone()));
                Value::list(items.collect::<Vec<Item>>())
            }
            value => value.clone(),
        }
    }
}
