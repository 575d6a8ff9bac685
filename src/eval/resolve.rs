//! From written names and types to what they stand for in the function under way.

use std::rc::Rc;

use super::machine::Machine;
use super::num::Num;
use super::real::Real;
use super::ty::Ty;
use super::value::Value;
use crate::frameworks;
use crate::name::Name;
use crate::program::hir::{Bound, GenericArg, GenericParamKind, Generics, Path, Type, TypeKind};
use crate::program::{AdtRef, Def, ExternalPath, ModuleId, Res, Resolved};

/// Wrappers that hold one value and mean nothing for parameters.
const TRANSPARENT: &[&str] = &[
    "Box",
    "Rc",
    "Arc",
    "Cow",
    "RefCell",
    "Cell",
    "Mutex",
    "RwLock",
    "Pin",
    "OnceCell",
    "MutexGuard",
    "Ref",
    "RefMut",
    "Wrapping",
    "ManuallyDrop",
];
const LISTS: &[&str] = &["Vec", "VecDeque", "IntoIter", "Iter", "SmallVec"];
const INTEGERS: &[&str] = &[
    "usize",
    "isize",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "NonZeroUsize",
];

impl<'p> Machine<'p> {
    pub fn resolve_value(&mut self, names: &[Name], global: bool) -> Resolved {
        let scope = self.scope();
        let resolved = self.program.resolve_value(scope, names, global);
        self.entered(resolved)
    }

    pub fn resolve_type_names(
        &mut self,
        scope: ModuleId,
        names: &[Name],
        global: bool,
    ) -> Resolved {
        let resolved = self.program.resolve_type(scope, names, global);
        self.entered(resolved)
    }

    /// Goes into a foreign crate's source, or a framework's stub, unless the name is one that the machine itself knows.
    fn entered(&mut self, resolved: Resolved) -> Resolved {
        let Res::External(candidates) = &resolved.res else {
            return resolved;
        };
        for path in candidates {
            if frameworks::intrinsic_position(path).is_some() {
                return Resolved {
                    res: Res::External(vec![path.clone()]),
                    rest: 0,
                };
            }
            if *path.krate == *"std" {
                continue;
            }
            if let Some(found) = self.program.enter_external(path)
                && !matches!(found.res, Res::None)
            {
                return match &found.res {
                    Res::External(_) => self.entered(found),
                    _ => found,
                };
            }
        }
        resolved
    }

    /// The type of an own or foreign definition with a known meaning: `(crate, name)` where the machine itself knows it.
    pub fn intrinsic_of(&self, res: &Res) -> Option<(Name, Name)> {
        let (module, name) = match res {
            Res::Struct(def) => (def.module, def.item.name.name),
            Res::Enum(def) => (def.module, def.item.name.name),
            Res::Alias(def) => (def.module, def.item.name.name),
            _ => return None,
        };
        let krate = self.package_of(module);
        frameworks::is_intrinsic_type(krate, name).then_some((krate, name))
    }

    pub fn resolve_ty(&mut self, ty: &Type) -> Ty {
        let scope = self.scope();
        let generics = self.frame().generics.clone();
        let self_ty = self.frame().self_ty.clone();
        self.resolve_ty_in(ty, scope, &generics, self_ty.as_ref())
    }

    pub fn resolve_ty_in(
        &mut self,
        ty: &Type,
        scope: ModuleId,
        generics: &[(Name, Ty)],
        self_ty: Option<&Ty>,
    ) -> Ty {
        self.resolve_ty_at(ty, scope, generics, self_ty, 0)
    }

