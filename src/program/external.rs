//! Crates outside the workspace: where their sources lie, and names inside them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::krate::{NewCrate, code_name};
use super::manifest::Manifest;
use super::state::{Program, once};
use super::stubs::has_stub;
use super::types::{CrateId, ExternalPath, Res, Resolved};
use crate::frameworks::Framework;
use crate::name::Name;
use crate::workspace::Workspace;

/// Crates that a name is handed through by re-exports.
const MAX_HOPS: usize = 8;

/// Where the sources of dependencies may lie.
#[derive(Default)]
pub(super) struct Registry {
    /// Of direct dependencies, by the package's name with `-` as `_`.
    direct: HashMap<Name, PathBuf>,
    /// Folders that hold sources as `name-version`.
    folders: Vec<PathBuf>,
    /// Versions that lock files chose, by the name with `-` as `_`: name and version as they are.
    locked: HashMap<String, Vec<(String, String)>>,
}

impl Registry {
    pub fn of(workspace: &Workspace) -> Self {
        let mut registry = Registry::default();
        let mut locks = Vec::new();
        for package in &workspace.packages {
            let name = code_name(&package.name);
            if has_stub(name) {
                registry.direct.insert(name, package.root.clone());
            }
            for dependency in &package.dependencies {
                let resolved = dependency.resolved.as_ref();
                let source = resolved.and_then(|resolved| resolved.source.clone());
                let Some(source) = source.or_else(|| dependency.path.clone()) else {
                    continue;
                };
                let versioned = resolved.is_some_and(|resolved| {
                    source.ends_with(format!("{}-{}", dependency.package, resolved.version))
                });
                if let Some(folder) = source.parent()
                    && versioned
                    && !registry.folders.iter().any(|known| known == folder)
                {
                    registry.folders.push(folder.to_path_buf());
                }
                let name = code_name(&dependency.package);
                registry.direct.entry(name).or_insert(source);
            }
            let lock = package
                .root
                .ancestors()
                .map(|folder| folder.join("Cargo.lock"));
            if let Some(lock) = lock.into_iter().find(|lock| lock.is_file())
                && !locks.contains(&lock)
            {
                registry.read_lock(&lock);
                locks.push(lock);
            }
        }
        registry
    }

    fn read_lock(&mut self, path: &Path) {
        let Ok(text) = std::fs::read_to_string(path) else {
            return;
        };
        let value = |line: &str, key: &str| {
            let quoted = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
            Some(quoted.trim().trim_matches('"').to_owned())
        };
        let mut name = None;
        for line in text.lines() {
            if let Some(found) = value(line, "name") {
                name = Some(found);
            } else if let Some(version) = value(line, "version")
                && let Some(name) = name.take()
            {
                let key = name.replace('-', "_");
                self.locked.entry(key).or_default().push((name, version));
            }
        }
    }

    /// The folder with a package's sources.
    pub fn source(&self, package: Name) -> Option<PathBuf> {
        if let Some(direct) = self.direct.get(&package) {
            return Some(direct.clone());
        }
        let locked = self
            .locked
            .get(package.as_str())
            .into_iter()
            .flatten()
            .rev();
        let places = locked.flat_map(|(name, version)| {
            let folder = format!("{name}-{version}");
            self.folders.iter().map(move |at| at.join(&folder))
        });
        places
            .into_iter()
            .find(|place| place.is_dir())
            .or_else(|| self.newest(package))
    }

    /// Without a lock file: the highest version that is there.
    fn newest(&self, package: Name) -> Option<PathBuf> {
        let entries = self.folders.iter().filter_map(|at| at.read_dir().ok());
        let versions = entries.flatten().flatten().filter_map(|entry| {
            let folder = entry.file_name().into_string().ok()?;
            let (at, _) = folder
                .match_indices('-')
                .find(|(at, _)| folder[at + 1..].starts_with(|c: char| c.is_ascii_digit()))?;
            let version: Vec<u64> = folder[at + 1..]
                .split(['.', '-', '+'])
                .map_while(|part| part.parse().ok())
                .collect();
            (folder[..at].replace('-', "_") == *package).then_some((version, entry.path()))
        });
        versions.max().map(|(_, path)| path)
    }
}

