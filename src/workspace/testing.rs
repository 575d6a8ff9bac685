//! Folders on disk for tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder that lasts as long as the test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with these files, given by relative path and text.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }
}
