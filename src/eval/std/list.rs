//! Vectors, slices, ranges and iterators.

use std::rc::Rc;

use super::super::machine::{Eval, Machine};
use super::super::num::Num;
use super::super::ty::Ty;
use super::super::value::{Cond, Item, Value};
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
        Some(match name {
            "len" | "count" => Ok(Value::Int(self.length(value))),
            "is_empty" => Ok(Value::Bool(match self.length(value) {
                Num::Known(length) => Cond::Known(length == 0),
                _ => Cond::Unknown,
            })),
            "iter" | "into_iter" | "iter_mut" | "collect" | "by_ref" | "copied" | "cloned"
            | "to_vec" | "drain" | "peekable" | "into_boxed_slice" | "as_slice" => {
                if matches!(value, Value::Range(_)) {
                    let items = self.items_or_unknown(value);
                    return Some(Ok(Value::list(items)));
                }
                Ok(value.clone())
            }
            "map" | "for_each" | "flat_map" | "try_for_each" => {
                let items = self.items_or_unknown(value);
                let mapped = match self.map_items(items, |machine, value| {
                    machine.call_value(&function, vec![value], span)
                }) {
                    Ok(mapped) => mapped,
                    Err(exit) => return Some(Err(exit)),
                };
                match name {
                    "map" => Ok(self.new_list(mapped, span)),
                    "flat_map" => Ok(Value::list(self.flattened(mapped))),
                    _ => Ok(Value::Unit),
                }
            }
            "filter_map" => {
                let items = self.items_or_unknown(value);
                let mapped = match self.map_items(items, |machine, value| {
                    machine.call_value(&function, vec![value], span)
                }) {
                    Ok(mapped) => mapped,
                    Err(exit) => return Some(Err(exit)),
                };
                Ok(Value::list(self.flattened(mapped)))
            }
            "filter" | "take_while" | "skip_while" => {
                let items = self.items_or_unknown(value);
                let mut kept = Vec::new();
                for item in items {
                    let verdict = match self.call_value(&function, vec![item.value().clone()], span)
                    {
                        Ok(verdict) => self.truth(&verdict),
                        Err(exit) => return Some(Err(exit)),
                    };
                    match verdict {
                        Cond::Known(true) => kept.push(item),
                        Cond::Known(false) => {}
                        _ => kept.push(Item::Maybe(item.value().clone())),
                    }
                }
                Ok(Value::list(kept))
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
                match step {
                    Some(step) if items.iter().all(|item| matches!(item, Item::One(_))) => {
                        Ok(Value::list(items.into_iter().step_by(step).collect()))
                    }
                    _ => Ok(Value::list(items)),
                }
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
            "fold" | "try_fold" => {
                let items = self.items_or_unknown(value);
                let mut accumulated = first.unwrap_or_else(Value::unknown);
                let function = args.get(1).cloned().unwrap_or_else(Value::unknown);
                for item in items {
                    if let Item::Repeat { index, .. } = &item {
                        self.loops.push(*index);
                    }
                    let outcome = self.call_value(
                        &function,
                        vec![accumulated.clone(), item.value().clone()],
                        span,
                    );
                    if matches!(item, Item::Repeat { .. }) {
                        self.loops.pop();
                    }
                    accumulated = match outcome {
                        Ok(value) => value,
                        Err(exit) => return Some(Err(exit)),
                    };
                }
                Ok(accumulated)
            }
            "sum" | "product" => {
                let items = self.items_or_unknown(value);
                let mut total = Num::Known(i128::from(name == "product"));
                for item in items {
                    let number = match item {
                        Item::One(value) => self.number(&value),
                        _ => Num::named("?"),
                    };
                    total = if name == "sum" {
                        total.add(&number)
                    } else {
                        total.mul(&number)
                    };
                }
                Ok(Value::Int(total))
            }
            "max" | "min" => {
                let items = self.items_or_unknown(value);
                let numbers: Option<Vec<i128>> = items
                    .iter()
                    .map(|item| match item {
                        Item::One(Value::Int(Num::Known(value))) => Some(*value),
                        _ => None,
                    })
                    .collect();
                let chosen = numbers.and_then(|numbers| {
                    if name == "max" {
                        numbers.into_iter().max()
                    } else {
                        numbers.into_iter().min()
                    }
                });
                Ok(Value::some(
                    chosen.map_or(Value::Int(Num::named("?")), Value::known),
                ))
            }
            "position" | "find" | "find_map" => {
                let items = self.items_or_unknown(value);
                for (place, item) in items.iter().enumerate() {
                    let verdict = match self.call_value(&function, vec![item.value().clone()], span)
                    {
                        Ok(verdict) => verdict,
                        Err(exit) => return Some(Err(exit)),
                    };
                    match (name, self.truth(&verdict), item) {
                        (_, Cond::Known(false), _) => {}
                        ("position", Cond::Known(true), Item::One(_)) => {
                            return Some(Ok(Value::some(Value::known(place as i128))));
                        }
                        ("find", Cond::Known(true), Item::One(value)) => {
                            return Some(Ok(Value::some(value.clone())));
                        }
                        _ => return Some(Ok(Value::unknown())),
                    }
                }
                Ok(Value::Opt(None))
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
                        let pieces: Vec<&[Item]> = if name == "windows" {
                            items.windows(size).collect()
                        } else {
                            items.chunks(size).collect()
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
            "sort" | "sort_by" | "sort_unstable" | "dedup" | "sort_by_key" | "resize" => {
                Ok(Value::Unit)
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
                let items = self.items(value)?;
                self.list_method(&Value::list(items), name, args, span)
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
