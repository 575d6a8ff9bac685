//! Whether what the linter says of a model is what the model said of itself.

use std::fmt;

use super::predicted;
use super::recorded;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Complete, and parameter by parameter the same, shapes included.
    Exact,
    /// Complete: all that was there was foretold, and all that was promised was there; some of it depends on the configuration or the
    /// checkpoint.
    Covered,
    /// Not claimed to be complete, for this reason.
    Incomplete(String),
    /// Complete, and not so.
    Wrong(String),
    /// The linter knows no such model.
    Absent,
}

impl Verdict {
    pub fn is_complete(&self) -> bool {
        matches!(self, Verdict::Exact | Verdict::Covered)
    }

    pub fn is_wrong(&self) -> bool {
        matches!(self, Verdict::Wrong(_))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Exact => f.write_str("exact"),
            Verdict::Covered => f.write_str("complete, with options"),
            Verdict::Incomplete(reason) => write!(f, "incomplete: {reason}"),
            Verdict::Wrong(what) => write!(f, "wrong: {what}"),
            Verdict::Absent => f.write_str("not found"),
        }
    }
}

pub fn verdict(predicted: Option<&predicted::Model>, recorded: &recorded::Model) -> Verdict {
    let Some(predicted) = predicted else {
        // What has no parameters is no model for the linter.
        return match recorded.parameters.is_empty() {
            true => Verdict::Exact,
            false => Verdict::Absent,
        };
    };
    if !predicted.complete {
        let reason = predicted.opaque.first();
        return Verdict::Incomplete(reason.map_or_else(String::new, |one| one.reason.clone()));
    }
    match difference(predicted, recorded) {
        Some(difference) => Verdict::Wrong(difference),
        None if predicted.is_certain() => Verdict::Exact,
        None => Verdict::Covered,
    }
}

fn difference(predicted: &predicted::Model, recorded: &recorded::Model) -> Option<String> {
    for parameter in &recorded.parameters {
        let mut named = predicted
            .parameters
            .iter()
            .filter(|one| one.names(&parameter.path))
            .peekable();
        if named.peek().is_none() {
            return Some(format!("`{}` was there", parameter.path));
        }
        if !named.any(|one| one.allows(&parameter.shape)) {
            let (path, shape) = (&parameter.path, &parameter.shape);
            return Some(format!("`{path}` had the shape {shape:?}"));
        }
    }
    predicted
        .parameters
        .iter()
        .filter(|one| !one.optional)
        .filter_map(predicted::Parameter::only_path)
        .find(|path| recorded.parameters.iter().all(|one| one.path != **path))
        .map(|path| format!("`{path}` was not there"))
}
