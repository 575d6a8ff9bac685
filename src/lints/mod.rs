//! The lints: pure functions from the analysis to findings, one file each.

mod collapsed_fine_tune;
mod finding;
mod flat_sequential;
mod flat_struct;
mod registry;
mod unused_suppression;
mod wording;

pub use collapsed_fine_tune::CollapsedFineTune;
pub use finding::{Applicability, Edit, Finding, Help, Label, Level};
pub use flat_sequential::FlatSequential;
pub use flat_struct::FlatStruct;
pub use registry::{Group, LintInfo, lint, lints};
pub use unused_suppression::UnusedSuppression;

use crate::config::Settings;
use crate::training::Training;

/// Everything that the lints find, at each lint's default level.
pub fn check(training: &Training, settings: &Settings) -> Vec<Finding> {
    let mut findings = FlatSequential::check(training, settings);
    findings.extend(FlatStruct::check(training, settings));
    findings.extend(CollapsedFineTune::check(training, settings));
    findings.sort_by(|a, b| (a.span, a.lint).cmp(&(b.span, b.lint)));
    findings
}
