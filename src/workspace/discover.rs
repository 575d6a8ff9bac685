//! From what a user asks to look at to the packages that are analysed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::{DiscoverError, ManifestError};
use super::loose::{self, contents};
use super::manifest::{Manifest, join};
use super::reach::reached;
use super::resolve::Resolver;
use super::source_index::SourceIndex;
use super::{Package, Request, Selection, Workspace, cargo, read};
use crate::config::did_you_mean;
use crate::source::special_kind;

/// The packages and programs that the request leads to, whole workspaces always, and which of the findings in them are asked for.
pub fn discover(request: &Request) -> Result<(Workspace, Selection), DiscoverError> {
    let mut discovery = Discovery::default();
    discovery.selection.kinds = request.kinds.clone();
    if let Some(manifest) = &request.manifest_path {
        let path = absolute(request, manifest);
        discovery.named_manifest(&path)?;
    }
    for path in &request.paths {
        discovery.path(&absolute(request, path))?;
    }
    if request.paths.is_empty() && request.manifest_path.is_none() {
        discovery.surroundings(&absolute(request, Path::new("")))?;
    }
    discovery.select_packages(&request.packages)?;
    Ok(discovery.finish())
}

fn absolute(request: &Request, path: &Path) -> PathBuf {
    join(&request.current_dir.join(path), "")
}

#[derive(Default)]
struct Discovery {
    packages: Vec<Package>,
    /// The manifests of `packages`, and those that were tried and gave nothing.
    seen: BTreeSet<PathBuf>,
    notes: Vec<String>,
    selection: Selection,
}

impl Discovery {
    /// What `--manifest-path` names: a workspace's root shows all of it, a member only itself.
    fn named_manifest(&mut self, path: &Path) -> Result<(), DiscoverError> {
        let manifest = usable(path)?;
        let is_root = manifest.workspace().is_some();
        self.workspace_of(manifest);
        let own = self.package_of(path).map(|package| package.id.clone());
        if let Some(id) = own.filter(|_| !is_root) {
            self.selection.packages.insert(id);
        }
        Ok(())
    }

    /// The package or workspace around a folder, or, where there is none, what lies in it.
    fn surroundings(&mut self, folder: &Path) -> Result<(), DiscoverError> {
        match manifest_above(folder) {
            Some(manifest) => self.named_manifest(&manifest),
            None => self.path(folder),
        }
    }

