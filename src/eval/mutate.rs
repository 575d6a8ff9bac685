//! Methods that change what a variable holds: a list, an iterator, an option, a string, a cell.

use std::rc::Rc;

use super::iter::{IterValue, Source, Stage};
use super::machine::{Eval, Exit, Machine};
use super::num::Num;
use super::std::{is_edit, is_map_edit};
use super::text::Text;
use super::ty::Ty;
use super::value::{Item, Place, Projection, Value};
use crate::program::hir::{BinaryOp, ExprKind, MethodCall};
use crate::source::Span;

/// Methods that give `&mut` to what they are called on.
const BORROWS: &[&str] = &[
    "borrow_mut",
    "lock",
    "write",
    "get_mut",
    "as_mut",
    "deref_mut",
    "as_mut_slice",
];

impl<'p> Machine<'p> {
    /// Runs such a method. None: it is none.
    pub(super) fn mutate(
        &mut self,
        place: &Place,
        value: &Value,
        call: &MethodCall,
        span: Span,
    ) -> Option<Eval> {
        let method = call.method.name.as_str();
        let known = match value {
            Value::List(_) if is_edit(method) => true,
            Value::List(_) | Value::Range(_) | Value::Iter(_) => {
                matches!(
                    method,
                    "next" | "nth" | "next_back" | "next_if" | "next_if_eq" | "peek" | "by_ref"
                ) || matches!(value, Value::List(_)) && is_element_borrow(method)
            }
            Value::Map(_) => is_map_edit(method),
            Value::Opt(_) => matches!(
                method,
                "insert"
                    | "replace"
                    | "take"
                    | "get_or_insert_with"
                    | "get_or_insert"
                    | "as_mut"
                    | "take_if"
            ),
            Value::Unknown(unknown) => {
                matches!(unknown.ty, Ty::Vec(_))
                    && matches!(method, "push" | "push_back" | "extend")
            }
            Value::Text(_) => matches!(
                method,
                "push_str"
                    | "push"
                    | "clear"
                    | "insert"
                    | "insert_str"
                    | "pop"
                    | "truncate"
                    | "write_str"
                    | "write_char"
                    | "write_fmt"
                    | "pad"
            ),
            Value::Container(_) => method == "push",
            Value::Int(_) | Value::Bool(_) => matches!(
                method,
                "set" | "replace" | "fetch_add" | "fetch_sub" | "store" | "swap" | "update"
            ),
            _ => false,
        };
        if !known {
            return None;
        }
        let args = match self.eval_all(&call.args) {
            Ok(args) => args,
            Err(exit) => return Some(Err(exit)),
        };
        // An argument may have changed the value itself.
        let value = self.read_place(place);
        let value = self.deref(&value);
        let outcome = self.mutated(place, &value, method, &args, span);
        Some(outcome.map(|(new, result)| {
            if let Some(new) = new {
                if let Value::List(list) = &new
                    && let Some(id) = list.id
                {
                    self.module_built(id, &new, span);
                }
                self.write_place(place, new);
            }
            result
        }))
    }

    /// The value afterwards, if it changes, and what the method gives.
    fn mutated(
        &mut self,
        place: &Place,
        value: &Value,
        method: &str,
        args: &[Value],
        span: Span,
    ) -> Result<(Option<Value>, Value), Exit> {
        let first = args
            .first()
            .map_or_else(Value::unknown, |arg| self.owned(arg));
        Ok(match value {
            Value::List(list) if is_element_borrow(method) => {
                (None, self.borrowed_elements(place, list, method, &first))
            }
            Value::List(list) if is_edit(method) => {
                let (new, result) = self.edited(list, method, args, span)?;
                (Some(new), result)
            }
            Value::List(_) | Value::Range(_) | Value::Iter(_) => {
                self.advanced(place, value, method, &first, span)?
            }
            Value::Map(map) => self.edited_map(place, map, method, args, span)?,
            Value::Opt(old) => match method {
                "take" => (Some(Value::Opt(None)), value.clone()),
                "replace" => (Some(Value::some(first)), value.clone()),
                "as_mut" => (None, self.payload_in_place(place, value)),
                "get_or_insert_with" | "get_or_insert" if old.is_some() => {
                    (None, self.unwrapped(value))
                }
                "get_or_insert_with" => {
                    let made = self.call_value(&first, Vec::new(), span)?;
                    (Some(Value::some(made.clone())), made)
                }
                "take_if" => (
                    Some(Value::one_of([value.clone(), Value::Opt(None)])),
                    Value::one_of([value.clone(), Value::Opt(None)]),
                ),
                _ => (Some(Value::some(first.clone())), first),
            },
            Value::Text(text) => self.edited_text(text, method, &first, args),
            Value::Container(container) => {
                let item = self.repeated_item(first, container.born_under);
                let new = super::loops::with_item(container, item, span, span);
                (Some(new), Value::Unit)
            }
            Value::Int(_) | Value::Bool(_) => {
                let new = match method {
                    "fetch_add" => self.binary(BinaryOp::Add, value.clone(), first)?,
                    "fetch_sub" => self.binary(BinaryOp::Sub, value.clone(), first)?,
                    "update" => self.call_value(&first, vec![value.clone()], span)?,
                    _ => first,
                };
                (Some(new), value.clone())
            }
            other => (Some(other.clone()), Value::Unit),
        })
    }

