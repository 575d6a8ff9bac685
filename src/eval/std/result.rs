//! `Result`, where it is told apart from what it holds.

use super::super::machine::{Eval, Exit, Machine};
use super::super::value::{Cond, Item, Value};
use crate::source::Span;

impl<'p> Machine<'p> {
    pub(super) fn result_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        match value {
            Value::Ok(inner) => self.granted_method(value, inner, name, args, span),
            Value::Err(error) => self.error_method(value, error, name, args, span),
            _ => None,
        }
    }

    fn granted_method(
        &mut self,
        value: &Value,
        inner: &Value,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let arg = |index: usize| args.get(index).cloned().unwrap_or_else(Value::unknown);
        Some(match name {
            "unwrap" | "expect" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default"
            | "unwrap_unchecked" | "transpose" | "flatten" => Ok(inner.clone()),
            "is_ok" => Ok(Value::Bool(Cond::Known(true))),
            "is_err" | "is_err_and" => Ok(Value::Bool(Cond::Known(false))),
            "is_ok_and" | "and_then" => self.call_value(&arg(0), vec![inner.clone()], span),
            "map_or" | "map_or_else" => self.call_value(&arg(1), vec![inner.clone()], span),
            "map" => self
                .call_value(&arg(0), vec![inner.clone()], span)
                .map(Value::ok),
            "and" => Ok(arg(0)),
            "ok" => Ok(Value::some(inner.clone())),
            "err" => Ok(Value::Opt(None)),
            "map_err" | "or" | "or_else" | "inspect_err" | "context" | "with_context"
            | "as_ref" | "as_mut" | "clone" | "cloned" | "copied" | "as_deref" => Ok(value.clone()),
            "iter" | "into_iter" => Ok(Value::list(vec![Item::One(inner.clone())])),
            _ => return None,
        })
    }

    fn error_method(
        &mut self,
        value: &Value,
        error: &Value,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let arg = |index: usize| args.get(index).cloned().unwrap_or_else(Value::unknown);
        Some(match name {
            "unwrap" | "expect" | "unwrap_unchecked" => Err(Exit::Never),
            "unwrap_or" | "or" | "map_or" => Ok(arg(0)),
            "unwrap_or_else" | "or_else" | "map_or_else" => {
                self.call_value(&arg(0), vec![error.clone()], span)
            }
            "unwrap_or_default" => Ok(Value::default_of_any_type()),
            "is_ok" | "is_ok_and" => Ok(Value::Bool(Cond::Known(false))),
            "is_err" => Ok(Value::Bool(Cond::Known(true))),
            "is_err_and" => self.call_value(&arg(0), vec![error.clone()], span),
            "ok" => Ok(Value::Opt(None)),
            "err" => Ok(Value::some(error.clone())),
            "map_err" => self
                .call_value(&arg(0), vec![error.clone()], span)
                .map(Value::err),
            "context" | "with_context" => Ok(Value::err(Value::unknown())),
            "transpose" => Ok(Value::some(value.clone())),
            "iter" | "into_iter" => Ok(Value::list(Vec::new())),
            "map" | "and_then" | "and" | "as_ref" | "as_mut" | "clone" | "cloned" | "copied"
            | "flatten" | "inspect" | "inspect_err" | "as_deref" => Ok(value.clone()),
            _ => return None,
        })
    }
}
