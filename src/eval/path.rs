//! What a written path stands for: a variable, a constant, a function, a constructor.

use std::rc::Rc;

use super::machine::{Eval, MAX_DEPTH, Machine};
use super::ty::Ty;
use super::value::{FunctionValue, Value, VariantValue};
use crate::frameworks;
use crate::name::Name;
use crate::program::hir::{self, Const, Fields, GenericArg, Path};
use crate::program::{AdtRef, Def, FnDef, Res};
use crate::source::Span;

impl<'p> Machine<'p> {
    pub fn eval_path(&mut self, path: &Path) -> Eval {
        let wanted = self.expected.take();
        if path.qself.is_none()
            && let [segment] = path.segments.as_slice()
            && let Some(slot) = self.variable(segment.name)
        {
            self.recall(slot);
            return Ok(self.read_slot(slot));
        }
        let mut written = Vec::new();
        for arg in path.segments.iter().flat_map(|segment| &segment.args) {
            match arg {
                GenericArg::Type(ty) => {
                    let resolved = self.resolve_ty(ty);
                    let scope = self.scope();
                    written.push(match resolved {
                        Ty::Unknown => self.constant_argument(ty, scope),
                        known => known,
                    });
                }
                GenericArg::Const(expr) => {
                    let value = self.eval(expr)?;
                    written.push(Ty::Const(self.number(&value)));
                }
                GenericArg::Assoc(..) => {}
            }
        }
        if let Some(qself) = &path.qself {
            let ty = self.resolve_ty(&qself.ty);
            let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
            return self.associated(&ty, &names, &written, path.span);
        }
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        let first = names[0];
        if first == "Self" {
            let ty = self.frame().self_ty.clone().unwrap_or(Ty::Unknown);
            return self.associated(&ty, &names[1..], &written, path.span);
        }
        if let Some((_, ty)) = self
            .frame()
            .generics
            .iter()
            .rev()
            .find(|(name, _)| *name == first)
        {
            let ty = ty.clone();
            return match (&ty, &names[1..]) {
                (Ty::Const(num), []) => Ok(Value::Int(num.clone())),
                (Ty::Foreign { name: own, .. }, [function]) => {
                    // `O::new` of a bound that the program's own trait gives to a foreign type.
                    let functions = self
                        .program
                        .external_type_fns(*own, *function, self.scope());
                    match functions.into_iter().find(|found| !found.func.has_self) {
                        Some(found) => Ok(self.function_value(found, &written, Some(ty.clone()))),
                        None => self.associated(&ty, &names[1..], &written, path.span),
                    }
                }
                (_, rest) => self.associated(&ty, rest, &written, path.span),
            };
        }
        match (names.as_slice(), first.as_str()) {
            ([_], "Some") => return Ok(Value::Function(Rc::new(FunctionValue::Some))),
            ([_], "Ok") => return Ok(Value::Function(Rc::new(FunctionValue::Ok))),
            ([_], "Err") => return Ok(error_function()),
            ([_], "None") => return Ok(Value::Opt(None)),
            ([_, last], "Option") if last == "Some" => {
                return Ok(Value::Function(Rc::new(FunctionValue::Some)));
            }
            ([_, last], "Option") if last == "None" => return Ok(Value::Opt(None)),
            ([_, last], "Result") if last == "Ok" => {
                return Ok(Value::Function(Rc::new(FunctionValue::Ok)));
            }
            _ => {}
        }
        let resolved = self.resolve_value(&names, path.global);
        let rest: Vec<Name> = names[names.len() - resolved.rest.min(names.len())..].to_vec();
        if let Some((krate, name)) = self.intrinsic_of(&resolved.res) {
            let mut path = vec![name];
            path.extend(&rest);
            return self.foreign_value(krate, path, written);
        }
        match resolved.res {
            Res::Fn(function) => {
                let (krate, name) = (self.package_of(function.module), function.func.name.name);
                if function.owner.is_none() && frameworks::is_intrinsic_function(krate, name) {
                    return self.foreign_value(krate, vec![name], written);
                }
                Ok(self.function_value(function, &written, None))
            }
            Res::Const(constant) => {
                let value = self.eval_const(&constant)?;
                Ok(value)
            }
            Res::Struct(def) if rest.is_empty() => {
                let args = match &self.frame().self_ty {
                    // Inside the type's own impl, its name alone means this very type.
                    Some(Ty::Struct(own, args)) if *own == def && written.is_empty() => {
                        (**args).clone()
                    }
                    _ => written.clone(),
                };
                let generics = self.generics_of(&def.item.generics, &args);
                Ok(match &def.item.fields {
                    Fields::Tuple(_) => {
                        Value::Function(Rc::new(FunctionValue::TupleStruct(def, generics)))
                    }
                    _ => self.build_struct(def, generics, Vec::new(), path.span),
                })
            }
            Res::Struct(def) => {
                // `Foo::<T>::new::<U>`: the first arguments are the type's.
                let count = def.item.generics.params.len();
                let (own, methods) = written.split_at(count.min(written.len()));
                let (own, methods) = if path
                    .segments
                    .last()
                    .is_some_and(|last| last.args.len() == written.len())
                {
                    (&written[..0], written.as_slice())
                } else {
                    (own, methods)
                };
                let own = match wanted {
                    Some(Ty::Struct(wanted, args)) if own.is_empty() && wanted == def => args,
                    _ => Rc::new(own.to_vec()),
                };
                let ty = Ty::Struct(def, own);
                self.associated(&ty, &rest, methods, path.span)
            }
            Res::Enum(def) => {
                let ty = Ty::Enum(def, Rc::default());
                self.associated(&ty, &rest, &written, path.span)
            }
            Res::Variant(def, variant) => Ok(self.variant_value(def, variant, path.span)),
            Res::Alias(def) => {
                let generics = self.generics_of(&def.item.generics, &written);
                let ty = self.resolve_ty_in(&def.item.ty, def.module, &generics, None);
                self.associated(&ty, &rest, &written, path.span)
            }
            Res::Trait(def) => {
                let takes_self =
                    def.item.functions.iter().any(|function| {
                        rest.first() == Some(&function.name.name) && function.has_self
                    });
                match wanted {
                    Some(
                        wanted @ (Ty::Struct(..)
                        | Ty::Enum(..)
                        | Ty::Option(_)
                        | Ty::Vec(_)
                        | Ty::Tuple(..)),
                    ) if !takes_self => self.associated(&wanted, &rest, &written, path.span),
                    _ => Ok(self.trait_function(&rest)),
                }
            }
            Res::External(candidates) => match candidates.first() {
                Some(found)
                    if found
                        .path
                        .ends_with(&[Name::new("array"), Name::new("from_fn")]) =>
                {
                    let written = match wanted {
                        Some(Ty::Array(inner, Some(count))) if written.is_empty() => {
                            vec![(*inner).clone(), Ty::Const(count)]
                        }
                        _ => written,
                    };
                    self.foreign_value(found.krate, found.path.clone(), written)
                }
                Some(found) => self.foreign_value(found.krate, found.path.clone(), written),
                None => Ok(Value::unknown()),
            },
            Res::Module(_) | Res::None => {
                let krate = Name::new("std");
                self.foreign_value(krate, names, written)
            }
        }
    }

