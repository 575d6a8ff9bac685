//! The standard library, as far as constructors lean on it.

mod edit;
mod function;
mod items;
mod iterator;
mod list;
mod map;
mod number;
mod option;
mod order;
mod reduce;
mod result;
mod text;

pub use edit::is_edit;
pub use map::{is_map_edit, map_kind};
pub use order::{order_of, ordering_named};

use super::machine::{Eval, Machine};
use super::ty::Ty;
use super::value::{Cond, Item, Value};
use crate::name::Name;
use crate::source::Span;

/// Methods that give their receiver back, as far as anything here can tell.
const IDENTITIES: &[&str] = &[
    "clone",
    "to_owned",
    "as_ref",
    "as_mut",
    "borrow",
    "borrow_mut",
    "into",
    "try_into",
    "as_str",
    "as_slice",
    "as_deref",
    "as_deref_mut",
    "iter",
    "iter_mut",
    "into_iter",
    "to_vec",
    "into_boxed_slice",
    "expect",
    "map_err",
    "context",
    "with_context",
    "ok_or",
    "ok_or_else",
    "copied",
    "cloned",
    "collect",
    "lock",
    "read",
    "write",
    "by_ref",
    "peekable",
    "into_inner",
    "unwrap_unchecked",
    "as_mut_slice",
    "drain",
    "fuse",
    "get_mut",
    "inspect",
    "unwrap_or_log",
    "bt",
    "w",
    "into_iter_sorted",
    "upgrade",
    "as_path",
    "as_bytes",
    "into_string",
    "transpose",
    "values",
    "try_clone",
    "into_par_iter",
    "par_iter",
    "get_ref",
    "as_any",
    "to_path_buf",
];

