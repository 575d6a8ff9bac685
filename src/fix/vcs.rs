//! Files are changed only where version control can give them back, by cargo's rules.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the user allows beyond a clean tree under version control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    pub dirty: bool,
    pub staged: bool,
    pub no_vcs: bool,
}

/// Why no file may be changed.
#[derive(Debug)]
pub enum VcsError {
    /// The folder belongs to no repository.
    NoVcs(PathBuf),
    /// Files with changes that no commit holds.
    Uncommitted {
        dirty: Vec<String>,
        staged: Vec<String>,
    },
    Git(String),
}

/// The folders and files by which repositories are known.
const REPOSITORIES: [&str; 6] = [".git", ".hg", ".jj", ".pijul", ".fslckout", "_FOSSIL_"];

/// Whether files below the folder may be changed.
pub fn check(folder: &Path, permissions: Permissions) -> Result<(), VcsError> {
    if permissions.no_vcs {
        return Ok(());
    }
    let kind = folder
        .ancestors()
        .find_map(|folder| REPOSITORIES.iter().find(|name| folder.join(name).exists()));
    match kind {
        None => Err(VcsError::NoVcs(folder.to_owned())),
        Some(_) if permissions.dirty && permissions.staged => Ok(()),
        Some(&".git") => check_git(folder, permissions),
        // Of the others, as in cargo, it is enough that they are there.
        Some(_) => Ok(()),
    }
}

fn check_git(folder: &Path, permissions: Permissions) -> Result<(), VcsError> {
    let git = |arguments: &[&str]| {
        Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(arguments)
            .output()
            .map_err(|error| VcsError::Git(cannot_run(&error)))
    };
    // A folder that is ignored has no version to go back to.
    if git(&["check-ignore", "--quiet", "."])?.status.success() {
        return Err(VcsError::NoVcs(folder.to_owned()));
    }
    let status = git(&["status", "--porcelain=v1", "-z", "--untracked-files=normal"])?;
    if !status.status.success() {
        let message = String::from_utf8_lossy(&status.stderr).trim().to_owned();
        return Err(VcsError::Git(format!("git status failed: {message}")));
    }
    let (mut dirty, mut staged) = changes(&String::from_utf8_lossy(&status.stdout));
    if permissions.dirty {
        dirty.clear();
    }
    if permissions.staged {
        staged.clear();
    }
    match dirty.is_empty() && staged.is_empty() {
        true => Ok(()),
        false => Err(VcsError::Uncommitted { dirty, staged }),
    }
}

fn cannot_run(error: &io::Error) -> String {
    format!("git cannot be run: {error}")
}

/// Files changed in the working tree, and files of which all changes are staged, from `git status --porcelain -z`.
fn changes(status: &str) -> (Vec<String>, Vec<String>) {
    let (mut dirty, mut staged) = (Vec::new(), Vec::new());
    let mut entries = status.split('\0');
    while let Some(entry) = entries.next() {
        let (Some(state), Some(path)) = (entry.get(..2), entry.get(3..)) else {
            continue;
        };
        // The old name of what was renamed follows.
        if state.contains(['R', 'C']) {
            entries.next();
        }
        match state.as_bytes()[1] {
            b' ' => staged.push(path.to_owned()),
            _ => dirty.push(path.to_owned()),
        }
    }
    (dirty, staged)
}

impl fmt::Display for VcsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VcsError::NoVcs(folder) => write!(
                out,
                "{} is not under version control, and fixes change files; to do so all the same, give `--allow-no-vcs`",
                folder.display()
            ),
            VcsError::Uncommitted { dirty, staged } => {
                write!(
                    out,
                    "there are changes that are not committed, and fixes change files; commit these first, or give {}:",
                    match (dirty.is_empty(), staged.is_empty()) {
                        (false, true) => "`--allow-dirty`",
                        (true, false) => "`--allow-staged`",
                        _ => "`--allow-dirty --allow-staged`",
                    }
                )?;
                for path in dirty {
                    write!(out, "\n  * {path} (dirty)")?;
                }
                for path in staged {
                    write!(out, "\n  * {path} (staged)")?;
                }
                Ok(())
            }
            VcsError::Git(message) => write!(
                out,
                "{message}; to change files without knowing whether they are committed, give `--allow-no-vcs`"
            ),
        }
    }
}

impl std::error::Error for VcsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staged_changes_are_told_from_others() {
        let status = "M  staged.rs\0 M dirty.rs\0MM both.rs\0?? new.rs\0R  to.rs\0from.rs\0";
        let (dirty, staged) = changes(status);
        assert_eq!(dirty, ["dirty.rs", "both.rs", "new.rs"]);
        assert_eq!(staged, ["staged.rs", "to.rs"]);
    }

    #[test]
    fn a_folder_without_a_repository_is_refused_unless_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let error = check(folder.path(), Permissions::default()).unwrap_err();
        assert!(error.to_string().contains("--allow-no-vcs"), "{error}");
        let allowed = Permissions {
            no_vcs: true,
            ..Permissions::default()
        };
        assert!(check(folder.path(), allowed).is_ok());
    }
}
