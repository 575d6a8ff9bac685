//! Sequences made from sequences: flattened, numbered, zipped, cut.

use std::rc::Rc;

use super::super::machine::Machine;
use super::super::num::{IndexId, Num};
use super::super::substitute::substitute;
use super::super::value::{Item, List, Value};
use super::iterator::doubtful;

impl<'p> Machine<'p> {
    pub fn length(&mut self, value: &Value) -> Num {
        match value {
            Value::List(_) | Value::Container(_) => self.elements(value),
            Value::Range(_) => {
                let list = Value::List(Rc::new(List {
                    items: self.items_or_unknown(value),
                    ..List::default()
                }));
                self.length(&list)
            }
            _ => Num::named("?"),
        }
    }

    pub(super) fn flattened(&mut self, items: Vec<Item>) -> Vec<Item> {
        let mut flat = Vec::new();
        for item in items {
            match self.items(item.value()) {
                Some(inner) => match item {
                    Item::One(_) => flat.extend(inner),
                    Item::Maybe(_) => flat.extend(
                        inner
                            .into_iter()
                            .map(|inner| Item::Maybe(inner.value().clone())),
                    ),
                    Item::Repeat { index, .. } => {
                        flat.extend(inner.into_iter().map(|inner| Item::Repeat {
                            index,
                            value: inner.value().clone(),
                        }))
                    }
                },
                None => flat.push(item),
            }
        }
        flat
    }

    /// A repetition that goes the other way.
    pub(super) fn reversed(&mut self, item: Item) -> Item {
        let Item::Repeat { index, value } = &item else {
            return item;
        };
        let info = self.indices[index.0 as usize].clone();
        let other = self.fresh_index(&info.name, info.low, info.count);
        match substitute(value, *index, &Num::index(other)) {
            Some(value) => {
                let new = &mut self.indices[other.0 as usize];
                new.high = info.high;
                new.descending = !info.descending;
                Item::Repeat {
                    index: other,
                    value,
                }
            }
            // Modules are made already, each under its own index.
            None => item,
        }
    }

    /// A repeated element as it is beside a number that counts the rounds: where the rounds go backwards, it is not known which it is.
    fn without_place(&self, index: IndexId, value: Value) -> Value {
        if self.indices[index.0 as usize].descending {
            substitute(&value, index, &Num::named("?")).unwrap_or(value)
        } else {
            value
        }
    }

    /// The element of a repetition in the round that `number` counts from its start.
    fn place_of_repeated(&self, index: IndexId, value: &Value, number: &Num) -> Value {
        let value = self.without_place(index, value.clone());
        substitute(&value, index, number).unwrap_or(value)
    }

    /// A value that is there if a repetition has more than `place` rounds.
    fn in_round(&self, index: IndexId, place: usize, value: Value) -> Item {
        let rounds = self.indices[index.0 as usize].count.known();
        match rounds.is_some_and(|rounds| (place as i128) < rounds) {
            true => Item::One(value),
            false => Item::Maybe(value),
        }
    }

    pub(super) fn enumerated(&mut self, items: Vec<Item>) -> Vec<Item> {
        let mut place = Num::Known(0);
        let mut numbered = Vec::new();
        for item in items {
            match item {
                Item::One(value) => {
                    numbered.push(Item::One(Value::tuple(vec![
                        Value::Int(place.clone()),
                        value,
                    ])));
                    place = place.add(&Num::Known(1));
                }
                Item::Repeat { index, value } => {
                    let value = self.without_place(index, value);
                    let low = self.indices[index.0 as usize].low;
                    let number = Num::index(index).sub(&Num::Known(low)).add(&place);
                    numbered.push(Item::Repeat {
                        index,
                        value: Value::tuple(vec![Value::Int(number), value]),
                    });
                    let count = self.indices[index.0 as usize].count.clone();
                    place = place.add(&count);
                }
                Item::Maybe(value) => {
                    numbered.push(Item::Maybe(Value::tuple(vec![
                        Value::Int(Num::named("?")),
                        value,
                    ])));
                    place = Num::named("?");
                }
            }
        }
        numbered
    }

