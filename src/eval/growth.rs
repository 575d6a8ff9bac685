//! How long a list is that a loop makes longer, whose rounds are not counted.

use super::machine::Machine;
use super::num::{IndexId, Num};
use super::value::{Item, ModuleValueId, Value};

/// A list or container that a loop makes longer.
#[derive(Clone, Debug)]
pub struct Growth {
    id: ModuleValueId,
    index: IndexId,
    /// How many pieces there were before the loop.
    before: usize,
    /// How many elements each round adds, if it is the same number in every round.
    per_round: Option<usize>,
}

impl Growth {
    /// What a rehearsed round added to a value.
    pub fn seen(before: &Value, after: &Value, index: IndexId) -> Option<Growth> {
        let id = identity(after).filter(|id| identity(before) == Some(*id))?;
        let (before, after) = (pieces(before), pieces(after));
        let added = after
            .get(before.len()..)
            .filter(|added| !added.is_empty())?;
        let one_each = added
            .iter()
            .all(|item| matches!(item, Item::Repeat { index: of, .. } if *of == index));
        Some(Growth {
            id,
            index,
            before: before.len(),
            per_round: one_each.then_some(added.len()),
        })
    }
}

/// The identity of what can grow.
fn identity(value: &Value) -> Option<ModuleValueId> {
    match value {
        Value::List(list) => list.id,
        Value::Container(container) => Some(container.id),
        _ => None,
    }
}

fn pieces(value: &Value) -> Vec<Item> {
    match value {
        Value::List(list) => list.items.clone(),
        Value::Container(container) => container
            .items
            .iter()
            .map(|item| item.item.clone())
            .collect(),
        _ => Vec::new(),
    }
}

impl<'p> Machine<'p> {
    /// How many elements a list or container has by now: in a loop that makes it longer, this depends on the round.
    pub fn elements(&self, value: &Value) -> Num {
        let items = pieces(value);
        let growing = identity(value).map_or_else(Vec::new, |id| {
            let of_it = self.growing.iter().filter(|growth| growth.id == id);
            of_it.collect()
        });
        match growing.as_slice() {
            [] => self.count(&items),
            [growth] => self.count_in_round(growth, &items),
            _ => Num::named("?"),
        }
    }

    fn count_in_round(&self, growth: &Growth, items: &[Item]) -> Num {
        let info = &self.indices[growth.index.0 as usize];
        let (Some(per_round), false) = (growth.per_round, info.descending) else {
            return Num::named("?");
        };
        let (before, added) = items.split_at(growth.before.min(items.len()));
        let one_each = added
            .iter()
            .all(|item| matches!(item, Item::Repeat { index, .. } if *index == growth.index));
        if !one_each {
            return Num::named("?");
        }
        let rounds = Num::index(growth.index).sub(&Num::Known(info.low));
        rounds
            .mul(&Num::Known(per_round as i128))
            .add(&self.count(before))
            .add(&Num::Known(added.len() as i128))
    }

    fn count(&self, items: &[Item]) -> Num {
        let counts = items.iter().map(|item| match item {
            Item::One(_) => Num::Known(1),
            Item::Repeat { index, .. } => self.indices[index.0 as usize].count.clone(),
            Item::Maybe(_) => Num::named("?"),
        });
        counts.fold(Num::Known(0), |total, count| total.add(&count))
    }
}
