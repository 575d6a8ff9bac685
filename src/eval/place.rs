//! Reading and writing parts of variables.

use std::rc::Rc;

use super::machine::{Exit, Machine};
use super::num::Num;
use super::value::{Item, List, Place, Projection, RangeValue, Slot, Value};
use crate::program::hir::{Expr, ExprKind, Member, UnaryOp};

impl<'p> Machine<'p> {
    pub fn read_place(&mut self, place: &Place) -> Value {
        let mut value = self.read_slot(place.slot);
        for projection in &place.projections {
            if let Value::Ref(inner) = &value {
                let inner = inner.clone();
                value = self.read_place(&inner);
            }
            value = self.project(&value, projection);
        }
        value
    }

    fn project(&mut self, value: &Value, projection: &Projection) -> Value {
        match projection {
            Projection::Member(member) => self.member_of(value, *member),
            Projection::Index(Some(index)) => element(value, *index).unwrap_or_else(Value::unknown),
            Projection::Index(None) => any_element(value),
            Projection::Slice(from, to) => {
                let range = Value::Range(Rc::new(RangeValue {
                    low: Num::Known(*from as i128),
                    high: to.map(|to| Num::Known(to as i128)),
                    inclusive: false,
                }));
                self.index(value, &range)
            }
            Projection::Key(key) => match value {
                Value::Map(map) => map.get(key).cloned().unwrap_or_else(Value::unknown),
                _ => Value::unknown(),
            },
            Projection::Payload => match value {
                Value::Opt(Some(inner)) => (**inner).clone(),
                other => other.clone(),
            },
        }
    }

    pub fn write_place(&mut self, place: &Place, value: Value) {
        let base = self.read_slot(place.slot);
        if let (Value::Ref(inner), false) = (&base, place.projections.is_empty()) {
            let mut projections = inner.projections.clone();
            projections.extend(place.projections.iter().cloned());
            let inner = Place {
                slot: inner.slot,
                projections,
            };
            self.write_place(&inner, value);
            return;
        }
        let base = match place.projections.first() {
            Some(Projection::Member(_)) => self.materialized(&base).unwrap_or(base),
            _ => base,
        };
        let written = write_into(&base, &place.projections, value);
        self.write_slot(place.slot, written);
    }

    /// The place that an expression names, if it names one.
    pub fn place_of(&mut self, expr: &Expr) -> Result<Option<Place>, Exit> {
        Ok(match &expr.kind {
            ExprKind::Path(path) if path.qself.is_none() && path.segments.len() == 1 => self
                .variable(path.segments[0].name)
                .map(|slot| self.through_ref(slot)),
            ExprKind::Field(base, member) => self.place_of(base)?.map(|mut place| {
                place.projections.push(Projection::Member(*member));
                self.shorten(place)
            }),
            ExprKind::Index(base, index) => match self.place_of(base)? {
                Some(mut place) => {
                    let index = self.eval(index)?;
                    let known = |number: &Num| usize::try_from(number.known()?).ok();
                    let base = self.read_place(&place);
                    let is_map = matches!(self.deref(&base), Value::Map(_));
                    place.projections.push(match self.deref(&index) {
                        key if is_map => Projection::Key(Rc::new(key)),
                        Value::Int(number) => Projection::Index(known(&number)),
                        Value::Range(range) => {
                            let high = range.high.as_ref().map(|high| {
                                known(&high.add(&Num::Known(i128::from(range.inclusive))))
                            });
                            match (known(&range.low), high) {
                                (Some(low), None) => Projection::Slice(low, None),
                                (Some(low), Some(Some(high))) => Projection::Slice(low, Some(high)),
                                _ => return Ok(None),
                            }
                        }
                        _ => Projection::Index(None),
                    });
                    Some(place)
                }
                None => None,
            },
            ExprKind::MethodCall(call) => self.borrowed_place(call)?,
            ExprKind::Unary(UnaryOp::Deref, inner) | ExprKind::Ref { expr: inner, .. } => {
                self.place_of(inner)?
            }
            _ => None,
        })
    }

    /// The elements of a list in a variable, each as the place that it is.
    pub(super) fn elements_in_place(&self, place: &Place, list: &Rc<List>) -> Value {
        let all_single = list.items.iter().all(|item| matches!(item, Item::One(_)));
        if !all_single {
            return Value::List(list.clone());
        }
        let element = |index: usize| {
            let mut element = place.clone();
            element.projections.push(Projection::Index(Some(index)));
            Item::One(Value::Ref(Rc::new(element)))
        };
        Value::list((0..list.items.len()).map(element).collect())
    }

