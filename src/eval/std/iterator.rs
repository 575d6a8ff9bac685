//! Adaptors of iterators, and what asks an iterator for its elements.

use std::rc::Rc;

use super::super::iter::{IterValue, Source, Stage};
use super::super::machine::{Eval, Exit, Machine};
use super::super::num::Num;
use super::super::substitute::substitute;
use super::super::value::{Cond, Item, Value};
use crate::source::Span;

impl<'p> Machine<'p> {
    /// A method of an iterator, or one that makes a list an iterator.
    pub(super) fn iterator_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let first = args.first().cloned().unwrap_or_else(Value::unknown);
        if let Some(stage) = self.stage(value, name, &first, args) {
            let iter = self.iter_or_unknown(value).with(stage, span);
            return Some(Ok(Value::Iter(Rc::new(iter))));
        }
        match name {
            "cycle" => {
                let list = match self.forced(value, span) {
                    Ok(list) => list,
                    Err(exit) => return Some(Err(exit)),
                };
                let all = Rc::new(self.items_or_unknown(&list));
                let iter = IterValue::of(Source::Cycle { all, next: 0 });
                return Some(Ok(Value::Iter(Rc::new(iter))));
            }
            "rev" if matches!(value, Value::Iter(_)) => {
                return Some(self.reversed_iter(value, span));
            }
            _ => {}
        }
        let Value::Iter(iter) = value else {
            return None;
        };
        if [
            "iter",
            "into_iter",
            "by_ref",
            "copied",
            "cloned",
            "fuse",
            "peekable",
            "clone",
        ]
        .contains(&name)
        {
            return Some(Ok(value.clone()));
        }
        let mut iter = (**iter).clone();
        if iter.is_countable()
            && let Some(outcome) = self.asking_method(&mut iter, name, args, span)
        {
            return Some(outcome);
        }
        let list = match self.force(&iter, span) {
            Ok(list) => list,
            Err(exit) => return Some(Err(exit)),
        };
        if name == "collect" {
            return Some(Ok(list));
        }
        self.list_method(&list, name, args, span)
    }

    /// The adaptor that a method adds.
    fn stage(&mut self, value: &Value, name: &str, first: &Value, args: &[Value]) -> Option<Stage> {
        let with = first.clone();
        let makes = match name {
            "map" => Some(Stage::Map(with.clone())),
            "inspect" => Some(Stage::Inspect(with.clone())),
            "filter" => Some(Stage::Filter(with.clone())),
            "filter_map" => Some(Stage::FilterMap(with.clone())),
            "flat_map" => Some(Stage::Flat {
                with: Some(with.clone()),
                open: None,
            }),
            "take_while" => Some(Stage::TakeWhile(with.clone())),
            "map_while" => Some(Stage::MapWhile(with.clone())),
            "skip_while" => Some(Stage::SkipWhile(with.clone())),
            "scan" => {
                let state = self.allocate(with.clone());
                let with = args.get(1).cloned().unwrap_or_else(Value::unknown);
                Some(Stage::Scan { state, with })
            }
            _ => None,
        };
        if makes.is_some() {
            return makes;
        }
        let is_iter = |machine: &mut Self, value: &Value| match machine.deref(value) {
            Value::Iter(_) => true,
            Value::Range(range) => range.high.is_none(),
            _ => false,
        };
        if !(is_iter(self, value) || matches!(name, "zip" | "chain") && is_iter(self, first)) {
            return None;
        }
        let mut count = || {
            let count = self.number(first).known()?;
            usize::try_from(count).ok()
        };
        Some(match name {
            "enumerate" => Stage::Enumerate(Num::Known(0)),
            "flatten" => Stage::Flat {
                with: None,
                open: None,
            },
            "take" => Stage::Take(count()?),
            "skip" => Stage::Skip(count()?),
            "step_by" => Stage::StepBy {
                step: count().filter(|step| *step > 0)?,
                wait: 0,
            },
            "zip" => Stage::Zip(Box::new(self.iter_or_unknown(first))),
            "chain" => Stage::Chain(Box::new(self.iter_or_unknown(first))),
            _ => return None,
        })
    }

    /// `rev` of an iterator with adaptors: those that only change each element work on the reversed source as well.
    fn reversed_iter(&mut self, value: &Value, span: Span) -> Eval {
        let Value::Iter(iter) = value else {
            return Ok(value.clone());
        };
        let commutes = iter.stages.iter().all(|stage| {
            matches!(
                stage,
                Stage::Map(_) | Stage::Filter(_) | Stage::FilterMap(_) | Stage::Inspect(_)
            )
        });
        if let (true, Source::Items(items)) = (commutes, &iter.source) {
            let items: Vec<Item> = items.iter().rev().cloned().collect();
            let items = items.into_iter().map(|item| self.reversed(item));
            let source = Source::Items(items.collect());
            return Ok(Value::Iter(Rc::new(IterValue {
                source,
                ..(**iter).clone()
            })));
        }
        let list = self.force(iter, span)?;
        let mut items = self.items_or_unknown(&list);
        items.reverse();
        let items = items.into_iter().map(|item| self.reversed(item));
        Ok(Value::list(items.collect()))
    }

    /// What asks for one element after the other, until it has its answer.
    fn asking_method(
        &mut self,
        iter: &mut IterValue,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        match name {
            "next" | "nth" | "find" | "find_map" | "position" | "any" | "all" => {}
            _ => return None,
        }
        Some(self.asked_until(iter, name, args, span))
    }

    fn asked_until(
        &mut self,
        iter: &mut IterValue,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Eval {
        let first = args.first().cloned().unwrap_or_else(Value::unknown);
        let nth = match name {
            "nth" => match self.number(&first) {
                Num::Known(number) => Some(number),
                _ => return Ok(Value::unknown()),
            },
            "next" => Some(0),
            _ => None,
        };
        let mut place = 0;
        let mut undecided = false;
        while let Some(item) = self.pull(iter, span)? {
            let value = item.value().clone();
            let certain = matches!(item, Item::One(_));
            if let Some(nth) = nth {
                match (certain, place == nth) {
                    (true, true) => return Ok(Value::some(value)),
                    (true, false) => {}
                    (false, _) => return Ok(Value::one_of([Value::some(value), Value::Opt(None)])),
                }
                place += 1;
                continue;
            }
            let verdict = self.call_value(&first, vec![value.clone()], span)?;
            let verdict = self.deref(&verdict);
            let truth = match (&verdict, name) {
                (Value::Opt(inner), "find_map") => Cond::Known(inner.is_some()),
                (_, "find_map") => Cond::Unknown,
                _ => self.truth(&verdict),
            };
            match (truth, name) {
                (Cond::Known(true), "any") if certain => {
                    return Ok(Value::Bool(Cond::Known(true)));
                }
                (Cond::Known(false), "all") if certain => {
                    return Ok(Value::Bool(Cond::Known(false)));
                }
                (Cond::Known(false), "any" | "find" | "find_map" | "position")
                | (Cond::Known(true), "all") => {}
                (_, "any" | "all") => undecided = true,
                (Cond::Known(true), "find") if certain => return Ok(Value::some(value)),
                (Cond::Known(true), "find_map") if certain => return Ok(verdict),
                (Cond::Known(true), "position") if certain => {
                    return Ok(Value::some(Value::known(place)));
                }
                _ => return Ok(Value::unknown()),
            }
            place += 1;
        }
        Ok(match name {
            "any" | "all" if undecided => Value::Bool(Cond::Unknown),
            "any" | "all" => Value::Bool(Cond::Known(name == "all")),
            _ => Value::Opt(None),
        })
    }

    /// The elements of an iterator that can't be asked for one by one: each adaptor is run over all of them.
    pub fn all_at_once(&mut self, iter: IterValue, span: Span) -> Result<Vec<Item>, Exit> {
        let mut items = self.source_items(iter.source, span)?;
        if iter.doubtful {
            items = items.into_iter().map(doubtful).collect();
        }
        for stage in iter.stages {
            items = self.all_through(items, stage, span)?;
        }
        Ok(items)
    }

    fn source_items(&mut self, source: Source, span: Span) -> Result<Vec<Item>, Exit> {
        Ok(match source {
            Source::Items(items) => items.into(),
            Source::Count(low) => {
                let index = self.fresh_index("i", low, Num::named("?"));
                vec![Item::Repeat {
                    index,
                    value: Value::Int(Num::index(index)),
                }]
            }
            Source::Repeat(value) => {
                let index = self.fresh_index("i", 0, Num::named("?"));
                vec![Item::Repeat { index, value }]
            }
            Source::Cycle { all, .. } => {
                let index = self.fresh_index("i", 0, Num::named("?"));
                let all = Value::list((*all).clone());
                let value = super::super::place::any_element(&all);
                vec![Item::Repeat { index, value }]
            }
            source @ (Source::FromFn(_) | Source::Successors { .. } | Source::Place(_)) => {
                let all = self.pull_all(&mut IterValue::of(source), span)?;
                all.unwrap_or_default()
            }
        })
    }

    fn all_through(
        &mut self,
        items: Vec<Item>,
        stage: Stage,
        span: Span,
    ) -> Result<Vec<Item>, Exit> {
        let call = |with: Value| {
            move |machine: &mut Machine<'p>, value: Value| {
                machine.call_value(&with, vec![value], span)
            }
        };
        Ok(match stage {
            Stage::Map(with) => self.map_items(items, call(with))?,
            Stage::Inspect(with) => {
                self.map_items(items.clone(), call(with))?;
                items
            }
            Stage::FilterMap(with) => {
                let mapped = self.map_items(items, call(with))?;
                self.flattened(mapped)
            }
            Stage::Flat { with, open } => {
                let mut all = match open {
                    Some(open) => self.all_at_once(*open, span)?,
                    None => Vec::new(),
                };
                let mapped = match with {
                    Some(with) => self.map_items(items, call(with))?,
                    None => items,
                };
                all.extend(self.flattened(mapped));
                all
            }
            Stage::Filter(with) => {
                let mut kept = Vec::new();
                for item in items {
                    match self.verdict(&with, &item, span)? {
                        Cond::Known(true) => kept.push(item),
                        Cond::Known(false) => {}
                        _ => kept.push(doubtful(item)),
                    }
                }
                kept
            }
            Stage::TakeWhile(with) => {
                let mut kept = Vec::new();
                let mut certain = true;
                for item in items {
                    let verdict = self.verdict(&with, &item, span)?;
                    match (&verdict, &item) {
                        (Cond::Known(false), Item::One(_)) => break,
                        (Cond::Known(true), _) if certain => kept.push(item),
                        _ => kept.push(doubtful(item)),
                    }
                    certain &= verdict == Cond::Known(true);
                }
                kept
            }
            Stage::SkipWhile(with) => {
                let mut kept = Vec::new();
                let mut started = false;
                for item in items {
                    if started {
                        kept.push(item);
                        continue;
                    }
                    match (self.verdict(&with, &item, span)?, &item) {
                        (Cond::Known(true), _) => {}
                        (Cond::Known(false), Item::One(_)) => {
                            started = true;
                            kept.push(item);
                        }
                        _ => kept.push(doubtful(item)),
                    }
                }
                kept
            }
            Stage::MapWhile(with) | Stage::Scan { with, .. } => {
                self.lost_arguments(&[with], span, "an iterator whose elements are not counted");
                vec![Item::Maybe(Value::unknown())]
            }
            Stage::Enumerate(_) => self.enumerated(items),
            Stage::Zip(other) => {
                let other = self.all_at_once(*other, span)?;
                self.zipped(items, other)
            }
            Stage::Chain(other) => {
                let other = self.all_at_once(*other, span)?;
                items.into_iter().chain(other).collect()
            }
            Stage::Take(count) => self.cut(items, false, Some(count)),
            Stage::Skip(count) => self.cut(items, true, Some(count)),
            Stage::StepBy { step, .. } => self.stepped(items, Some(step)),
            Stage::Ended => Vec::new(),
        })
    }

    fn verdict(&mut self, with: &Value, item: &Item, span: Span) -> Result<Cond, Exit> {
        let verdict = self.call_value(with, vec![item.value().clone()], span)?;
        Ok(self.truth(&verdict))
    }

    /// Every `step`th element.
    pub(super) fn stepped(&mut self, items: Vec<Item>, step: Option<usize>) -> Vec<Item> {
        match (step, items.as_slice()) {
            (Some(1), _) => items,
            (Some(step), _) if items.iter().all(|item| matches!(item, Item::One(_))) => {
                items.into_iter().step_by(step).collect()
            }
            (Some(step), [Item::Repeat { index, value }])
                if !self.indices[index.0 as usize].descending =>
            {
                let info = self.indices[index.0 as usize].clone();
                let step = Num::Known(step as i128);
                let count = match (&info.count, &step) {
                    (Num::Known(count), Num::Known(step)) => {
                        Num::Known((count + step - 1).div_euclid(*step))
                    }
                    _ => Num::named("?"),
                };
                let rounds = self.fresh_index(&info.name, 0, count);
                let number = Num::index(rounds).mul(&step).add(&Num::Known(info.low));
                match substitute(value, *index, &number) {
                    Some(value) => vec![Item::Repeat {
                        index: rounds,
                        value,
                    }],
                    None => items.into_iter().map(doubtful).collect(),
                }
            }
            _ => items.into_iter().map(doubtful).collect(),
        }
    }
}

/// The item, if it is there at all.
pub(super) fn doubtful(item: Item) -> Item {
    match item {
        Item::One(value) | Item::Maybe(value) | Item::Repeat { value, .. } => Item::Maybe(value),
    }
}
