//! What the later stages see of the program.

use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

use super::hir;
use crate::name::Name;
use crate::source::Span;

/// A crate of the run: one target of a package, or the library of a dependency whose sources were entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CrateId(pub u32);

/// A module of a crate, or the anonymous module of a block that has items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

/// An item with the module it stands in; equal if both are the same.
#[derive(Debug)]
pub struct Def<T> {
    pub item: Arc<T>,
    pub module: ModuleId,
}

impl<T> Clone for Def<T> {
    fn clone(&self) -> Self {
        Def {
            item: self.item.clone(),
            module: self.module,
        }
    }
}

impl<T> PartialEq for Def<T> {
    fn eq(&self, other: &Self) -> bool {
        self.module == other.module && Arc::ptr_eq(&self.item, &other.item)
    }
}

impl<T> Eq for Def<T> {}

impl<T> Hash for Def<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.module.hash(state);
        Arc::as_ptr(&self.item).hash(state);
    }
}

/// A function with the module whose names its body sees; equal if both are the same.
#[derive(Clone, Debug)]
pub struct FnDef {
    pub func: Arc<hir::Function>,
    pub module: ModuleId,
    /// The impl or trait that it is a part of.
    pub owner: Option<Owner>,
}

impl PartialEq for FnDef {
    fn eq(&self, other: &Self) -> bool {
        self.module == other.module && Arc::ptr_eq(&self.func, &other.func)
    }
}

impl Eq for FnDef {}

impl Hash for FnDef {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.module.hash(state);
        Arc::as_ptr(&self.func).hash(state);
    }
}

#[derive(Clone, Debug)]
pub enum Owner {
    Impl(Arc<ImplDef>),
    Trait(Def<hir::Trait>),
}

/// An impl block with the module it stands in.
#[derive(Debug)]
pub struct ImplDef {
    pub item: Arc<hir::Impl>,
    pub module: ModuleId,
}

/// A struct or an enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AdtRef {
    Struct(Def<hir::Struct>),
    Enum(Def<hir::Enum>),
}

/// A path into a crate that isn't part of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExternalPath {
    /// The package's own name with `-` as `_`, whatever it is called in code; `std` for `core` and `alloc` too.
    pub krate: Name,
    pub path: Vec<Name>,
}

/// What a path stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Res {
    Module(ModuleId),
    Struct(Def<hir::Struct>),
    Enum(Def<hir::Enum>),
    /// The variant by its place in the enum.
    Variant(Def<hir::Enum>, usize),
    Fn(FnDef),
    Const(Def<hir::Const>),
    Alias(Def<hir::Alias>),
    Trait(Def<hir::Trait>),
    /// More than one where the name can only come from a glob import of external crates.
    External(Vec<ExternalPath>),
    None,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resolved {
    pub res: Res,
    /// How many trailing segments are left over, e.g. 1 for `Foo::new`, which gives the struct `Foo`.
    pub rest: usize,
}

/// Where a crate comes from.
#[derive(Clone, Debug)]
pub struct CrateInfo {
    /// The name by which other crates call it.
    pub name: Name,
    /// Place in the packages of the workspace; of a dependency, nothing.
    pub package: Option<usize>,
    /// Place in the package's targets; of a dependency, nothing.
    pub target: Option<usize>,
    pub root: ModuleId,
    pub is_workspace_member: bool,
}

/// A file, or a part of it, that could not be read: what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceDiagnostic {
    pub path: PathBuf,
    pub span: Option<Span>,
    /// One lower-case sentence without a full stop.
    pub message: String,
    pub help: String,
}
