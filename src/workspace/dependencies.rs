//! The dependency tables of a manifest: plain, by target, inherited, renamed.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::manifest::{Manifest, inherits, join};
use super::{Dependency, DependencyKind};

const KINDS: [(&str, DependencyKind); 5] = [
    ("dependencies", DependencyKind::Normal),
    ("dev-dependencies", DependencyKind::Dev),
    ("dev_dependencies", DependencyKind::Dev),
    ("build-dependencies", DependencyKind::Build),
    ("build_dependencies", DependencyKind::Build),
];

/// All dependencies of a package, of every kind and every target platform.
pub(super) fn dependencies(manifest: &Manifest, workspace: Option<&Manifest>) -> Vec<Dependency> {
    let platforms: Vec<&Table> = manifest
        .table("target")
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_table)
        .collect();
    let mut found: Vec<Dependency> = Vec::new();
    for (key, kind) in KINDS {
        let everywhere = manifest.table(key);
        let by_platform = platforms
            .iter()
            .filter_map(|platform| platform.get(key)?.as_table());
        for (key, value) in everywhere.into_iter().chain(by_platform).flatten() {
            let dependency = dependency(key, value, kind, manifest, workspace);
            let known = found
                .iter()
                .any(|other| (&other.name_in_code, other.kind) == (&dependency.name_in_code, kind));
            if !known {
                found.push(dependency);
            }
        }
    }
    found
}

/// The keys of the optional dependencies, as features name them.
pub(super) fn optional(manifest: &Manifest) -> BTreeSet<String> {
    manifest
        .table("dependencies")
        .into_iter()
        .flatten()
        .filter(|(_, value)| value.get("optional").and_then(Value::as_bool) == Some(true))
        .map(|(key, _)| key.clone())
        .collect()
}

fn dependency(
    key: &str,
    value: &Value,
    kind: DependencyKind,
    manifest: &Manifest,
    workspace: Option<&Manifest>,
) -> Dependency {
    // What is inherited is written, with its path, in the workspace's manifest.
    let shared = value
        .as_table()
        .filter(|table| inherits(table))
        .and(workspace)
        .and_then(|workspace| {
            let shared = workspace.workspace()?.get("dependencies")?.get(key)?;
            Some((shared, workspace))
        });
    let (value, written_in) = shared.unwrap_or((value, manifest));
    let given = |key: &str| value.get(key).and_then(Value::as_str);
    let path = given("path").map(|path| join(written_in.root(), path));
    Dependency {
        name_in_code: key.replace('-', "_"),
        package: given("package").unwrap_or(key).to_owned(),
        requirement: value
            .as_str()
            .or(given("version"))
            .unwrap_or("*")
            .to_owned(),
        kind,
        path: path.filter(|path| path.is_dir()),
        resolved: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    #[test]
    fn every_way_to_name_a_dependency_is_understood() {
        let folder = Folder::with(&[
            (
                "Cargo.toml",
                "[workspace.dependencies]
                 shared = { path = 'shared', version = '1', package = 'shared-layers' }",
            ),
            ("shared/Cargo.toml", ""),
            (
                "member/Cargo.toml",
                "[dependencies]
                 candle-nn = '0.11'
                 nn = { package = 'burn-nn', git = 'https://example.org/burn' }
                 shared.workspace = true
                 gone = { path = '../gone' }
                 [dev-dependencies]
                 candle-nn = '0.11'
                 [target.'cfg(unix)'.build-dependencies]
                 cc = '1'",
            ),
        ]);
        let read = |path: &str| Manifest::read(&folder.path(path)).unwrap();
        let found = dependencies(&read("member/Cargo.toml"), Some(&read("Cargo.toml")));
        let shown: Vec<String> = found
            .iter()
            .map(|found| {
                let path = found
                    .path
                    .as_ref()
                    .and_then(|path| path.file_name())
                    .and_then(|name| name.to_str());
                format!(
                    "{:?} {} = {} {} {}",
                    found.kind,
                    found.name_in_code,
                    found.package,
                    found.requirement,
                    path.unwrap_or("-")
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "Normal candle_nn = candle-nn 0.11 -",
                "Normal gone = gone * -",
                "Normal nn = burn-nn * -",
                "Normal shared = shared-layers 1 shared",
                "Dev candle_nn = candle-nn 0.11 -",
                "Build cc = cc 1 -",
            ]
        );
    }
}
