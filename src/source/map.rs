//! All files of a run.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use super::error::{MAX_FILE_SIZE, SourceError, special_kind};
use super::{FileId, SourceFile};

/// All files of a run; shared between threads.
#[derive(Debug, Default)]
pub struct SourceMap {
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    files: Vec<Arc<SourceFile>>,
    known: HashMap<PathBuf, Result<FileId, SourceError>>,
}

impl SourceMap {
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file once; the same path, however it is spelt, gives the same id.
    pub fn load(&self, path: &Path) -> Result<FileId, SourceError> {
        let path = absolute(path);
        if let Some(known) = self.read_state().known.get(&path) {
            return known.clone();
        }
        let text = read(&path);
        let mut state = self.write_state();
        if let Some(known) = state.known.get(&path) {
            return known.clone();
        }
        let result = text.map(|text| {
            let id = FileId(state.files.len() as u32);
            state
                .files
                .push(Arc::new(SourceFile::new(path.clone(), text)));
            id
        });
        state.known.insert(path, result.clone());
        result
    }

    /// A text that stands for a file, for tests and for edits not yet written.
    pub fn insert(&self, path: &Path, text: String) -> FileId {
        let path = absolute(path);
        let mut state = self.write_state();
        let id = FileId(state.files.len() as u32);
        state
            .files
            .push(Arc::new(SourceFile::new(path.clone(), text)));
        state.known.insert(path, Ok(id));
        id
    }

    /// An empty stand-in for a file that could not be read; loading it still gives the error.
    pub(crate) fn insert_unread(&self, path: &Path) -> FileId {
        let mut state = self.write_state();
        let id = FileId(state.files.len() as u32);
        state
            .files
            .push(Arc::new(SourceFile::new(absolute(path), String::new())));
        id
    }

    /// # Panics
    /// If the id is of another source map.
    pub fn get(&self, file: FileId) -> Arc<SourceFile> {
        self.read_state().files[file.0 as usize].clone()
    }

    fn read_state(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(|p| p.into_inner())
    }

    fn write_state(&self) -> std::sync::RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(|p| p.into_inner())
    }
}

/// Without `.` and `..`, so that one file has one spelling; links stay as they are written.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                clean.pop();
            }
            std::path::Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

/// The text of a file that can be taken in.
pub fn read(path: &Path) -> Result<String, SourceError> {
    let metadata = fs::metadata(path).map_err(|error| from_io(path, &error))?;
    if !metadata.is_file() {
        return Err(SourceError::Unreadable {
            path: path.to_path_buf(),
            reason: format!("it is {}", special_kind(path).unwrap_or("a folder")),
        });
    }
    if metadata.len() > MAX_FILE_SIZE {
        return Err(SourceError::TooLarge {
            path: path.to_path_buf(),
            bytes: metadata.len(),
        });
    }
    let bytes = fs::read(path).map_err(|error| from_io(path, &error))?;
    String::from_utf8(bytes).map_err(|error| SourceError::NotUtf8 {
        path: path.to_path_buf(),
        valid_up_to: error.utf8_error().valid_up_to(),
    })
}

fn from_io(path: &Path, error: &io::Error) -> SourceError {
    let path = path.to_path_buf();
    match is_link_loop(&path, error) {
        true => SourceError::LinkLoop { path },
        false => SourceError::Unreadable {
            path,
            reason: error.to_string(),
        },
    }
}

/// The standard library has no stable kind for it: a link that is there, and whose end is neither found nor missing.
fn is_link_loop(path: &Path, error: &io::Error) -> bool {
    !matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied
    ) && path.ancestors().any(|part| {
        part.is_symlink()
            && fs::metadata(part).is_err_and(|e| e.raw_os_error() == error.raw_os_error())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_id_however_it_is_spelt() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        fs::write(&path, "fn f() {}").unwrap();
        let sources = SourceMap::new();
        let id = sources.load(&path).unwrap();
        assert_eq!(sources.load(&folder.path().join("x/../a.rs")).unwrap(), id);
        assert_eq!(sources.get(id).text, "fn f() {}");
    }

    #[test]
    fn what_is_not_utf_8_says_from_where_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        fs::write(&path, b"fn\xff").unwrap();
        let error = SourceMap::new().load(&path).unwrap_err();
        assert_eq!(
            error,
            SourceError::NotUtf8 {
                path,
                valid_up_to: 2
            }
        );
        assert!(error.to_string().contains("not UTF-8 from byte 2"));
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        let file = fs::File::create(&path).unwrap();
        file.set_len(MAX_FILE_SIZE + 1).unwrap();
        let error = SourceMap::new().load(&path).unwrap_err();
        assert!(matches!(error, SourceError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn a_missing_file_and_a_folder_are_unreadable() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_path_buf(), folder.path().join("none.rs")] {
            let error = SourceMap::new().load(&path).unwrap_err();
            assert!(matches!(error, SourceError::Unreadable { .. }), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_itself_is_named_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        std::os::unix::fs::symlink(&path, &path).unwrap();
        let error = SourceMap::new().load(&path).unwrap_err();
        assert_eq!(error, SourceError::LinkLoop { path });
    }
}
