//! Crates: the targets of the workspace's packages.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError};

use super::defs::FileDefs;
use super::macros::MacroTable;
use super::state::Program;
use super::stubs::has_stub;
use super::tree::Root;
use super::types::{CrateId, CrateInfo, ModuleId};
use crate::name::Name;
use crate::source::{FileId, SourceFile, WordKey, Words};
use crate::workspace::{Package, TargetKind};

/// One crate with all that is known of it without parsing.
pub(super) struct Crate {
    pub info: CrateInfo,
    /// `use` paths start at the crate's root.
    pub edition_2015: bool,
    /// No manifest says which crates there are.
    pub is_loose: bool,
    pub features: Arc<BTreeSet<String>>,
    pub dependencies: HashMap<Name, Dependency>,
    /// The stub whose items stand before its own.
    pub stub: Option<CrateId>,
    pub files: Vec<CrateFile>,
    /// The words of all files.
    words: OnceLock<Words>,
    /// The files that may define traits, by their places in `files`.
    with_traits: OnceLock<Box<[u32]>>,
    pub macros: Arc<MacroTable>,
}

/// A file of a crate, once for each module that it is.
pub(super) struct CrateFile {
    pub file: FileId,
    pub source: Arc<SourceFile>,
    pub module: ModuleId,
    pub defs: OnceLock<FileDefs>,
}

impl CrateFile {
    pub fn has(&self, word: WordKey) -> bool {
        self.source.outline().words.may_have_key(word)
    }

    /// True if an impl of the file may name it.
    pub fn may_implement(&self, word: WordKey) -> bool {
        self.source.outline().may_implement(word)
    }
}

impl Crate {
    pub fn has(&self, word: WordKey) -> bool {
        let words = self.words.get_or_init(|| {
            let files = self.files.iter();
            Words::of_all(files.map(|file| &file.source.outline().words))
        });
        words.may_have_key(word)
    }

    /// The files that have the word and pass the test with it.
    pub fn files_with(
        &self,
        word: WordKey,
        test: impl Fn(&CrateFile, WordKey) -> bool,
    ) -> impl Iterator<Item = &CrateFile> {
        let files = if self.has(word) { &self.files[..] } else { &[] };
        files.iter().filter(move |file| test(file, word))
    }

    /// The files that have the word and may define traits.
    pub fn files_with_traits_and(&self, word: WordKey) -> impl Iterator<Item = &CrateFile> {
        let with_traits = self.with_traits.get_or_init(|| {
            let key = WordKey::of("trait");
            let files = self.files.iter().enumerate();
            files
                .filter(|(_, file)| file.has(key))
                .map(|(place, _)| place as u32)
                .collect()
        });
        let places = if self.has(word) {
            &with_traits[..]
        } else {
            &[]
        };
        let files = places.iter().map(|place| &self.files[*place as usize]);
        files.filter(move |file| file.has(word))
    }
}

/// What a crate's name stands for in code.
#[derive(Clone, Debug)]
pub(super) struct Dependency {
    /// The package's own name with `-` as `_`.
    pub package: Name,
    /// A crate of the workspace.
    pub member: Option<CrateId>,
    pub source: Option<PathBuf>,
}

impl Program {
    /// Makes the crates of the workspace; their number.
    pub(super) fn add_members(&self) -> usize {
        let packages = &self.workspace.packages;
        let mut targets = Vec::new();
        for (package, of_package) in packages.iter().enumerate() {
            targets.extend((0..of_package.targets.len()).map(|target| (package, target)));
        }
        let library_of = |package: usize| {
            let place = targets.iter().position(|(of, target)| {
                *of == package && packages[package].targets[*target].kind == TargetKind::Lib
            });
            place.map(|place| CrateId(place as u32))
        };
        let dependencies: Vec<HashMap<Name, Dependency>> = packages
            .iter()
            .map(|package| self.dependencies_of(package, &library_of))
            .collect();
        let mut all = Vec::with_capacity(targets.len());
        for (package, target) in &targets {
            let of_package = &packages[*package];
            let root = &of_package.targets[*target];
            let mut dependencies = dependencies[*package].clone();
            if root.kind != TargetKind::Lib
                && let Some(own) = library_of(*package)
            {
                let (_, place) = targets[own.0 as usize];
                let name = code_name(&of_package.targets[place].name);
                // A framework's own examples see its stub, as every other program does.
                let has_stub = has_stub(code_name(&of_package.name));
                let own = Dependency {
                    package: code_name(&of_package.name),
                    member: (!has_stub).then_some(own),
                    source: None,
                };
                dependencies.insert(name, own);
            }
            all.push(NewCrate {
                name: code_name(&root.name),
                root: root.src_path.clone(),
                place: Some((*package, *target)),
                stub: None,
                edition_2015: of_package.edition == "2015",
                features: Arc::new(of_package.default_features.clone()),
                dependencies,
            });
        }
        self.add_crates(all).len()
    }

