//! Loops and iteration: known rounds are run one by one, others once with an index that stands for all.

use std::rc::Rc;

use super::machine::{Eval, Exit, MAX_UNROLLED, Machine};
use super::num::{IndexId, Num};
use super::rounds::Repeated;
use super::ty::Ty;
use super::value::{Container, ContainerItem, Item, Value};
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

impl<'p> Machine<'p> {
    pub fn eval_for(
        &mut self,
        pat: &Pat,
        iter: &Expr,
        body: &Block,
        label: Option<Name>,
        span: Span,
    ) -> Eval {
        let value = self.eval(iter)?;
        let name = index_name(pat);
        let items = self.items_named(&value, name);
        let Some(items) = items else {
            return self.unknown_rounds(body, label, span, Some((pat, &value)));
        };
        let steps = self.log.steps.len();
        let made = self.log.made();
        let many = items.len() > MANY_ROUNDS;
        let mut begins = Vec::new();
        let mut alike = 0;
        for item in items {
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
                    body,
                    label,
                    pat,
                    index,
                    element: &rest,
                })?;
                break;
            }
            match item {
                Item::One(value) => match self.round(body, label, Some((pat, &value)))? {
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
                    body,
                    label,
                    pat,
                    index,
                    element: &value,
                })?,
            }
        }
        Ok(Value::Unit)
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
            _ => Value::unknown(),
        };
        let wild = Pat {
            kind: PatKind::Wild,
            span,
        };
        let pat = element.map_or(&wild, |(pat, _)| pat);
        self.repeated_round(Repeated {
            body,
            label,
            pat,
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
            } else if rounds > 0 {
                // A `loop` that did not stop by what is known: its rounds are not counted.
                return self.unknown_rounds(body, label, span, None);
            }
            let outcome = self.round(body, label, None);
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
            Value::Opt(None) => Vec::new(),
            Value::Opt(Some(inner)) => vec![Item::One((*inner).clone())],
            Value::Alt(values) => {
                let mut lists = Vec::new();
                for value in values.iter() {
                    lists.push(Value::list(self.items_named(value, name)?));
                }
                match super::branch::join_all(lists) {
                    Value::List(list) => list.items.clone(),
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
        mut code: impl FnMut(&mut Self, Value) -> Eval,
    ) -> Result<Vec<Item>, Exit> {
        let mut mapped = Vec::new();
        for item in items {
            match item {
                Item::One(value) => mapped.push(Item::One(code(self, value)?)),
                Item::Maybe(value) => {
                    let mut result = None;
                    let run = |machine: &mut Machine<'p>| {
                        result = Some(code(machine, value.clone())?);
                        Ok(Value::Unit)
                    };
                    self.branch(vec![
                        (None, Box::new(run)),
                        (None, Box::new(|_: &mut Machine<'p>| Ok(Value::Unit))),
                    ])?;
                    mapped.extend(result.map(Item::Maybe));
                }
                Item::Repeat { index, value } => {
                    self.loops.push(index);
                    let wanted = self.wanted_peel.take();
                    let marks = self.log.mark();
                    let outcome = code(self, value.clone());
                    self.loops.pop();
                    let peel = self.wanted_peel.take().filter(|(at, number)| {
                        let low = self.indices[index.0 as usize].low;
                        *at == index && *number >= low && *number - low < 8
                    });
                    self.wanted_peel = wanted;
                    match peel.and_then(|(_, last)| self.split_repeat(index, &value, last)) {
                        Some(pieces) => {
                            self.log.reset(marks);
                            mapped.extend(self.map_items(
                                pieces,
                                &mut code as &mut dyn FnMut(&mut Self, Value) -> Eval,
                            )?);
                        }
                        None => mapped.push(Item::Repeat {
                            index,
                            value: outcome?,
                        }),
                    }
                }
            }
        }
        Ok(mapped)
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