    fn resolve_ty_at(
        &mut self,
        ty: &Type,
        scope: ModuleId,
        generics: &[(Name, Ty)],
        self_ty: Option<&Ty>,
        depth: usize,
    ) -> Ty {
        if depth > 24 {
            return Ty::Unknown;
        }
        match &ty.kind {
            TypeKind::Ref(inner) => self.resolve_ty_at(inner, scope, generics, self_ty, depth + 1),
            TypeKind::Tuple(parts) if parts.is_empty() => Ty::Unit,
            TypeKind::Tuple(parts) => Ty::Tuple(
                Rc::new(
                    parts
                        .iter()
                        .map(|part| self.resolve_ty_at(part, scope, generics, self_ty, depth + 1))
                        .collect(),
                ),
                Some(ty.span),
            ),
            TypeKind::Array(inner, count) => {
                let inner = self.resolve_ty_at(inner, scope, generics, self_ty, depth + 1);
                let count = self.const_in(count, scope, generics, self_ty);
                Ty::Array(Rc::new(inner), count)
            }
            TypeKind::Slice(inner) => Ty::Vec(Rc::new(self.resolve_ty_at(
                inner,
                scope,
                generics,
                self_ty,
                depth + 1,
            ))),
            TypeKind::Impl(bounds) | TypeKind::Dyn(bounds) => {
                self.bounded(bounds, scope, generics, self_ty, depth)
            }
            TypeKind::Fn(_, result) => Ty::Function(Rc::new(self.resolve_ty_at(
                result,
                scope,
                generics,
                self_ty,
                depth + 1,
            ))),
            TypeKind::Path(path) => self.path_ty(path, scope, generics, self_ty, depth),
            TypeKind::Never | TypeKind::Infer | TypeKind::Unsupported => Ty::Unknown,
        }
    }

    pub(super) fn bounded(
        &mut self,
        bounds: &[Bound],
        scope: ModuleId,
        generics: &[(Name, Ty)],
        self_ty: Option<&Ty>,
        depth: usize,
    ) -> Ty {
        let mut traits = Vec::new();
        for bound in bounds {
            let Some(segment) = bound.path.segments.last() else {
                continue;
            };
            if ["Fn", "FnMut", "FnOnce"].contains(&segment.name.as_str()) {
                let result = segment.args.iter().find_map(|arg| match arg {
                    GenericArg::Assoc(_, ty) => Some(ty.clone()),
                    _ => None,
                });
                let result = result.map_or(Ty::Unit, |ty| {
                    self.resolve_ty_at(&ty, scope, generics, self_ty, depth + 1)
                });
                return Ty::Function(Rc::new(result));
            }
            // `impl Into<X>`, `impl AsRef<X>`, `impl Borrow<X>`, `impl Iterator<Item = X>`
            if let Some(target) = segment.args.first() {
                match (segment.name.as_str(), target) {
                    ("Into" | "AsRef" | "Borrow" | "Deref", GenericArg::Type(ty)) => {
                        return self.resolve_ty_at(ty, scope, generics, self_ty, depth + 1);
                    }
                    ("Deref", GenericArg::Assoc(_, ty)) => {
                        return self.resolve_ty_at(ty, scope, generics, self_ty, depth + 1);
                    }
                    (
                        "Iterator" | "IntoIterator" | "ExactSizeIterator" | "DoubleEndedIterator",
                        GenericArg::Assoc(_, ty),
                    ) => {
                        return Ty::Vec(Rc::new(self.resolve_ty_at(
                            ty,
                            scope,
                            generics,
                            self_ty,
                            depth + 1,
                        )));
                    }
                    ("Borrow" | "Into", GenericArg::Assoc(..)) => {}
                    _ => {}
                }
            }
            let names: Vec<Name> = bound
                .path
                .segments
                .iter()
                .map(|segment| segment.name)
                .collect();
            if segment.name == "ToString" || segment.name == "Display" {
                return Ty::Text;
            }
            if let Res::Trait(def) = self
                .program
                .resolve_type(scope, &names, bound.path.global)
                .res
            {
                traits.push(def);
            }
        }
        Ty::Bounded(Rc::new(traits))
    }

