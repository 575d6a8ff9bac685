//! What `#[derive]` writes: `Default`, and burn's `Config` with its builders.

use std::rc::Rc;

use super::machine::{Eval, Machine};
use super::ty::Ty;
use super::value::{FunctionValue, Value};
use crate::frameworks;
use crate::name::Name;
use crate::program::AdtRef;
use crate::program::hir::{Fields, Member};
use crate::source::Span;

impl<'p> Machine<'p> {
    /// Functions that a `#[derive]` writes, and builders in the style of burn's `Config`.
    pub(super) fn derived_method(
        &mut self,
        value: &Value,
        method: Name,
        args: &[Value],
    ) -> Option<Eval> {
        let Value::Struct(fields) = value else {
            return None;
        };
        if method == "clone" {
            return Some(Ok(self.cloned(value)));
        }
        let field = Name::new(method.strip_prefix("with_")?);
        let member = Member::Named(field);
        let is_config = fields.def.item.derives.iter().any(|name| *name == "Config");
        if !is_config || fields.field(member).is_none() {
            return None;
        }
        let mut new = (**fields).clone();
        let given = args.first().cloned().unwrap_or_else(Value::unknown);
        let declared = match &fields.def.item.fields {
            Fields::Named(fields) => fields
                .iter()
                .find(|field| field.member == member)
                .map(|field| field.ty.clone()),
            _ => None,
        };
        let given = match declared {
            Some(ty) => {
                let ty = self.resolve_ty_in(&ty, fields.def.module, &fields.generics.clone(), None);
                self.expect_type(given, &ty)
            }
            None => given,
        };
        new.fields
            .iter_mut()
            .filter(|(name, _)| *name == member)
            .for_each(|(_, value)| *value = given.clone());
        Some(Ok(Value::Struct(Rc::new(new))))
    }

    /// `Type::new` of burn's `#[derive(Config)]`, `Type::default` of `#[derive(Default)]`.
    pub fn derived_function(&mut self, adt: &AdtRef, ty: &Ty, name: Name) -> Option<Value> {
        let derives = match adt {
            AdtRef::Struct(def) => &def.item.derives,
            AdtRef::Enum(def) => &def.item.derives,
        };
        let derived = |wanted: &str| derives.iter().any(|name| *name == *wanted);
        let wanted = match name.as_str() {
            "new" if derived("Config") || derived("new") => "new",
            "default" if derived("Default") => "default",
            _ => return None,
        };
        Some(Value::Function(Rc::new(FunctionValue::Foreign {
            krate: Name::new("derive"),
            path: vec![Name::new(wanted)],
            generics: vec![ty.clone()],
        })))
    }

    /// Runs what a derive wrote.
    pub fn call_derived(&mut self, ty: &Ty, name: &str, args: Vec<Value>, span: Span) -> Eval {
        match ty {
            Ty::Struct(def, type_args) => {
                let generics = self.generics_of(&def.item.generics, type_args);
                let declared = match &def.item.fields {
                    Fields::Named(fields) | Fields::Tuple(fields) => fields.clone(),
                    Fields::Unit => Vec::new(),
                };
                let mut args = args.into_iter();
                let mut fields = Vec::new();
                for field in &declared {
                    let ty = self.resolve_ty_in(&field.ty, def.module, &generics, None);
                    let value = match (&field.default, name) {
                        (Some(default), "new") => self
                            .in_frame(
                                def.module,
                                generics.clone(),
                                None,
                                None,
                                default.span,
                                |machine| machine.eval(default),
                            )
                            .unwrap_or_else(|_| Value::unknown()),
                        (None, "new")
                            if matches!(ty, Ty::Option(_))
                                && def.item.derives.iter().any(|name| *name == "Config") =>
                        {
                            Value::Opt(None)
                        }
                        (None, "new") => args.next().unwrap_or_else(Value::unknown),
                        _ => self.default_of(&ty),
                    };
                    let value = self.expect_type(value, &ty);
                    fields.push((field.member, value));
                }
                Ok(self.build_struct(def.clone(), generics, fields, span))
            }
            Ty::Enum(def, _) => {
                let variant = def
                    .item
                    .variants
                    .iter()
                    .position(|variant| variant.is_default)
                    .unwrap_or(0);
                Ok(Value::Variant(Rc::new(super::value::VariantValue {
                    def: def.clone(),
                    variant,
                    fields: Vec::new(),
                    span,
                })))
            }
            _ => Ok(Value::unknown()),
        }
    }

    /// `Default::default()` for a type.
    pub fn default_of(&mut self, ty: &Ty) -> Value {
        match ty {
            Ty::Int => Value::known(0),
            Ty::Float | Ty::Single => Value::Float(Some(super::real::Real::literal(0.0))),
            Ty::Bool => Value::Bool(super::value::Cond::Known(false)),
            Ty::Text => Value::text(""),
            Ty::Option(_) => Value::Opt(None),
            Ty::Vec(_) => Value::list(Vec::new()),
            Ty::Struct(..) | Ty::Enum(..) => {
                let span = self.frame().home;
                match self.associated(ty, &[Name::new("default")], &[], span) {
                    Ok(function) => self
                        .call_value(&function, Vec::new(), span)
                        .unwrap_or_else(|_| Value::unknown()),
                    Err(_) => Value::unknown(),
                }
            }
            Ty::Foreign { name, .. } if super::std::map_kind(name.as_str()).is_some() => {
                super::std::map_kind(name.as_str())
                    .map_or_else(Value::unknown, |map| Value::Map(Rc::new(map)))
            }
            Ty::Foreign { krate, name, .. } => frameworks::default_of(*krate, *name),
            Ty::Tuple(..) => {
                let span = self.frame().home;
                frameworks::built_by_trait(self, ty, "default", span)
                    .unwrap_or_else(|| Value::of_type(ty.clone()))
            }
            _ => Value::of_type(ty.clone()),
        }
    }
}
