//! `cargo modlint`: the findings.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::End;
use super::error::CliError;
use super::fix::Fixer;
use super::options::LintOptions;
use crate::check::check;
use crate::config::Levels;
use crate::emit::{self, Colour, Format, Report};
use crate::workspace::discover;

pub(super) fn run(
    options: LintOptions,
    levels: &Levels,
    current_dir: PathBuf,
    out: &mut dyn Write,
) -> Result<End, CliError> {
    let settings = options.settings()?;
    let format = Format::from(options.message_format);
    let coloured = Colour::from(options.color).on_stdout();
    let wanted = options.fix;
    let fixer = Fixer {
        options: &wanted,
        current_dir: &current_dir,
    };
    let request = options.request(current_dir.clone());
    if wanted.is_wanted() {
        fixer.check_tree(&request)?;
    }
    let (workspace, selection) = discover(&request)?;
    notes(&workspace.notes);
    let workspace = Arc::new(workspace);
    let checked = match wanted.is_wanted() {
        true => {
            let outcome = fixer.run(&workspace, &selection, &settings, levels)?;
            if wanted.diff {
                return fixer.print_diff(&outcome, out);
            }
            outcome.after
        }
        false => check(&workspace, &selection, &settings, levels)?,
    };
    let report = Report {
        workspace: &workspace,
        sources: &checked.sources,
        owners: &checked.owners,
        current_dir: &current_dir,
        findings: checked.findings,
        diagnostics: checked.diagnostics,
        not_analysed: checked.not_analysed,
    };
    emit::write(&report, format, coloured, out).map_err(CliError::Output)?;
    Ok(match report.is_success() {
        true => End::Clean,
        false => End::Denied,
    })
}

/// What a person should know and a program need not: on standard error.
pub(super) fn notes(notes: &[String]) {
    let mut to = io::stderr().lock();
    for note in notes {
        let _ = writeln!(to, "note: {note}");
    }
}
