//! The sources of a fixture's dependencies.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn cargo(folder: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--locked")
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .output()
        .unwrap()
}

/// Fetches what is not there yet.
pub fn fetch(folder: &Path) {
    let there = cargo(folder, &["fetch", "--offline"]).status.success();
    if !there {
        let output = cargo(folder, &["fetch"]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
    }
}

/// Where the source of a dependency lies.
pub fn package(folder: &Path, name: &str) -> PathBuf {
    let output = cargo(folder, &["metadata", "--offline", "--format-version=1"]);
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == name);
    let manifest = package.unwrap()["manifest_path"].as_str().unwrap();
    Path::new(manifest).parent().unwrap().to_path_buf()
}

/// Where the source of a published crate lies; cargo unpacks that one crate, and none of its dependencies.
pub fn published(name: &str, version: &str) -> PathBuf {
    let spec = format!("{name}@{version}");
    unpacked(name, version).unwrap_or_else(|| {
        let output = Command::new(env!("CARGO"))
            .args(["info", "--quiet", &spec])
            // Outside the workspace, whose lock file would choose the version.
            .current_dir(env::temp_dir())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        unpacked(name, version).unwrap_or_else(|| panic!("{spec} was not unpacked: {errors}"))
    })
}

fn unpacked(name: &str, version: &str) -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")))?;
    let registries = fs::read_dir(home.join("registry/src")).ok()?;
    let mut folders = registries
        .flatten()
        .map(|registry| registry.path().join(format!("{name}-{version}")));
    folders.find(|folder| folder.is_dir())
}

/// A fixture's functions over the crates as they were published, not as its patches make them: to be read, not to be built.
pub fn as_published(fixture: &Path) -> PathBuf {
    let reader = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracle-as-published");
    fs::create_dir_all(&reader).unwrap();
    let mut manifest = String::new();
    for line in fs::read_to_string(fixture.join("Cargo.toml"))
        .unwrap()
        .lines()
    {
        let line = match line.split_once("../../target/ported/") {
            Some((before, after)) => {
                let (folder, after) = after.split_once('"').unwrap();
                let (name, version) = folder.rsplit_once('-').unwrap();
                let source = published(name, version);
                format!("{before}{}\"{after}", source.display())
            }
            None => line.replace("../", &format!("{}/", fixture.parent().unwrap().display())),
        };
        manifest += &line;
        manifest.push('\n');
    }
    // The backslashes of a path would be escapes.
    let manifest = manifest.replace('\\', "/");
    fs::write(reader.join("Cargo.toml"), manifest).unwrap();
    copy(&fixture.join("src"), &reader.join("src"));
    reader
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}
