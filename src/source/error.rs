//! Why a file could not be taken in.

use std::fmt;
use std::path::PathBuf;

/// The largest file that is read, in bytes.
pub const MAX_FILE_SIZE: u64 = 20 << 20;

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
                format!("the file has {bytes} bytes, more than the {MAX_FILE_SIZE} that are read")
            }
            SourceError::LinkLoop { .. } => "the file is a link that leads back to itself".into(),
            SourceError::Unreadable { reason, .. } => format!("the file cannot be read: {reason}"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            SourceError::NotUtf8 { .. } => "save it as UTF-8; until then it is left out",
            SourceError::TooLarge { .. } => "split it; until then it is left out",
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
