//! Packages by their manifests alone, where cargo isn't asked or can't answer.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::Package;
use super::dependencies::{dependencies, optional};
use super::features::default_features;
use super::manifest::{Manifest, texts};
use super::members::members;
use super::targets::targets;

/// The members of the manifest's workspace, their dependencies not yet resolved, and notes on what is missing.
pub(super) fn packages(manifest: Manifest) -> (Vec<Package>, Vec<String>) {
    let members = members(manifest);
    let packages = members
        .packages
        .iter()
        .filter_map(|member| package(member, members.root.as_ref()))
        .collect();
    (packages, members.notes)
}

/// A package by its own manifest and that of its workspace; None if it has no name.
pub(super) fn package(manifest: &Manifest, workspace: Option<&Manifest>) -> Option<Package> {
    let text = |key: &str| manifest.package_text(key, workspace);
    let name = text("name")?;
    let version = text("version").unwrap_or_else(|| "0.0.0".to_owned());
    let edition = text("edition").unwrap_or_else(|| "2015".to_owned());
    let features: BTreeMap<String, Vec<String>> = manifest
        .table("features")
        .into_iter()
        .flatten()
        .map(|(key, entries)| {
            let entries = texts(Some(entries)).into_iter().map(str::to_owned);
            (key.clone(), entries.collect())
        })
        .collect();
    Some(Package {
        id: package_id(manifest.root(), &name, &version),
        manifest_path: Some(manifest.path.clone()),
        root: manifest.root().to_owned(),
        targets: targets(manifest, &name, &edition),
        dependencies: dependencies(manifest, workspace),
        default_features: default_features(&features, &optional(manifest)),
        name,
        version,
        edition,
    })
}

/// The id that cargo gives a package of a folder.
fn package_id(root: &Path, name: &str, version: &str) -> String {
    let url = file_url(root);
    match root.file_name().is_some_and(|folder| folder == name) {
        true => format!("path+{url}#{version}"),
        false => format!("path+{url}#{name}@{version}"),
    }
}

/// `file:///folder/a%20b.rs`.
pub(super) fn file_url(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let mut url = "file://".to_owned();
    if !path.starts_with('/') {
        url.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b':'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'+'
            | b'@' => url.push(char::from(byte)),
            other => {
                let _ = write!(url, "%{other:02X}");
            }
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    #[test]
    fn the_manifests_tell_what_cargo_tells() {
        let folder = Folder::with(&[
            (
                "Cargo.toml",
                "[workspace]
                 members = ['net']
                 package = { version = '1.2.0', edition = '2021' }
                 dependencies = { helper = { path = 'helper', version = '0.1' } }",
            ),
            (
                "net/Cargo.toml",
                "[package]
                 name = 'my-net'
                 version.workspace = true
                 edition.workspace = true
                 [dependencies]
                 helper = { workspace = true, optional = true }
                 renamed = { package = 'serde', version = '1', default-features = false }
                 [dev-dependencies]
                 tempfile = '3'
                 [features]
                 default = ['help']
                 help = ['dep:helper']",
            ),
            ("net/src/lib.rs", ""),
            ("net/src/main.rs", ""),
            ("net/examples/small.rs", ""),
            ("net/examples/large/main.rs", ""),
            ("net/tests/all.rs", ""),
            (
                "helper/Cargo.toml",
                "[package]\nname = 'helper'\nversion = '0.1.0'",
            ),
            ("helper/src/lib.rs", ""),
        ]);
        let path = folder.path("net/Cargo.toml");
        let (mut read, notes) = packages(Manifest::read(&path).unwrap());
        let mut told = super::super::cargo::packages(&path).unwrap();
        assert_eq!(notes, Vec::<String>::new());
        for packages in [&mut read, &mut told] {
            packages.sort_by(|left, right| left.name.cmp(&right.name));
            for package in packages {
                package
                    .targets
                    .sort_by(|left, right| (left.kind, &left.name).cmp(&(right.kind, &right.name)));
                package
                    .dependencies
                    .sort_by(|left, right| left.name_in_code.cmp(&right.name_in_code));
                for dependency in &mut package.dependencies {
                    // Cargo writes `^1` for `1`.
                    let plain = dependency.requirement.trim_start_matches('^').to_owned();
                    dependency.requirement = plain;
                }
            }
        }
        assert_eq!(format!("{read:#?}"), format!("{told:#?}"));
    }

    #[test]
    fn a_url_escapes_what_urls_do_not_hold() {
        assert_eq!(
            file_url(Path::new("/a b/ö#.rs")),
            "file:///a%20b/%C3%B6%23.rs"
        );
    }
}
