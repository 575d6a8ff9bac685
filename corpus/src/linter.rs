//! The linter as a program: built, run over a crate, its JSON read.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use cargo_metadata::Message;
use cargo_metadata::diagnostic::Diagnostic;
use serde::Deserialize;

use crate::measure;
use crate::store::cargo;

/// How the corpus is linted; the rows of the truth speak of this.
const LEVELS: [&str; 4] = ["--config", "min-layers=3", "-W", "structure"];

/// How it is fixed: as far as lints go.
const ALL_LEVELS: [&str; 2] = ["-W", "structure"];

/// One finding, placed within its crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Relative to the crate's root, with `/`.
    pub path: String,
    /// From 1.
    pub line: usize,
    pub column: usize,
    /// As in `allow(flat_sequential)`.
    pub lint: String,
    pub message: String,
}

/// A construct that could not be followed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotAnalysed {
    pub reason: String,
    pub path: String,
    pub line: usize,
}

/// What one run of the linter printed and took.
pub struct Run {
    pub findings: Vec<Finding>,
    /// What it said about files that it left out.
    pub problems: Vec<String>,
    pub wall: Duration,
    /// In bytes.
    pub peak: Option<u64>,
}

/// The module trees of a crate, counted.
#[derive(Default)]
pub struct Trees {
    pub models: usize,
    pub complete: usize,
    pub not_analysed: BTreeSet<NotAnalysed>,
}

/// A built linter.
pub struct Linter {
    program: PathBuf,
    cargo_home: PathBuf,
}

impl Linter {
    /// A linter that looks for dependencies' sources in `cargo_home`.
    pub fn new(program: PathBuf, cargo_home: &Path) -> Self {
        Linter {
            program,
            cargo_home: cargo_home.to_owned(),
        }
    }

    /// Lints one crate.
    pub fn lint(&self, root: &Path) -> Result<Run, String> {
        self.lint_paths(root, &[], &LEVELS)
    }

    /// Lints one crate as [`fix`](Self::fix) does.
    pub fn lint_for_fixes(&self, root: &Path) -> Result<Vec<Finding>, String> {
        Ok(self.lint_paths(root, &[], &ALL_LEVELS)?.findings)
    }

    /// Lints several crates in one run; the findings' paths are absolute.
    pub fn lint_together(&self, roots: &[PathBuf]) -> Result<Run, String> {
        self.lint_paths(&std::env::temp_dir(), roots, &LEVELS)
    }

    /// Applies every machine-applicable fix to a crate, `paramgroups` taken from `engine`; what the linter told about it.
    pub fn fix(&self, root: &Path, engine: &Path) -> Result<String, String> {
        let mut command = self.command(root);
        let source = format!("paramgroups-source={}", engine.display());
        command
            .args(["--fix", "--allow-dirty", "--allow-staged", "--allow-no-vcs"])
            .args(["--message-format", "short", "--config", &source])
            .args(ALL_LEVELS);
        Ok(self.finished(&mut command)?.stderr)
    }

    fn lint_paths(&self, folder: &Path, paths: &[PathBuf], levels: &[&str]) -> Result<Run, String> {
        let mut command = self.command(folder);
        command
            .args(["--message-format", "json"])
            .args(levels)
            .args(paths);
        let finished = self.finished(&mut command)?;
        let mut findings = Vec::new();
        let mut problems = Vec::new();
        for message in Message::parse_stream(finished.stdout.as_slice()) {
            match message.map_err(|error| format!("its JSON cannot be read: {error}"))? {
                Message::CompilerMessage(message) => match finding(&message.message, folder) {
                    Some(finding) => findings.push(finding),
                    None => problems.push(message.message.message),
                },
                Message::TextLine(line) => {
                    return Err(format!("it printed a line that is not JSON: {line}"));
                }
                _ => {}
            }
        }
        findings.sort();
        Ok(Run {
            findings,
            problems,
            wall: finished.wall,
            peak: finished.peak,
        })
    }

    /// The models of a crate and what in them was not followed.
    pub fn trees(&self, root: &Path) -> Result<Trees, String> {
        let mut command = self.command(root);
        command.args(["tree", "--message-format", "json"]);
        let finished = self.finished(&mut command)?;
        let document: Document = serde_json::from_slice(&finished.stdout)
            .map_err(|error| format!("its trees cannot be read: {error}"))?;
        let not_analysed = document.models.iter().flat_map(|model| &model.opaque);
        Ok(Trees {
            models: document.models.len(),
            complete: document
                .models
                .iter()
                .filter(|model| model.complete)
                .count(),
            not_analysed: not_analysed
                .map(|opaque| NotAnalysed {
                    reason: opaque.reason.clone(),
                    path: relative(&opaque.span.file, root),
                    line: opaque.span.line,
                })
                .collect(),
        })
    }

    fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(folder)
            .env("CARGO_HOME", &self.cargo_home)
            .env("NO_COLOR", "1");
        command
    }

    /// Exit codes 0 and 1 tell of findings, any other of a failure.
    fn finished(&self, command: &mut Command) -> Result<measure::Finished, String> {
        let finished = measure::run(command)
            .map_err(|error| format!("cannot run {}: {error}", self.program.display()))?;
        match finished.status.code() {
            Some(0 | 1) => Ok(finished),
            _ => Err(format!("{}: {}", finished.status, finished.stderr.trim())),
        }
    }
}

/// Builds the linter of this workspace in release mode, and tells where it lies.
pub fn build(workspace: &Path) -> Result<PathBuf, String> {
    let mut build = Command::new(cargo())
        .args(["build", "--release", "--package", "cargo-modlint"])
        .args(["--bin", "cargo-modlint"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(workspace)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    let stdout = build.stdout.take().ok_or("cargo has no output")?;
    let program = Message::parse_stream(BufReader::new(stdout))
        .flatten()
        .filter_map(|message| match message {
            Message::CompilerArtifact(artifact) => artifact.executable,
            _ => None,
        })
        .last();
    let status = build
        .wait()
        .map_err(|error| format!("cargo cannot be waited for: {error}"))?;
    match program {
        Some(program) if status.success() => Ok(program.into()),
        _ => Err("the linter does not build".to_owned()),
    }
}

/// None for what is no lint's: a file that was left out.
fn finding(diagnostic: &Diagnostic, root: &Path) -> Option<Finding> {
    let lint = diagnostic.code.as_ref()?.code.strip_prefix("modlint::")?;
    let primary = diagnostic.spans.iter().find(|span| span.is_primary)?;
    Some(Finding {
        path: relative(&primary.file_name, root),
        line: primary.line_start,
        column: primary.column_start,
        lint: lint.to_owned(),
        message: diagnostic.message.clone(),
    })
}

fn relative(file: &str, root: &Path) -> String {
    let path = Path::new(file);
    let path = path.strip_prefix(root).unwrap_or(path);
    path.display().to_string().replace('\\', "/")
}

#[derive(Deserialize)]
struct Document {
    models: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    complete: bool,
    opaque: Vec<Opaque>,
}

#[derive(Deserialize)]
struct Opaque {
    span: Position,
    reason: String,
}

#[derive(Deserialize)]
struct Position {
    file: String,
    line: usize,
}