impl Program {
    /// Loads the sources of the crate, if they are there, and resolves inside, through re-exports into further crates.
    pub fn enter_external(&self, path: &ExternalPath) -> Option<Resolved> {
        once(&self.entered, path.clone(), || self.resolve_external(path))
    }

    fn resolve_external(&self, path: &ExternalPath) -> Option<Resolved> {
        let mut path = path.clone();
        let mut asked_by = None;
        let mut reached = None;
        for _ in 0..MAX_HOPS {
            let Some(krate) = self.load_external(&path, asked_by) else {
                break;
            };
            let resolved = self.resolve_inside(krate, &path.path);
            match &resolved.res {
                Res::None => break,
                Res::External(further) => {
                    asked_by = Some(krate);
                    path = further.first()?.clone();
                    if further.len() > 1 {
                        let hit = further.iter().find(|path| {
                            let loaded = self.load_external(path, asked_by);
                            loaded.is_some_and(|krate| {
                                self.resolve_inside(krate, &path.path).res != Res::None
                            })
                        });
                        path = hit.unwrap_or(&path).clone();
                    }
                    reached = Some(resolved);
                }
                _ => return Some(resolved),
            }
        }
        reached
    }

    /// The value of this name, or, if there is none, the type or module.
    fn resolve_inside(&self, krate: CrateId, path: &[Name]) -> Resolved {
        let root = self.krate(krate).info.root;
        if path.is_empty() {
            return Resolved {
                res: Res::Module(root),
                rest: 0,
            };
        }
        let inside: Vec<Name> = std::iter::once(Name::new("crate"))
            .chain(path.iter().copied())
            .collect();
        let as_type = self.resolve_type(root, &inside, false);
        match as_type.res {
            Res::Module(_) | Res::None => match self.resolve_value(root, &inside, false) {
                value if value.res != Res::None => value,
                _ => as_type,
            },
            _ => as_type,
        }
    }

    /// The libraries outside the workspace that a crate names, frameworks aside, in the order of their names.
    pub(super) fn libraries_of(&self, krate: CrateId) -> Vec<CrateId> {
        let dependencies = &self.krate(krate).dependencies;
        let mut packages: Vec<Name> = dependencies
            .values()
            .filter(|dependency| dependency.member.is_none())
            .map(|dependency| dependency.package)
            .filter(|package| Framework::of_crate(*package).is_none())
            .collect();
        packages.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        packages.dedup();
        let library = |package| {
            let root = ExternalPath {
                krate: package,
                path: Vec::new(),
            };
            self.load_external(&root, Some(krate))
        };
        packages.into_iter().filter_map(library).collect()
    }

    /// The crate outside the workspace that a path leads into, as `asked_by` sees it.
    fn load_external(&self, path: &ExternalPath, asked_by: Option<CrateId>) -> Option<CrateId> {
        if let Some(known) = self.framework_crate(path) {
            return Some(known);
        }
        let package = path.krate;
        let named_by_asker = asked_by.and_then(|asker| {
            let asker = self.krate(asker);
            let found = asker
                .dependencies
                .values()
                .find(|dependency| dependency.package == package);
            found.and_then(|dependency| dependency.source.clone())
        });
        let known = || {
            once(&self.package_sources, package, || {
                self.registry.source(package)
            })
        };
        let source = named_by_asker.or_else(known)?;
        once(&self.externals, source.clone(), || {
            let manifest = Manifest::read(&source)?;
            // A crate that knows no framework makes no parameters.
            let speaks = manifest
                .dependencies
                .values()
                .any(|dependency| Framework::of_crate(dependency.package).is_some());
            if !speaks {
                return None;
            }
            self.add_crate(NewCrate {
                name: manifest.name,
                root: manifest.library,
                place: None,
                stub: None,
                edition_2015: manifest.edition_2015,
                features: Arc::new(manifest.default_features),
                dependencies: manifest.dependencies,
            })
        })
    }
}
