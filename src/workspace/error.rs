//! Why nothing could be discovered: what, where, and what to do.

use std::fmt;
use std::path::PathBuf;

/// A reason to stop before anything is analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscoverError {
    MissingPath(PathBuf),
    /// A file that is neither Rust code nor a manifest.
    NotRust(PathBuf),
    /// A pipe, a socket or a device: what may have no end.
    Special {
        path: PathBuf,
        kind: &'static str,
    },
    /// Neither a manifest nor a Rust file.
    NothingThere(PathBuf),
    Manifest(ManifestError),
    UnknownPackage {
        name: String,
        meant: Option<String>,
    },
}

/// A manifest that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestError {
    Missing(PathBuf),
    Unreadable {
        path: PathBuf,
        reason: String,
    },
    NotToml {
        path: PathBuf,
        line: usize,
        reason: String,
    },
    /// It has neither a `[package]` nor a `[workspace]` table.
    Empty(PathBuf),
}

impl fmt::Display for DiscoverError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DiscoverError::MissingPath(path) => {
                write!(out, "`{}` does not exist", path.display())
            }
            DiscoverError::NotRust(path) => write!(
                out,
                "`{}` is not a Rust file; name a `.rs` file, a folder or a `Cargo.toml`",
                path.display()
            ),
            DiscoverError::Special { path, kind } => write!(
                out,
                "`{}` is {kind}, which is not read; name a `.rs` file, a folder or a `Cargo.toml`",
                path.display()
            ),
            DiscoverError::NothingThere(path) => write!(
                out,
                "there is no Rust file in `{}`, and no `Cargo.toml` in it or in a folder above",
                path.display()
            ),
            DiscoverError::Manifest(error) => error.fmt(out),
            DiscoverError::UnknownPackage {
                name,
                meant: Some(meant),
            } => write!(out, "no package `{name}` here; did you mean `{meant}`?"),
            DiscoverError::UnknownPackage { name, meant: None } => {
                write!(out, "no package `{name}` here")
            }
        }
    }
}

impl fmt::Display for ManifestError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ManifestError::Missing(path) => {
                write!(out, "the manifest `{}` does not exist", path.display())
            }
            ManifestError::Unreadable { path, reason } => {
                write!(
                    out,
                    "the manifest `{}` cannot be read: {reason}",
                    path.display()
                )
            }
            ManifestError::NotToml { path, line, reason } => write!(
                out,
                "the manifest `{}` is not TOML: line {line}: {reason}",
                path.display()
            ),
            ManifestError::Empty(path) => write!(
                out,
                "the manifest `{}` has neither a [package] nor a [workspace] table",
                path.display()
            ),
        }
    }
}

impl std::error::Error for DiscoverError {}
impl std::error::Error for ManifestError {}

impl From<ManifestError> for DiscoverError {
    fn from(error: ManifestError) -> Self {
        DiscoverError::Manifest(error)
    }
}