    fn path_ty(
        &mut self,
        path: &Path,
        scope: ModuleId,
        generics: &[(Name, Ty)],
        self_ty: Option<&Ty>,
        depth: usize,
    ) -> Ty {
        if let Some(qself) = &path.qself {
            let base = self.resolve_ty_at(&qself.ty, scope, generics, self_ty, depth + 1);
            let Some(segment) = path.segments.last() else {
                return base;
            };
            return self.associated_ty(&base, segment.name, depth);
        }
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        let Some(first) = names.first() else {
            return Ty::Unknown;
        };
        let last = path.segments.last().expect("a path has a first segment");
        if let [single] = names.as_slice() {
            if let Some((_, ty)) = generics.iter().rev().find(|(name, _)| name == single) {
                return ty.clone();
            }
            let known = self.std_ty(last.name, &last.args, scope, generics, self_ty, depth);
            if let Some(ty) = known {
                return ty;
            }
        }
        let head = if *first == "Self" {
            self_ty.cloned()
        } else if names.len() > 1 {
            generics
                .iter()
                .rev()
                .find(|(name, _)| name == first)
                .map(|(_, ty)| ty.clone())
        } else {
            None
        };
        if let Some(mut ty) = head {
            for name in &names[1..] {
                ty = self.associated_ty(&ty, *name, depth);
            }
            return ty;
        }
        let mut args = Vec::new();
        for arg in path.segments.iter().flat_map(|segment| &segment.args) {
            match arg {
                GenericArg::Type(ty) => {
                    let resolved = self.resolve_ty_at(ty, scope, generics, self_ty, depth + 1);
                    args.push(match resolved {
                        Ty::Unknown => self.constant_argument(ty, scope),
                        known => known,
                    });
                }
                GenericArg::Const(expr) => args.push(
                    self.const_in(expr, scope, generics, self_ty)
                        .map_or(Ty::Unknown, Ty::Const),
                ),
                GenericArg::Assoc(..) => {}
            }
        }
        let resolved = self.resolve_type_names(scope, &names, path.global);
        if let Some((krate, name)) = self.intrinsic_of(&resolved.res) {
            return Ty::Foreign {
                krate,
                name,
                args: Rc::new(args),
            };
        }
        let base = match resolved.res {
            Res::Struct(def) => Ty::Struct(def, Rc::new(args)),
            Res::Enum(def) => Ty::Enum(def, Rc::new(args)),
            Res::Alias(def) => {
                let bound = self.generics_of(&def.item.generics, &args);
                self.resolve_ty_at(&def.item.ty, def.module, &bound, None, depth + 1)
            }
            Res::Trait(def) => Ty::Bounded(Rc::new(vec![def])),
            Res::External(candidates) => {
                return self.foreign_ty(
                    &candidates,
                    &last.name,
                    args,
                    scope,
                    generics,
                    self_ty,
                    &last.args,
                    depth,
                );
            }
            _ => {
                return self
                    .std_ty(last.name, &last.args, scope, generics, self_ty, depth)
                    .unwrap_or(Ty::Unknown);
            }
        };
        let mut ty = base;
        for name in &names[names.len() - resolved.rest.min(names.len())..] {
            ty = self.associated_ty(&ty, *name, depth);
        }
        ty
    }

    /// A constant's name looks like a type's where it is an argument.
    pub(super) fn constant_argument(&mut self, ty: &Type, scope: ModuleId) -> Ty {
        let TypeKind::Path(path) = &ty.kind else {
            return Ty::Unknown;
        };
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        let Res::Const(constant) = self.program.resolve_value(scope, &names, path.global).res
        else {
            return Ty::Unknown;
        };
        match self.eval_const(&constant) {
            Ok(Value::Int(number)) => Ty::Const(number),
            _ => Ty::Unknown,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the scope of a type is its module, its parameters and its Self"
    )]
    fn foreign_ty(
        &mut self,
        candidates: &[ExternalPath],
        last: &Name,
        args: Vec<Ty>,
        scope: ModuleId,
        generics: &[(Name, Ty)],
        self_ty: Option<&Ty>,
        written: &[GenericArg],
        depth: usize,
    ) -> Ty {
        let Some(path) = candidates.first() else {
            return Ty::Unknown;
        };
        if (*path.krate == *"std" || candidates.len() > 1)
            && let Some(ty) = self.std_ty(*last, written, scope, generics, self_ty, depth)
        {
            return ty;
        }
        Ty::Foreign {
            krate: path.krate,
            name: *last,
            args: Rc::new(args),
        }
    }

    fn std_ty(
        &mut self,
        name: Name,
        args: &[GenericArg],
        scope: ModuleId,
        generics: &[(Name, Ty)],
        self_ty: Option<&Ty>,
        depth: usize,
    ) -> Option<Ty> {
        let mut first = || {
            args.iter()
                .find_map(|arg| match arg {
                    GenericArg::Type(ty) => {
                        Some(self.resolve_ty_at(ty, scope, generics, self_ty, depth + 1))
                    }
                    _ => None,
                })
                .unwrap_or(Ty::Unknown)
        };
        Some(match name.as_str() {
            "bool" => Ty::Bool,
            "f64" => Ty::Float,
            "f32" => Ty::Single,
            "String" | "str" | "PathBuf" | "Path" | "OsStr" | "OsString" | "char"
                if args.is_empty() =>
            {
                let own = matches!(name.as_str(), "Path" | "PathBuf")
                    && !matches!(
                        self.program.resolve_type(scope, &[name], false).res,
                        Res::None | Res::External(_)
                    );
                let foreign = name == "Path"
                    && match self.program.resolve_type(scope, &[name], false).res {
                        Res::External(candidates) => {
                            candidates.iter().any(|path| *path.krate != *"std")
                        }
                        _ => false,
                    };
                if own || foreign {
                    return None;
                } else {
                    Ty::Text
                }
            }
            _ if INTEGERS.contains(&name.as_str()) => Ty::Int,
            "Option" => Ty::Option(Rc::new(first())),
            "Result" => first(),
            _ if TRANSPARENT.contains(&name.as_str()) && !args.is_empty() => first(),
            _ if LISTS.contains(&name.as_str()) && !args.is_empty() => Ty::Vec(Rc::new(first())),
            _ => return None,
        })
    }

