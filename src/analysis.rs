//! The stages between the workspace and the findings, as one function.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Settings;
use crate::eval::Setting;
use crate::lints::{self, Finding};
use crate::model::{self, Model, Settable};
use crate::program::Program;
use crate::source::{FileId, SourceMap, Span, with_big_stack};
use crate::training::{self, Detail};
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
    workspace: &Arc<Workspace>,
    sources: &Arc<SourceMap>,
    settings: &Settings,
) -> Outcome {
    with_big_stack(|| {
        let program = Arc::new(Program::new(workspace.clone(), sources.clone()));
        let training = training::find(&program, Detail::Blocks);
        let findings = lints::check(&training, settings);
        let not_analysed = training
            .opaque
            .into_iter()
            .map(|(span, reason)| NotAnalysed { span, reason })
            .collect();
        let outcome = outcome(&program, findings, not_analysed, Vec::new());
        // Nobody waits for its end: the process may be over before.
        rayon::spawn(move || drop(program));
        outcome
    })
}

/// The models of the workspace, of one name if one is wanted.
pub fn analyse_models(
    workspace: &Arc<Workspace>,
    sources: &Arc<SourceMap>,
    settings: &Settings,
    wanted: Option<&str>,
) -> (Outcome, Settable) {
    with_big_stack(|| {
        let program = Arc::new(Program::new(workspace.clone(), sources.clone()));
        let values: Vec<(String, Setting)> = settings
            .values
            .iter()
            .map(|(name, value)| (name.clone(), Setting::parse(value)))
            .collect();
        let (mut models, settable) = model::models(&program, workspace, &values, wanted);
        if !models.is_empty() {
            let training = training::find(&program, Detail::Groups);
            training::add_sites(&mut models, &training);
        }
        (outcome(&program, Vec::new(), Vec::new(), models), settable)
    })
}

fn outcome(
    program: &Program,
    findings: Vec<Finding>,
    not_analysed: Vec<NotAnalysed>,
    models: Vec<Model>,
) -> Outcome {
    let diagnostics = program
        .diagnostics()
        .into_iter()
        .map(|found| Diagnostic {
            path: found.path,
            span: found.span,
            message: found.message,
            help: found.help,
        })
        .collect();
    Outcome {
        findings,
        not_analysed,
        diagnostics,
        models,
        owners: program.owners(),
    }
}
