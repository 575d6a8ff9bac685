//! Loops and iteration: known rounds are run one by one, others once with an index that stands for all.

use std::cell::RefCell;
use std::rc::Rc;

use super::branch::Arm;
use super::iter::{IterValue, Source};
use super::machine::{Eval, Exit, MAX_UNROLLED, Machine};
use super::num::{IndexId, Num};
use super::rounds::{Rehearsal, Repeated};
use super::ty::Ty;
use super::value::{Container, ContainerItem, Item, Value, Vars};
use crate::name::Name;
use crate::program::hir::{Block, Expr, Pat, PatKind};
use crate::source::Span;

/// A loop of more rounds than these is cut short if its first rounds make nothing.
const MANY_ROUNDS: usize = 48;
const SHOWN_ROUNDS: usize = 4;

/// How a loop's round ended.
pub enum Round {
    Next,
    Stop(Value),
}

impl Round {
    pub fn is_last(&self) -> bool {
        matches!(self, Round::Stop(_))
    }
}

/// What is done with each element of a list.
type PerElement<'a, 'p> = dyn FnMut(&mut Machine<'p>, Value) -> Eval + 'a;

impl<'p> Machine<'p> {
    pub fn eval_for(
        &mut self,
        pat: &Pat,
        iter: &Expr,
        body: &Block,
        label: Option<Name>,
        span: Span,
    ) -> Eval {
        let value = self.eval_iterated(iter)?;
        let name = index_name(pat);
        let rounds = match self.deref(&value) {
            Value::Iter(iter) if iter.is_countable() => (*iter).clone(),
            held @ (Value::Map(_) | Value::List(_)) if self.iter_of(&held).is_some() => {
                self.iter_or_unknown(&held)
            }
            Value::Iter(iter) => {
                let all = self.all_at_once((*iter).clone(), span)?;
                IterValue::of_items(all)
            }
            _ => match self.items_named(&value, name) {
                Some(items) => IterValue::of_items(items),
                None => return self.unknown_rounds(body, label, span, Some((pat, &value))),
            },
        };
        self.in_any_order(&rounds, span, |machine, rounds| {
            machine.run_rounds(rounds.clone(), pat, body, label, span)
        })
    }

    /// The rounds of a loop, one for each element.
    fn run_rounds(
        &mut self,
        mut rounds: IterValue,
        pat: &Pat,
        body: &Block,
        label: Option<Name>,
        span: Span,
    ) -> Eval {
        let run = |machine: &mut Machine<'p>, element: &Value| {
            machine.round(body, label, Some((pat, element)))
        };
        let steps = self.log.steps.len();
        let made = self.log.made();
        let many = match &rounds.source {
            // What is done with a parameter by its name may not be done with the next.
            Source::Items(items) => {
                items.len() > MANY_ROUNDS
                    && !items.iter().any(|item| is_named_parameter(item.value()))
            }
            _ => false,
        };
        let many = many && rounds.stages.is_empty();
        let mut begins = Vec::new();
        let mut alike = 0;
        let mut number = 0;
        while let Some(item) = self.pull(&mut rounds, span)? {
            if self.log.steps.len() > steps {
                // A training loop: one round shows what each does.
                break;
            }
            begins.push(self.log.applications.len());
            alike = match begins[..] {
                [.., a, b, c] if many && self.log.applies_the_same(a..b, b..c) => alike + 1,
                _ => 0,
            };
            if alike + 1 >= SHOWN_ROUNDS && self.log.made() == made {
                // Many rounds that make nothing and apply the same modules: the rest are run as one.
                let rest = match item.value() {
                    Value::Int(_) => Value::Int(Num::named("?")),
                    other => other.clone(),
                };
                let index = self.fresh_index("i", 0, Num::named("?"));
                self.repeated_round(Repeated {
                    run: &run,
                    span: body.span,
                    index,
                    element: &rest,
                })?;
                break;
            }
            match item {
                Item::One(value) => match run(self, &value)? {
                    Round::Next => {}
                    Round::Stop(value) => return Ok(value),
                },
                Item::Maybe(value) => {
                    let skip = |_: &mut Machine<'p>| Ok(Value::Unit);
                    let run = |machine: &mut Machine<'p>| {
                        machine.round(body, label, Some((pat, &value)))?;
                        Ok(Value::Unit)
                    };
                    self.branch(vec![(None, Box::new(run)), (None, Box::new(skip))])?;
                }
                Item::Repeat { index, value } => self.repeated_round(Repeated {
                    run: &run,
                    span: body.span,
                    index,
                    element: &value,
                })?,
            }
            number += 1;
            if number > MAX_UNROLLED as usize {
                self.opaque(span, "a loop with too many rounds".into());
                break;
            }
        }
        Ok(Value::Unit)
    }

    /// What a loop runs over: the elements of `&mut list` can be changed, `&mut iterator` is used up as far as the loop goes.
    fn eval_iterated(&mut self, iter: &Expr) -> Eval {
        let value = self.eval(iter)?;
        let Value::Ref(place) = &value else {
            return Ok(value);
        };
        Ok(match self.deref(&value) {
            Value::Iter(_) => Value::Iter(Rc::new(IterValue::of(Source::Place(place.clone())))),
            Value::List(list) => self.elements_in_place(place, &list),
            _ => value,
        })
    }

    pub fn round(
        &mut self,
        body: &Block,
        label: Option<Name>,
        element: Option<(&Pat, &Value)>,
    ) -> Result<Round, Exit> {
        let depth = self.frame().variables.len();
        let sticky = self.frame().sticky.len();
        if let Some((pat, value)) = element {
            self.bind_pattern(pat, value);
        }
        let outcome = self.eval_block(body);
        let frame = self.frame_mut();
        frame.variables.truncate(depth);
        let mut position = 0;
        frame.sticky.retain(|(_, returns)| {
            position += 1;
            position <= sticky || *returns
        });
        match outcome {
            Ok(_) => Ok(Round::Next),
            Err(Exit::Continue(to)) if to.is_none() || to == label => Ok(Round::Next),
            Err(Exit::Break(to, value)) if to.is_none() || to == label => Ok(Round::Stop(value)),
            Err(exit) => Err(exit),
        }
    }

    fn unknown_rounds(
        &mut self,
        body: &Block,
        label: Option<Name>,
        span: Span,
        element: Option<(&Pat, &Value)>,
    ) -> Eval {
        let index = self.fresh_index("i", 0, Num::named("?"));
        let value = match element {
            Some((_, Value::Unknown(unknown))) => match &unknown.ty {
                Ty::Vec(inner) | Ty::Array(inner, _) => {
                    let inner = (**inner).clone();
                    self.symbolic(&inner, unknown.name.as_deref())
                }
                _ => Value::unknown(),
            },
            Some((_, value @ Value::Tensor(_))) => value.clone(),
            Some((_, value)) => match self.deref(value) {
                // One of the variables, it isn't known which.
                Value::Vars(vars) => Value::Vars(Rc::new(Vars {
                    filtered: true,
                    ..(*vars).clone()
                })),
                _ => Value::unknown(),
            },
            None => Value::unknown(),
        };
        let wild = Pat {
            kind: PatKind::Wild,
            span,
        };
        let pat = element.map_or(&wild, |(pat, _)| pat);
        self.repeated_round(Repeated {
            run: &|machine, element| machine.round(body, label, Some((pat, element))),
            span: body.span,
            index,
            element: &value,
        })?;
        Ok(Value::Unit)
    }

    /// `loop` and `while`.
    pub fn eval_loop(
        &mut self,
        cond: Option<&Expr>,
        body: &Block,
        label: Option<Name>,
        span: Span,
    ) -> Eval {
        let mut rounds = 0;
        let mut undecided = false;
        loop {
            let depth = self.frame().variables.len();
            if let Some(cond) = cond {
                match self.eval_cond(cond)? {
                    super::value::Cond::Known(true) => {}
                    super::value::Cond::Known(false) => {
                        self.frame_mut().variables.truncate(depth);
                        return Ok(Value::Unit);
                    }
                    _ => {
                        let outcome = self.unknown_rounds(body, label, span, None);
                        self.frame_mut().variables.truncate(depth);
                        return outcome;
                    }
                }
            } else if undecided {
                // A `loop` that did not stop by what is known: its rounds are not counted.
                return self.unknown_rounds(body, label, span, None);
            }
            let branches = self.log.branches.len();
            let outcome = self.round(body, label, None);
            undecided |= self.log.branches.len() > branches;
            self.frame_mut().variables.truncate(depth);
            match outcome? {
                Round::Next => {}
                Round::Stop(value) => return Ok(value),
            }
            rounds += 1;
            if rounds > 512 {
                self.opaque(span, "a loop with too many rounds".into());
                return Ok(Value::Unit);
            }
        }
    }

    /// The elements of whatever can be iterated over.
    pub fn items(&mut self, value: &Value) -> Option<Vec<Item>> {
        self.items_named(value, None)
    }

    fn items_named(&mut self, value: &Value, name: Option<&str>) -> Option<Vec<Item>> {
        Some(match self.deref(value) {
            Value::List(list) => list.items.clone(),
            Value::Range(range) => {
                let high = match &range.high {
                    Some(high) if range.inclusive => Some(high.add(&Num::Known(1))),
                    high => high.clone(),
                };
                match (range.low.known(), high.as_ref().map(Num::known)) {
                    (Some(low), Some(Some(high))) if high - low <= MAX_UNROLLED => (low..high)
                        .map(|number| Item::One(Value::known(number)))
                        .collect(),
                    (Some(low), _) => {
                        let count = high
                            .as_ref()
                            .map_or_else(|| Num::named("?"), |high| high.sub(&Num::Known(low)));
                        let index = self.fresh_index(name.unwrap_or("i"), low, count);
                        vec![Item::Repeat {
                            index,
                            value: Value::Int(Num::index(index)),
                        }]
                    }
                    // A start that is not known: no index tells the numbers apart.
                    (None, _) => {
                        let index = self.fresh_index(name.unwrap_or("i"), 0, Num::named("?"));
                        let value = match range.low {
                            Num::Affine { .. } => Value::Int(Num::named("?")),
                            _ => Value::Int(Num::named(&format!(
                                "{}+{}",
                                range.low,
                                name.unwrap_or("i")
                            ))),
                        };
                        vec![Item::Repeat { index, value }]
                    }
                }
            }
            Value::Map(map) => match map.elements() {
                Value::List(list) => list.items.clone(),
                _ => return None,
            },
            Value::Opt(None) => Vec::new(),
            Value::Opt(Some(inner)) => vec![Item::One((*inner).clone())],
            Value::Alt(values) => {
                let arms = values.iter().map(|value| {
                    let list = move |machine: &mut Machine<'p>| {
                        let items = machine.items_named(value, name);
                        Ok(items.map_or_else(Value::unknown, Value::list))
                    };
                    let arm: Arm<'_, 'p> = (None, Box::new(list));
                    arm
                });
                match self.branch(arms.collect()) {
                    Ok(Value::List(list)) => list.items.clone(),
                    _ => return None,
                }
            }
            Value::Container(container) => container
                .items
                .iter()
                .map(|item| item.item.clone())
                .collect(),
            Value::Store(store) => {
                // Each of its variables.
                let index = self.fresh_index("i", 0, Num::named("?"));
                vec![Item::Repeat {
                    index,
                    value: Value::Store(store),
                }]
            }
            Value::Iter(iter) => {
                let span = self.frame().home;
                match self.force(&iter, span) {
                    Ok(list) => return self.items_named(&list, name),
                    Err(_) => {
                        self.opaque(span, "an iterator that does not come to its end".into());
                        Vec::new()
                    }
                }
            }
            Value::Unknown(unknown) => match &unknown.ty {
                Ty::Vec(inner) => {
                    let inner = (**inner).clone();
                    let count = unknown.name.as_deref().map_or_else(
                        || Num::named("?"),
                        |name| Num::named(&format!("{name}.len()")),
                    );
                    match self.unknown_list(&inner, unknown.name.as_deref(), count) {
                        Value::List(list) => list.items.clone(),
                        _ => return None,
                    }
                }
                Ty::Array(inner, count) => {
                    let inner = (**inner).clone();
                    let count = count.clone().unwrap_or_else(|| Num::named("?"));
                    match self.unknown_list(&inner, unknown.name.as_deref(), count) {
                        Value::List(list) => list.items.clone(),
                        _ => return None,
                    }
                }
                _ => return None,
            },
            _ => return None,
        })
    }

    /// `value` for each element, with `code`'s result in its place.
    pub fn map_items(
        &mut self,
        items: Vec<Item>,
        code: impl FnMut(&mut Self, Value) -> Eval,
    ) -> Result<Vec<Item>, Exit> {
        self.map_all(items, &RefCell::new(code))
    }

    fn map_all(
        &mut self,
        items: Vec<Item>,
        code: &RefCell<PerElement<'_, 'p>>,
    ) -> Result<Vec<Item>, Exit> {
        let mut mapped = Vec::new();
        for item in items {
            match item {
                Item::One(value) => {
                    let value = (code.borrow_mut())(self, value)?;
                    mapped.push(Item::One(value));
                }
                Item::Maybe(value) => {
                    let mut result = None;
                    let run = |machine: &mut Machine<'p>| {
                        result = Some((code.borrow_mut())(machine, value.clone())?);
                        Ok(Value::Unit)
                    };
                    self.branch(vec![
                        (None, Box::new(run)),
                        (None, Box::new(|_: &mut Machine<'p>| Ok(Value::Unit))),
                    ])?;
                    mapped.extend(result.map(Item::Maybe));
                }
                Item::Repeat { index, value } => {
                    mapped.extend(self.map_repeated(index, &value, code)?);
                }
            }
        }
        Ok(mapped)
    }

    fn map_repeated(
        &mut self,
        index: IndexId,
        value: &Value,
        code: &RefCell<PerElement<'_, 'p>>,
    ) -> Result<Vec<Item>, Exit> {
        let result = RefCell::new(None);
        let run = |machine: &mut Machine<'p>, value: &Value| {
            let made = (code.borrow_mut())(machine, value.clone())?;
            result.replace(Some(made));
            Ok(Round::Next)
        };
        let repeated = Repeated {
            run: &run,
            span: self.frame().home,
            index,
            element: value,
        };
        let changed = match self.rehearse(repeated) {
            Rehearsal::Peel(last) => match self.split_repeat(index, value, last) {
                Some(pieces) => return self.map_all(pieces, code),
                None => Vec::new(),
            },
            Rehearsal::Left => Vec::new(),
            Rehearsal::Changed(changed) => changed,
        };
        self.general_round(repeated, changed)?;
        let value = result.into_inner().unwrap_or_else(Value::unknown);
        Ok(vec![Item::Repeat { index, value }])
    }

    /// The first elements of a repetition apart from the others.
    fn split_repeat(&mut self, index: IndexId, value: &Value, last: i128) -> Option<Vec<Item>> {
        let info = self.indices[index.0 as usize].clone();
        let mut pieces = Vec::new();
        for number in info.low..=last {
            pieces.push(Item::One(super::substitute::substitute(
                value,
                index,
                &Num::Known(number),
            )?));
        }
        let rest = self.later_index(index, last);
        pieces.push(Item::Repeat {
            index: rest,
            value: super::substitute::substitute(value, index, &Num::index(rest))?,
        });
        Some(pieces)
    }

    /// An item put at the end of a list that is built under the loops now running.
    pub fn repeated_item(&self, value: Value, born_under: usize) -> Item {
        match self.loops.get(born_under..).and_then(|inner| inner.last()) {
            Some(index) => Item::Repeat {
                index: *index,
                value,
            },
            None => Item::One(value),
        }
    }

    /// `[value; count]`
    pub fn repeated(&mut self, value: Value, count: &Value) -> Vec<Item> {
        match self.number(count) {
            Num::Known(count) if (0..=MAX_UNROLLED).contains(&count) => {
                (0..count).map(|_| Item::One(value.clone())).collect()
            }
            count => {
                let index = self.fresh_index("i", 0, count);
                vec![Item::Repeat { index, value }]
            }
        }
    }
}

/// The name that a loop gives its number.
fn index_name(pat: &Pat) -> Option<&'static str> {
    match &pat.kind {
        PatKind::Bind { name, .. } => {
            let name = name.name.as_str().trim_start_matches('_');
            Some(if name.is_empty() { "i" } else { name })
        }
        PatKind::Tuple(pats) => pats.first().and_then(index_name),
        PatKind::Ref(inner) | PatKind::Typed(inner, _) => index_name(inner),
        _ => None,
    }
}

/// A container with one more item.
pub fn with_item(container: &Container, item: Item, span: Span, call: Span) -> Value {
    let mut items = container.items.clone();
    items.push(ContainerItem { item, span, call });
    Value::Container(Rc::new(Container {
        items,
        ..container.clone()
    }))
}

fn is_named_parameter(value: &Value) -> bool {
    value.any(|part| matches!(part, Value::Text(_))) && !value.params().is_empty()
}
