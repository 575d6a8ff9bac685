//! Which packages belong to a workspace, by its manifest alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Package;
use super::dependencies::dependencies;
use super::manifest::{Manifest, join, texts};

/// A workspace's root manifest with those of its members.
pub(super) struct Members {
    /// None for a package that is a workspace of its own without saying so.
    pub root: Option<Manifest>,
    pub packages: Vec<Manifest>,
    /// What is missing or cannot be read.
    pub notes: Vec<String>,
}

/// The workspace that a manifest belongs to.
pub(super) fn members(manifest: Manifest) -> Members {
    let Some(root) = workspace_of(&manifest) else {
        return alone(manifest, None);
    };
    let members = members_of(&root);
    match members
        .packages
        .iter()
        .any(|member| member.path == manifest.path)
        || manifest.path == root.path
    {
        true => members,
        false => alone(manifest, Some(root)),
    }
}

/// A package that its workspace doesn't count as a member, though it may inherit from it.
fn alone(manifest: Manifest, root: Option<Manifest>) -> Members {
    Members {
        root,
        packages: vec![manifest],
        notes: Vec::new(),
    }
}

/// The manifest itself if it has a `[workspace]` table, else the one that `package.workspace` names, else the nearest above with the table.
pub(super) fn workspace_of(manifest: &Manifest) -> Option<Manifest> {
    if manifest.workspace().is_some() {
        return Some(manifest.clone());
    }
    let named = manifest.package()?.get("workspace").and_then(Value::as_str);
    if let Some(named) = named {
        return Manifest::of_folder(&join(manifest.root(), named));
    }
    manifest
        .root()
        .ancestors()
        .skip(1)
        .filter_map(Manifest::of_folder)
        .find(|above| above.workspace().is_some())
}

impl Package {
    /// The manifest that its own can inherit from; it may be its own.
    pub fn workspace_manifest(&self) -> Option<PathBuf> {
        let manifest = Manifest::read(self.manifest_path.as_ref()?).ok()?;
        Some(workspace_of(&manifest)?.path)
    }
}

/// The root package, what `members` names, and the path dependencies of these inside the workspace's folder.
fn members_of(root: &Manifest) -> Members {
    let mut notes = Vec::new();
    let table = root.workspace().cloned().unwrap_or_default();
    let excluded = |folder: &Path| excludes(&table, root.root(), folder);
    let mut folders: Vec<PathBuf> = Vec::new();
    for member in texts(table.get("members")) {
        let found = matching(root.root(), member);
        if found.is_empty() && !member.contains(['*', '?', '[']) {
            notes.push(format!(
                "the member `{member}` of `{}` is missing",
                root.path.display()
            ));
        }
        folders.extend(found.into_iter().filter(|folder| !excluded(folder)));
    }
    let mut packages: BTreeMap<PathBuf, Manifest> = BTreeMap::new();
    let mut open = folders;
    if root.package().is_some() {
        open.push(root.root().to_owned());
    }
    while let Some(folder) = open.pop() {
        let path = folder.join("Cargo.toml");
        if packages.contains_key(&path) {
            continue;
        }
        match Manifest::read(&path) {
            Ok(manifest) if manifest.package().is_some() => {
                let below = dependencies(&manifest, Some(root))
                    .into_iter()
                    .filter_map(|dependency| dependency.path)
                    .filter(|path| path.starts_with(root.root()) && !excluded(path));
                open.extend(below);
                packages.insert(path, manifest);
            }
            Ok(_) => {}
            Err(error) => notes.push(format!("{error}; the package is left out")),
        }
    }
    Members {
        root: Some(root.clone()),
        packages: packages.into_values().collect(),
        notes,
    }
}

/// True if `exclude` names the folder or one above it, and `members` doesn't name it literally.
fn excludes(workspace: &Table, root: &Path, folder: &Path) -> bool {
    let named = |key: &str, test: &dyn Fn(&Path) -> bool| {
        texts(workspace.get(key))
            .iter()
            .any(|path| test(&join(root, path)))
    };
    named("exclude", &|excluded| folder.starts_with(excluded))
        && !named("members", &|member| folder == member)
}

/// The folders with a manifest that a pattern of `members` matches.
fn matching(root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut folders = vec![root.to_owned()];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        folders = match part.contains(['*', '?']) {
            true => folders
                .iter()
                .flat_map(|folder| folders_in(folder, part))
                .collect(),
            false => folders.iter().map(|folder| join(folder, part)).collect(),
        };
    }
    folders.retain(|folder| folder.join("Cargo.toml").is_file());
    folders
}

fn folders_in(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    if pattern == "**" {
        return walkdir::WalkDir::new(folder)
            .sort_by_file_name()
            .into_iter()
            .flatten()
            .filter(|entry| entry.file_type().is_dir())
            .map(|entry| entry.into_path())
            .collect();
    }
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            name.to_str()
                .is_some_and(|name| wildcard(pattern.as_bytes(), name.as_bytes()))
        })
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// `*` for any text, `?` for one byte.
fn wildcard(pattern: &[u8], name: &[u8]) -> bool {
    // Where to go on when the text after the last `*` does not fit.
    let mut resume = None;
    let (mut at, mut in_name) = (0, 0);
    while in_name < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                resume = Some((at, in_name));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == name[in_name] => {
                at += 1;
                in_name += 1;
            }
            _ => match resume {
                Some((star, taken)) => {
                    resume = Some((star, taken + 1));
                    at = star + 1;
                    in_name = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    fn found(folder: &Folder, manifest: &str) -> (Vec<String>, Vec<String>) {
        let manifest = Manifest::read(&folder.path(manifest)).unwrap();
        let members = members(manifest);
        let names = members
            .packages
            .iter()
            .map(|member| member.package_text("name", None).unwrap())
            .collect();
        (names, members.notes)
    }

    #[test]
    fn globs_exclusions_and_path_dependencies_make_a_workspace() {
        let folder = Folder::with(&[
            (
                "Cargo.toml",
                "[workspace]\nmembers = ['crates/*', 'tool', 'gone']\nexclude = ['crates/old']",
            ),
            (
                "crates/a/Cargo.toml",
                "package = {name = 'a'}\ndependencies = {x = {path = '../../inner/x'}}",
            ),
            ("crates/old/Cargo.toml", "package = {name = 'old'}"),
            ("crates/broken/Cargo.toml", "package = "),
            ("crates/README.md", ""),
            ("inner/x/Cargo.toml", "package = {name = 'x'}"),
            ("inner/y/Cargo.toml", "package = {name = 'y'}"),
            ("tool/Cargo.toml", "package = {name = 'tool'}"),
        ]);
        let (names, notes) = found(&folder, "tool/Cargo.toml");
        assert_eq!(names, ["a", "x", "tool"]);
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].starts_with("the member `gone` of"), "{notes:?}");
        assert!(notes[1].ends_with("the package is left out"), "{notes:?}");
        assert_eq!(found(&folder, "inner/y/Cargo.toml").0, ["y"]);
    }

    #[test]
    fn wildcards_match_within_one_name() {
        let matches = |pattern: &str, name: &str| wildcard(pattern.as_bytes(), name.as_bytes());
        assert!(matches("*", "anything"));
        assert!(matches("burn-*", "burn-nn"));
        assert!(matches("*-n?", "candle-nn"));
        assert!(matches("a*b*c", "abbbc"));
        assert!(!matches("burn-*", "candle-nn"));
        assert!(!matches("a?", "a"));
    }
}
