//! Iterators asked for one element after the other.

use std::rc::Rc;

use super::iter::{IterValue, Source, Stage};
use super::machine::{Eval, Exit, MAX_UNROLLED, Machine};
use super::num::Num;
use super::value::{Cond, Item, List, Value};
use crate::source::Span;

/// The next element, if there is one.
pub type Pulled = Result<Option<Item>, Exit>;

impl<'p> Machine<'p> {
    pub fn pull(&mut self, iter: &mut IterValue, span: Span) -> Pulled {
        let depth = iter.stages.len();
        self.pull_at(iter, depth, span)
    }

    /// All elements; None where they are more than anyone would write.
    pub fn pull_all(
        &mut self,
        iter: &mut IterValue,
        span: Span,
    ) -> Result<Option<Vec<Item>>, Exit> {
        let mut items = Vec::new();
        while let Some(item) = self.pull(iter, span)? {
            items.push(item);
            if items.len() as i128 > MAX_UNROLLED {
                return Ok(None);
            }
        }
        Ok(Some(items))
    }

    /// The next element as it leaves the first `depth` stages.
    fn pull_at(&mut self, iter: &mut IterValue, depth: usize, span: Span) -> Pulled {
        if !self.burn_fuel() {
            self.opaque(span, "the run took too many steps".into());
            return Err(Exit::Never);
        }
        let Some(last) = depth.checked_sub(1) else {
            return self.pull_source(iter, span);
        };
        let mut stage = std::mem::replace(&mut iter.stages[last], Stage::Ended);
        let pulled = self.pull_stage(&mut stage, iter, last, span);
        iter.stages[last] = stage;
        pulled
    }

    fn pull_source(&mut self, iter: &mut IterValue, span: Span) -> Pulled {
        let item = self.pull_certain(iter, span)?;
        Ok(match item {
            Some(item) if iter.doubtful => Some(Item::Maybe(item.value().clone())),
            item => item,
        })
    }

    fn pull_certain(&mut self, iter: &mut IterValue, span: Span) -> Pulled {
        Ok(match &mut iter.source {
            Source::Items(items) => items.pop_front(),
            Source::Count(next) => {
                *next += 1;
                Some(Item::One(Value::known(*next - 1)))
            }
            Source::Repeat(value) => Some(Item::One(value.clone())),
            Source::Cycle { all, next } => {
                let item = all.get(*next).cloned();
                *next = (*next + 1) % all.len().max(1);
                item
            }
            Source::FromFn(function) => {
                let function = function.clone();
                let next = self.call_value(&function, Vec::new(), span)?;
                self.item_of_option(&next)
            }
            Source::Successors { next, step } => {
                let (now, step) = (next.clone(), step.clone());
                let item = self.item_of_option(&now);
                if let (Some(item), Source::Successors { next, .. }) = (&item, &mut iter.source) {
                    *next = Value::Opt(None);
                    let after = self.call_value(&step, vec![item.value().clone()], span)?;
                    if let Source::Successors { next, .. } = &mut iter.source {
                        *next = self.deref(&after);
                    }
                }
                item
            }
            Source::Place(place) => {
                let place = place.clone();
                let held = self.read_place(&place);
                let mut held = self.iter_or_unknown(&held);
                let item = self.pull(&mut held, span)?;
                self.write_place(&place, Value::Iter(Rc::new(held)));
                item
            }
        })
    }

    /// What an `Option` holds, as an element.
    fn item_of_option(&mut self, value: &Value) -> Option<Item> {
        match self.deref(value) {
            Value::Opt(None) => None,
            Value::Opt(Some(inner)) => Some(Item::One((*inner).clone())),
            value @ (Value::Alt(_) | Value::Unknown(_)) => {
                let inner = self.unwrapped(&value);
                Some(Item::Maybe(inner))
            }
            other => Some(Item::One(other)),
        }
    }