    fn edited_text(
        &mut self,
        text: &Text,
        method: &str,
        first: &Value,
        args: &[Value],
    ) -> (Option<Value>, Value) {
        let piece = self.display(first);
        let known = text.known().map(str::to_string);
        let at = || match first {
            Value::Int(number) => usize::try_from(number.known()?).ok(),
            _ => None,
        };
        let changed = |text: Option<String>| match text {
            Some(text) => Value::text(&text),
            None => Value::Text(Text::hole("a changed string")),
        };
        match method {
            "clear" => (Some(Value::text("")), Value::Unit),
            "insert" | "insert_str" => {
                let more = args.get(1).map(|arg| self.display(arg));
                let more = more.as_ref().and_then(Text::known);
                let new = known
                    .zip(at())
                    .zip(more)
                    .and_then(|((mut text, at), more)| {
                        text.is_char_boundary(at)
                            .then(|| text.insert_str(at, more))?;
                        Some(text)
                    });
                (Some(changed(new)), Value::Unit)
            }
            "pop" => {
                let Some(mut text) = known else {
                    return (Some(changed(None)), Value::unknown());
                };
                let last = text.pop().map(|c| c.to_string());
                let last = last.map_or(Value::Opt(None), |c| Value::some(Value::text(&c)));
                (Some(changed(Some(text))), last)
            }
            "truncate" => {
                let new = known.zip(at()).and_then(|(mut text, at)| {
                    (at > text.len() || text.is_char_boundary(at)).then(|| text.truncate(at))?;
                    Some(text)
                });
                (Some(changed(new)), Value::Unit)
            }
            _ => (Some(Value::Text(text.joined("", &piece))), Value::Unit),
        }
    }

    /// An iterator in a variable gives elements: those are gone afterwards.
    fn advanced(
        &mut self,
        place: &Place,
        value: &Value,
        method: &str,
        first: &Value,
        span: Span,
    ) -> Result<(Option<Value>, Value), Exit> {
        if method == "by_ref" {
            let source = Source::Place(Rc::new(place.clone()));
            return Ok((None, Value::Iter(Rc::new(IterValue::of(source)))));
        }
        let mut iter = self.iter_or_unknown(value);
        if !iter.is_countable() && !matches!(iter.source, Source::Count(_) | Source::Repeat(_)) {
            let all = self.all_at_once(iter, span)?;
            let any = super::place::any_element(&Value::list(all.clone()));
            let rest = all.iter().map(|item| Item::Maybe(item.value().clone()));
            let given = Value::one_of([Value::some(any), Value::Opt(None)]);
            return Ok((Some(Value::list(rest.collect())), given));
        }
        let rounds = match (method, self.number(first)) {
            ("nth", Num::Known(number)) => number,
            ("nth", _) => return Ok((Some(Value::unknown()), Value::unknown())),
            _ => 0,
        };
        if method == "next_back" {
            let list = self.force(&iter, span)?;
            let mut items = self.items(&list).unwrap_or_default();
            let last = items.pop().map(|item| item.value().clone());
            let given = last.map_or(Value::Opt(None), Value::some);
            return Ok((Some(Value::list(items)), given));
        }
        let mut item = self.pull(&mut iter, span)?;
        for _ in 0..rounds {
            item = self.pull(&mut iter, span)?;
        }
        let given = match &item {
            None => Value::Opt(None),
            Some(Item::One(value)) => Value::some(value.clone()),
            Some(item) => Value::one_of([Value::some(item.value().clone()), Value::Opt(None)]),
        };
        let keeps = match (method, &item) {
            ("peek", Some(_)) => true,
            ("next_if" | "next_if_eq", Some(item)) => {
                let verdict = match method {
                    "next_if" => self.call_value(first, vec![item.value().clone()], span)?,
                    _ => self.binary(BinaryOp::Eq, item.value().clone(), first.clone())?,
                };
                match self.truth(&verdict) {
                    super::value::Cond::Known(true) => false,
                    super::value::Cond::Known(false) => {
                        let iter = put_back(iter, item.clone(), span);
                        return Ok((Some(Value::Iter(Rc::new(iter))), Value::Opt(None)));
                    }
                    _ => return Ok((Some(Value::unknown()), Value::unknown())),
                }
            }
            _ => false,
        };
        let iter = match (keeps, item) {
            (true, Some(item)) => put_back(iter, item, span),
            _ => iter,
        };
        Ok((Some(Value::Iter(Rc::new(iter))), given))
    }

