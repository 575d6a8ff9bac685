//! `cargo modlint --fix` and `--diff`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::End;
use super::error::CliError;
use super::options::FixOptions;
use crate::config::{Levels, Settings};
use crate::emit::counted;
use crate::fix::{Outcome, Which, check_vcs, fix, unified, write_all};
use crate::workspace::{Request, Selection, Workspace};

/// Where files are changed, and what is allowed there.
pub(super) struct Fixer<'a> {
    pub options: &'a FixOptions,
    pub current_dir: &'a Path,
}

impl Fixer<'_> {
    /// Fails where a tree holds changes that would be mixed with the fixes. A diff changes nothing, and is always allowed.
    pub fn check_tree(&self, request: &Request) -> Result<(), CliError> {
        if self.options.diff {
            return Ok(());
        }
        for folder in folders(request, self.current_dir) {
            check_vcs(&folder, self.options.permissions()).map_err(CliError::Vcs)?;
        }
        Ok(())
    }

    /// Applies what can be applied; the outcome's findings are those that are left.
    pub fn run(
        &self,
        workspace: &Arc<Workspace>,
        selection: &Selection,
        settings: &Settings,
        levels: &Levels,
    ) -> Result<Outcome, CliError> {
        let which = match self.options.unsafe_fixes {
            true => Which::All,
            false => Which::MachineApplicable,
        };
        let outcome = fix(workspace, selection, settings, levels, which)?;
        if !self.options.diff {
            let changes = outcome.changes.iter();
            write_all(changes.map(|change| {
                (
                    change.path.as_path(),
                    change.before.as_str(),
                    change.after.as_str(),
                )
            }))
            .map_err(CliError::Write)?;
        }
        self.tell(&outcome);
        Ok(outcome)
    }

    /// The changes as a patch.
    pub fn print_diff(&self, outcome: &Outcome, out: &mut dyn Write) -> Result<End, CliError> {
        for change in &outcome.changes {
            let diff = unified(
                &change.path,
                self.current_dir,
                &change.before,
                &change.after,
            );
            out.write_all(diff.as_bytes()).map_err(CliError::Output)?;
        }
        Ok(match outcome.was_denied {
            true => End::Denied,
            false => End::Clean,
        })
    }

    /// What was done, for a person: on standard error.
    fn tell(&self, outcome: &Outcome) {
        let mut to = io::stderr().lock();
        for refusal in &outcome.refusals {
            let _ = writeln!(
                to,
                "warning: {}:{}: the fix for {} was taken back: {}",
                self.shown(&refusal.path),
                refusal.line,
                refusal.lint,
                refusal.reason
            );
        }
        let findings = counted(outcome.fixed, "finding");
        let files = counted(outcome.changes.len(), "file");
        let done = match self.options.diff {
            true => "would be fixed",
            false => "fixed",
        };
        let _ = writeln!(to, "note: {findings} {done} in {files}");
    }

    fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(self.current_dir).unwrap_or(path);
        relative.display().to_string()
    }
}

/// The folders that a request is about.
fn folders(request: &Request, current_dir: &Path) -> BTreeSet<PathBuf> {
    let folder_of = |path: &PathBuf| {
        let path = current_dir.join(path);
        match (path.is_dir(), path.parent()) {
            (false, Some(folder)) => folder.to_owned(),
            _ => path,
        }
    };
    let mut folders: BTreeSet<PathBuf> = request.paths.iter().map(folder_of).collect();
    folders.extend(request.manifest_path.iter().map(folder_of));
    if folders.is_empty() {
        folders.insert(current_dir.to_owned());
    }
    folders
}