    pub(super) fn foreign_value(
        &mut self,
        krate: Name,
        path: Vec<Name>,
        generics: Vec<Ty>,
    ) -> Eval {
        if krate == "std"
            && let [.., owner, name] = path.as_slice()
            && *owner == "Ordering"
            && let Some(order) = super::std::ordering_named(name.as_str())
        {
            return Ok(Value::Ordering(order));
        }
        if krate == "std"
            && let [.., owner, name] = path.as_slice()
            && let Some(value) = self.number_constant(owner.as_str(), name.as_str())
        {
            return Ok(value);
        }
        if let Some(value) = self.foreign_constant(krate, &path) {
            return Ok(value);
        }
        Ok(Value::Function(Rc::new(FunctionValue::Foreign {
            krate,
            path,
            generics,
        })))
    }

    pub(super) fn variant_value(
        &mut self,
        def: Def<hir::Enum>,
        variant: usize,
        span: Span,
    ) -> Value {
        match &def.item.variants[variant].fields {
            Fields::Unit => Value::Variant(Rc::new(VariantValue {
                def,
                variant,
                fields: Vec::new(),
                span,
            })),
            _ => Value::Function(Rc::new(FunctionValue::TupleVariant(def, variant))),
        }
    }

    pub(super) fn function_value(
        &mut self,
        function: FnDef,
        written: &[Ty],
        self_ty: Option<Ty>,
    ) -> Value {
        let params = &function.func.generics.params;
        let generics = params
            .iter()
            .zip(written)
            .map(|(param, ty)| (param.name, ty.clone()))
            .collect();
        Value::Function(Rc::new(FunctionValue::Own {
            function,
            generics,
            self_ty,
        }))
    }

