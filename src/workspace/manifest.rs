//! A manifest as a table, with what it inherits from its workspace's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::error::ManifestError;
use crate::source::special_kind;

/// A `Cargo.toml`.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    pub path: PathBuf,
    table: Table,
}

impl Manifest {
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        if let Some(kind) = special_kind(path) {
            return Err(ManifestError::Unreadable {
                path: path.to_owned(),
                reason: format!("it is {kind}"),
            });
        }
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ManifestError::Missing(path.to_owned()),
            _ => ManifestError::Unreadable {
                path: path.to_owned(),
                reason: match path.is_dir() {
                    true => "it is a folder".to_owned(),
                    false => error.to_string(),
                },
            },
        })?;
        Manifest::parse(path, &text)
    }

    /// A text that stands for the file.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ManifestError> {
        let table = text.parse::<Table>().map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start.min(text.len()));
            ManifestError::NotToml {
                path: path.to_owned(),
                line: text.as_bytes()[..offset]
                    .iter()
                    .filter(|byte| **byte == b'\n')
                    .count()
                    + 1,
                reason: error.message().trim_end().replace('\n', ", "),
            }
        })?;
        Ok(Manifest {
            path: path.to_owned(),
            table,
        })
    }

    /// The manifest of a folder, if it has one that can be read.
    pub fn of_folder(folder: &Path) -> Option<Self> {
        Manifest::read(&folder.join("Cargo.toml")).ok()
    }

    /// The folder of the manifest.
    pub fn root(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    pub fn package(&self) -> Option<&Table> {
        self.table("package").or_else(|| self.table("project"))
    }

    pub fn workspace(&self) -> Option<&Table> {
        self.table("workspace")
    }

    pub fn table(&self, key: &str) -> Option<&Table> {
        self.table.get(key)?.as_table()
    }

    pub fn value(&self, key: &str) -> Option<&Value> {
        self.table.get(key)
    }

    /// A text of `[package]`, inherited where it says `key.workspace = true`.
    pub fn package_text(&self, key: &str, workspace: Option<&Manifest>) -> Option<String> {
        match self.package()?.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Table(table) if inherits(table) => {
                let shared = workspace?.workspace()?.get("package")?.get(key)?;
                shared.as_str().map(str::to_owned)
            }
            _ => None,
        }
    }
}

/// True for `{ workspace = true }`.
pub(super) fn inherits(table: &Table) -> bool {
    table.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// The texts of an array; what is no text is left out.
pub(super) fn texts(value: Option<&Value>) -> Vec<&str> {
    value
        .and_then(Value::as_array)
        .map(|array| array.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default()
}

/// `folder/path` without `.` and `..`.
pub(super) fn join(folder: &Path, path: &str) -> PathBuf {
    let mut joined = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                joined.pop();
            }
            other => joined.push(other),
        }
    }
    joined
}
