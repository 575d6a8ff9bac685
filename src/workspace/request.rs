//! What a user asks to look at.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::TargetKind;

/// What is to be discovered, as the command line says it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The folder that relative paths and an empty `paths` start from.
    pub current_dir: PathBuf,
    /// Files and folders; empty for the package or workspace that `current_dir` lies in.
    pub paths: Vec<PathBuf>,
    pub manifest_path: Option<PathBuf>,
    /// Names of packages; empty for all.
    pub packages: Vec<String>,
    /// Kinds of targets; empty for all.
    pub kinds: BTreeSet<TargetKind>,
}