    /// `iter_mut`, `last_mut` and the like.
    fn borrowed_elements(
        &mut self,
        place: &Place,
        list: &Rc<super::value::List>,
        method: &str,
        first: &Value,
    ) -> Value {
        let all = self.elements_in_place(place, list);
        let Value::List(elements) = &all else {
            return all;
        };
        let at = match method {
            "iter_mut" => return all,
            "first_mut" | "front_mut" => Some(0),
            "last_mut" | "back_mut" => elements.items.len().checked_sub(1),
            _ => match self.number(first) {
                Num::Known(at) => usize::try_from(at).ok(),
                _ => {
                    return Value::some(super::place::any_element(&Value::List(list.clone())));
                }
            },
        };
        match at.and_then(|at| elements.items.get(at)) {
            Some(item) => Value::some(item.value().clone()),
            None => Value::Opt(None),
        }
    }

    /// `Some(&mut payload)`
    fn payload_in_place(&mut self, place: &Place, value: &Value) -> Value {
        match value {
            Value::Opt(Some(_)) => {
                let mut inner = place.clone();
                inner.projections.push(Projection::Payload);
                Value::some(Value::Ref(Rc::new(inner)))
            }
            other => other.clone(),
        }
    }

    /// The place that `cell.borrow_mut()` and the like lead to, with an `unwrap` after it.
    pub(super) fn borrowed_place(&mut self, call: &MethodCall) -> Result<Option<Place>, Exit> {
        if !call.args.is_empty() {
            return Ok(None);
        }
        let name = call.method.name.as_str();
        if matches!(name, "unwrap" | "expect")
            && let ExprKind::MethodCall(inner) = &call.receiver.kind
            && BORROWS.contains(&inner.method.name.as_str())
        {
            let Some(mut place) = self.borrowed_place(inner)? else {
                return Ok(None);
            };
            if let Value::Opt(Some(_)) = self.read_place(&place) {
                place.projections.push(Projection::Payload);
            }
            return Ok(Some(place));
        }
        if !BORROWS.contains(&name) {
            return Ok(None);
        }
        let Some(place) = self.place_of(&call.receiver)? else {
            return Ok(None);
        };
        let held = self.read_place(&place);
        let is_own = matches!(
            self.deref(&held),
            Value::Struct(_)
                | Value::Variant(_)
                | Value::Unknown(_)
                | Value::Store(_)
                | Value::Builder(_)
                | Value::Vars(_)
                | Value::Tensor(_)
                | Value::Alt(_)
        );
        Ok((!is_own).then_some(place))
    }

    /// A method that is not known may change what it is called on.
    pub(super) fn forget(&mut self, receiver: &Value) {
        let Value::Ref(place) = receiver else {
            return;
        };
        let known = self.deref(receiver);
        if matches!(
            known,
            Value::List(_)
                | Value::Iter(_)
                | Value::Text(_)
                | Value::Opt(_)
                | Value::Range(_)
                | Value::Map(_)
        ) {
            let ty = self.ty_of(&known);
            self.write_place(place, Value::of_type(ty));
        }
    }
}

fn is_element_borrow(method: &str) -> bool {
    matches!(
        method,
        "iter_mut" | "first_mut" | "last_mut" | "front_mut" | "back_mut" | "get_mut"
    )
}

/// An iterator whose next element is known already.
fn put_back(iter: IterValue, item: Item, span: Span) -> IterValue {
    IterValue::of_items([item]).with(Stage::Chain(Box::new(iter)), span)
}