    pub(super) fn zipped(&mut self, left: Vec<Item>, right: Vec<Item>) -> Vec<Item> {
        match (left.as_slice(), right.as_slice()) {
            (
                [Item::Repeat { index, value: a }],
                [
                    Item::Repeat {
                        index: other,
                        value: b,
                    },
                ],
            ) => {
                let (low, other_low) = (
                    self.indices[index.0 as usize].low,
                    self.indices[other.0 as usize].low,
                );
                let (a, b) = (
                    self.without_place(*index, a.clone()),
                    self.without_place(*other, b.clone()),
                );
                let moved = Num::index(*index)
                    .sub(&Num::Known(low))
                    .add(&Num::Known(other_low));
                let b = substitute(&b, *other, &moved).unwrap_or(b);
                if !self.indices[index.0 as usize]
                    .count
                    .known()
                    .is_some_and(|_| true)
                {
                    let count = self.indices[other.0 as usize].count.clone();
                    if matches!(&self.indices[index.0 as usize].count, Num::Named(name) if &**name == "?")
                    {
                        let info = &mut self.indices[index.0 as usize];
                        info.high = count.known().map(|count| info.low + count - 1);
                        info.count = count;
                    }
                }
                return vec![Item::Repeat {
                    index: *index,
                    value: Value::tuple(vec![a, b]),
                }];
            }
            ([Item::Repeat { index, value }], items)
                if items.iter().all(|item| matches!(item, Item::One(_))) =>
            {
                let low = self.indices[index.0 as usize].low;
                return items
                    .iter()
                    .enumerate()
                    .map(|(place, item)| {
                        let number = Num::Known(low + place as i128);
                        let a = self.place_of_repeated(*index, value, &number);
                        let pair = Value::tuple(vec![a, item.value().clone()]);
                        self.in_round(*index, place, pair)
                    })
                    .collect();
            }
            (items, [Item::Repeat { index, value }])
                if items.iter().all(|item| matches!(item, Item::One(_))) =>
            {
                let low = self.indices[index.0 as usize].low;
                return items
                    .iter()
                    .enumerate()
                    .map(|(place, item)| {
                        let number = Num::Known(low + place as i128);
                        let b = self.place_of_repeated(*index, value, &number);
                        let pair = Value::tuple(vec![item.value().clone(), b]);
                        self.in_round(*index, place, pair)
                    })
                    .collect();
            }
            _ => {}
        }
        left.into_iter()
            .zip(right)
            .map(|(a, b)| {
                let value = Value::tuple(vec![a.value().clone(), b.value().clone()]);
                match (a, b) {
                    (Item::Repeat { index, .. }, _) | (_, Item::Repeat { index, .. }) => {
                        Item::Repeat { index, value }
                    }
                    (Item::Maybe(_), _) | (_, Item::Maybe(_)) => Item::Maybe(value),
                    _ => Item::One(value),
                }
            })
            .collect()
    }

    pub(super) fn cut(&mut self, items: Vec<Item>, skip: bool, count: Option<usize>) -> Vec<Item> {
        let Some(count) = count else {
            return items.into_iter().map(doubtful).collect();
        };
        if items.iter().all(|item| matches!(item, Item::One(_))) {
            return if skip {
                items.into_iter().skip(count).collect()
            } else {
                items.into_iter().take(count).collect()
            };
        }
        if let [Item::Repeat { index, value }] = items.as_slice() {
            let info = self.indices[index.0 as usize].clone();
            if skip && !info.descending {
                let rest = self.fresh_index(
                    &info.name,
                    info.low + count as i128,
                    info.count.sub(&Num::Known(count as i128)),
                );
                self.indices[rest.0 as usize].high = info.high;
                if let Some(value) = substitute(value, *index, &Num::index(rest)) {
                    return vec![Item::Repeat { index: rest, value }];
                }
            } else if !skip && count <= 64 && !info.descending {
                let there = |number: i128| info.count.known().is_some_and(|rounds| number < rounds);
                let taken: Option<Vec<Item>> = (0..count as i128)
                    .map(|number| {
                        let value = substitute(value, *index, &Num::Known(info.low + number))?;
                        Some(match there(number) {
                            true => Item::One(value),
                            false => Item::Maybe(value),
                        })
                    })
                    .collect();
                if let Some(taken) = taken {
                    return taken;
                }
            }
        }
        items.into_iter().map(doubtful).collect()
    }
}
