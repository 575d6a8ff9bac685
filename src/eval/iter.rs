//! Iterators: what is made of the elements is made when someone asks for them.

use std::collections::VecDeque;
use std::rc::Rc;

use super::machine::{MAX_UNROLLED, Machine};
use super::num::Num;
use super::value::{Item, Place, RangeValue, Slot, Value};
use crate::source::Span;

#[derive(Clone, Debug)]
pub struct IterValue {
    pub source: Source,
    /// From the source on.
    pub stages: Vec<Stage>,
    /// The last adaptor that makes something.
    pub span: Option<Span>,
    /// Whether its elements come at all is not known.
    pub doubtful: bool,
    /// In which order its elements come is not known.
    pub unordered: bool,
}

/// Where elements come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// What is left of a list.
    Items(VecDeque<Item>),
    /// `low..`
    Count(i128),
    Repeat(Value),
    Cycle {
        all: Rc<Vec<Item>>,
        next: usize,
    },
    FromFn(Value),
    Successors {
        next: Value,
        step: Value,
    },
    /// An iterator in a variable, of which only a part is used here.
    Place(Rc<Place>),
}

/// An adaptor, as far as it has come.
#[derive(Clone, Debug)]
pub enum Stage {
    Map(Value),
    Inspect(Value),
    Filter(Value),
    FilterMap(Value),
    /// `flat_map`, or `flatten` without a function.
    Flat {
        with: Option<Value>,
        open: Option<Box<IterValue>>,
    },
    TakeWhile(Value),
    MapWhile(Value),
    SkipWhile(Value),
    Scan {
        state: Slot,
        with: Value,
    },
    Enumerate(Num),
    Zip(Box<IterValue>),
    Chain(Box<IterValue>),
    Take(usize),
    Skip(usize),
    StepBy {
        step: usize,
        wait: usize,
    },
    /// Nothing comes any more.
    Ended,
}

impl IterValue {
    pub fn of_items(items: impl IntoIterator<Item = Item>) -> IterValue {
        IterValue::of(Source::Items(items.into_iter().collect()))
    }

    pub fn of(source: Source) -> IterValue {
        IterValue {
            source,
            stages: Vec::new(),
            span: None,
            doubtful: false,
            unordered: false,
        }
    }

    /// Visits what its elements are made of.
    pub fn visit(&self, visitor: &mut dyn FnMut(&Value)) {
        match &self.source {
            Source::Items(items) => items.iter().for_each(|item| item.value().visit(visitor)),
            Source::Cycle { all, .. } => all.iter().for_each(|item| item.value().visit(visitor)),
            Source::Repeat(value) | Source::FromFn(value) => value.visit(visitor),
            Source::Successors { next, step } => {
                next.visit(visitor);
                step.visit(visitor);
            }
            Source::Count(_) | Source::Place(_) => {}
        }
        for stage in &self.stages {
            match stage {
                Stage::Map(with)
                | Stage::Inspect(with)
                | Stage::Filter(with)
                | Stage::FilterMap(with)
                | Stage::TakeWhile(with)
                | Stage::MapWhile(with)
                | Stage::SkipWhile(with)
                | Stage::Scan { with, .. }
                | Stage::Flat {
                    with: Some(with), ..
                } => with.visit(visitor),
                Stage::Zip(other) | Stage::Chain(other) => other.visit(visitor),
                _ => {}
            }
        }
    }

    /// Whether what has not yet left the first `depth` stages comes at all is not known.
    pub fn make_doubtful(&mut self, depth: usize) {
        self.doubtful = true;
        for stage in &mut self.stages[..depth] {
            if let Stage::Chain(other)
            | Stage::Flat {
                open: Some(other), ..
            } = stage
            {
                other.make_doubtful(other.stages.len());
            }
        }
    }

    pub fn with(mut self, stage: Stage, span: Span) -> IterValue {
        if let Stage::Map(_) = stage {
            self.span = Some(span);
        }
        let stage = match stage {
            Stage::Enumerate(_) if self.unordered => Stage::Enumerate(Num::named("?")),
            stage => stage,
        };
        if self.unordered
            && matches!(
                stage,
                Stage::Zip(_) | Stage::Take(_) | Stage::Skip(_) | Stage::StepBy { .. }
            )
        {
            self.doubtful = true;
        }
        self.stages.push(stage);
        self
    }

    /// True if its elements can be asked for one by one.
    pub fn is_countable(&self) -> bool {
        if self.doubtful {
            return true;
        }
        let limited = self.stages.iter().any(|stage| match stage {
            Stage::Take(_) | Stage::TakeWhile(_) | Stage::MapWhile(_) | Stage::Ended => true,
            Stage::Zip(other) => other.is_finite() && other.is_countable(),
            _ => false,
        });
        let source = match &self.source {
            Source::Items(items) => items.iter().all(|item| matches!(item, Item::One(_))),
            Source::Count(_) | Source::Repeat(_) => limited,
            Source::Cycle { all, .. } => {
                limited && all.iter().all(|item| matches!(item, Item::One(_)))
            }
            Source::FromFn(_) | Source::Successors { .. } | Source::Place(_) => true,
        };
        source
            && self.stages.iter().all(|stage| match stage {
                Stage::Zip(other) => other.is_countable() || other.is_endless_count(),
                Stage::Chain(other) => other.is_countable(),
                _ => true,
            })
    }

    fn is_finite(&self) -> bool {
        matches!(self.source, Source::Items(_))
    }

    /// `0..` and the like, that another iterator limits.
    fn is_endless_count(&self) -> bool {
        let endless = match &self.source {
            Source::Count(_) | Source::Repeat(_) => true,
            Source::Cycle { all, .. } => all.iter().all(|item| matches!(item, Item::One(_))),
            _ => false,
        };
        endless
            && self
                .stages
                .iter()
                .all(|stage| !matches!(stage, Stage::Zip(_) | Stage::Chain(_)))
    }
}

impl<'p> Machine<'p> {
    /// The elements of a value, to be asked for. None: it is not known to have any.
    pub fn iter_of(&mut self, value: &Value) -> Option<IterValue> {
        match self.deref(value) {
            Value::Iter(iter) => Some((*iter).clone()),
            Value::Range(range) => Some(match endless(&range) {
                Some(low) => IterValue::of(Source::Count(low)),
                None => {
                    let items = self.items(&Value::Range(range))?;
                    IterValue::of_items(items)
                }
            }),
            Value::List(list) => Some(IterValue {
                unordered: list.unordered,
                ..IterValue::of_items(list.items.clone())
            }),
            Value::Map(map) => self.iter_of(&map.elements()),
            other => Some(IterValue::of_items(self.items(&other)?)),
        }
    }

    pub fn iter_or_unknown(&mut self, value: &Value) -> IterValue {
        match self.iter_of(value) {
            Some(iter) => iter,
            None => {
                let index = self.fresh_index("i", 0, Num::named("?"));
                IterValue::of_items([Item::Repeat {
                    index,
                    value: Value::unknown(),
                }])
            }
        }
    }
}

/// The start of a range without an end.
fn endless(range: &RangeValue) -> Option<i128> {
    match (&range.low, &range.high) {
        (Num::Known(low), None) => Some(*low),
        (Num::Known(low), Some(Num::Known(high))) if high - low > MAX_UNROLLED => Some(*low),
        _ => None,
    }
}
