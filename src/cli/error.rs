//! Why the tool fails: everything that ends with exit code 2.

use std::fmt;
use std::io;

use crate::check::InternalError;
use crate::checkpoint::CheckpointError;
use crate::config::{KeyError, UnknownLint};
use crate::fix::{VcsError, WriteError};
use crate::workspace::DiscoverError;

#[derive(Debug)]
pub(super) enum CliError {
    /// Also a call for help or the version, which is no failure.
    Arguments(clap::Error),
    CurrentDir(io::Error),
    Level(UnknownLint),
    Config(KeyError),
    Discover(DiscoverError),
    Checkpoint(CheckpointError),
    NoModels,
    UnknownModel {
        name: String,
        meant: Option<String>,
    },
    /// A checkpoint can be compared with one model only.
    ManyModels {
        names: Vec<String>,
    },
    NotAssigned(String),
    /// A `--set` of what no constructor asks for.
    UnknownValue {
        name: String,
        meant: Option<String>,
    },
    Vcs(VcsError),
    Write(WriteError),
    Internal(InternalError),
    Output(io::Error),
}

impl fmt::Display for CliError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CliError::Arguments(error) => error.fmt(out),
            CliError::CurrentDir(error) => {
                write!(out, "the current folder cannot be found: {error}")
            }
            CliError::Level(error) => error.fmt(out),
            CliError::Config(error) => error.fmt(out),
            CliError::Discover(error) => error.fmt(out),
            CliError::Checkpoint(error) => error.fmt(out),
            CliError::NoModels => write!(out, "there is no model here"),
            CliError::UnknownModel { name, meant } => {
                write!(out, "there is no model `{name}` here")?;
                match meant {
                    Some(meant) => write!(out, "; did you mean `{meant}`?"),
                    None => write!(out, "; `cargo modlint tree` shows all"),
                }
            }
            CliError::ManyModels { names } => write!(
                out,
                "a checkpoint is compared with one model; name one of: {}",
                names.join(", ")
            ),
            CliError::UnknownValue { name, meant } => {
                write!(
                    out,
                    "no constructor here has an argument or configuration field `{name}`"
                )?;
                match meant {
                    Some(meant) => write!(out, "; did you mean `{meant}`?"),
                    None => Ok(()),
                }
            }
            CliError::NotAssigned(text) => write!(out, "`{text}` is not of the form name=value"),
            CliError::Vcs(error) => error.fmt(out),
            CliError::Write(error) => error.fmt(out),
            CliError::Internal(error) => error.fmt(out),
            CliError::Output(error) => write!(out, "the output cannot be written: {error}"),
        }
    }
}

impl From<UnknownLint> for CliError {
    fn from(error: UnknownLint) -> Self {
        CliError::Level(error)
    }
}

impl From<KeyError> for CliError {
    fn from(error: KeyError) -> Self {
        CliError::Config(error)
    }
}

impl From<DiscoverError> for CliError {
    fn from(error: DiscoverError) -> Self {
        CliError::Discover(error)
    }
}

impl From<CheckpointError> for CliError {
    fn from(error: CheckpointError) -> Self {
        CliError::Checkpoint(error)
    }
}

impl From<InternalError> for CliError {
    fn from(error: InternalError) -> Self {
        CliError::Internal(error)
    }
}
