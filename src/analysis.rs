//! The stages between the workspace and the findings, as one function.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Settings;
use crate::lints::Finding;
use crate::model::Model;
use crate::source::{FileId, SourceMap, Span};
use crate::workspace::{TargetId, Workspace};

/// What an analysis knows at its end.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Of every lint, whatever its level, each at the lint's default level.
    pub findings: Vec<Finding>,
    pub not_analysed: Vec<NotAnalysed>,
    /// What went wrong with single files; the rest went on.
    pub diagnostics: Vec<Diagnostic>,
    pub models: Vec<Model>,
    /// The targets whose `mod` declarations reach a file; files that no target reaches are missing.
    pub owners: HashMap<FileId, Vec<TargetId>>,
}

/// A construct that could not be followed.
#[derive(Clone, Debug)]
pub struct NotAnalysed {
    pub span: Span,
    pub reason: String,
}

/// A file that was left out, or a part of it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub path: PathBuf,
    /// The part that is meant, if the file has text to point at.
    pub span: Option<Span>,
    /// One lower-case sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// Runs all stages over all of the workspace.
pub fn analyse(
    _workspace: &Arc<Workspace>,
    _sources: &Arc<SourceMap>,
    _settings: &Settings,
) -> Outcome {
    Outcome::default()
}
