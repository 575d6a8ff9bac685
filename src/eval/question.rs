//! `?`: what goes on, and what the function under way gives instead.

use std::rc::Rc;

use super::machine::{Eval, Exit, Machine};
use super::ty::Ty;
use super::value::{Item, List, Value};
use crate::name::Name;
use crate::program::hir::{GenericArg, GenericParamKind, Type, TypeKind};
use crate::program::{AdtRef, FnDef, Res};

impl<'p> Machine<'p> {
    pub(super) fn eval_try(&mut self, value: Value) -> Eval {
        match self.deref(&value) {
            Value::Err(error) => {
                let error = self.converted_error(&error);
                Err(Exit::Return(Value::err(error)))
            }
            Value::Ok(inner) => Ok((*inner).clone()),
            Value::Opt(None) => Err(Exit::Return(Value::Opt(None))),
            Value::Opt(Some(inner)) => Ok((*inner).clone()),
            Value::Alt(values) => self.try_one_of(&values),
            // `collect::<Result<Vec<_>>>()`
            Value::List(list) => match first_error(&list) {
                Some(error) => self.eval_try(error),
                None => Ok(all_granted(list)),
            },
            Value::Unknown(unknown) => match &unknown.ty {
                Ty::Option(inner) => {
                    let inner = (**inner).clone();
                    let some = self.symbolic(&inner, unknown.name.as_deref());
                    match self.gives_option() {
                        Some(true) => self.some_or_return(some),
                        _ => Ok(some),
                    }
                }
                _ => Ok(Value::Unknown(unknown)),
            },
            other => Ok(other),
        }
    }

    /// Of alternatives, those that go on; a program that meets an error is not followed further.
    fn try_one_of(&mut self, values: &[Value]) -> Eval {
        let mut kept = Vec::new();
        let mut ends = None;
        let mut may_be_none = false;
        for value in values {
            match value {
                Value::Opt(None) => may_be_none = true,
                Value::Err(_) => ends = Some(value.clone()),
                Value::Opt(Some(inner)) | Value::Ok(inner) => kept.push((**inner).clone()),
                other => kept.push(other.clone()),
            }
        }
        if ends.is_some() && !kept.is_empty() {
            self.frame_mut().may_fail = true;
        }
        match (kept.is_empty(), may_be_none, ends) {
            (true, false, Some(error)) => self.eval_try(error),
            (true, ..) => Err(Exit::Return(Value::Opt(None))),
            (false, true, _) => self.some_or_return(Value::one_of(kept)),
            (false, false, _) => Ok(Value::one_of(kept)),
        }
    }

    /// Goes on with a value that may be missing; without it, the function gives `None`.
    fn some_or_return(&mut self, some: Value) -> Eval {
        self.branch(vec![
            (None, Box::new(|_: &mut Machine<'p>| Ok(some))),
            (
                None,
                Box::new(|_: &mut Machine<'p>| Err(Exit::Return(Value::Opt(None)))),
            ),
        ])
    }

    /// Whether the function under way gives an `Option`; not known of a closure.
    fn gives_option(&self) -> Option<bool> {
        let frame = self.frame();
        let function = frame.function.as_ref()?;
        let is_closure = function
            .func
            .body
            .as_ref()
            .is_none_or(|body| body.span != frame.home);
        let result = function.func.ret.as_ref()?;
        (!is_closure).then(|| head(result).is_some_and(|name| name == "Option"))
    }

    /// The error as the function under way passes it on: `?` converts it.
    fn converted_error(&mut self, error: &Value) -> Value {
        let error = self.deref(error);
        let result = self
            .frame()
            .function
            .as_ref()
            .and_then(|function| function.func.ret.clone());
        let Some(wanted) = result.and_then(|result| self.error_type(&result)) else {
            return match error {
                Value::Text(_) | Value::Int(_) | Value::Unit => error,
                _ => Value::unknown(),
            };
        };
        if self.ty_of(&error) == wanted {
            return error;
        }
        let adt = match &wanted {
            Ty::Struct(def, _) => AdtRef::Struct(def.clone()),
            Ty::Enum(def, _) => AdtRef::Enum(def.clone()),
            Ty::Text => return error,
            _ => return Value::unknown(),
        };
        if let (Value::Variant(error), Ty::Enum(def, _)) = (&error, &wanted)
            && error.def == *def
        {
            return Value::Variant(error.clone());
        }
        let converters = self
            .program
            .associated_fns(&adt, Name::new("from"), self.scope());
        for function in converters {
            if self.takes_error(&function, &error) {
                let span = function.func.span;
                let converted =
                    self.call_own(&function, Vec::new(), Some(wanted), None, vec![error], span);
                return converted.unwrap_or_else(|_| Value::unknown());
            }
        }
        Value::unknown()
    }

    /// True if a conversion is the one for this error.
    fn takes_error(&mut self, function: &FnDef, error: &Value) -> bool {
        let [param] = function.func.params.as_slice() else {
            return false;
        };
        let takes = self.resolve_ty_in(&param.ty, function.module, &[], None);
        match (&takes, self.ty_of(error)) {
            (Ty::Foreign { name, .. }, Ty::Foreign { name: given, .. }) => *name == given,
            (Ty::Struct(def, _), Ty::Struct(given, _)) => *def == given,
            (Ty::Enum(def, _), Ty::Enum(given, _)) => *def == given,
            (Ty::Text, Ty::Text) => true,
            _ => false,
        }
    }

    /// `E` of `Result<T, E>`, written or by an alias' default.
    fn error_type(&mut self, result: &Type) -> Option<Ty> {
        let TypeKind::Path(path) = &result.kind else {
            return None;
        };
        let written = path.segments.last()?.args.get(1);
        if let Some(GenericArg::Type(error)) = written {
            return Some(self.resolve_ty(error));
        }
        let names: Vec<_> = path.segments.iter().map(|segment| segment.name).collect();
        let scope = self.scope();
        let Res::Alias(alias) = self.resolve_type_names(scope, &names, path.global).res else {
            return None;
        };
        let TypeKind::Path(meant) = &alias.item.ty.kind else {
            return None;
        };
        let GenericArg::Type(error) = meant.segments.last()?.args.get(1)? else {
            return None;
        };
        let error = match &error.kind {
            TypeKind::Path(path) => {
                let param = path.segments.first().and_then(|segment| {
                    let params = &alias.item.generics.params;
                    params.iter().find(|param| param.name == segment.name)
                });
                match param.map(|param| &param.kind) {
                    Some(GenericParamKind::Type { default, .. }) => default.clone()?,
                    _ => error.clone(),
                }
            }
            _ => error.clone(),
        };
        Some(self.resolve_ty_in(&error, alias.module, &[], None))
    }
}

fn head(ty: &Type) -> Option<Name> {
    match &ty.kind {
        TypeKind::Path(path) => path.segments.last().map(|segment| segment.name),
        _ => None,
    }
}

/// The error that a list of results as one result is.
pub fn first_error(list: &List) -> Option<Value> {
    list.items.iter().find_map(|item| match item {
        Item::One(value) if value.is_err() => Some(value.clone()),
        _ => None,
    })
}

/// What the results in a list hold.
pub fn all_granted(list: Rc<List>) -> Value {
    let is_wrapped = |item: &Item| matches!(item.value(), Value::Ok(_));
    if !list.items.iter().any(is_wrapped) {
        return Value::List(list);
    }
    let items = list
        .items
        .iter()
        .map(|item| item.with_value(item.value().clone().into_granted()))
        .collect();
    Value::List(Rc::new(List {
        items,
        ..(*list).clone()
    }))
}
