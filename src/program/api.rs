//! What the later stages see of the program.

use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

use super::hir;
use crate::name::Name;
use crate::source::{SourceMap, Span};
use crate::workspace::Workspace;

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
    /// Place in [`Workspace::packages`]; of a dependency, nothing.
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

/// The items and names of a workspace. Files are parsed when something first asks for what is in them.
pub struct Program {
    workspace: Arc<Workspace>,
    sources: Arc<SourceMap>,
}

impl Program {
    /// Finds the modules of all targets of all packages; nothing is parsed yet.
    pub fn new(workspace: Arc<Workspace>, sources: Arc<SourceMap>) -> Program {
        Program { workspace, sources }
    }

    pub fn workspace(&self) -> &Arc<Workspace> {
        &self.workspace
    }

    pub fn sources(&self) -> &Arc<SourceMap> {
        &self.sources
    }

    /// What could not be read so far, in the order of paths and positions.
    pub fn diagnostics(&self) -> Vec<SourceDiagnostic> {
        Vec::new()
    }

    /// The crates of the workspace, without dependencies.
    pub fn crates(&self) -> Vec<CrateId> {
        Vec::new()
    }

    pub fn crate_info(&self, _krate: CrateId) -> CrateInfo {
        CrateInfo {
            name: Name::new(""),
            package: None,
            target: None,
            root: ModuleId(0),
            is_workspace_member: false,
        }
    }

    /// The names from the crate's root to the module; blocks have none.
    pub fn module_path(&self, _module: ModuleId) -> Vec<Name> {
        Vec::new()
    }

    pub fn crate_of(&self, _module: ModuleId) -> CrateId {
        CrateId(0)
    }

    /// Resolves a path whose last segment is a type, trait or module.
    pub fn resolve_type(&self, _scope: ModuleId, _path: &[Name], _global: bool) -> Resolved {
        Resolved {
            res: Res::None,
            rest: 0,
        }
    }

    /// Resolves a path whose last segment is a function, constant, variant or constructor.
    pub fn resolve_value(&self, _scope: ModuleId, _path: &[Name], _global: bool) -> Resolved {
        Resolved {
            res: Res::None,
            rest: 0,
        }
    }

    /// The struct or enum that a type names, through references and aliases.
    pub fn resolve_adt(&self, _scope: ModuleId, _ty: &hir::Type) -> Option<AdtRef> {
        None
    }

    /// The anonymous module of a block's items and imports; `parent` itself if it has none.
    pub fn block_scope(&self, parent: ModuleId, _block: &hir::Block) -> ModuleId {
        parent
    }

    /// Loads the sources of the crate, if they are there, and resolves inside, through re-exports into further crates.
    pub fn enter_external(&self, _path: &ExternalPath) -> Option<Resolved> {
        None
    }

    /// The functions called `name` of a type: inherent ones, then those of trait impls, then default bodies of its traits.
    pub fn associated_fns(&self, _ty: &AdtRef, _name: Name) -> Vec<FnDef> {
        Vec::new()
    }

    /// The constant called `name` of a type: of an inherent impl, of a trait impl, or a trait's default.
    pub fn associated_const(&self, _ty: &AdtRef, _name: Name) -> Option<Def<hir::Const>> {
        None
    }

    pub fn trait_impls(&self, _ty: &AdtRef) -> Vec<Arc<ImplDef>> {
        Vec::new()
    }

    pub fn impls_of_trait(&self, _of: &Def<hir::Trait>) -> Vec<Arc<ImplDef>> {
        Vec::new()
    }

    /// Methods that own traits give to a foreign type, by impls for its name or for every `T`.
    pub fn external_type_fns(&self, _type_name: Name, _method: Name) -> Vec<FnDef> {
        Vec::new()
    }

    /// Every function of the crate's files that speak of a framework, methods and nested functions too.
    pub fn functions(&self, _krate: CrateId) -> Vec<FnDef> {
        Vec::new()
    }

    pub fn structs(&self, _krate: CrateId) -> Vec<Def<hir::Struct>> {
        Vec::new()
    }

    pub fn enums(&self, _krate: CrateId) -> Vec<Def<hir::Enum>> {
        Vec::new()
    }

    pub fn aliases(&self, _krate: CrateId) -> Vec<Def<hir::Alias>> {
        Vec::new()
    }

    /// The workspace's functions in whose body one of these identifiers stands.
    pub fn functions_mentioning(&self, _words: &[&str]) -> Vec<FnDef> {
        Vec::new()
    }
}
