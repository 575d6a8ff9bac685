//! Writing files so that each is whole at any time: the old text or the new one.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file was not written. Other files are unchanged too, unless `written` names them.
#[derive(Debug)]
pub struct WriteError {
    pub path: PathBuf,
    pub reason: Reason,
    /// Files that were replaced before.
    pub written: Vec<PathBuf>,
}

#[derive(Debug)]
pub enum Reason {
    Io(io::Error),
    ReadOnly,
    /// Someone else wrote it since it was read.
    Changed,
}

/// A new text, ready to take the place of a file.
struct Prepared {
    target: PathBuf,
    beside: PathBuf,
}

/// Replaces the text of each file, given as path, text before and text after. First all new texts are put beside the files; only when all are
/// there, one after the other is renamed into place.
pub fn write_all<'a>(
    changes: impl IntoIterator<Item = (&'a Path, &'a str, &'a str)>,
) -> Result<(), WriteError> {
    let mut prepared: Vec<Prepared> = Vec::new();
    for (path, before, after) in changes {
        match prepare(path, before, after) {
            Ok(ready) => prepared.push(ready),
            Err(reason) => {
                discard(&prepared);
                return Err(WriteError {
                    path: path.to_owned(),
                    reason,
                    written: Vec::new(),
                });
            }
        }
    }
    for (number, ready) in prepared.iter().enumerate() {
        if let Err(error) = fs::rename(&ready.beside, &ready.target) {
            discard(&prepared[number..]);
            return Err(WriteError {
                path: ready.target.clone(),
                reason: Reason::Io(error),
                written: prepared[..number]
                    .iter()
                    .map(|ready| ready.target.clone())
                    .collect(),
            });
        }
    }
    Ok(())
}

fn prepare(path: &Path, before: &str, after: &str) -> Result<Prepared, Reason> {
    // A link stays a link: what it points to is replaced.
    let target = fs::canonicalize(path).map_err(Reason::Io)?;
    if fs::read(&target).map_err(Reason::Io)? != before.as_bytes() {
        return Err(Reason::Changed);
    }
    let permissions = fs::metadata(&target).map_err(Reason::Io)?.permissions();
    if permissions.readonly() {
        return Err(Reason::ReadOnly);
    }
    let (file, beside) = create_beside(&target).map_err(Reason::Io)?;
    let ready = Prepared { target, beside };
    match fill(file, after, permissions) {
        Ok(()) => Ok(ready),
        Err(error) => {
            discard(&[ready]);
            Err(Reason::Io(error))
        }
    }
}

/// A new file in the same folder: a rename within it is one step.
fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let process = std::process::id();
    let mut number = 0;
    loop {
        let beside = target.with_file_name(format!(".{name}.{process}-{number}.modlint"));
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)
        {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 100 => {
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

fn fill(mut file: File, text: &str, permissions: fs::Permissions) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.set_permissions(permissions)?;
    file.sync_all()
}

fn discard(prepared: &[Prepared]) {
    for ready in prepared {
        let _ = fs::remove_file(&ready.beside);
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            Reason::Io(error) => write!(out, "{path} cannot be written: {error}")?,
            Reason::ReadOnly => write!(out, "{path} is read-only: make it writable to fix it")?,
            Reason::Changed => write!(
                out,
                "{path} was changed while it was analysed: run the command again"
            )?,
        }
        match self.written.as_slice() {
            [] => write!(out, "; no file was changed"),
            written => {
                let paths = written.iter().map(|path| path.display().to_string());
                let paths: Vec<String> = paths.collect();
                write!(out, "; written before: {}", paths.join(", "))
            }
        }
    }
}

impl std::error::Error for WriteError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_replaced_and_nothing_else_stays() {
        let folder = folder_with(&[("a.rs", "a"), ("b.rs", "b")]);
        let (a, b) = (folder.path().join("a.rs"), folder.path().join("b.rs"));
        write_all([(a.as_path(), "a", "A"), (b.as_path(), "b", "B")]).unwrap();
        assert_eq!(fs::read_to_string(a).unwrap(), "A");
        assert_eq!(fs::read_to_string(b).unwrap(), "B");
        assert_eq!(names(folder.path()), ["a.rs", "b.rs"]);
    }

    #[test]
    fn a_file_that_was_changed_meanwhile_keeps_all_as_it_is() {
        let folder = folder_with(&[("a.rs", "a"), ("b.rs", "newer")]);
        let (a, b) = (folder.path().join("a.rs"), folder.path().join("b.rs"));
        let error = write_all([(a.as_path(), "a", "A"), (b.as_path(), "b", "B")]).unwrap_err();
        assert!(error.to_string().contains("was changed"), "{error}");
        assert_eq!(fs::read_to_string(a).unwrap(), "a");
        assert_eq!(names(folder.path()), ["a.rs", "b.rs"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_and_read_only_files_are_left_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder_with(&[("a.rs", "a")]);
        let path = folder.path().join("a.rs");
        let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        set(0o750);
        write_all([(path.as_path(), "a", "A")]).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o750);
        set(0o440);
        let error = write_all([(path.as_path(), "A", "B")]).unwrap_err();
        assert!(error.to_string().contains("read-only"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = folder_with(&[("a.rs", "a")]);
        let link = folder.path().join("link.rs");
        std::os::unix::fs::symlink("a.rs", &link).unwrap();
        write_all([(link.as_path(), "a", "A")]).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(folder.path().join("a.rs")).unwrap(), "A");
    }
}