    /// `Trait::name`: the value that it is called on decides which.
    pub(super) fn trait_function(&self, rest: &[Name]) -> Value {
        match rest {
            [name] => Value::Function(Rc::new(FunctionValue::Method(*name))),
            _ => Value::unknown(),
        }
    }

    /// `Type::name`.
    pub fn associated(&mut self, ty: &Ty, names: &[Name], written: &[Ty], span: Span) -> Eval {
        let Some((name, rest)) = names.split_first() else {
            return Ok(match ty {
                Ty::Struct(def, args) => match &def.item.fields {
                    Fields::Tuple(_) => {
                        let generics = self.generics_of(&def.item.generics, args);
                        Value::Function(Rc::new(FunctionValue::TupleStruct(def.clone(), generics)))
                    }
                    _ => self.build_struct(def.clone(), Vec::new(), Vec::new(), span),
                },
                _ => Value::unknown(),
            });
        };
        if !rest.is_empty() {
            let inner = self.resolve_associated(ty, *name);
            return self.associated(&inner, rest, written, span);
        }
        let adt = match ty {
            Ty::Struct(def, _) => AdtRef::Struct(def.clone()),
            Ty::Enum(def, _) => {
                if let Some(variant) = def
                    .item
                    .variants
                    .iter()
                    .position(|known| known.name.name == *name)
                {
                    return Ok(self.variant_value(def.clone(), variant, span));
                }
                AdtRef::Enum(def.clone())
            }
            Ty::Foreign {
                krate,
                name: type_name,
                args,
            } => {
                let mut generics = (**args).clone();
                generics.extend(written.iter().cloned());
                return self.foreign_value(*krate, vec![*type_name, *name], generics);
            }
            Ty::Unknown | Ty::Bounded(_) => {
                return Ok(Value::Function(Rc::new(FunctionValue::Method(*name))));
            }
            Ty::Const(num) => return Ok(Value::Int(num.clone())),
            Ty::Tuple(..) => {
                if let Some(given) = self.given_by_trait(ty, *name, written) {
                    return given;
                }
                return Ok(Value::Function(Rc::new(FunctionValue::Foreign {
                    krate: Name::new("derive"),
                    path: vec![Name::new("tuple"), *name],
                    generics: vec![ty.clone()],
                })));
            }
            other => {
                if let Some(given) = self.given_by_trait(ty, *name, written) {
                    return given;
                }
                let head = Name::new(std_head(other));
                return self.foreign_value(Name::new("std"), vec![head, *name], written.to_vec());
            }
        };
        if let Some(function) = self
            .program
            .associated_fns(&adt, *name, self.scope())
            .into_iter()
            .next()
        {
            return Ok(self.function_value(function, written, Some(ty.clone())));
        }
        if let Some(value) = self.associated_const(&adt, ty, *name) {
            return value;
        }
        if let Some(value) = self.derived_function(&adt, ty, *name) {
            return Ok(value);
        }
        Ok(Value::Function(Rc::new(FunctionValue::Foreign {
            krate: Name::new("derive"),
            path: vec![adt_name(&adt), *name],
            generics: vec![ty.clone()],
        })))
    }

