//! The sources of a fixture's dependencies.

use std::path::{Path, PathBuf};
use std::process::Command;

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