impl<'p> Machine<'p> {
    pub fn std_method(
        &mut self,
        value: &Value,
        method: Name,
        generics: &[Ty],
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let name = method.as_str();
        if name == "fmt" && args.first().is_some_and(|to| self.written_to(value, to)) {
            return Some(Ok(Value::Unit));
        }
        if name == "collect" && matches!(value, Value::List(_) | Value::Range(_) | Value::Iter(_)) {
            let list = match self.forced(value, span) {
                Ok(list) => list,
                Err(exit) => return Some(Err(exit)),
            };
            let list = match list {
                Value::Range(_) => Value::list(self.items_or_unknown(&list)),
                list => list,
            };
            return Some(Ok(self.collected(&list, generics.first())));
        }
        let specific = match value {
            Value::Opt(_) => self.option_method(value, name, args, span),
            Value::Map(map) => self.map_method(map, name, args, span),
            Value::Tuple(_) if name.starts_with("or_") || name == "and_modify" => {
                self.entry_method(value, name, args, span)
            }
            Value::Ok(_) | Value::Err(_) => self.result_method(value, name, args, span),
            Value::List(_) | Value::Range(_) | Value::Iter(_) => self
                .iterator_method(value, name, args, span)
                .or_else(|| self.list_method(value, name, args, span)),
            Value::Int(_) | Value::Float(_) => self.number_method(value, name, args),
            Value::Ordering(order) => self.ordering_method(*order, name, args, span),
            Value::Bool(cond) => self.bool_method(cond.clone(), name, args, span),
            Value::Text(_) => self.text_method(value, name, args, generics, span),
            Value::Tuple(_) | Value::Unit => None,
            Value::Unknown(unknown) => match &unknown.ty {
                Ty::Option(_) => self.unknown_option_method(value, name, args, span),
                Ty::Vec(_) | Ty::Array(..) => self.unknown_list_method(value, name, args, span),
                Ty::Text => self.unknown_text_method(value, name, args),
                Ty::Unknown if ["iter", "into_iter"].contains(&name) => None,
                _ => None,
            },
            _ => None,
        };
        if specific.is_some() || matches!(value, Value::Ok(_) | Value::Err(_)) {
            return specific;
        }
        if let Some(order) = self.compared(value, name, args) {
            return Some(order);
        }
        if name == "clone" {
            let value = self.cloned(value);
            return Some(Ok(value));
        }
        if IDENTITIES.contains(&name)
            && !matches!(value, Value::Unknown(unknown) if unknown.ty == Ty::Unknown && name == "get_mut")
        {
            return Some(Ok(value.clone()));
        }
        match name {
            "to_string" => {
                let text = self.display(value);
                Some(Ok(Value::Text(text)))
            }
            // `Result`'s own methods, on the value that it holds.
            "unwrap" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" | "or_else" | "or"
                if !matches!(value, Value::Unknown(_)) =>
            {
                Some(Ok(value.clone()))
            }
            "ok" if !matches!(
                value,
                Value::Unknown(_) | Value::Builder(_) | Value::Store(_)
            ) =>
            {
                Some(Ok(Value::some(value.clone())))
            }
            "get_or_init" => Some(self.call_value(args.first()?, Vec::new(), span)),
            "is_ok" => Some(Ok(Value::Bool(Cond::Known(true)))),
            "is_err" => Some(Ok(Value::Bool(Cond::Known(false)))),
            "is_ok_and" | "and_then" if !matches!(value, Value::Unknown(_)) => {
                let function = args.first()?.clone();
                Some(self.call_value(&function, vec![value.clone()], span))
            }
            "map" if !matches!(value, Value::Unknown(_)) => {
                let function = args.first()?.clone();
                let mapped = self.call_value(&function, vec![value.clone()], span);
                Some(mapped.map(Value::ok))
            }
            "map_or" | "map_or_else" if !matches!(value, Value::Unknown(_)) => {
                let function = args.get(1)?.clone();
                Some(self.call_value(&function, vec![value.clone()], span))
            }
            "then" | "then_some" => None,
            "unwrap" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default"
                if matches!(value, Value::Unknown(_)) =>
            {
                match value {
                    Value::Unknown(unknown)
                        if !matches!(unknown.ty, Ty::Struct(..) | Ty::Enum(..)) =>
                    {
                        Some(Ok(value.clone()))
                    }
                    other => Some(Ok(other.clone())),
                }
            }
            "eq" | "ne" => {
                let op = if name == "eq" {
                    crate::program::hir::BinaryOp::Eq
                } else {
                    crate::program::hir::BinaryOp::Ne
                };
                let other = args.first()?.clone();
                Some(self.binary(op, value.clone(), other))
            }
            _ => None,
        }
    }

    fn bool_method(&mut self, cond: Cond, name: &str, args: &[Value], span: Span) -> Option<Eval> {
        let run = match name {
            "then" => true,
            "then_some" => false,
            _ => return None,
        };
        let argument = args.first()?.clone();
        let produce = move |machine: &mut Machine<'p>| {
            let value = if run {
                machine.call_value(&argument, Vec::new(), span)?
            } else {
                argument.clone()
            };
            Ok(Value::some(value))
        };
        let truth = self.truth(&Value::Bool(cond));
        Some(match truth {
            Cond::Known(true) => produce(self),
            Cond::Known(false) => Ok(Value::Opt(None)),
            other => {
                let assume = |value: bool| match &other {
                    Cond::Symbol { name, negated } => Some((name.clone(), value != *negated)),
                    _ => None,
                };
                self.branch(vec![
                    (assume(true), Box::new(produce)),
                    (
                        assume(false),
                        Box::new(|_: &mut Machine<'p>| Ok(Value::Opt(None))),
                    ),
                ])
            }
        })
    }

    /// The items of what may be iterated, or one that stands for all.
    pub(super) fn items_or_unknown(&mut self, value: &Value) -> Vec<Item> {
        self.items(value).unwrap_or_else(|| {
            let index = self.fresh_index("i", 0, super::num::Num::named("?"));
            vec![Item::Repeat {
                index,
                value: Value::unknown(),
            }]
        })
    }
}
