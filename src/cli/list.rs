//! `cargo modlint lints`: all lints in a table.

use std::io::Write;

use super::End;
use super::error::CliError;
use crate::lints::lints;

pub(super) fn run(out: &mut dyn Write) -> Result<End, CliError> {
    let width = lints().iter().map(|lint| lint.name.len()).max();
    let width = width.unwrap_or_default();
    for lint in lints() {
        let group = lint.group.map_or("-", |group| group.name());
        writeln!(
            out,
            "{:width$}  {:5}  {group:9}  {}",
            lint.name,
            lint.level.name(),
            lint.summary()
        )
        .map_err(CliError::Output)?;
    }
    Ok(End::Clean)
}