    fn through_ref(&self, slot: Slot) -> Place {
        match &self.heap[slot.0 as usize] {
            Value::Ref(place) => (**place).clone(),
            _ => Place {
                slot,
                projections: Vec::new(),
            },
        }
    }

    /// If what a place leads through is itself `&mut`, the place that it leads to.
    fn shorten(&mut self, place: Place) -> Place {
        let (Some(last), depth) = (place.projections.last().cloned(), place.projections.len())
        else {
            return place;
        };
        let parent = Place {
            slot: place.slot,
            projections: place.projections[..depth - 1].to_vec(),
        };
        match self.read_place(&parent) {
            Value::Ref(target) => {
                let mut target = (*target).clone();
                target.projections.push(last);
                target
            }
            _ => place,
        }
    }
}

/// The element at `index`, if the list's beginning is known up to there.
pub fn element(value: &Value, index: usize) -> Option<Value> {
    match value {
        Value::List(list) => match list.items.get(..=index)? {
            items if items.iter().all(|item| matches!(item, Item::One(_))) => {
                Some(items[index].value().clone())
            }
            _ => None,
        },
        Value::Tuple(values) => values.get(index).cloned(),
        _ => None,
    }
}

/// Elements of more alternatives than these are taken as not known.
const MAX_ALTERNATIVES: usize = 64;

/// Some element of a collection.
pub fn any_element(value: &Value) -> Value {
    match value {
        Value::List(list) if (1..=MAX_ALTERNATIVES).contains(&list.items.len()) => {
            Value::one_of(list.items.iter().map(|item| {
                match item {
                    Item::Repeat { index, value } => {
                        super::substitute::substitute(value, *index, &Num::named("?"))
                            .unwrap_or_else(|| value.clone())
                    }
                    item => item.value().clone(),
                }
            }))
        }
        _ => Value::unknown(),
    }
}

fn write_into(base: &Value, projections: &[Projection], value: Value) -> Value {
    let Some((first, rest)) = projections.split_first() else {
        return value;
    };
    match (first, base) {
        (Projection::Member(member), Value::Struct(fields)) => {
            let mut new = (**fields).clone();
            match new.fields.iter_mut().find(|(name, _)| name == member) {
                Some((_, old)) => *old = write_into(old, rest, value),
                None => new
                    .fields
                    .push((*member, write_into(&Value::unknown(), rest, value))),
            }
            Value::Struct(Rc::new(new))
        }
        (Projection::Member(member), Value::Variant(variant)) => {
            let mut new = (**variant).clone();
            if let Some((_, old)) = new.fields.iter_mut().find(|(name, _)| name == member) {
                *old = write_into(old, rest, value);
            }
            Value::Variant(Rc::new(new))
        }
        (Projection::Member(Member::Index(index)), Value::Tuple(values)) => {
            let mut new = (**values).clone();
            if let Some(old) = new.get_mut(*index as usize) {
                *old = write_into(old, rest, value);
            }
            Value::tuple(new)
        }
        (Projection::Member(Member::Index(index)), Value::List(list)) => {
            let mut items = list.items.clone();
            if let Some(item) = items.get_mut(*index as usize) {
                *item = item.with_value(write_into(item.value(), rest, value));
            }
            Value::List(Rc::new(List {
                items,
                ..(**list).clone()
            }))
        }
        (Projection::Index(Some(index)), Value::List(list)) => {
            let mut items = list.items.clone();
            match items.get_mut(*index) {
                Some(item) => *item = item.with_value(write_into(item.value(), rest, value)),
                None => return base.clone(),
            }
            Value::List(Rc::new(List {
                items,
                ..(**list).clone()
            }))
        }
        (Projection::Slice(from, to), Value::List(list)) => {
            let to = to.unwrap_or(list.items.len()).min(list.items.len());
            let Some(part) = list.items.get(*from..to) else {
                return base.clone();
            };
            let Value::List(part) = write_into(&Value::list(part.to_vec()), rest, value) else {
                return Value::unknown();
            };
            let mut items = list.items.clone();
            items.splice(*from..to, part.items.iter().cloned());
            Value::List(Rc::new(List {
                items,
                ..(**list).clone()
            }))
        }
        (Projection::Key(key), Value::Map(map)) => {
            let mut new = (**map).clone();
            let old = map.get(key).cloned().unwrap_or_else(Value::unknown);
            new.insert((**key).clone(), write_into(&old, rest, value));
            Value::Map(Rc::new(new))
        }
        (Projection::Payload, Value::Opt(Some(inner))) => {
            Value::some(write_into(inner, rest, value))
        }
        (Projection::Member(_), Value::Unknown(_)) => base.clone(),
        _ => base.clone(),
    }
}
