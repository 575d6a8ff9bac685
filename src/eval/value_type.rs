//! The types of values, and values of wanted types.

use std::rc::Rc;

use super::machine::Machine;
use super::num::Num;
use super::real::Real;
use super::ty::Ty;
use super::value::Value;
use crate::frameworks;
use crate::program::hir::Path;
use crate::program::{AdtRef, Def};

impl<'p> Machine<'p> {
    /// Marks the value with a type that was written for it, where that tells more.
    pub fn expect_type(&mut self, value: Value, ty: &Ty) -> Value {
        match (&value, ty) {
            (Value::Unknown(unknown), ty)
                if unknown.name.as_deref() == Some(super::DEFAULT) && *ty != Ty::Unknown =>
            {
                self.default_of(ty)
            }
            (Value::Unknown(unknown), ty) if unknown.ty == Ty::Unknown && *ty != Ty::Unknown => {
                let name = unknown.name.clone();
                self.symbolic(ty, name.as_deref())
            }
            (Value::List(list), Ty::Option(_) | Ty::Text | Ty::Foreign { .. })
                if !matches!(ty, Ty::Option(_)) || all_options(list) =>
            {
                self.as_collection(&value, ty)
            }
            (Value::Int(Num::Known(number)), Ty::Float) => {
                Value::Float(Some(Real::Double(*number as f64)))
            }
            (Value::Int(Num::Known(number)), Ty::Single) => {
                Value::Float(Some(Real::Single(*number as f32)))
            }
            (Value::Float(Some(real @ Real::Either(..))), Ty::Float) => {
                Value::Float(Some(Real::Double(real.double())))
            }
            (Value::Float(Some(real @ Real::Either(..))), Ty::Single) => {
                Value::Float(Some(Real::Single(real.single())))
            }
            _ => self.conformed(&value, ty).unwrap_or(value),
        }
    }

    pub fn has_deref(&self, def: &Def<crate::program::hir::Struct>) -> bool {
        let derefs = |path: &Path| {
            path.segments
                .last()
                .is_some_and(|segment| segment.name == "Deref")
        };
        self.program
            .trait_impls(&AdtRef::Struct(def.clone()))
            .iter()
            .any(|found| found.item.trait_path.as_ref().is_some_and(derefs))
    }

    /// The type of a value, for dispatch.
    pub fn ty_of(&mut self, value: &Value) -> Ty {
        match self.deref(value) {
            Value::Struct(value) => Ty::Struct(
                value.def.clone(),
                Rc::new(value.generics.iter().map(|(_, ty)| ty.clone()).collect()),
            ),
            Value::Variant(value) => Ty::Enum(value.def.clone(), Rc::default()),
            Value::Unknown(unknown) => unknown.ty.clone(),
            Value::Int(_) => Ty::Int,
            Value::Float(_) => Ty::Float,
            Value::Bool(_) => Ty::Bool,
            Value::Text(_) => Ty::Text,
            Value::Ok(inner) => self.ty_of(&inner),
            Value::Map(map) => Ty::foreign("std", map.type_name()),
            Value::Opt(inner) => {
                let inner = inner
                    .as_ref()
                    .map_or(Ty::Unknown, |inner| self.ty_of(inner));
                Ty::Option(Rc::new(inner))
            }
            Value::List(list) => {
                let element = list
                    .items
                    .first()
                    .map_or(Ty::Unknown, |item| self.ty_of(item.value()));
                Ty::Vec(Rc::new(element))
            }
            Value::Tuple(values) => Ty::Tuple(
                Rc::new(values.iter().map(|value| self.ty_of(value)).collect()),
                None,
            ),
            other => frameworks::ty_of(self, &other),
        }
    }
}

/// A list of options, which may be collected into an option of a list.
fn all_options(list: &super::value::List) -> bool {
    !list.items.is_empty()
        && list
            .items
            .iter()
            .all(|item| matches!(item.value(), Value::Opt(_)))
}
