//! Plain data about models, as `cargo modlint tree` shows it.

use crate::source::Span;

/// A type or function of the workspace whose constructor reaches parameters.
#[derive(Clone, Debug)]
pub struct Model {
    pub name: String,
    /// `burn`, `candle`, `tch`, `dfdx` or `mlx-rs`.
    pub framework: &'static str,
    pub package: String,
    /// The constructor's full path, `bert::BertModel::load`.
    pub constructor: String,
    pub span: Span,
    /// A promise: `parameters`, with their indices and options, are exactly those the program will have.
    pub complete: bool,
    /// What could not be followed.
    pub opaque: Vec<Opaque>,
    pub parameters: Vec<Parameter>,
    pub sites: Vec<TrainingSite>,
}

/// A construct that could not be followed, with the reason in a few words.
#[derive(Clone, Debug)]
pub struct Opaque {
    pub span: Span,
    pub reason: String,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    /// The checkpoint key; an index that isn't known is `{name}`.
    pub path: String,
    /// The bounds of each `{name}` in `path`.
    pub indices: Vec<(String, Bounds)>,
    /// None if nothing is known about it.
    pub shape: Option<Vec<Dimension>>,
    /// There only in some configurations.
    pub optional: bool,
    pub span: Span,
}

/// `low..=high`; `high` is None where the count isn't known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub low: i64,
    pub high: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dimension {
    Known(u64),
    /// The name of a size that isn't known.
    Named(String),
}

/// A place where an optimizer is built over the model's parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingSite {
    pub span: Span,
    /// As the program names it, `AdamW`.
    pub optimizer: String,
    /// Weights are loaded into what is trained here.
    pub loads_weights: bool,
    pub groups: Vec<GroupMembers>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMembers {
    pub name: String,
    /// The pattern that picks the members, as the program writes it.
    pub selector: Option<String>,
    /// The members' paths.
    pub parameters: Vec<String>,
}