    /// A function or constant that a trait of the program gives `Option`, `Vec` or a tuple.
    fn given_by_trait(&mut self, ty: &Ty, name: Name, written: &[Ty]) -> Option<Eval> {
        let is_own = ["new", "default", "from", "with_capacity"].contains(&name.as_str());
        if is_own || !matches!(ty, Ty::Option(_) | Ty::Vec(_) | Ty::Tuple(..)) {
            return None;
        }
        let head = Name::new(std_head(ty));
        let functions = self.program.external_type_fns(head, name, self.scope());
        let function = functions
            .into_iter()
            .find(|function| !function.func.has_self);
        if let Some(function) = function {
            return Some(Ok(self.function_value(function, written, Some(ty.clone()))));
        }
        let constant = self.program.external_type_const(head, name, self.scope())?;
        Some(self.eval_const(&constant))
    }

    pub(super) fn resolve_associated(&mut self, ty: &Ty, name: Name) -> Ty {
        let path = Path {
            qself: None,
            global: false,
            segments: vec![
                hir::Segment {
                    name: Name::new("Self"),
                    args: Vec::new(),
                    span: self.frame().home,
                },
                hir::Segment {
                    name,
                    args: Vec::new(),
                    span: self.frame().home,
                },
            ],
            span: self.frame().home,
        };
        let written = hir::Type {
            span: path.span,
            kind: hir::TypeKind::Path(path),
        };
        let scope = self.scope();
        self.resolve_ty_in(&written, scope, &[], Some(ty))
    }

    pub(super) fn associated_const(&mut self, adt: &AdtRef, ty: &Ty, name: Name) -> Option<Eval> {
        let found = self.program.associated_const(adt, name)?;
        let value = found.item.value.clone()?;
        let span = value.span;
        let generics = self.generics_around(adt, ty, &found);
        Some(self.in_frame(
            found.module,
            generics,
            Some(ty.clone()),
            None,
            span,
            |machine| machine.eval(&value),
        ))
    }

    /// What the type parameters of the impl that holds a constant stand for.
    fn generics_around(&mut self, adt: &AdtRef, ty: &Ty, constant: &Def<Const>) -> Vec<(Name, Ty)> {
        let (Ty::Struct(_, args) | Ty::Enum(_, args)) = ty else {
            return Vec::new();
        };
        match self.program.impl_of_const(adt, constant) {
            Some(holder) => self.impl_generics(&holder.item.generics, &holder.item.self_ty, args),
            None => Vec::new(),
        }
    }

    pub fn eval_const(&mut self, constant: &Def<Const>) -> Eval {
        let Some(value) = &constant.item.value else {
            return Ok(Value::unknown());
        };
        if self.frames.len() > MAX_DEPTH || self.same_home(value.span) > 2 {
            return Ok(Value::unknown());
        }
        let result = self.in_frame(
            constant.module,
            Vec::new(),
            None,
            None,
            value.span,
            |machine| {
                let outcome = machine.eval(value);
                let ty = constant.item.ty.as_ref().map(|ty| machine.resolve_ty(ty));
                outcome.map(|value| match ty {
                    Some(ty) => machine.expect_type(value, &ty),
                    None => value,
                })
            },
        );
        // What all share and anyone may change is not known.
        let is_once = constant.item.ty.as_ref().is_some_and(|ty| match &ty.kind {
            hir::TypeKind::Path(path) => path
                .segments
                .last()
                .is_some_and(|segment| segment.name.starts_with("Once")),
            _ => false,
        });
        Ok(match result {
            Ok(Value::Ref(_)) | Err(_) => Value::unknown(),
            Ok(_) if is_once => Value::unknown(),
            Ok(value) => value,
        })
    }
}

fn error_function() -> Value {
    Value::Function(Rc::new(FunctionValue::Foreign {
        krate: Name::new("std"),
        path: vec![Name::new("Err")],
        generics: Vec::new(),
    }))
}

fn adt_name(adt: &AdtRef) -> Name {
    match adt {
        AdtRef::Struct(def) => def.item.name.name,
        AdtRef::Enum(def) => def.item.name.name,
    }
}

fn std_head(ty: &Ty) -> &'static str {
    match ty {
        Ty::Int => "usize",
        Ty::Float => "f64",
        Ty::Single => "f32",
        Ty::Bool => "bool",
        Ty::Text => "String",
        Ty::Vec(_) | Ty::Array(..) => "Vec",
        Ty::Option(_) => "Option",
        Ty::Tuple(..) => "(,)",
        _ => "",
    }
}