    fn pull_stage(
        &mut self,
        stage: &mut Stage,
        iter: &mut IterValue,
        depth: usize,
        span: Span,
    ) -> Pulled {
        match stage {
            Stage::Ended => Ok(None),
            Stage::Map(with) => {
                let with = with.clone();
                let Some(item) = self.pull_at(iter, depth, span)? else {
                    return Ok(None);
                };
                let mapped = self.map_items(vec![item], |machine, value| {
                    machine.call_value(&with, vec![value], span)
                })?;
                Ok(mapped.into_iter().next())
            }
            Stage::Inspect(with) => {
                let with = with.clone();
                let Some(item) = self.pull_at(iter, depth, span)? else {
                    return Ok(None);
                };
                self.call_value(&with, vec![item.value().clone()], span)?;
                Ok(Some(item))
            }
            Stage::Filter(with) => {
                let with = with.clone();
                while let Some(item) = self.pull_at(iter, depth, span)? {
                    match self.asked(&with, &item, span)? {
                        Cond::Known(true) => return Ok(Some(item)),
                        Cond::Known(false) => {}
                        _ => return Ok(Some(Item::Maybe(item.value().clone()))),
                    }
                }
                Ok(None)
            }
            Stage::FilterMap(with) => {
                let with = with.clone();
                while let Some(item) = self.pull_at(iter, depth, span)? {
                    let doubtful = !matches!(item, Item::One(_));
                    let mapped = self.map_items(vec![item], |machine, value| {
                        machine.call_value(&with, vec![value], span)
                    })?;
                    let found = mapped.first().map(|item| item.value().clone());
                    if let Some(item) = found.and_then(|value| self.item_of_option(&value)) {
                        return Ok(Some(match doubtful {
                            true => Item::Maybe(item.value().clone()),
                            false => item,
                        }));
                    }
                }
                Ok(None)
            }
            Stage::Flat { with, open } => self.pull_flat(with.clone(), open, iter, depth, span),
            Stage::TakeWhile(with) | Stage::MapWhile(with) => {
                let with = with.clone();
                let maps = matches!(stage, Stage::MapWhile(_));
                let Some(item) = self.pull_at(iter, depth, span)? else {
                    return Ok(None);
                };
                let (kept, truth) = if maps {
                    let value = self.call_value(&with, vec![item.value().clone()], span)?;
                    match self.item_of_option(&value) {
                        None => (None, Cond::Known(false)),
                        Some(Item::One(value)) => (Some(value), Cond::Known(true)),
                        Some(item) => (Some(item.value().clone()), Cond::Unknown),
                    }
                } else {
                    let truth = self.asked(&with, &item, span)?;
                    (Some(item.value().clone()), truth)
                };
                match (kept, truth, &item) {
                    (_, Cond::Known(false), Item::One(_)) | (None, ..) => {
                        *stage = Stage::Ended;
                        Ok(None)
                    }
                    (Some(value), Cond::Known(true), _) => Ok(Some(item.with_value(value))),
                    (Some(value), ..) => {
                        // Nothing that follows is certain.
                        iter.make_doubtful(depth);
                        Ok(Some(Item::Maybe(value)))
                    }
                }
            }
            Stage::SkipWhile(with) => {
                let with = with.clone();
                while let Some(item) = self.pull_at(iter, depth, span)? {
                    match (self.asked(&with, &item, span)?, &item) {
                        (Cond::Known(true), Item::One(_)) => {}
                        (Cond::Known(false), Item::One(_)) => {
                            *stage = Stage::Skip(0);
                            return Ok(Some(item));
                        }
                        _ => return Ok(Some(Item::Maybe(item.value().clone()))),
                    }
                }
                Ok(None)
            }
            Stage::Scan { state, with } => {
                let (state, with) = (*state, with.clone());
                let Some(item) = self.pull_at(iter, depth, span)? else {
                    return Ok(None);
                };
                let state = Value::Ref(Rc::new(super::value::Place {
                    slot: state,
                    projections: Vec::new(),
                }));
                let given = self.call_value(&with, vec![state, item.value().clone()], span)?;
                let found = self.item_of_option(&given);
                match &found {
                    None => *stage = Stage::Ended,
                    Some(Item::Maybe(_)) => iter.make_doubtful(depth),
                    Some(_) => {}
                }
                Ok(found)
            }
            Stage::Enumerate(next) => {
                let Some(item) = self.pull_at(iter, depth, span)? else {
                    return Ok(None);
                };
                let number = match item {
                    Item::One(_) => next.clone(),
                    _ => Num::named("?"),
                };
                *next = number.add(&Num::Known(1));
                if !matches!(item, Item::One(_)) {
                    *next = Num::named("?");
                }
                let pair = Value::tuple(vec![Value::Int(number), item.value().clone()]);
                Ok(Some(item.with_value(pair)))
            }
            Stage::Zip(other) => {
                let Some(left) = self.pull_at(iter, depth, span)? else {
                    return Ok(None);
                };
                let Some(right) = self.pull(other, span)? else {
                    *stage = Stage::Ended;
                    return Ok(None);
                };
                Ok(Some(match (left, right) {
                    (Item::One(a), Item::One(b)) => Item::One(Value::tuple(vec![a, b])),
                    // Which belong together is not known from here on.
                    (a, b) => {
                        iter.make_doubtful(depth);
                        let pair = match (&a, &b) {
                            (Item::One(a), _) => vec![a.clone(), Value::unknown()],
                            (_, Item::One(b)) => vec![Value::unknown(), b.clone()],
                            _ => vec![Value::unknown(), Value::unknown()],
                        };
                        Item::Maybe(Value::tuple(pair))
                    }
                }))
            }
            Stage::Chain(other) => match self.pull_at(iter, depth, span)? {
                Some(item) => Ok(Some(item)),
                None => {
                    // What came before is used up.
                    iter.source = Source::Items(Default::default());
                    iter.stages[..depth].fill(Stage::Ended);
                    self.pull(other, span)
                }
            },
            Stage::Take(0) => Ok(None),
            Stage::Take(left) => {
                let item = self.pull_at(iter, depth, span)?;
                if let Some(Item::One(_)) = &item {
                    *left -= 1;
                }
                Ok(item)
            }
            Stage::Skip(count) => {
                while *count > 0 {
                    match self.pull_at(iter, depth, span)? {
                        None => return Ok(None),
                        Some(Item::One(_)) => *count -= 1,
                        Some(item) => return Ok(Some(item)),
                    }
                }
                self.pull_at(iter, depth, span)
            }
            Stage::StepBy { step, wait } => {
                while *wait > 0 {
                    if self.pull_at(iter, depth, span)?.is_none() {
                        return Ok(None);
                    }
                    *wait -= 1;
                }
                *wait = *step - 1;
                self.pull_at(iter, depth, span)
            }
        }
    }

