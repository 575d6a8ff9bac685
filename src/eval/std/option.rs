//! `Option`.

use std::rc::Rc;

use super::super::machine::{Eval, Exit, Machine};
use super::super::ty::Ty;
use super::super::value::{Cond, Value};
use crate::source::Span;

impl<'p> Machine<'p> {
    pub(super) fn option_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let Value::Opt(inner) = value else {
            return None;
        };
        let first = args.first().cloned();
        let call = |machine: &mut Self, args: Vec<Value>| {
            let function = first.clone().unwrap_or_else(Value::unknown);
            machine.call_value(&function, args, span)
        };
        Some(match (name, inner) {
            ("is_some", inner) => Ok(Value::Bool(Cond::Known(inner.is_some()))),
            ("is_none", inner) => Ok(Value::Bool(Cond::Known(inner.is_none()))),
            (
                "unwrap" | "expect" | "unwrap_or_default" | "unwrap_or" | "unwrap_or_else",
                Some(inner),
            ) => Ok((**inner).clone()),
            ("ok_or" | "ok_or_else" | "context" | "with_context", Some(inner)) => {
                Ok(Value::ok((**inner).clone()))
            }
            ("unwrap" | "expect", None) => Err(Exit::Never),
            ("ok_or", None) => Ok(Value::err(first.unwrap_or_else(Value::unknown))),
            ("ok_or_else", None) => call(self, Vec::new()).map(Value::err),
            ("context" | "with_context", None) => Ok(Value::err(Value::unknown())),
            ("unwrap_or", None) => Ok(first.unwrap_or_else(Value::unknown)),
            ("unwrap_or_else", None) => call(self, Vec::new()),
            ("unwrap_or_default", None) => Ok(Value::default_of_any_type()),
            ("map" | "and_then" | "flat_map", None) => Ok(Value::Opt(None)),
            ("map", Some(inner)) => match call(self, vec![(**inner).clone()]) {
                Ok(value) => Ok(Value::some(value)),
                Err(exit) => Err(exit),
            },
            ("and_then" | "flat_map", Some(inner)) => call(self, vec![(**inner).clone()]),
            ("get_or_init", Some(inner)) => Ok((**inner).clone()),
            ("get_or_init", None) => call(self, Vec::new()),
            ("map_or", Some(inner)) => self.call_value(
                &args.get(1).cloned().unwrap_or_else(Value::unknown),
                vec![(**inner).clone()],
                span,
            ),
            ("map_or", None) => Ok(first.unwrap_or_else(Value::unknown)),
            ("map_or_else", Some(inner)) => self.call_value(
                &args.get(1).cloned().unwrap_or_else(Value::unknown),
                vec![(**inner).clone()],
                span,
            ),
            ("map_or_else", None) => call(self, Vec::new()),
            ("is_some_and", Some(inner)) => call(self, vec![(**inner).clone()]),
            ("is_some_and", None) => Ok(Value::Bool(Cond::Known(false))),
            ("is_none_or", Some(inner)) => call(self, vec![(**inner).clone()]),
            ("is_none_or", None) => Ok(Value::Bool(Cond::Known(true))),
            ("or" | "or_else", Some(_)) => Ok(value.clone()),
            ("or" | "xor", None) => Ok(first.unwrap_or(Value::Opt(None))),
            ("xor", Some(_)) => match first.map(|other| self.deref(&other)) {
                Some(Value::Opt(None)) => Ok(value.clone()),
                Some(Value::Opt(Some(_))) => Ok(Value::Opt(None)),
                _ => Ok(Value::one_of([value.clone(), Value::Opt(None)])),
            },
            ("or_else", None) => call(self, Vec::new()),
            ("and", Some(_)) => Ok(first.unwrap_or(Value::Opt(None))),
            ("and", None) => Ok(Value::Opt(None)),
            ("filter", Some(inner)) => match call(self, vec![(**inner).clone()]) {
                Ok(kept) => Ok(match self.truth(&kept) {
                    Cond::Known(true) => value.clone(),
                    Cond::Known(false) => Value::Opt(None),
                    _ => Value::one_of([value.clone(), Value::Opt(None)]),
                }),
                Err(exit) => Err(exit),
            },
            ("filter", None) => Ok(Value::Opt(None)),
            ("zip", Some(inner)) => match first.map(|other| self.deref(&other)) {
                Some(Value::Opt(Some(other))) => Ok(Value::some(Value::tuple(vec![
                    (**inner).clone(),
                    (*other).clone(),
                ]))),
                Some(Value::Opt(None)) => Ok(Value::Opt(None)),
                _ => {
                    let pair = vec![(**inner).clone(), Value::unknown()];
                    let pair = Value::some(Value::tuple(pair));
                    Ok(Value::one_of([pair, Value::Opt(None)]))
                }
            },
            ("zip", None) => Ok(Value::Opt(None)),
            ("flatten", Some(inner)) if matches!(**inner, Value::Opt(_)) => Ok((**inner).clone()),
            ("transpose", None) => Ok(Value::ok(Value::Opt(None))),
            ("transpose", Some(inner)) => Ok(match &**inner {
                Value::Err(_) => (**inner).clone(),
                inner => Value::ok(Value::some(inner.clone().into_granted())),
            }),
            ("flatten", _) => Ok(value.clone()),
            ("take" | "replace", _) => Ok(value.clone()),
            ("iter" | "into_iter", _) => Ok(Value::list(self.items(value).unwrap_or_default())),
            _ => return None,
        })
    }

    /// An `Option` of which it is not known whether it is `Some`: both ways.
    pub(super) fn unknown_option_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let Value::Unknown(unknown) = value else {
            return None;
        };
        let Ty::Option(inner) = &unknown.ty else {
            return None;
        };
        let symbol: Option<Rc<str>> = unknown
            .name
            .as_deref()
            .map(|name| format!("{name} == Some").into());
        if let Some(symbol) = &symbol
            && let Some(known) = self.assumed(symbol)
        {
            let decided = if known {
                Value::some(self.unwrapped(value))
            } else {
                Value::Opt(None)
            };
            return self.option_method(&decided, name, args, span);
        }
        match name {
            "is_some" | "is_none" => {
                return Some(Ok(Value::Bool(match symbol {
                    Some(name_of) => Cond::Symbol {
                        name: name_of,
                        negated: name == "is_none",
                    },
                    None => Cond::Unknown,
                })));
            }
            "unwrap" | "expect" => return Some(Ok(self.unwrapped(value))),
            "ok_or" | "ok_or_else" | "context" | "with_context" => {
                return Some(Ok(Value::ok(self.unwrapped(value))));
            }
            "transpose" => return Some(Ok(Value::ok(value.clone()))),
            "unwrap_or" => {
                let inner = (**inner).clone();
                let other = args.first().cloned().unwrap_or_else(Value::unknown);
                return Some(Ok(match inner {
                    // A size that is given or defaulted stays one name.
                    Ty::Int => self.symbolic(&inner, unknown.name.as_deref()),
                    _ => Value::one_of([self.unwrapped(value), other]),
                }));
            }
            "unwrap_or_else" if **inner == Ty::Int => {
                let inner = (**inner).clone();
                return Some(Ok(self.symbolic(&inner, unknown.name.as_deref())));
            }
            "map" | "and_then" | "map_or" | "map_or_else" | "unwrap_or_else" | "filter"
            | "is_some_and" | "is_none_or" | "zip" | "or" | "or_else" | "and" | "flatten" => {}
            _ => return None,
        }
        let some = Value::some(self.unwrapped(value));
        let assume = |truth: bool| symbol.as_ref().map(|symbol| (symbol.clone(), truth));
        let (yes, no) = (some, Value::Opt(None));
        let run = move |decided: Value| {
            move |machine: &mut Machine<'p>| {
                machine
                    .option_method(&decided, name, args, span)
                    .unwrap_or_else(|| Ok(Value::unknown()))
            }
        };
        Some(self.branch(vec![
            (assume(true), Box::new(run(yes))),
            (assume(false), Box::new(run(no))),
        ]))
    }

    /// Questions to a value that is `Some` in one branch and `None` in another.
    pub fn option_of_alternatives(
        &mut self,
        values: &[Value],
        method: crate::name::Name,
    ) -> Option<Eval> {
        if !values.iter().any(|value| matches!(value, Value::Opt(_))) {
            return None;
        }
        match method.as_str() {
            "is_some" | "is_none" => Some(Ok(Value::Bool(Cond::Unknown))),
            "unwrap" | "expect" => Some(Ok(self.unwrapped(&Value::Alt(Rc::new(values.to_vec()))))),
            "as_ref" | "as_mut" | "as_deref" | "clone" | "cloned" | "copied" | "to_owned" => {
                Some(Ok(Value::Alt(Rc::new(values.to_vec()))))
            }
            _ => None,
        }
    }
}
