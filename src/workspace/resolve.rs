//! Which version each dependency has, where its sources lie, and by which name code calls it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::lock::Lock;
use super::manifest::Manifest;
use super::source_index::{SourceIndex, is_unpacked};
use super::{Dependency, Package, ResolvedDependency};

/// Completes the dependencies of packages; what one package made it read serves the next.
pub(super) struct Resolver {
    sources: SourceIndex,
    locks: HashMap<PathBuf, Option<Arc<Lock>>>,
    library_names: HashMap<PathBuf, Option<String>>,
}

impl Resolver {
    pub fn new(sources: SourceIndex) -> Self {
        Resolver {
            sources,
            locks: HashMap::new(),
            library_names: HashMap::new(),
        }
    }

    /// Fills in `resolved` of every dependency, and the names of libraries that are not called like their packages.
    pub fn complete(&mut self, package: &mut Package) {
        let lock = self.lock_of(&package.root);
        let mut dependencies = std::mem::take(&mut package.dependencies);
        for dependency in &mut dependencies {
            dependency.resolved = self.resolve(package, dependency, lock.as_deref());
            let renamed = dependency.name_in_code != dependency.package.replace('-', "_");
            let source = dependency
                .resolved
                .as_ref()
                .and_then(|resolved| resolved.source.as_ref());
            if let Some(source) = source.filter(|_| !renamed)
                && let Some(name) = self.library_name(source)
            {
                dependency.name_in_code = name;
            }
        }
        package.dependencies = dependencies;
    }

    fn resolve(
        &mut self,
        package: &Package,
        dependency: &Dependency,
        lock: Option<&Lock>,
    ) -> Option<ResolvedDependency> {
        let (root, name) = (&package.root, &dependency.package);
        if let Some(path) = &dependency.path {
            return Some(ResolvedDependency {
                version: version_in(path)?,
                source: Some(path.clone()),
            });
        }
        let own = (package.name.as_str(), package.version.as_str());
        let locked = lock.and_then(|lock| lock.chosen(own, name, &dependency.requirement));
        if let Some(locked) = locked {
            let source = match &locked.source {
                Some(source) if source.starts_with("git+") => {
                    self.sources.checked_out(source, name)
                }
                Some(_) => self.sources.exactly(root, name, &locked.version),
                None => patched(root, name),
            };
            return Some(ResolvedDependency {
                version: locked.version.clone(),
                source,
            });
        }
        let (version, source) = self.sources.newest(root, name, &dependency.requirement)?;
        Some(ResolvedDependency {
            version: version.to_string(),
            source: Some(source),
        })
    }

    /// The lock file above a package; an unpacked package has at most one of its own.
    fn lock_of(&mut self, root: &Path) -> Option<Arc<Lock>> {
        self.locks
            .entry(root.to_owned())
            .or_insert_with(|| {
                let lock = match is_unpacked(root) && !root.join("Cargo.lock").is_file() {
                    true => None,
                    false => Lock::above(root),
                };
                lock.map(Arc::new)
            })
            .clone()
    }

    fn library_name(&mut self, source: &Path) -> Option<String> {
        self.library_names
            .entry(source.to_owned())
            .or_insert_with(|| {
                let text = fs::read_to_string(source.join("Cargo.toml")).ok()?;
                name_of_library(&text).map(|name| name.replace('-', "_"))
            })
            .clone()
    }
}

/// `[lib] name = ".."`, read by lines: a whole parse for each dependency would cost more than all the rest.
fn name_of_library(manifest: &str) -> Option<&str> {
    manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[lib]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .find_map(|line| {
            let value = line.strip_prefix("name")?.trim_start().strip_prefix('=')?;
            value.trim().trim_matches(['"', '\'']).into()
        })
}

/// The version of the package in a folder, inherited where its manifest says so.
fn version_in(folder: &Path) -> Option<String> {
    let manifest = Manifest::of_folder(folder)?;
    let workspace = folder
        .ancestors()
        .filter_map(Manifest::of_folder)
        .find(|manifest| manifest.workspace().is_some());
    manifest.package()?;
    let version = manifest.package_text("version", workspace.as_ref());
    Some(version.unwrap_or_else(|| "0.0.0".to_owned()))
}

/// The folder by which a `[patch]` table of this or a higher folder replaces a package.
fn patched(root: &Path, name: &str) -> Option<PathBuf> {
    root.ancestors().find_map(|folder| {
        let manifest = Manifest::of_folder(folder)?;
        manifest.table("patch")?.values().find_map(|registry| {
            let path = registry.as_table()?.iter().find_map(|(key, patch)| {
                let package = patch.get("package").and_then(|package| package.as_str());
                (package.unwrap_or(key) == name).then(|| patch.get("path")?.as_str())?
            })?;
            Some(super::manifest::join(manifest.root(), path))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    #[test]
    fn the_library_name_is_read_from_its_own_table() {
        let manifest =
            "[package]\nname = \"a-b\"\n\n[lib]\npath = \"x.rs\"\nname = \"c-d\"\n[features]\n";
        assert_eq!(name_of_library(manifest), Some("c-d"));
        assert_eq!(name_of_library("[package]\nname = \"a-b\"\n"), None);
        assert_eq!(name_of_library("[lib]\n[package]\nname = \"a\"\n"), None);
    }

    #[test]
    fn a_version_is_inherited_from_the_workspace() {
        let folder = Folder::with(&[
            (
                "Cargo.toml",
                "[workspace]\npackage.version = '0.3.1'\nmembers = ['a']",
            ),
            (
                "a/Cargo.toml",
                "[package]\nname = 'a'\nversion.workspace = true",
            ),
        ]);
        assert_eq!(version_in(&folder.path("a")), Some("0.3.1".to_owned()));
    }

    #[test]
    fn a_patch_replaces_a_package_by_a_folder() {
        let folder = Folder::with(&[
            (
                "Cargo.toml",
                "[patch.crates-io]\ncandle-nn = { path = '../mine' }",
            ),
            ("member/Cargo.toml", ""),
        ]);
        assert!(patched(&folder.path("member"), "candle-nn").is_some());
        assert!(patched(&folder.path("member"), "candle-core").is_none());
    }
}