    fn dependencies_of(
        &self,
        package: &Package,
        library_of: &dyn Fn(usize) -> Option<CrateId>,
    ) -> HashMap<Name, Dependency> {
        let packages = &self.workspace.packages;
        let mut found = HashMap::new();
        for dependency in &package.dependencies {
            let linked = dependency.path.as_deref().and_then(|path| {
                let place = packages
                    .iter()
                    .position(|package| is_same_folder(&package.root, path));
                Some((place?, library_of(place?)?))
            });
            let resolved = dependency.resolved.as_ref();
            let source = resolved.and_then(|resolved| resolved.source.clone());
            let known = Dependency {
                package: code_name(&dependency.package),
                member: linked.map(|(_, member)| member),
                source: source.or_else(|| dependency.path.clone()),
            };
            if let Some((place, _)) = linked
                && dependency.name_in_code == *code_name(&dependency.package)
                && let Some(library) = packages[place]
                    .targets
                    .iter()
                    .find(|target| target.kind == TargetKind::Lib)
            {
                found.insert(code_name(&library.name), known.clone());
            }
            found.insert(Name::new(&dependency.name_in_code), known);
        }
        found
    }

    pub(super) fn add_crate(&self, new: NewCrate) -> Option<CrateId> {
        self.add_crates(vec![new]).pop()
    }

    /// Crates that are members of the workspace, or one that isn't.
    fn add_crates(&self, all: Vec<NewCrate>) -> Vec<CrateId> {
        // The places are taken first, so that modules know their crate.
        let first = {
            let mut crates = self.crates.write().unwrap_or_else(PoisonError::into_inner);
            let first = crates.len();
            let empty = |new: &NewCrate| {
                Arc::new(new.crate_with(ModuleId(0), Vec::new(), MacroTable::default()))
            };
            crates.extend(all.iter().map(empty));
            first as u32
        };
        let ids: Vec<CrateId> = (first..).take(all.len()).map(CrateId).collect();
        let roots: Vec<Root> = all
            .iter()
            .zip(&ids)
            .map(|(new, id)| Root {
                krate: *id,
                path: &new.root,
                is_member: new.place.is_some(),
            })
            .collect();
        let trees = self.build_trees(&roots);
        for ((new, id), (root, files)) in all.iter().zip(&ids).zip(trees) {
            let macros = MacroTable::of(self, &files);
            let krate = Arc::new(new.crate_with(root, files, macros));
            let mut crates = self.crates.write().unwrap_or_else(PoisonError::into_inner);
            crates[id.0 as usize] = krate;
        }
        ids
    }
}

/// What a crate is made from.
pub(super) struct NewCrate {
    pub name: Name,
    pub root: PathBuf,
    /// Package and target in the workspace.
    pub place: Option<(usize, usize)>,
    pub stub: Option<CrateId>,
    pub edition_2015: bool,
    pub features: Arc<BTreeSet<String>>,
    pub dependencies: HashMap<Name, Dependency>,
}

impl NewCrate {
    fn crate_with(&self, root: ModuleId, files: Vec<CrateFile>, macros: MacroTable) -> Crate {
        Crate {
            info: CrateInfo {
                name: self.name,
                package: self.place.map(|(package, _)| package),
                target: self.place.map(|(_, target)| target),
                root,
                is_workspace_member: self.place.is_some(),
            },
            edition_2015: self.edition_2015,
            is_loose: self.dependencies.is_empty(),
            features: self.features.clone(),
            dependencies: self.dependencies.clone(),
            stub: self.stub,
            files,
            words: OnceLock::new(),
            with_traits: OnceLock::new(),
            macros: Arc::new(macros),
        }
    }
}

pub(super) fn code_name(package: &str) -> Name {
    Name::new(&package.replace('-', "_"))
}

fn is_same_folder(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
