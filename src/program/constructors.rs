//! Functions that belong to a type: its methods, and whatever gives a value of it.

use std::sync::Arc;

use super::hir::{GenericArg, Type, TypeKind};
use super::state::{Program, once};
use super::types::{AdtRef, FnDef, Owner};
use crate::name::Name;

impl Program {
    /// Every function of the type's impls.
    pub fn methods_of(&self, ty: &AdtRef) -> Vec<FnDef> {
        let impls = self.impls_of(ty);
        impls
            .iter()
            .flat_map(|entry| {
                let def = entry.def.clone();
                let functions = def.item.functions.clone().into_iter();
                functions.map(move |func| FnDef {
                    func,
                    module: def.module,
                    owner: Some(Owner::Impl(def.clone())),
                })
            })
            .collect()
    }

    /// Functions of the type's crate whose result is the type, through `Result` and the like; those that a type's own config has first.
    pub fn constructors_of(&self, ty: &AdtRef) -> Vec<FnDef> {
        let name = ty.name();
        once(&self.constructors, ty.clone(), || {
            Arc::new(self.find_constructors(ty, name))
        })
        .to_vec()
    }

    fn find_constructors(&self, ty: &AdtRef, name: Name) -> Vec<FnDef> {
        let mut found: Vec<FnDef> = self.functions_in_turn(self.crate_of(ty.module()));
        found.retain(|function| {
            let own = match &function.owner {
                Some(Owner::Impl(def)) => is_named(&def.item.self_ty, name),
                _ => false,
            };
            function
                .func
                .ret
                .as_ref()
                .is_some_and(|ret| gives(ret, name, own))
                && !takes_itself(function, name)
        });
        found.sort_by_key(|function| {
            (
                !function.func.name.name.starts_with("init"),
                function.func.span,
            )
        });
        found
    }
}

fn is_named(ty: &Type, name: Name) -> bool {
    match &ty.kind {
        TypeKind::Path(path) => path
            .segments
            .last()
            .is_some_and(|segment| segment.name == name),
        TypeKind::Ref(inner) => is_named(inner, name),
        _ => false,
    }
}

fn gives(ty: &Type, name: Name, own: bool) -> bool {
    let TypeKind::Path(path) = &ty.kind else {
        return false;
    };
    let Some(segment) = path.segments.last() else {
        return false;
    };
    if segment.name == name || own && segment.name == "Self" {
        return true;
    }
    let wraps = ["Result", "Option", "Box"].contains(&segment.name.as_str());
    wraps
        && segment
            .args
            .iter()
            .take(1)
            .any(|arg| matches!(arg, GenericArg::Type(inner) if gives(inner, name, own)))
}

/// A method that gives a changed `self` back builds nothing.
fn takes_itself(function: &FnDef, name: Name) -> bool {
    let own = match &function.owner {
        Some(Owner::Impl(def)) => is_named(&def.item.self_ty, name),
        _ => false,
    };
    own && function.func.has_self
        || function
            .func
            .params
            .iter()
            .any(|param| is_named(&param.ty, name))
}
