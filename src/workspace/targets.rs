//! The targets of a package as cargo finds them: what the manifest names, and its default layout.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::manifest::{Manifest, join};
use super::{Target, TargetKind};

/// The targets of a package whose sources exist.
pub(super) fn targets(manifest: &Manifest, package_name: &str, edition: &str) -> Vec<Target> {
    let mut targets = Vec::new();
    targets.extend(library(manifest, package_name));
    for section in SECTIONS {
        targets.extend(section.targets(manifest, package_name, edition));
    }
    targets.extend(build_script(manifest));
    targets
}

fn library(manifest: &Manifest, package_name: &str) -> Option<Target> {
    let table = manifest.table("lib");
    let given = |key: &str| table.and_then(|lib| lib.get(key)).and_then(Value::as_str);
    if table.is_none() && switched_off(manifest, "autolib") {
        return None;
    }
    let src_path = join(manifest.root(), given("path").unwrap_or("src/lib.rs"));
    src_path.is_file().then(|| Target {
        name: given("name")
            .map(str::to_owned)
            .unwrap_or_else(|| package_name.replace('-', "_")),
        kind: TargetKind::Lib,
        src_path,
    })
}

fn build_script(manifest: &Manifest) -> Option<Target> {
    let path = match manifest.package()?.get("build") {
        Some(Value::Boolean(false)) => return None,
        Some(Value::String(path)) => path,
        _ => "build.rs",
    };
    let src_path = join(manifest.root(), path);
    src_path.is_file().then(|| Target {
        name: "build-script-build".to_owned(),
        kind: TargetKind::BuildScript,
        src_path,
    })
}

/// A kind of target of which a package can have many.
struct Section {
    kind: TargetKind,
    /// The manifest's array of tables.
    key: &'static str,
    folder: &'static str,
    /// The key of `[package]` that switches off the layout.
    automatic: &'static str,
}

const SECTIONS: [Section; 4] = [
    Section {
        kind: TargetKind::Bin,
        key: "bin",
        folder: "src/bin",
        automatic: "autobins",
    },
    Section {
        kind: TargetKind::Example,
        key: "example",
        folder: "examples",
        automatic: "autoexamples",
    },
    Section {
        kind: TargetKind::Test,
        key: "test",
        folder: "tests",
        automatic: "autotests",
    },
    Section {
        kind: TargetKind::Bench,
        key: "bench",
        folder: "benches",
        automatic: "autobenches",
    },
];

impl Section {
    fn targets(&self, manifest: &Manifest, package_name: &str, edition: &str) -> Vec<Target> {
        let found = self.by_layout(manifest.root(), package_name);
        let tables: Vec<&Table> = manifest
            .value(self.key)
            .and_then(Value::as_array)
            .map(|array| array.iter().filter_map(Value::as_table).collect())
            .unwrap_or_default();
        let mut targets: Vec<Target> = tables
            .iter()
            .filter_map(|table| self.named(table, manifest.root(), &found))
            .collect();
        // Up to edition 2015 one named target switches the layout off.
        let automatic = !switched_off(manifest, self.automatic)
            && (edition != "2015" || tables.is_empty() || switched_on(manifest, self.automatic));
        if automatic {
            for target in found {
                let known = targets
                    .iter()
                    .any(|other| other.name == target.name || other.src_path == target.src_path);
                if !known {
                    targets.push(target);
                }
            }
        }
        targets
    }

    /// A target that the manifest names, with the path it gives or, without one, that of the layout.
    fn named(&self, table: &Table, root: &Path, found: &[Target]) -> Option<Target> {
        let name = table.get("name").and_then(Value::as_str);
        let src_path = match table.get("path").and_then(Value::as_str) {
            Some(path) => join(root, path),
            None => {
                let same_name = found
                    .iter()
                    .find(|target| Some(target.name.as_str()) == name);
                same_name?.src_path.clone()
            }
        };
        let stem = src_path.file_stem()?.to_str()?;
        src_path.is_file().then(|| Target {
            name: name.unwrap_or(stem).to_owned(),
            kind: self.kind,
            src_path: src_path.clone(),
        })
    }

