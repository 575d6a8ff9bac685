//! What there is to write.

use std::collections::HashMap;
use std::path::Path;

use crate::analysis::{Diagnostic, NotAnalysed};
use crate::lints::{Finding, Level};
use crate::source::{FileId, SourceMap};
use crate::workspace::{TargetId, Workspace};

/// What one run shows.
#[derive(Debug)]
pub struct Report<'a> {
    pub workspace: &'a Workspace,
    pub sources: &'a SourceMap,
    /// The targets that a file belongs to.
    pub owners: &'a HashMap<FileId, Vec<TargetId>>,
    /// Paths below it are shown relative to it.
    pub current_dir: &'a Path,
    /// At the levels of this run, none of them `Allow`, in the order of files and positions.
    pub findings: Vec<Finding>,
    pub diagnostics: Vec<Diagnostic>,
    pub not_analysed: Vec<NotAnalysed>,
}

impl Report<'_> {
    pub fn count(&self, level: Level) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    }

    /// True if no finding is denied.
    pub fn is_success(&self) -> bool {
        self.count(Level::Deny) == 0
    }

    /// A path as people read it.
    pub(super) fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(self.current_dir).unwrap_or(path);
        relative.display().to_string()
    }
}
