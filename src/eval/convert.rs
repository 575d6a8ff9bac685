//! `From` and `Into` between types of the program.

use std::rc::Rc;

use super::machine::{Eval, Machine};
use super::ty::Ty;
use super::value::{List, Value};
use crate::name::Name;
use crate::program::{AdtRef, FnDef};
use crate::source::Span;

impl Machine<'_> {
    /// `into` a type of the program that says how it is made from others.
    pub(super) fn converted(
        &mut self,
        value: &Value,
        method: &str,
        wanted: &Ty,
        span: Span,
    ) -> Option<Eval> {
        let adt = wanted.adt()?;
        let own = self.ty_of(value);
        if own.adt().as_ref() == Some(&adt) {
            return None;
        }
        let name = if method == "into" { "from" } else { "try_from" };
        let functions = self
            .program
            .conversions(&adt, own.adt().as_ref(), Name::new(name));
        let function = match (self.made_from(&functions, &own, wanted), &functions[..]) {
            (Some(function), _) => function,
            // The only way there is, whatever the value's type is.
            (None, [function]) => function.clone(),
            _ => return None,
        };
        Some(self.convert_by(&function, value, wanted, span))
    }

    /// The value as one of the type, if a conversion that was not seen lies between them: `into` where nothing told what into.
    pub(super) fn conformed(&mut self, value: &Value, wanted: &Ty) -> Option<Value> {
        match (value, wanted) {
            (Value::Opt(Some(inner)), Ty::Option(wanted)) => {
                self.conformed(inner, wanted).map(Value::some)
            }
            (Value::Alt(values), _) => {
                let new: Vec<Option<Value>> = values
                    .iter()
                    .map(|value| self.conformed(value, wanted))
                    .collect();
                new.iter().any(Option::is_some).then(|| {
                    let pairs = new.into_iter().zip(values.iter());
                    Value::one_of(pairs.map(|(new, old)| new.unwrap_or_else(|| old.clone())))
                })
            }
            (Value::List(list), Ty::Vec(wanted) | Ty::Array(wanted, _)) => {
                self.conformed_items(list, wanted)
            }
            (Value::Ok(inner), _) => self.conformed(inner, wanted).map(Value::ok),
            (
                Value::Struct(_)
                | Value::Variant(_)
                | Value::List(_)
                | Value::Text(_)
                | Value::Int(_)
                | Value::Float(_),
                Ty::Struct(..) | Ty::Enum(..),
            ) => {
                let (own, adt) = (self.ty_of(value), wanted.adt()?);
                if own.adt().as_ref() == Some(&adt) {
                    return None;
                }
                let from = Name::new("from");
                let functions = self.program.conversions(&adt, own.adt().as_ref(), from);
                let function = self.made_from(&functions, &own, wanted)?;
                let span = self.frame().home;
                self.convert_by(&function, value, wanted, span).ok()
            }
            _ => None,
        }
    }

    fn conformed_items(&mut self, list: &List, wanted: &Ty) -> Option<Value> {
        if !matches!(wanted, Ty::Struct(..) | Ty::Enum(..) | Ty::Option(_)) {
            return None;
        }
        let mut changed = false;
        let mut items = Vec::with_capacity(list.items.len());
        for item in &list.items {
            items.push(match self.conformed(item.value(), wanted) {
                Some(value) => {
                    changed = true;
                    item.with_value(value)
                }
                None => item.clone(),
            });
        }
        changed.then(|| {
            Value::List(Rc::new(List {
                items,
                ..list.clone()
            }))
        })
    }

    /// The one function whose argument has this type.
    fn made_from(&mut self, functions: &[FnDef], own: &Ty, wanted: &Ty) -> Option<FnDef> {
        let fitting: Vec<&FnDef> = functions
            .iter()
            .filter(|function| {
                let Some(param) = function.func.params.first() else {
                    return false;
                };
                let taken = self.resolve_ty_in(&param.ty, function.module, &[], Some(wanted));
                is_like(&taken, own)
            })
            .collect();
        match fitting[..] {
            [function] => Some(function.clone()),
            _ => None,
        }
    }

    fn convert_by(&mut self, function: &FnDef, value: &Value, wanted: &Ty, span: Span) -> Eval {
        let args = vec![value.clone()];
        self.call_own(function, Vec::new(), Some(wanted.clone()), None, args, span)
    }
}

/// True if both are certainly the same type, arguments aside.
fn is_like(taken: &Ty, own: &Ty) -> bool {
    match (taken, own) {
        (Ty::Vec(taken) | Ty::Array(taken, _), Ty::Vec(own) | Ty::Array(own, _)) => {
            matches!(**own, Ty::Unknown) || is_like(taken, own)
        }
        (Ty::Option(taken), Ty::Option(own)) => is_like(taken, own),
        (Ty::Int, Ty::Int) | (Ty::Text, Ty::Text) => true,
        (Ty::Float | Ty::Single, Ty::Float) => true,
        _ => taken
            .adt()
            .is_some_and(|taken: AdtRef| own.adt() == Some(taken)),
    }
}