    /// `src/main.rs`, `folder/*.rs` and `folder/*/main.rs`, in the order of names.
    fn by_layout(&self, root: &Path, package_name: &str) -> Vec<Target> {
        let mut targets = Vec::new();
        let mut add = |name: &str, src_path: PathBuf| {
            if src_path.is_file() {
                targets.push(Target {
                    name: name.to_owned(),
                    kind: self.kind,
                    src_path,
                });
            }
        };
        if self.kind == TargetKind::Bin {
            add(package_name, root.join("src").join("main.rs"));
        }
        let folder = join(root, self.folder);
        let mut entries: Vec<PathBuf> = fs::read_dir(&folder)
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        entries.sort();
        for entry in entries {
            let Some(stem) = entry.file_stem().and_then(|stem| stem.to_str()) else {
                continue;
            };
            if stem.starts_with('.') {
                continue;
            }
            if entry.is_dir() {
                let name = entry.file_name().and_then(|name| name.to_str());
                add(name.unwrap_or(stem), entry.join("main.rs"));
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                add(stem, entry.clone());
            }
        }
        targets
    }
}

fn switched_off(manifest: &Manifest, key: &str) -> bool {
    switch(manifest, key) == Some(false)
}

fn switched_on(manifest: &Manifest, key: &str) -> bool {
    switch(manifest, key) == Some(true)
}

fn switch(manifest: &Manifest, key: &str) -> Option<bool> {
    manifest.package()?.get(key)?.as_bool()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    fn names(folder: &Folder) -> Vec<String> {
        let manifest = Manifest::read(&folder.path("Cargo.toml")).unwrap();
        targets(&manifest, "my-package", "2021")
            .into_iter()
            .map(|target| {
                let path = target.src_path.strip_prefix(folder.root()).unwrap();
                format!("{:?} {} {}", target.kind, target.name, path.display())
            })
            .collect()
    }

    #[test]
    fn the_default_layout_is_cargos() {
        let folder = Folder::with(&[
            ("Cargo.toml", "[package]\nname = 'my-package'"),
            ("src/lib.rs", ""),
            ("src/main.rs", ""),
            ("src/bin/tool.rs", ""),
            ("src/bin/big/main.rs", ""),
            ("src/bin/big/other.rs", ""),
            ("examples/mnist.rs", ""),
            ("tests/all/main.rs", ""),
            ("tests/common/mod.rs", ""),
            ("benches/speed.rs", ""),
            ("build.rs", ""),
        ]);
        assert_eq!(
            names(&folder),
            [
                "Lib my_package src/lib.rs",
                "Bin my-package src/main.rs",
                "Bin big src/bin/big/main.rs",
                "Bin tool src/bin/tool.rs",
                "Example mnist examples/mnist.rs",
                "Test all tests/all/main.rs",
                "Bench speed benches/speed.rs",
                "BuildScript build-script-build build.rs",
            ]
        );
    }

    #[test]
    fn named_targets_replace_the_layouts() {
        let folder = Folder::with(&[
            (
                "Cargo.toml",
                "package = {name = 'my-package', autoexamples = false, build = false}
                 lib = {name = 'other', path = 'code/lib.rs'}
                 bin = [{name = 'run', path = 'code/run.rs'}, {name = 'tool'}]
                 example = [{name = 'asked'}, {name = 'missing'}]",
            ),
            ("code/lib.rs", ""),
            ("code/run.rs", ""),
            ("src/bin/tool.rs", ""),
            ("examples/asked.rs", ""),
            ("examples/not_asked.rs", ""),
            ("build.rs", ""),
        ]);
        assert_eq!(
            names(&folder),
            [
                "Lib other code/lib.rs",
                "Bin run code/run.rs",
                "Bin tool src/bin/tool.rs",
                "Example asked examples/asked.rs",
            ]
        );
    }
}
