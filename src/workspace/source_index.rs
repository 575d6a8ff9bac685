//! Where the sources of dependencies lie on this machine: unpacked by cargo, vendored, or checked out from git.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_metadata::semver::{Version, VersionReq};
use toml::{Table, Value};
use walkdir::WalkDir;

use super::manifest::{Manifest, join};

/// Folders by package and version, read once each.
#[derive(Debug, Default)]
pub(super) struct SourceIndex {
    cargo_home: Option<PathBuf>,
    /// Folders of unpacked packages, by their parent folder.
    unpacked: HashMap<PathBuf, Arc<Unpacked>>,
    /// The packages of git checkouts, by the checkout's folder.
    checkouts: HashMap<PathBuf, Arc<HashMap<String, PathBuf>>>,
    registries: Option<Vec<PathBuf>>,
    /// The vendored folders that serve a package's folder.
    vendored: HashMap<PathBuf, Vec<PathBuf>>,
}

type Unpacked = HashMap<String, Vec<(Version, PathBuf)>>;

impl SourceIndex {
    /// The index of cargo's own home.
    pub fn of_this_machine() -> Self {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
            let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"))?;
            Some(PathBuf::from(home).join(".cargo"))
        });
        SourceIndex {
            cargo_home: home,
            ..SourceIndex::default()
        }
    }

    /// The folder of exactly this version, searched beside `root`, in vendored folders above it, and in cargo's registries.
    pub fn exactly(&mut self, root: &Path, name: &str, version: &str) -> Option<PathBuf> {
        let version = Version::parse(version).ok()?;
        self.candidates(root, name)
            .into_iter()
            .find(|(candidate, _)| *candidate == version)
            .map(|(_, folder)| folder)
    }

    /// The newest version that meets the requirement, searched in the same places.
    pub fn newest(
        &mut self,
        root: &Path,
        name: &str,
        requirement: &str,
    ) -> Option<(Version, PathBuf)> {
        let requirement = VersionReq::parse(requirement).ok()?;
        self.candidates(root, name)
            .into_iter()
            .filter(|(version, _)| requirement.matches(version))
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    /// The folder of a package in the checkout that a lock's `git+url#commit` names.
    pub fn checked_out(&mut self, source: &str, name: &str) -> Option<PathBuf> {
        let (url, commit) = source.strip_prefix("git+")?.split_once('#')?;
        let url = url.split('?').next()?.trim_end_matches('/');
        let repository = url.rsplit('/').next()?.trim_end_matches(".git");
        let checkouts = self.cargo_home.as_ref()?.join("git/checkouts");
        let folder = fs::read_dir(checkouts)
            .ok()?
            .flatten()
            .filter(|entry| {
                let folder = entry.file_name().to_string_lossy().into_owned();
                folder
                    .rsplit_once('-')
                    .is_some_and(|(start, _)| start == repository)
            })
            .flat_map(|entry| {
                fs::read_dir(entry.path())
                    .into_iter()
                    .flatten()
                    .flatten()
                    .collect::<Vec<_>>()
            })
            .find(|entry| {
                let short = entry.file_name().to_string_lossy().into_owned();
                short.len() >= 7 && commit.starts_with(&short)
            })?
            .path();
        self.packages_of_checkout(folder).get(name).cloned()
    }

    fn candidates(&mut self, root: &Path, name: &str) -> Vec<(Version, PathBuf)> {
        let mut found = Vec::new();
        if let Some(parent) = root.parent().filter(|_| is_unpacked(root)) {
            found.extend(
                self.unpacked_in(parent)
                    .get(name)
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
        }
        let folders = self
            .vendored
            .entry(root.to_owned())
            .or_insert_with(|| vendored_folders(root))
            .clone();
        for folder in folders {
            found.extend(vendored(&folder, name));
            found.extend(
                self.unpacked_in(&folder)
                    .get(name)
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
        }
        for registry in self.registries() {
            found.extend(
                self.unpacked_in(&registry)
                    .get(name)
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
        }
        found
    }

    fn unpacked_in(&mut self, folder: &Path) -> Arc<Unpacked> {
        if let Some(known) = self.unpacked.get(folder) {
            return known.clone();
        }
        let mut unpacked = Unpacked::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let folder = entry.file_name();
            if let Some((name, version)) = folder.to_str().and_then(name_and_version) {
                unpacked
                    .entry(name.to_owned())
                    .or_default()
                    .push((version, entry.path()));
            }
        }
        let unpacked = Arc::new(unpacked);
        self.unpacked.insert(folder.to_owned(), unpacked.clone());
        unpacked
    }

    fn registries(&mut self) -> Vec<PathBuf> {
        let home = &self.cargo_home;
        self.registries
            .get_or_insert_with(|| {
                let folder = home.as_ref().map(|home| home.join("registry/src"));
                let mut registries: Vec<PathBuf> = folder
                    .and_then(|folder| fs::read_dir(folder).ok())
                    .into_iter()
                    .flatten()
                    .flatten()
                    .map(|entry| entry.path())
                    .collect();
                registries.sort();
                registries
            })
            .clone()
    }

    fn packages_of_checkout(&mut self, folder: PathBuf) -> Arc<HashMap<String, PathBuf>> {
        self.checkouts
            .entry(folder)
            .or_insert_with_key(|folder| {
                let manifests = WalkDir::new(folder)
                    .max_depth(5)
                    .sort_by_file_name()
                    .into_iter()
                    .flatten()
                    .filter(|entry| entry.file_name() == "Cargo.toml");
                let mut packages = HashMap::new();
                for entry in manifests {
                    let manifest = Manifest::read(entry.path()).ok();
                    let name = manifest
                        .as_ref()
                        .and_then(|manifest| manifest.package_text("name", None));
                    if let (Some(name), Some(root)) = (name, entry.path().parent()) {
                        packages.entry(name).or_insert_with(|| root.to_owned());
                    }
                }
                Arc::new(packages)
            })
            .clone()
    }
}

/// True if the folder is called `name-version`, as cargo unpacks packages.
pub(super) fn is_unpacked(root: &Path) -> bool {
    root.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name_and_version(name).is_some())
}

/// `burn-core-0.22.1` as `burn-core` and 0.22.1.
fn name_and_version(folder: &str) -> Option<(&str, Version)> {
    folder
        .match_indices('-')
        .find_map(|(dash, _)| Some((&folder[..dash], Version::parse(&folder[dash + 1..]).ok()?)))
}

/// The folders that `.cargo/config.toml` of this or a higher folder names as sources, and `vendor` where no file names it.
fn vendored_folders(root: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for folder in root.ancestors() {
        for name in [".cargo/config.toml", ".cargo/config"] {
            let config = fs::read_to_string(folder.join(name))
                .ok()
                .and_then(|text| text.parse::<Table>().ok());
            let sources = config
                .as_ref()
                .and_then(|config| config.get("source")?.as_table());
            folders.extend(
                sources
                    .into_iter()
                    .flat_map(Table::values)
                    .filter_map(|source| source.get("directory").and_then(Value::as_str))
                    .map(|directory| join(folder, directory)),
            );
        }
        let vendor = folder.join("vendor");
        if folder.join("Cargo.lock").is_file() && vendor.is_dir() && !folders.contains(&vendor) {
            folders.push(vendor);
        }
    }
    folders
}

/// A package in a vendored folder that doesn't carry its version in its name.
fn vendored(folder: &Path, name: &str) -> Option<(Version, PathBuf)> {
    let root = folder.join(name);
    let version = Manifest::of_folder(&root)?.package_text("version", None)?;
    Some((Version::parse(&version).ok()?, root))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    fn index(folder: &Folder) -> SourceIndex {
        SourceIndex {
            cargo_home: Some(folder.path("home")),
            ..SourceIndex::default()
        }
    }

    #[test]
    fn a_folder_name_is_split_before_its_version() {
        let split = |folder| {
            name_and_version(folder).map(|(name, version)| (name.to_owned(), version.to_string()))
        };
        let pair = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
        assert_eq!(split("burn-core-0.22.1"), pair("burn-core", "0.22.1"));
        assert_eq!(split("burn-0.23.0-pre.1"), pair("burn", "0.23.0-pre.1"));
        assert_eq!(split("x-509-1.0.0+a-1"), pair("x-509", "1.0.0+a-1"));
        assert_eq!(split("candle-nn"), None);
    }

    #[test]
    fn registries_siblings_and_vendored_folders_are_searched() {
        let folder = Folder::with(&[
            ("home/registry/src/index-1/dep-1.0.0/Cargo.toml", ""),
            ("home/registry/src/index-1/dep-1.2.0/Cargo.toml", ""),
            ("home/registry/src/index-1/dep-2.0.0/Cargo.toml", ""),
            ("unpacked/user-0.1.0/Cargo.toml", ""),
            ("unpacked/dep-1.3.0/Cargo.toml", ""),
            (
                "work/.cargo/config.toml",
                "[source.mine]\ndirectory = 'third'",
            ),
            (
                "work/third/dep/Cargo.toml",
                "package = {name = 'dep', version = '1.9.0'}",
            ),
            ("work/app/Cargo.toml", ""),
        ]);
        let mut index = index(&folder);
        let mut newest = |root: &str| {
            let (version, found) = index.newest(&folder.path(root), "dep", "1").unwrap();
            assert!(found.is_dir());
            version.to_string()
        };
        assert_eq!(newest("elsewhere"), "1.2.0");
        assert_eq!(newest("unpacked/user-0.1.0"), "1.3.0");
        assert_eq!(newest("work/app"), "1.9.0");
        let root = folder.path("elsewhere");
        assert!(index.exactly(&root, "dep", "2.0.0").is_some());
        assert!(index.exactly(&root, "dep", "2.0.1").is_none());
    }

    #[test]
    fn a_git_checkout_is_found_by_repository_and_commit() {
        let folder = Folder::with(&[(
            "home/git/checkouts/candle-00ff/abcdef0/candle-nn/Cargo.toml",
            "package = {name = 'candle-nn'}",
        )]);
        let mut index = index(&folder);
        let source = "git+https://example.org/x/candle.git?branch=main#abcdef0123456789";
        assert_eq!(
            index.checked_out(source, "candle-nn"),
            Some(folder.path("home/git/checkouts/candle-00ff/abcdef0/candle-nn"))
        );
        assert_eq!(index.checked_out(source, "candle-core"), None);
    }
}
