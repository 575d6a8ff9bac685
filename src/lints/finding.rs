//! What a lint reports: plain data that `emit` formats and `fix` applies.

use crate::source::Span;

/// How a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Allow,
    Warn,
    Deny,
}

impl Level {
    /// As the command line names it.
    pub fn name(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }
}

/// How sure an edit is, in rustc's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    MachineApplicable,
    MaybeIncorrect,
    HasPlaceholders,
    Unspecified,
}

/// Replace the text of `span` (empty: insert) by `replacement`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

/// One way out of a finding: words, and edits if there are any.
#[derive(Clone, Debug)]
pub struct Help {
    pub message: String,
    pub edits: Vec<Edit>,
    pub applicability: Applicability,
}

/// A secondary place with what it has to do with the finding.
#[derive(Clone, Debug)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One thing that a lint found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The lint's name, as in `allow(flat_sequential)`.
    pub lint: &'static str,
    pub level: Level,
    pub span: Span,
    /// What stands at `span`, in a few words.
    pub primary_label: String,
    /// One lower-case sentence without a full stop.
    pub message: String,
    pub labels: Vec<Label>,
    pub notes: Vec<String>,
    pub helps: Vec<Help>,
}
