//! Why a file could not be taken in.

use std::fmt;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes.
pub const MAX_FILE_SIZE: u64 = 2 << 20;

/// What a path leads to that is neither a file nor a folder, `a named pipe`; reading it may wait for ever.
pub fn special_kind(path: &Path) -> Option<&'static str> {
    let kind = fs::metadata(path).ok()?.file_type();
    (!kind.is_file() && !kind.is_dir()).then(|| name_of(kind))
}

#[cfg(unix)]
fn name_of(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn name_of(_: FileType) -> &'static str {
    "a device"
}

/// A file that could not be taken in: what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceError {
    NotUtf8 { path: PathBuf, valid_up_to: usize },
    TooLarge { path: PathBuf, bytes: u64 },
    LinkLoop { path: PathBuf },
    Unreadable { path: PathBuf, reason: String },
}

impl SourceError {
    pub fn path(&self) -> &PathBuf {
        match self {
            SourceError::NotUtf8 { path, .. }
            | SourceError::TooLarge { path, .. }
            | SourceError::LinkLoop { path }
            | SourceError::Unreadable { path, .. } => path,
        }
    }

    /// What is wrong, without the path.
    pub fn what(&self) -> String {
        match self {
            SourceError::NotUtf8 { valid_up_to, .. } => {
                format!("the file is not UTF-8 from byte {valid_up_to} on")
            }
            SourceError::TooLarge { bytes, .. } => {
                let limit = MAX_FILE_SIZE >> 20;
                format!("the file has {bytes} bytes; files of more than {limit} MiB are not read")
            }
            SourceError::LinkLoop { .. } => "the file is a link that leads back to itself".into(),
            SourceError::Unreadable { reason, .. } => format!("the file cannot be read: {reason}"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            SourceError::NotUtf8 { .. } => "save it as UTF-8; until then it is left out",
            SourceError::TooLarge { .. } => {
                "move its models into smaller files, if it has any; until then it is left out"
            }
            SourceError::LinkLoop { .. } => "point the link at a file; until then it is left out",
            SourceError::Unreadable { .. } => {
                "check that it exists and may be read; until then it is left out"
            }
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} ({})",
            self.path().display(),
            self.what(),
            self.help()
        )
    }
}

impl std::error::Error for SourceError {}