    fn path(&mut self, path: &Path) -> Result<(), DiscoverError> {
        if !path.exists() {
            return Err(DiscoverError::MissingPath(path.to_owned()));
        }
        if path.is_dir() {
            return self.folder(path);
        }
        if let Some(kind) = special_kind(path) {
            let path = path.to_owned();
            return Err(DiscoverError::Special { path, kind });
        }
        if path.file_name().is_some_and(|name| name == "Cargo.toml") {
            self.select(path.parent().unwrap_or(path));
            let manifest = usable(path)?;
            self.workspace_of(manifest);
            return Ok(());
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            return Err(DiscoverError::NotRust(path.to_owned()));
        }
        match self.reached_around(path).contains(path) {
            true => self.select(path),
            false => self.loose_file(path),
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path) -> Result<(), DiscoverError> {
        let own = folder.join("Cargo.toml");
        if own.is_file() {
            let manifest = usable(&own)?;
            self.workspace_of(manifest);
            self.select(folder);
            return Ok(());
        }
        let found = contents(folder);
        self.notes.extend(found.notes);
        let mut of_package_around = false;
        if !found.loose.is_empty() {
            let around = self.reached_around(folder);
            of_package_around = found.loose.iter().any(|file| around.contains(file));
        }
        if found.manifests.is_empty() && found.loose.is_empty() {
            return Err(DiscoverError::NothingThere(folder.to_owned()));
        }
        for manifest in found.manifests {
            self.found_manifest(&manifest);
        }
        // Beside files that a package reaches, the others are dead.
        if !of_package_around {
            self.packages.extend(loose::programs(&found.loose));
        }
        self.select(folder);
        Ok(())
    }

    /// A file that belongs to no package's target: it may still use the dependencies of the package it lies in.
    fn loose_file(&mut self, file: &Path) {
        let mut program = loose::program(file);
        if let Some(around) = file
            .parent()
            .and_then(manifest_above)
            .and_then(|manifest| self.package_of(&manifest))
        {
            program.dependencies = around.dependencies.clone();
            program.edition = around.edition.clone();
        }
        for reached in reached([file.to_owned()]) {
            self.select(&reached);
        }
        self.packages.push(program);
    }

    /// The files that the targets of the package around a path reach.
    fn reached_around(&mut self, path: &Path) -> BTreeSet<PathBuf> {
        let above = path.parent().and_then(manifest_above);
        let Some(manifest) = above else {
            return BTreeSet::new();
        };
        self.found_manifest(&manifest);
        let targets = self
            .package_of(&manifest)
            .map(|package| package.targets.as_slice())
            .unwrap_or_default();
        reached(targets.iter().map(|target| target.src_path.clone()))
    }

    /// A manifest that no one named: one that cannot be used is passed over with a note.
    fn found_manifest(&mut self, path: &Path) {
        if self.seen.contains(path) {
            return;
        }
        match usable(path) {
            Ok(manifest) => self.workspace_of(manifest),
            Err(DiscoverError::Manifest(ManifestError::Empty(_))) => {}
            Err(error) => self.notes.push(format!("{error}; it is passed over")),
        }
        self.seen.insert(path.to_owned());
    }

    /// Adds all members of a manifest's workspace.
    fn workspace_of(&mut self, manifest: Manifest) {
        if self.seen.contains(&manifest.path) {
            return;
        }
        let found = match is_published(manifest.root()) {
            true => read::package(&manifest, None).into_iter().collect(),
            false => cargo::packages(&manifest.path).unwrap_or_else(|complaint| {
                let (packages, notes) = read::packages(manifest.clone());
                self.notes.push(format!(
                    "cargo cannot load `{}` ({complaint}); its targets and dependencies are read from the manifests alone",
                    manifest.path.display()
                ));
                self.notes.extend(notes);
                packages
            }),
        };
        self.seen.insert(manifest.path);
        for package in found {
            let is_new = self.package_of_id(&package.id).is_none();
            if is_new {
                self.seen.extend(package.manifest_path.clone());
                self.packages.push(package);
            }
        }
    }

    fn package_of(&self, manifest: &Path) -> Option<&Package> {
        self.packages
            .iter()
            .find(|package| package.manifest_path.as_deref() == Some(manifest))
    }

    fn package_of_id(&self, id: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.id == id)
    }

    fn select(&mut self, path: &Path) {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.selection.paths.push(path);
    }

    /// Narrows the selection to the packages of these names, `name` or `name@version`.
    fn select_packages(&mut self, names: &[String]) -> Result<(), DiscoverError> {
        if names.is_empty() {
            return Ok(());
        }
        self.selection.packages.clear();
        for wanted in names {
            let (name, version) = match wanted.split_once('@') {
                Some((name, version)) => (name, Some(version)),
                None => (wanted.as_str(), None),
            };
            let ids: Vec<String> = self
                .packages
                .iter()
                .filter(|package| package.name == name)
                .filter(|package| version.is_none_or(|version| package.version == version))
                .map(|package| package.id.clone())
                .collect();
            if ids.is_empty() {
                let known = self.packages.iter().map(|package| package.name.as_str());
                return Err(DiscoverError::UnknownPackage {
                    name: wanted.clone(),
                    meant: did_you_mean(name, known).map(str::to_owned),
                });
            }
            self.selection.packages.extend(ids);
        }
        Ok(())
    }

    fn finish(mut self) -> (Workspace, Selection) {
        let mut resolver = Resolver::new(SourceIndex::of_this_machine());
        for package in &mut self.packages {
            resolver.complete(package);
        }
        let workspace = Workspace {
            packages: self.packages,
            notes: self.notes,
        };
        (workspace, self.selection)
    }
}

/// A manifest that is TOML and says something.
fn usable(path: &Path) -> Result<Manifest, DiscoverError> {
    let manifest = Manifest::read(path)?;
    match manifest.package().is_some() || manifest.workspace().is_some() {
        true => Ok(manifest),
        false => Err(ManifestError::Empty(path.to_owned()).into()),
    }
}

fn manifest_above(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .map(|folder| folder.join("Cargo.toml"))
        .find(|manifest| manifest.is_file())
}

/// True for a package as it was published: its manifest is complete in itself, and a workspace above is not its own.
fn is_published(root: &Path) -> bool {
    [".cargo-ok", ".cargo_vcs_info.json", ".cargo-checksum.json"]
        .iter()
        .any(|mark| root.join(mark).is_file())
}
