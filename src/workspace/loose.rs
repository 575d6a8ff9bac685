//! Programs without a package: single files, and folders of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::reach::roots;
use super::read::file_url;
use super::{Package, Target, TargetKind};

/// The file as a program of its own.
pub(super) fn program(file: &Path) -> Package {
    let name = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().replace('-', "_"))
        .unwrap_or_default();
    Package {
        version: "0.0.0".to_owned(),
        id: file_url(file),
        manifest_path: None,
        root: file.parent().unwrap_or(file).to_owned(),
        // What rustc would take is 2015; code on these frameworks is never that old.
        edition: "2021".to_owned(),
        targets: vec![Target {
            name: name.clone(),
            kind: TargetKind::Bin,
            src_path: file.to_owned(),
        }],
        dependencies: Vec::new(),
        default_features: BTreeSet::new(),
        name,
    }
}

/// One program for each file that no other one makes a part of itself.
pub(super) fn programs(files: &BTreeSet<PathBuf>) -> Vec<Package> {
    roots(files).iter().map(|file| program(file)).collect()
}

/// What lies in a folder.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The manifests, those nearer to the folder first.
    pub manifests: Vec<PathBuf>,
    /// The Rust files that lie beneath no manifest.
    pub loose: BTreeSet<PathBuf>,
    pub notes: Vec<String>,
}

/// Walks through a folder, following links but none in a loop; what builds leave behind and hidden folders are passed over.
pub(super) fn contents(folder: &Path) -> Contents {
    let mut contents = Contents::default();
    let mut files = Vec::new();
    let walk = WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_passed_over(entry));
    for entry in walk {
        match entry {
            Ok(entry) if !entry.file_type().is_file() => {}
            Ok(entry) if entry.file_name() == "Cargo.toml" => {
                contents.manifests.push(entry.into_path());
            }
            Ok(entry) if entry.path().extension().is_some_and(|end| end == "rs") => {
                files.push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => contents.notes.extend(note(&error)),
        }
    }
    contents
        .manifests
        .sort_by_key(|path| (path.components().count(), path.clone()));
    let packages: BTreeSet<&Path> = contents
        .manifests
        .iter()
        .filter_map(|manifest| manifest.parent())
        .collect();
    contents.loose = files
        .into_iter()
        .filter(|file| !file.ancestors().any(|above| packages.contains(above)))
        .collect();
    contents
}

fn is_passed_over(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let hidden = name.starts_with('.');
    let built = || name == "target" || entry.path().join("CACHEDIR.TAG").is_file();
    entry.file_type().is_dir() && (hidden || built())
}

fn note(error: &walkdir::Error) -> Option<String> {
    let path = error.path()?.display();
    if let Some(above) = error.loop_ancestor() {
        return Some(format!(
            "the link `{path}` leads back to `{}`; it is not followed",
            above.display()
        ));
    }
    let reason = error.io_error()?;
    Some(format!("`{path}` cannot be read: {reason}; it is left out"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    #[test]
    fn packages_are_told_from_loose_files() {
        let folder = Folder::with(&[
            ("a.rs", ""),
            ("deep/b.rs", ""),
            ("net/Cargo.toml", ""),
            ("net/src/lib.rs", ""),
            ("target/debug/c.rs", ""),
            (".hidden/d.rs", ""),
            ("notes.md", ""),
        ]);
        let contents = contents(folder.root());
        assert_eq!(contents.manifests, [folder.path("net/Cargo.toml")]);
        assert_eq!(
            contents.loose,
            [folder.path("a.rs"), folder.path("deep/b.rs")].into()
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_but_not_in_a_loop() {
        let folder = Folder::with(&[("in/a.rs", ""), ("out/b.rs", "")]);
        let link = |to: &str, at: &str| {
            std::os::unix::fs::symlink(folder.path(to), folder.path(at)).unwrap();
        };
        link("in", "in/again");
        link("out", "in/other");
        link("nowhere", "in/broken.rs");
        let contents = contents(&folder.path("in"));
        assert_eq!(
            contents.loose,
            [folder.path("in/a.rs"), folder.path("in/other/b.rs")].into()
        );
        assert_eq!(contents.notes.len(), 2, "{:?}", contents.notes);
    }
}
