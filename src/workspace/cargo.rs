//! The packages of a workspace as cargo tells them, without network, lock file or toolchain file.

use std::path::Path;

use cargo_metadata::{DependencyKind as CargoKind, MetadataCommand, TargetKind as CargoTargetKind};

use super::features::default_features;
use super::{Dependency, DependencyKind, Package, Target, TargetKind};

/// The members of the manifest's workspace, their dependencies not yet resolved; or cargo's complaint in one line.
pub(super) fn packages(manifest: &Path) -> Result<Vec<Package>, String> {
    // A folder without toolchain file and configuration: neither must matter.
    let neutral = manifest.ancestors().last().unwrap_or(Path::new("/"));
    let metadata = MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .other_options(["--offline".to_owned()])
        .current_dir(neutral)
        .env("CARGO_TERM_COLOR", "never")
        .exec()
        .map_err(|error| complaint(&error))?;
    Ok(metadata.packages.iter().map(package).collect())
}

/// What cargo says, without its prefixes: the first cause and the last.
fn complaint(error: &cargo_metadata::Error) -> String {
    let cargo_metadata::Error::CargoMetadata { stderr } = error else {
        return error.to_string();
    };
    let lines: Vec<&str> = stderr
        .lines()
        .map(|line| line.trim().trim_start_matches("error: "))
        .filter(|line| !line.is_empty() && *line != "Caused by:" && !line.starts_with("warning: "))
        .collect();
    match lines[..] {
        [] => "cargo metadata failed".to_owned(),
        [only] => only.to_owned(),
        [first, .., last] => format!("{first}: {last}"),
    }
}

fn package(package: &cargo_metadata::Package) -> Package {
    let manifest = package.manifest_path.as_std_path();
    let optional = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.optional)
        .map(|dependency| dependency.rename.clone().unwrap_or(dependency.name.clone()))
        .collect();
    let features = package.features.clone().into_iter().collect();
    Package {
        name: package.name.to_string(),
        version: package.version.to_string(),
        id: package.id.repr.clone(),
        manifest_path: Some(manifest.to_owned()),
        root: manifest.parent().unwrap_or(manifest).to_owned(),
        edition: package.edition.to_string(),
        targets: package.targets.iter().filter_map(target).collect(),
        dependencies: package.dependencies.iter().map(dependency).collect(),
        default_features: default_features(&features, &optional),
    }
}

/// A target whose source is there.
fn target(target: &cargo_metadata::Target) -> Option<Target> {
    let kind = match target.kind.first()? {
        CargoTargetKind::Bin => TargetKind::Bin,
        CargoTargetKind::Example => TargetKind::Example,
        CargoTargetKind::Test => TargetKind::Test,
        CargoTargetKind::Bench => TargetKind::Bench,
        CargoTargetKind::CustomBuild => TargetKind::BuildScript,
        _ => TargetKind::Lib,
    };
    let src_path = target.src_path.clone().into_std_path_buf();
    src_path.is_file().then(|| Target {
        name: target.name.clone(),
        kind,
        src_path,
    })
}

fn dependency(dependency: &cargo_metadata::Dependency) -> Dependency {
    let called = dependency.rename.as_ref().unwrap_or(&dependency.name);
    Dependency {
        name_in_code: called.replace('-', "_"),
        package: dependency.name.clone(),
        requirement: dependency.req.to_string(),
        kind: match dependency.kind {
            CargoKind::Development => DependencyKind::Dev,
            CargoKind::Build => DependencyKind::Build,
            _ => DependencyKind::Normal,
        },
        path: dependency
            .path
            .as_ref()
            .map(|path| path.clone().into_std_path_buf())
            .filter(|path| path.is_dir()),
        resolved: None,
    }
}
