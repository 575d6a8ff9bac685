//! `cargo modlint explain LINT`: a lint's page.

use std::io::Write;

use super::End;
use super::error::CliError;
use super::options::ExplainOptions;
use crate::config::{UnknownLint, did_you_mean};
use crate::lints::{lint, lints};

pub(super) fn run(options: &ExplainOptions, out: &mut dyn Write) -> Result<End, CliError> {
    let name = options.lint.replace('-', "_");
    let name = name.strip_prefix("modlint::").unwrap_or(&name);
    let found = lint(name).ok_or_else(|| UnknownLint {
        name: options.lint.clone(),
        meant: did_you_mean(name, lints().iter().map(|lint| lint.name)),
    })?;
    let level = found.level.name();
    let group = match found.group {
        Some(group) => format!(", group {}", group.name()),
        None => String::new(),
    };
    write!(out, "# {name} ({level}{group})\n\n{}", found.page()).map_err(CliError::Output)?;
    Ok(End::Clean)
}
