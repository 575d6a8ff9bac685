//! Vectors, slices, ranges and iterators.

use std::rc::Rc;

use super::super::machine::{Eval, Machine};
use super::super::num::Num;
use super::super::ty::Ty;
use super::super::value::{Cond, Item, Value};
use crate::program::hir::Member;
use crate::source::Span;

impl<'p> Machine<'p> {
    pub(super) fn list_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let first = args.first().cloned();
        let function = first.clone().unwrap_or_else(Value::unknown);
        let asks_by_place = !matches!(
            name,
            "len"
                | "count"
                | "is_empty"
                | "contains"
                | "any"
                | "all"
                | "sum"
                | "product"
                | "max"
                | "min"
                | "iter"
                | "into_iter"
                | "collect"
                | "copied"
                | "cloned"
                | "to_vec"
                | "for_each"
                | "flatten"
                | "partition"
        );
        let by_place = asks_by_place.then(|| self.by_place(value));
        let value = by_place.as_ref().unwrap_or(value);
        Some(match name {
            "len" | "count" => Ok(Value::Int(self.length(value))),
            "is_empty" => Ok(Value::Bool(match self.length(value) {
                Num::Known(length) => Cond::Known(length == 0),
                _ => Cond::Unknown,
            })),
            "iter" | "into_iter" | "iter_mut" | "collect" | "by_ref" | "copied" | "cloned"
            | "to_vec" | "peekable" | "into_boxed_slice" | "as_slice" => {
                if matches!(value, Value::Range(_)) {
                    let items = self.items_or_unknown(value);
                    return Some(Ok(Value::list(items)));
                }
                Ok(value.clone())
            }
            "for_each" | "try_for_each" => {
                let items = self.items_or_unknown(value);
                let mapped = self.map_items(items, |machine, value| {
                    let value = machine.call_value(&function, vec![value], span)?;
                    match name {
                        "try_for_each" => machine.eval_try(value),
                        _ => Ok(value),
                    }
                });
                mapped.map(|_| Value::Unit)
            }
            "flatten" => {
                let items = self.items_or_unknown(value);
                Ok(Value::list(self.flattened(items)))
            }
            "enumerate" => {
                let items = self.items_or_unknown(value);
                Ok(Value::list(self.enumerated(items)))
            }
            "zip" => {
                let left = self.items_or_unknown(value);
                let right = self.items_or_unknown(&function);
                Ok(Value::list(self.zipped(left, right)))
            }
            "rev" => {
                let mut items = self.items_or_unknown(value);
                items.reverse();
                let items = items.into_iter().map(|item| self.reversed(item));
                Ok(Value::list(items.collect()))
            }
            "chain" => {
                let mut items = self.items_or_unknown(value);
                items.extend(self.items_or_unknown(&function));
                Ok(Value::list(items))
            }
            "skip" | "take" => {
                let items = self.items_or_unknown(value);
                let count = self
                    .number(&function)
                    .known()
                    .and_then(|count| usize::try_from(count).ok());
                Ok(Value::list(self.cut(items, name == "skip", count)))
            }
            "step_by" => {
                let items = self.items_or_unknown(value);
                let step = self
                    .number(&function)
                    .known()
                    .and_then(|step| usize::try_from(step).ok())
                    .filter(|step| *step > 0);
                Ok(Value::list(self.stepped(items, step)))
            }
            "first" | "last" | "next" | "next_back" => {
                let items = self.items_or_unknown(value);
                let from_end = name == "last" || name == "next_back";
                let chosen = if from_end {
                    items.last()
                } else {
                    items.first()
                };
                Ok(match chosen {
                    None => Value::Opt(None),
                    Some(Item::Repeat { index, value }) => {
                        let info = &self.indices[index.0 as usize];
                        let place = if from_end != info.descending {
                            info.count.add(&Num::Known(info.low - 1))
                        } else {
                            Num::Known(info.low)
                        };
                        Value::some(
                            super::super::substitute::substitute(value, *index, &place)
                                .unwrap_or_else(|| value.clone()),
                        )
                    }
                    Some(item) => Value::some(item.value().clone()),
                })
            }
            "get" | "get_mut" if matches!(self.deref(&function), Value::Range(_)) => {
                let items = self.items_or_unknown(value);
                let counted = items.iter().all(|item| matches!(item, Item::One(_)));
                match (counted, self.bounds(&function, items.len())) {
                    (true, Some((from, to))) => {
                        Ok(Value::some(Value::list(items[from..to].to_vec())))
                    }
                    _ => Ok(Value::one_of([
                        Value::some(self.index(value, &function)),
                        Value::Opt(None),
                    ])),
                }
            }
            "split_at" | "split_at_mut" => {
                let items = self.items_or_unknown(value);
                let counted = items.iter().all(|item| matches!(item, Item::One(_)));
                let at = self
                    .number(&function)
                    .known()
                    .and_then(|at| usize::try_from(at).ok());
                match at.filter(|at| counted && *at <= items.len()) {
                    Some(at) => {
                        let (before, after) = items.split_at(at);
                        let halves = [before, after].map(|half| Value::list(half.to_vec()));
                        Ok(Value::tuple(halves.to_vec()))
                    }
                    None => {
                        let all: Vec<Item> =
                            items.into_iter().map(super::iterator::doubtful).collect();
                        let half = Value::list(all);
                        Ok(Value::tuple(vec![half.clone(), half]))
                    }
                }
            }
            "get" | "nth" | "get_mut" => {
                let index = self.number(&function);
                match index.known() {
                    Some(index) => {
                        let items = self.items_or_unknown(value);
                        let list = Value::list(items.clone());
                        let single = items.iter().all(|item| matches!(item, Item::One(_)));
                        match usize::try_from(index)
                            .ok()
                            .and_then(|index| super::super::place::element(&list, index))
                        {
                            Some(found) => Ok(Value::some(found)),
                            None if single => Ok(Value::Opt(None)),
                            None => Ok(Value::one_of([
                                Value::some(super::super::place::any_element(&list)),
                                Value::Opt(None),
                            ])),
                        }
                    }
                    None => Ok(Value::some(super::super::place::any_element(value))),
                }
            }
            "contains" | "any" | "all" | "starts_with" => {
                self.list_question(value, name, args, span)
            }
            "fold" | "try_fold" | "reduce" | "sum" | "product" | "max" | "min" | "max_by_key"
            | "min_by_key" | "max_by" | "min_by" => self.reduced(value, name, args, span),
            "partition" => self.partitioned(value, &function, span),
            "unzip" => {
                let items = self.items_or_unknown(value);
                let mut column = |which: u32| {
                    let pieces = items.iter().map(|item| {
                        let piece = self.member_of(item.value(), Member::Index(which));
                        item.with_value(piece)
                    });
                    Value::list(pieces.collect())
                };
                Ok(Value::tuple(vec![column(0), column(1)]))
            }
            "position" | "find" | "find_map" | "rposition" | "rfind" => {
                let list = Value::list(self.items_or_unknown(value));
                self.found(&list, name, &function, span)
            }
            "windows" | "chunks" | "chunks_exact" => {
                let items = self.items_or_unknown(value);
                let size = self
                    .number(&function)
                    .known()
                    .and_then(|size| usize::try_from(size).ok())
                    .filter(|size| *size > 0);
                match size {
                    Some(size) if items.iter().all(|item| matches!(item, Item::One(_))) => {
                        let pieces: Vec<&[Item]> = match name {
                            "windows" => items.windows(size).collect(),
                            "chunks" => items.chunks(size).collect(),
                            _ => items.chunks_exact(size).collect(),
                        };
                        Ok(Value::list(
                            pieces
                                .into_iter()
                                .map(|piece| Item::One(Value::list(piece.to_vec())))
                                .collect(),
                        ))
                    }
                    _ => {
                        let index = self.fresh_index("i", 0, Num::named("?"));
                        let element = super::super::place::any_element(&Value::list(items));
                        let piece =
                            Value::list(vec![Item::One(element.clone()), Item::One(element)]);
                        Ok(Value::list(vec![Item::Repeat {
                            index,
                            value: piece,
                        }]))
                    }
                }
            }
            "binary_search" => {
                let items = self.items_or_unknown(value);
                let wanted = self.owned(&function);
                let orders: Option<Vec<std::cmp::Ordering>> = items
                    .iter()
                    .map(|item| match item {
                        Item::One(value) => super::order::order_of(value, &wanted),
                        _ => None,
                    })
                    .collect();
                let Some(orders) = orders else {
                    return Some(Ok(Value::unknown()));
                };
                let below = orders.iter().filter(|order| order.is_lt()).count();
                Ok(match orders.iter().filter(|order| order.is_eq()).count() {
                    0 => Value::err(Value::known(below as i128)),
                    1 => Value::known(below as i128),
                    // Which of several equal ones is found is not said.
                    _ => Value::unknown(),
                })
            }
            "split_first" | "split_last" => {
                let items = self.items_or_unknown(value);
                if items.is_empty() {
                    return Some(Ok(Value::Opt(None)));
                }
                let (one, rest) = if name == "split_first" {
                    (items[0].clone(), items[1..].to_vec())
                } else {
                    (
                        items[items.len() - 1].clone(),
                        items[..items.len() - 1].to_vec(),
                    )
                };
                Ok(Value::some(Value::tuple(vec![
                    one.value().clone(),
                    Value::list(rest),
                ])))
            }
            "concat" if self.holds_lists(value) => {
                let items = self.items_or_unknown(value);
                Ok(Value::list(self.flattened(items)))
            }
            "join" | "concat" => {
                let items = self.items_or_unknown(value);
                let separator = match first.map(|first| self.display(&first)) {
                    Some(text) => text.known().unwrap_or("").to_string(),
                    None => String::new(),
                };
                let mut text = super::super::text::Text::default();
                for (place, item) in items.iter().enumerate() {
                    let Item::One(item) = item else {
                        return Some(Ok(Value::Text(super::super::text::Text::hole(
                            "a joined string",
                        ))));
                    };
                    if place > 0 {
                        text.push(super::super::text::Part::Literal(separator.as_str().into()));
                    }
                    let piece = self.display(item);
                    text.append(&piece);
                }
                Ok(Value::Text(text))
            }
            "unwrap" | "expect" | "unwrap_or_default" | "unwrap_or_else" | "unwrap_or" => {
                Ok(value.clone())
            }
            "contains_key" => Ok(Value::Bool(Cond::Unknown)),
            _ => return None,
        })
    }

    /// True for a list of lists.
    fn holds_lists(&mut self, value: &Value) -> bool {
        self.items_or_unknown(value).iter().any(|item| {
            let element = self.deref(item.value());
            matches!(element, Value::List(_))
                || matches!(&element, Value::Unknown(unknown) if matches!(unknown.ty, Ty::Vec(_) | Ty::Array(..)))
        })
    }

    pub(super) fn unknown_list_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let Value::Unknown(unknown) = value else {
            return None;
        };
        match name {
            "len" => {
                if let Ty::Array(_, Some(count)) = &unknown.ty {
                    return Some(Ok(Value::Int(count.clone())));
                }
                let name = unknown
                    .name
                    .as_deref()
                    .map_or_else(|| "?".into(), |name| format!("{name}.len()"));
                Some(Ok(self.symbolic(&Ty::Int, Some(&name))))
            }
            "first" | "last" | "get" | "nth" | "pop" => {
                let inner = match &unknown.ty {
                    Ty::Vec(inner) | Ty::Array(inner, _) => (**inner).clone(),
                    _ => Ty::Unknown,
                };
                let name = unknown
                    .name
                    .as_deref()
                    .map(|list| format!("{list}.{name}()"));
                Some(Ok(Value::Unknown(Rc::new(super::super::value::Unknown {
                    ty: Ty::Option(Rc::new(inner)),
                    name: name.map(Into::into),
                }))))
            }
            "contains" | "is_empty" => {
                let question = match (
                    unknown.name.as_deref(),
                    args.first().map(|arg| self.display(arg)),
                ) {
                    (Some(list), Some(text)) if text.known().is_some() => Some(format!(
                        "{list}.{name}({})",
                        text.known().unwrap_or_default()
                    )),
                    (Some(list), None) => Some(format!("{list}.{name}()")),
                    _ => None,
                };
                Some(Ok(Value::Bool(question.map_or(Cond::Unknown, |name| {
                    Cond::Symbol {
                        name: name.into(),
                        negated: false,
                    }
                }))))
            }
            _ => {
                let list = Value::list(self.items(value)?);
                self.iterator_method(&list, name, args, span)
                    .or_else(|| self.list_method(&list, name, args, span))
            }
        }
    }

    fn list_question(&mut self, value: &Value, name: &str, args: &[Value], span: Span) -> Eval {
        let items = self.items_or_unknown(value);
        let argument = args.first().cloned().unwrap_or_else(Value::unknown);
        let mut undecided = false;
        for item in &items {
            let verdict = if name == "contains" {
                self.binary(
                    crate::program::hir::BinaryOp::Eq,
                    item.value().clone(),
                    argument.clone(),
                )?
            } else if name == "starts_with" {
                return Ok(Value::Bool(Cond::Unknown));
            } else {
                self.call_value(&argument, vec![item.value().clone()], span)?
            };
            let single = matches!(item, Item::One(_));
            match (self.truth(&verdict), name) {
                (Cond::Known(true), "contains" | "any") if single => {
                    return Ok(Value::Bool(Cond::Known(true)));
                }
                (Cond::Known(false), "all") if single => {
                    return Ok(Value::Bool(Cond::Known(false)));
                }
                (Cond::Known(false), "contains" | "any") | (Cond::Known(true), "all") => {}
                _ => undecided = true,
            }
        }
        Ok(Value::Bool(if undecided {
            Cond::Unknown
        } else {
            Cond::Known(name == "all")
        }))
    }
}