    fn pull_flat(
        &mut self,
        with: Option<Value>,
        open: &mut Option<Box<IterValue>>,
        iter: &mut IterValue,
        depth: usize,
        span: Span,
    ) -> Pulled {
        loop {
            if let Some(inner) = open {
                match self.pull(inner, span)? {
                    Some(item) => return Ok(Some(item)),
                    None => *open = None,
                }
            }
            let Some(item) = self.pull_at(iter, depth, span)? else {
                return Ok(None);
            };
            let value = match &with {
                Some(with) => self.call_value(with, vec![item.value().clone()], span)?,
                None => item.value().clone(),
            };
            match (self.iter_of(&value), &item) {
                (Some(inner), Item::One(_)) => *open = Some(Box::new(inner)),
                (Some(mut inner), _) => {
                    inner.make_doubtful(inner.stages.len());
                    *open = Some(Box::new(inner));
                }
                (None, _) => return Ok(Some(item.with_value(value))),
            }
        }
    }

    /// What a condition says of an element.
    fn asked(&mut self, with: &Value, item: &Item, span: Span) -> Result<Cond, Exit> {
        let verdict = self.call_value(with, vec![item.value().clone()], span)?;
        Ok(self.truth(&verdict))
    }

    /// The items of an iterator, each made.
    pub fn force(&mut self, iter: &IterValue, span: Span) -> Result<Value, Exit> {
        let made_at = iter.span;
        let items = self.in_any_order(iter, span, |machine, iter| {
            let mut iter = iter.clone();
            if !iter.is_countable() {
                return machine.all_at_once(iter, span);
            }
            match machine.pull_all(&mut iter, span)? {
                Some(items) => Ok(items),
                None => {
                    machine.opaque(span, "an iterator with too many elements".into());
                    Ok(Vec::new())
                }
            }
        })?;
        let list = match made_at {
            Some(at) => self.new_list(items, at),
            None => Value::list(items),
        };
        Ok(match list {
            Value::List(list) if iter.unordered => Value::List(Rc::new(List {
                unordered: true,
                ..(*list).clone()
            })),
            list => list,
        })
    }

    /// The value itself, or all that an iterator gives.
    pub fn forced(&mut self, value: &Value, span: Span) -> Eval {
        match self.deref(value) {
            Value::Iter(iter) => self.force(&iter, span),
            _ => Ok(value.clone()),
        }
    }
}
