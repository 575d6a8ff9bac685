//! Methods that change a list, a container, an option or a string in place.

use std::rc::Rc;

use super::machine::{Eval, Machine};
use super::ty::Ty;
use super::value::{Item, List, Place, Value};
use crate::program::hir::MethodCall;
use crate::source::Span;

impl<'p> Machine<'p> {
    /// Methods that change a list, a container or an option in place.
    pub(super) fn mutate(
        &mut self,
        place: &Place,
        value: &Value,
        call: &MethodCall,
        span: Span,
    ) -> Option<Eval> {
        let method = call.method.name.as_str();
        match (value, method) {
            (
                Value::List(_),
                "push" | "push_back" | "insert" | "extend" | "extend_from_slice" | "append"
                | "clear" | "pop" | "remove" | "truncate" | "reverse" | "push_front"
                | "swap_remove" | "pop_front",
            ) => {}
            (Value::Opt(_), "insert" | "replace" | "take" | "get_or_insert_with") => {}
            (Value::Unknown(unknown), "push" | "push_back" | "extend")
                if matches!(unknown.ty, Ty::Vec(_)) => {}
            (Value::Text(_), "push_str" | "push" | "clear") => {}
            (Value::Container(_), "push") => {}
            _ => return None,
        }
        let args = match self.eval_all(&call.args) {
            Ok(args) => args,
            Err(exit) => return Some(Err(exit)),
        };
        // An argument may have changed the list itself.
        let value = self.read_place(place);
        let value = self.deref(&value);
        let (new, result) = self.mutated(&value, method, &args, span);
        if let Value::List(list) = &new
            && let Some(id) = list.id
        {
            self.module_built(id, &new, span);
        }
        self.write_place(place, new);
        Some(Ok(result))
    }

    pub(super) fn mutated(
        &mut self,
        value: &Value,
        method: &str,
        args: &[Value],
        span: Span,
    ) -> (Value, Value) {
        let first = args
            .first()
            .map_or_else(Value::unknown, |arg| self.deref(arg));
        match value {
            Value::List(list) => {
                let mut items = list.items.clone();
                let mut result = Value::Unit;
                let mut new_span = list.span;
                match method {
                    "push" | "push_back" => {
                        let item = self.repeated_item(first, list.born_under);
                        if list.items.is_empty() {
                            new_span = Some(span);
                        }
                        items.push(item);
                    }
                    "push_front" => {
                        let item = self.repeated_item(first, list.born_under);
                        items.insert(0, item);
                    }
                    "insert" => {
                        let value = args
                            .get(1)
                            .map_or_else(Value::unknown, |arg| self.deref(arg));
                        let item = self.repeated_item(value, list.born_under);
                        let at = self
                            .number(&first)
                            .known()
                            .map_or(items.len(), |at| (at.max(0) as usize).min(items.len()));
                        items.insert(at, item);
                    }
                    "extend" | "append" | "extend_from_slice" => {
                        if list.items.is_empty() {
                            new_span = Some(span);
                        }
                        items.extend(
                            self.items(&first)
                                .unwrap_or_else(|| vec![Item::Maybe(Value::unknown())]),
                        );
                    }
                    "clear" => items.clear(),
                    "pop" => {
                        result = items
                            .pop()
                            .map_or(Value::Opt(None), |item| Value::some(item.value().clone()))
                    }
                    "pop_front" => {
                        result = if items.is_empty() {
                            Value::Opt(None)
                        } else {
                            Value::some(items.remove(0).value().clone())
                        };
                    }
                    "remove" | "swap_remove" => {
                        let at = self
                            .number(&first)
                            .known()
                            .and_then(|at| usize::try_from(at).ok())
                            .filter(|at| *at < items.len());
                        result = match at {
                            Some(at) => items.remove(at).value().clone(),
                            None => super::place::any_element(value),
                        };
                    }
                    "truncate" => {
                        if let Some(length) = self.number(&first).known() {
                            items.truncate(length.max(0) as usize);
                        }
                    }
                    "reverse" => items.reverse(),
                    _ => {}
                }
                (
                    Value::List(Rc::new(List {
                        items,
                        span: new_span,
                        ..(**list).clone()
                    })),
                    result,
                )
            }
            Value::Opt(old) => match method {
                "take" => (Value::Opt(None), value.clone()),
                "get_or_insert_with" if old.is_some() => (value.clone(), self.unwrapped(value)),
                _ => (Value::some(first.clone()), first),
            },
            Value::Text(text) => match method {
                "clear" => (Value::text(""), Value::Unit),
                _ => {
                    let piece = self.display(&first);
                    (Value::Text(text.joined("", &piece)), Value::Unit)
                }
            },
            Value::Container(container) => {
                let item = self.repeated_item(first, container.born_under);
                (
                    super::loops::with_item(container, item, span, span),
                    Value::Unit,
                )
            }
            other => (other.clone(), Value::Unit),
        }
    }
}