    fn associated_ty(&mut self, base: &Ty, name: Name, depth: usize) -> Ty {
        if depth > 24 {
            return Ty::Unknown;
        }
        let (adt, args) = match base {
            Ty::Struct(def, args) => (AdtRef::Struct(def.clone()), args.clone()),
            Ty::Enum(def, args) => (AdtRef::Enum(def.clone()), args.clone()),
            Ty::Tuple(..) | Ty::Foreign { .. } if name == "Built" => return base.clone(),
            _ => return Ty::Unknown,
        };
        for found in self.program.trait_impls(&adt) {
            if let Some(alias) = found
                .item
                .types
                .iter()
                .find(|alias| alias.name.name == name)
            {
                let generics = self.impl_generics(&found.item.generics, &found.item.self_ty, &args);
                let alias = alias.clone();
                return self.resolve_ty_at(
                    &alias.ty,
                    found.module,
                    &generics,
                    Some(base),
                    depth + 1,
                );
            }
        }
        Ty::Unknown
    }

    /// A definition's type parameters with their arguments, defaults where there are none.
    pub fn generics_of(&mut self, generics: &Generics, args: &[Ty]) -> Vec<(Name, Ty)> {
        let mut args = args.iter();
        let mut bound = Vec::new();
        for param in &generics.params {
            let ty = args.next().cloned().unwrap_or(match &param.kind {
                GenericParamKind::Type { .. } => Ty::Unknown,
                GenericParamKind::Const { .. } => Ty::Const(Num::Named(param.name.as_str().into())),
            });
            bound.push((param.name, ty));
        }
        bound
    }

    /// An impl's type parameters, read off the type it is for.
    pub fn impl_generics(
        &mut self,
        generics: &Generics,
        self_ty: &Type,
        args: &[Ty],
    ) -> Vec<(Name, Ty)> {
        let mut bound = self.generics_of(generics, &[]);
        let written: Vec<GenericArg> = match &self_ty.kind {
            TypeKind::Path(path) => match path.segments.last() {
                Some(segment) => segment.args.clone(),
                None => Vec::new(),
            },
            TypeKind::Tuple(parts) => parts.iter().cloned().map(GenericArg::Type).collect(),
            _ => Vec::new(),
        };
        {
            for (written, actual) in written.iter().zip(args) {
                let name = match written {
                    GenericArg::Type(Type {
                        kind: TypeKind::Path(path),
                        ..
                    }) if path.segments.len() == 1 => path.segments[0].name,
                    GenericArg::Const(expr) => match &expr.kind {
                        crate::program::hir::ExprKind::Path(path) if path.segments.len() == 1 => {
                            path.segments[0].name
                        }
                        _ => continue,
                    },
                    _ => continue,
                };
                if let Some((_, ty)) = bound.iter_mut().find(|(known, _)| *known == name) {
                    *ty = actual.clone();
                }
            }
        }
        bound
    }

    fn const_in(
        &mut self,
        expr: &crate::program::hir::Expr,
        scope: ModuleId,
        generics: &[(Name, Ty)],
        self_ty: Option<&Ty>,
    ) -> Option<Num> {
        let value = self.in_frame(
            scope,
            generics.to_vec(),
            self_ty.cloned(),
            None,
            expr.span,
            |machine| machine.eval(expr),
        );
        match value {
            Ok(Value::Int(num)) => Some(num),
            _ => None,
        }
    }

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

    /// The crate that a module is part of, as other crates call it.
    pub fn package_of(&self, module: ModuleId) -> Name {
        self.program.crate_info(self.program.crate_of(module)).name
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
