//! A whole run: analysis, suppression, levels, and the selection of what is shown.

use std::any::Any;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use crate::analysis::{Diagnostic, NotAnalysed, Outcome, analyse, analyse_models};
use crate::config::{Levels, Settings};
use crate::lints::{Finding, Level};
use crate::model::Settable;
use crate::source::{FileId, SourceMap};
use crate::suppression;
use crate::workspace::{Selection, TargetId, Workspace};

/// What a run found and shows.
#[derive(Debug)]
pub struct Checked {
    pub sources: Arc<SourceMap>,
    pub owners: HashMap<FileId, Vec<TargetId>>,
    /// At the levels of this run, none of them `Allow`, in the order of files and positions.
    pub findings: Vec<Finding>,
    pub diagnostics: Vec<Diagnostic>,
    pub not_analysed: Vec<NotAnalysed>,
}

/// A mistake in the linter itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InternalError(String);

/// Analyses all of the workspace and keeps what the levels, the comments and the selection leave.
pub fn check(
    workspace: &Arc<Workspace>,
    selection: &Selection,
    settings: &Settings,
    levels: &Levels,
) -> Result<Checked, InternalError> {
    check_texts(workspace, selection, settings, levels, &BTreeMap::new())
}

/// The same, with texts that stand for files: edits not yet written.
pub fn check_texts(
    workspace: &Arc<Workspace>,
    selection: &Selection,
    settings: &Settings,
    levels: &Levels,
    texts: &BTreeMap<PathBuf, String>,
) -> Result<Checked, InternalError> {
    let sources = Arc::new(SourceMap::new());
    for (path, text) in texts {
        sources.insert(path, text.clone());
    }
    let outcome = guarded(|| analyse(workspace, &sources, settings))?;
    let unparsed = unparsed(&outcome, &sources);
    let files: Vec<FileId> = outcome.owners.keys().copied().collect();
    let mut findings = suppression::apply(outcome.findings, files, &unparsed, &sources);
    for finding in &mut findings {
        finding.level = levels.of(finding.lint);
    }
    let mut shown = Shown {
        workspace,
        selection,
        sources: &sources,
        owners: &outcome.owners,
        known: HashMap::new(),
    };
    findings.retain(|finding| finding.level != Level::Allow && shown.has(finding.span.file));
    findings.sort_by_cached_key(|finding| {
        let file = sources.get(finding.span.file);
        (file.path.clone(), finding.span.start, finding.lint)
    });
    let mut not_analysed = outcome.not_analysed;
    not_analysed.retain(|construct| shown.has(construct.span.file));
    let mut diagnostics = outcome.diagnostics;
    diagnostics.retain(|diagnostic| match diagnostic.span {
        Some(span) => shown.has(span.file),
        None => selection.shows(&diagnostic.path, &[], workspace) || selection.paths.is_empty(),
    });
    Ok(Checked {
        owners: outcome.owners,
        sources,
        findings,
        diagnostics,
        not_analysed,
    })
}

/// The models of the workspace, those of one name if one is wanted, and the names that `--set` could have given.
pub fn models(
    workspace: &Arc<Workspace>,
    settings: &Settings,
    wanted: Option<&str>,
) -> Result<(Arc<SourceMap>, Outcome, Settable), InternalError> {
    let sources = Arc::new(SourceMap::new());
    let (outcome, settable) = guarded(|| analyse_models(workspace, &sources, settings, wanted))?;
    Ok((sources, outcome, settable))
}

/// Runs a part of the analysis; a panic in it becomes an error.
fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, InternalError> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| InternalError(message_of(panic.as_ref())))
}

/// The files of which not everything is known.
fn unparsed(outcome: &Outcome, sources: &SourceMap) -> HashSet<FileId> {
    let mut unparsed = HashSet::new();
    for diagnostic in &outcome.diagnostics {
        match diagnostic.span {
            Some(span) => unparsed.insert(span.file),
            None => match sources.load(&diagnostic.path) {
                Ok(file) => unparsed.insert(file),
                Err(_) => false,
            },
        };
    }
    unparsed
}

/// Which files are shown, each asked about once.
struct Shown<'a> {
    workspace: &'a Workspace,
    selection: &'a Selection,
    sources: &'a SourceMap,
    owners: &'a HashMap<FileId, Vec<TargetId>>,
    known: HashMap<FileId, bool>,
}

impl Shown<'_> {
    fn has(&mut self, file: FileId) -> bool {
        *self.known.entry(file).or_insert_with(|| {
            let owners = self.owners.get(&file).map_or(&[][..], Vec::as_slice);
            let path = &self.sources.get(file).path;
            self.selection.shows(path, owners, self.workspace)
        })
    }
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
        .to_owned()
}

impl fmt::Display for InternalError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "internal error: {}; please report it, with the code that was linted",
            self.0
        )
    }
}

impl std::error::Error for InternalError {}
