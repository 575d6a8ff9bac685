//! Types of the standard library, of frameworks, and those that belong to others.

use std::rc::Rc;

use super::machine::Machine;
use super::ty::Ty;
use crate::name::Name;
use crate::program::hir::GenericArg;
use crate::program::{AdtRef, ExternalPath, ModuleId, Res};

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
    #[expect(
        clippy::too_many_arguments,
        reason = "the scope of a type is its module, its parameters and its Self"
    )]
    pub(super) fn foreign_ty(
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

    pub(super) fn std_ty(
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

    pub(super) fn associated_ty(&mut self, base: &Ty, name: Name, depth: usize) -> Ty {
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
}
