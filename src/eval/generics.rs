//! Type arguments, by the names of their parameters.

use super::machine::Machine;
use super::num::Num;
use super::ty::Ty;
use super::value::Value;
use crate::name::Name;
use crate::program::ModuleId;
use crate::program::hir::{GenericArg, GenericParamKind, Generics, Type, TypeKind};

impl<'p> Machine<'p> {
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

    pub(super) fn const_in(
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
}
