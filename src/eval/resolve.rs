//! From written names and types to what they stand for in the function under way.

use std::rc::Rc;

use super::machine::Machine;
use super::ty::Ty;
use super::value::Value;
use crate::frameworks;
use crate::name::Name;
use crate::program::hir::{Bound, GenericArg, Path, Type, TypeKind};
use crate::program::{ModuleId, Res, Resolved};

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

    pub(super) fn resolve_ty_at(
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

    /// The crate that a module is part of, as other crates call it.
    pub fn package_of(&self, module: ModuleId) -> Name {
        self.program.crate_info(self.program.crate_of(module)).name
    }
}
