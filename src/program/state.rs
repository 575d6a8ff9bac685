//! What a run knows of its crates, modules and files, growing as questions come.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use super::external::Registry;
use super::hir;
use super::impls::{ImplEntry, TraitImpls};
use super::krate::Crate;
use super::lookup::{Found, LookupKey};
use super::lower::{Context, LowerError, lower_file};
use super::macros::MacrosInReach;
use super::module::Module;
use super::types::{
    AdtRef, CrateId, CrateInfo, Def, ExternalPath, FnDef, ModuleId, Resolved, SourceDiagnostic,
};
use crate::name::Name;
use crate::source::{FileId, MAX_CHAIN, MAX_DELIMITERS, SourceError, SourceMap, Span};
use crate::workspace::Workspace;

/// A value for each key, made once, without holding up what asks for another key.
pub(super) type Once<K, V> = Mutex<HashMap<K, Arc<OnceLock<V>>>>;

/// A function that a trait gives to a type.
pub(super) struct Extension {
    pub of: Def<hir::Trait>,
    /// Of a type that isn't defined in any crate of the run, nothing.
    pub to: Option<AdtRef>,
    /// For every `T`.
    pub is_blanket: bool,
    pub function: FnDef,
}

/// The items and names of a workspace. Files are parsed when something first asks for what is in them.
///
/// Answers don't depend on the order of questions, nor on how many threads ask.
pub struct Program {
    pub(super) workspace: Arc<Workspace>,
    pub(super) sources: Arc<SourceMap>,
    pub(super) crates: RwLock<Vec<Arc<Crate>>>,
    pub(super) modules: RwLock<Vec<Arc<Module>>>,
    /// The crates of the workspace come first.
    pub(super) members: usize,
    pub(super) blocks: Mutex<HashMap<(ModuleId, usize), ModuleId>>,
    pub(super) lookups: RwLock<HashMap<LookupKey, Found>>,
    pub(super) externals: Once<PathBuf, Option<CrateId>>,
    pub(super) registry: Registry,
    pub(super) entered: Once<ExternalPath, Option<Resolved>>,
    pub(super) package_sources: Once<Name, Option<PathBuf>>,
    /// For each crate, itself and those that can name what it defines.
    pub(super) around: Once<CrateId, Arc<Vec<CrateId>>>,
    /// For each crate, those that can call it.
    pub(super) callers: Once<CrateId, Arc<Vec<CrateId>>>,
    /// For each crate, itself and those that define what it can name.
    pub(super) below: Once<CrateId, Arc<Vec<CrateId>>>,
    /// For each crate, those whose traits it can use.
    pub(super) in_reach: Once<CrateId, Arc<Vec<CrateId>>>,
    pub(super) impls: Once<AdtRef, Arc<Vec<Arc<ImplEntry>>>>,
    /// By the crate of the traits and the name of a function of theirs.
    pub(super) traits_with: Once<(CrateId, Name), Arc<Vec<TraitImpls>>>,
    /// By the crate that asks, type and method name.
    pub(super) extensions: Once<(CrateId, Name, Name), Arc<Vec<Extension>>>,
    pub(super) constructors: Once<AdtRef, Arc<Vec<FnDef>>>,
    lowered: Once<FileId, Arc<Vec<Arc<hir::Item>>>>,
    diagnostics: Arc<Mutex<BTreeSet<SourceDiagnostic>>>,
}

impl Program {
    /// Finds the modules of all targets of all packages; nothing is parsed yet.
    pub fn new(workspace: Arc<Workspace>, sources: Arc<SourceMap>) -> Program {
        let registry = Registry::of(&workspace);
        let mut program = Program {
            workspace,
            sources,
            crates: RwLock::default(),
            modules: RwLock::default(),
            members: 0,
            blocks: Mutex::default(),
            lookups: RwLock::default(),
            externals: Mutex::default(),
            registry,
            entered: Mutex::default(),
            package_sources: Mutex::default(),
            around: Mutex::default(),
            callers: Mutex::default(),
            below: Mutex::default(),
            in_reach: Mutex::default(),
            impls: Mutex::default(),
            traits_with: Mutex::default(),
            extensions: Mutex::default(),
            constructors: Mutex::default(),
            lowered: Mutex::default(),
            diagnostics: Arc::default(),
        };
        program.members = program.add_members();
        program
    }

    pub fn workspace(&self) -> &Arc<Workspace> {
        &self.workspace
    }

    pub fn sources(&self) -> &Arc<SourceMap> {
        &self.sources
    }

