//! What the type parameters of a called function stand for.

use super::machine::Machine;
use super::ty::Ty;
use super::value::Value;
use crate::name::Name;
use crate::program::FnDef;
use crate::program::hir::{self, GenericArg};

impl<'p> Machine<'p> {
    /// A function's own type parameters: written at the call, or read off the arguments.
    pub(super) fn function_generics(
        &mut self,
        function: &FnDef,
        given: &[(Name, Ty)],
        args: &[Value],
        wanted: Option<&Ty>,
    ) -> Vec<(Name, Ty)> {
        let definition = function.func.clone();
        let mut bound = given.to_vec();
        for param in &definition.generics.params {
            if bound
                .iter()
                .any(|(name, ty)| *name == param.name && *ty != Ty::Unknown)
            {
                continue;
            }
            let mut found = Ty::Unknown;
            for (written, value) in definition.params.iter().zip(args) {
                if let Some(inner) = mentions(&written.ty, param.name) {
                    let ty = self.ty_of(value);
                    found = match inner {
                        Position::Itself => ty,
                        Position::Element => match ty {
                            Ty::Vec(inner) | Ty::Option(inner) | Ty::Array(inner, _) => {
                                (*inner).clone()
                            }
                            Ty::Struct(_, args) => args.first().cloned().unwrap_or(Ty::Unknown),
                            _ => Ty::Unknown,
                        },
                        Position::Output => Ty::Unknown,
                    };
                    if found != Ty::Unknown {
                        break;
                    }
                }
            }
            if let (Ty::Unknown, Some(wanted), Some(ret)) = (&found, wanted, &definition.ret)
                && gives(ret, param.name)
            {
                found = wanted.clone();
            }
            if found == Ty::Unknown {
                found = self.bounds_ty(function, param, &bound);
            }
            bound.push((param.name, found));
        }
        bound
    }

    /// What the bounds of a type parameter say it is: `Borrow<nn::Path>`, `ToString`.
    fn bounds_ty(
        &mut self,
        function: &FnDef,
        param: &hir::GenericParam,
        known: &[(Name, Ty)],
    ) -> Ty {
        let hir::GenericParamKind::Type { bounds, .. } = &param.kind else {
            return Ty::Unknown;
        };
        let is_meant = |ty: &hir::Type| match &ty.kind {
            hir::TypeKind::Path(path) => {
                matches!(path.segments.as_slice(), [only] if only.name == param.name)
            }
            _ => false,
        };
        let wheres = function.func.generics.wheres.iter();
        let further = wheres.filter(|(ty, _)| is_meant(ty));
        let bounds: Vec<hir::Bound> = bounds
            .iter()
            .chain(further.flat_map(|(_, bounds)| bounds))
            .cloned()
            .collect();
        match self.bounded(&bounds, function.module, known, None, 0) {
            Ty::Bounded(traits) if traits.is_empty() => Ty::Unknown,
            ty => ty,
        }
    }
}

/// True for a result that is the type parameter itself, or a `Result` or box of it.
fn gives(ret: &hir::Type, name: Name) -> bool {
    let hir::TypeKind::Path(path) = &ret.kind else {
        return false;
    };
    match path.segments.as_slice() {
        [segment] if segment.name == name => true,
        segments => segments.last().is_some_and(|segment| {
            ["Result", "Box", "Rc", "Arc"].contains(&segment.name.as_str())
                && matches!(segment.args.first(), Some(GenericArg::Type(inner)) if gives(inner, name))
        }),
    }
}

fn mentions(ty: &hir::Type, name: Name) -> Option<Position> {
    match &ty.kind {
        hir::TypeKind::Ref(inner) => mentions(inner, name),
        hir::TypeKind::Path(path) => {
            match path.segments.as_slice() {
                [segment] if segment.name == name => Some(Position::Itself),
                segments => segments
                    .iter()
                    .flat_map(|segment| &segment.args)
                    .find_map(|arg| match arg {
                        GenericArg::Type(inner) => mentions(inner, name).map(|_| {
                            let wrapper =
                                segments.last().map_or("", |segment| segment.name.as_str());
                            if ["Box", "Rc", "Arc"].contains(&wrapper) {
                                Position::Itself
                            } else {
                                Position::Element
                            }
                        }),
                        _ => None,
                    }),
            }
        }
        hir::TypeKind::Slice(inner) | hir::TypeKind::Array(inner, _) => {
            mentions(inner, name).map(|_| Position::Element)
        }
        hir::TypeKind::Fn(_, result) => mentions(result, name).map(|_| Position::Output),
        _ => None,
    }
}

/// Where a type parameter stands in a written type.
enum Position {
    Itself,
    Element,
    Output,
}
