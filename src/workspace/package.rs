//! Plain data about packages.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// Everything one run analyses.
#[derive(Debug, Default)]
pub struct Workspace {
    /// The members of the workspace, or the programs made of loose files (one package for each, with one target).
    pub packages: Vec<Package>,
    /// What went wrong on the way, in sentences for a person; the run goes on.
    pub notes: Vec<String>,
}

impl Workspace {
    pub fn target(&self, id: TargetId) -> &Target {
        &self.packages[id.package].targets[id.target]
    }
}

/// A target, by its place among the packages of the workspace and the targets of its package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetId {
    pub package: usize,
    pub target: usize,
}

/// A package whose code is analysed.
#[derive(Clone, Debug)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// Cargo's package id; of a loose file, the file's URL.
    pub id: String,
    /// None for a loose file.
    pub manifest_path: Option<PathBuf>,
    /// The folder of the manifest, or of the loose file.
    pub root: PathBuf,
    pub edition: String,
    pub targets: Vec<Target>,
    pub dependencies: Vec<Dependency>,
    /// The features that `default` switches on, transitively.
    pub default_features: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub struct Target {
    pub name: String,
    pub kind: TargetKind,
    pub src_path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKind {
    Lib,
    Bin,
    Example,
    Test,
    Bench,
    BuildScript,
}

#[derive(Clone, Debug)]
pub struct Dependency {
    /// The name by which code calls it (`-` already `_`, renames applied).
    pub name_in_code: String,
    /// The package's own name.
    pub package: String,
    /// The version requirement of the manifest, `*` if there is none.
    pub requirement: String,
    pub kind: DependencyKind,
    /// The folder of a path dependency, if it exists.
    pub path: Option<PathBuf>,
    /// What the lock file chose.
    pub resolved: Option<ResolvedDependency>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyKind {
    Normal,
    Dev,
    Build,
}

#[derive(Clone, Debug)]
pub struct ResolvedDependency {
    pub version: String,
    /// The folder with its sources, if they are on this machine.
    pub source: Option<PathBuf>,
}
