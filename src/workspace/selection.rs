//! Which findings are shown: the analysis covers more than a user asks about.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{TargetId, TargetKind, Workspace};

/// What a finding's place must meet to be shown; what is empty is met by all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Files and folders, absolute.
    pub paths: Vec<PathBuf>,
    /// Ids of packages.
    pub packages: BTreeSet<String>,
    pub kinds: BTreeSet<TargetKind>,
}

impl Selection {
    /// True if findings are shown in this file, which `owners` reach by their `mod` declarations.
    pub fn shows(&self, file: &Path, owners: &[TargetId], workspace: &Workspace) -> bool {
        self.holds_path(file)
            && (self.packages.is_empty()
                || owners.iter().any(|owner| {
                    self.packages
                        .contains(&workspace.packages[owner.package].id)
                }))
            && (self.kinds.is_empty()
                || owners
                    .iter()
                    .any(|owner| self.kinds.contains(&workspace.target(*owner).kind)))
    }

    fn holds_path(&self, file: &Path) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|path| file.starts_with(path))
    }
}