    /// What could not be read so far, in the order of paths and positions.
    pub fn diagnostics(&self) -> Vec<SourceDiagnostic> {
        lock(&self.diagnostics).iter().cloned().collect()
    }

    /// The crates of the workspace, without dependencies.
    pub fn crates(&self) -> Vec<CrateId> {
        (0..self.members as u32).map(CrateId).collect()
    }

    /// True for a crate of the workspace, false for a dependency.
    pub fn is_of_workspace(&self, krate: CrateId) -> bool {
        (krate.0 as usize) < self.members
    }

    pub fn crate_info(&self, krate: CrateId) -> CrateInfo {
        self.krate(krate).info.clone()
    }

    /// The names from the crate's root to the module; blocks have none.
    pub fn module_path(&self, module: ModuleId) -> Vec<Name> {
        let mut path = Vec::new();
        let mut next = Some(module);
        while let Some(id) = next {
            let module = self.module(id);
            next = module.parent;
            if next.is_some() && !module.is_block() {
                path.push(module.name);
            }
        }
        path.reverse();
        path
    }

    pub fn crate_of(&self, module: ModuleId) -> CrateId {
        self.module(module).krate
    }

    /// The file that a module's items stand in.
    pub fn file_of(&self, module: ModuleId) -> FileId {
        self.module(module).file
    }

    pub(super) fn krate(&self, id: CrateId) -> Arc<Crate> {
        let crates = self.crates.read().unwrap_or_else(PoisonError::into_inner);
        crates[id.0 as usize].clone()
    }

    pub(super) fn module(&self, id: ModuleId) -> Arc<Module> {
        let modules = self.modules.read().unwrap_or_else(PoisonError::into_inner);
        modules[id.0 as usize].clone()
    }

    pub(super) fn add_module(&self, make: impl FnOnce(ModuleId) -> Module) -> ModuleId {
        let mut modules = self.modules.write().unwrap_or_else(PoisonError::into_inner);
        let id = ModuleId(modules.len() as u32);
        modules.push(Arc::new(make(id)));
        id
    }

    /// The items of a file, lowered once, with the features and macros of the crate that asks first.
    pub(super) fn file_items(&self, file: FileId, krate: CrateId) -> Arc<Vec<Arc<hir::Item>>> {
        once(&self.lowered, file, || {
            let source = self.sources.get(file);
            let krate = self.krate(krate);
            let diagnostics = self.diagnostics.clone();
            let is_member = krate.info.is_workspace_member;
            let path = source.path.clone();
            let report = move |error| {
                if is_member {
                    lock(&diagnostics).insert(syntax_diagnostic(path.clone(), file, error));
                }
            };
            let context = Arc::new(Context {
                id: file,
                file: source,
                features: krate.features.clone(),
                macros: Box::new(MacrosInReach::of(self, &krate)),
                report: Box::new(report),
            });
            Arc::new(lower_file(&context))
        })
    }

    pub(super) fn report(&self, diagnostic: SourceDiagnostic) {
        lock(&self.diagnostics).insert(diagnostic);
    }

    pub(super) fn report_unreadable(&self, error: &SourceError) {
        self.report(SourceDiagnostic {
            path: error.path().clone(),
            span: None,
            message: error.what(),
            help: error.help().to_owned(),
        });
    }
}

fn syntax_diagnostic(path: PathBuf, file: FileId, error: LowerError) -> SourceDiagnostic {
    let point = |at: usize| {
        let at = at as u32;
        Some(Span {
            file,
            start: at,
            end: at,
        })
    };
    let (span, message, help) = match error {
        LowerError::TooDeep(at) => (
            point(at),
            format!(
                "the file nests deeper than can be parsed ({MAX_DELIMITERS} delimiters, {MAX_CHAIN} operators)"
            ),
            "split the expression; until then the file is left out",
        ),
        LowerError::Syntax(fault) => (
            point(fault.at),
            format!("the file cannot be parsed: {}", fault.message),
            fault.remedy.sentence(),
        ),
        LowerError::NoThread => (
            None,
            "no thread could be started to parse the file".to_owned(),
            "free some memory or raise the limit on threads",
        ),
    };
    SourceDiagnostic {
        path,
        span,
        message,
        help: help.to_owned(),
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The value of a key; `make` must not ask for the same key again, nor wait for parallel work, which may.
pub(super) fn once<K: Eq + Hash, V: Clone>(
    map: &Once<K, V>,
    key: K,
    make: impl FnOnce() -> V,
) -> V {
    let cell = lock(map).entry(key).or_default().clone();
    cell.get_or_init(make).clone()
}
