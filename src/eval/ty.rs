//! Types, as far as dispatch needs them: references, lifetimes and `Box` are looked through.

use std::rc::Rc;

use super::num::Num;
use crate::name::Name;
use crate::program::hir::{Enum, Struct, Trait};
use crate::program::{AdtRef, Def};
use crate::source::Span;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    Struct(Def<Struct>, Rc<Vec<Ty>>),
    Enum(Def<Enum>, Rc<Vec<Ty>>),
    /// With the place where it is written, if it is.
    Tuple(Rc<Vec<Ty>>, Option<Span>),
    Array(Rc<Ty>, Option<Num>),
    Vec(Rc<Ty>),
    Option(Rc<Ty>),
    Int,
    Float,
    /// `f32`
    Single,
    Bool,
    Text,
    Unit,
    /// A type of a framework or of another crate, by package and last name.
    Foreign {
        krate: Name,
        name: Name,
        args: Rc<Vec<Ty>>,
    },
    /// A value given as a const argument.
    Const(Num),
    /// A type parameter that nothing decides here, or `impl Trait`, `dyn Trait`.
    Bounded(Rc<Vec<Def<Trait>>>),
    Function(Rc<Ty>),
    Unknown,
}

impl Ty {
    pub fn foreign(krate: &str, name: &str) -> Ty {
        Ty::Foreign {
            krate: Name::new(krate),
            name: Name::new(name),
            args: Rc::default(),
        }
    }

    pub fn from_adt(adt: &AdtRef, args: &Rc<Vec<Ty>>) -> Ty {
        match adt {
            AdtRef::Struct(def) => Ty::Struct(def.clone(), args.clone()),
            AdtRef::Enum(def) => Ty::Enum(def.clone(), args.clone()),
        }
    }

    /// The struct or enum that the type is.
    pub fn adt(&self) -> Option<AdtRef> {
        match self {
            Ty::Struct(def, _) => Some(AdtRef::Struct(def.clone())),
            Ty::Enum(def, _) => Some(AdtRef::Enum(def.clone())),
            _ => None,
        }
    }

    /// The last name of a foreign type.
    pub fn foreign_name(&self) -> Option<Name> {
        match self {
            Ty::Foreign { name, .. } => Some(*name),
            _ => None,
        }
    }
}
