//! Plain data about training sites: what is trained where, and in how many groups.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::construction::Construction;
use crate::eval::{OperandForm, ParamId};
use crate::source::{FileId, Span};

/// A place where an optimizer is built over a model's parameters.
#[derive(Clone, Debug)]
pub struct Site {
    /// The optimizer's construction.
    pub span: Span,
    /// As the program names it, `AdamW`.
    pub optimizer: String,
    pub framework: &'static str,
    /// The framework's version in the site's package, and what is written at the site, if it is the workspace's own code.
    pub written: Option<Written>,
    /// An optimizer that is never stepped trains nothing.
    pub stepped: bool,
    /// Something divides what it trains into groups.
    pub divided: bool,
    /// It has every parameter of its models.
    pub trains_all: bool,
    pub roots: Vec<Root>,
    /// Weights that come into what is trained, before it is.
    pub loads: Vec<Load>,
    /// Another optimizer of the program trains other parameters: each has a rate of its own.
    pub beside_another: bool,
    /// What it trains, in the order in which it came to be.
    pub parameters: Vec<Parameter>,
    /// Something in the program could not be followed: there may be more parameters.
    pub has_opaque: bool,
    /// What constructors of the workspace built of it; only where asked for.
    pub models: Vec<TrainedModel>,
}

/// The text of a training site.
#[derive(Clone, Debug)]
pub struct Written {
    pub text: String,
    /// As the lock file has it, `0.22.1`; None where the package doesn't depend on the framework by its own name.
    pub framework_version: Option<String>,
    /// candle: how the optimizer's construction is taken apart.
    pub construction: Option<Construction>,
    /// candle: the manifest of the site's package.
    pub manifest: Option<ManifestText>,
}

/// A manifest as a text.
#[derive(Clone, Debug)]
pub struct ManifestText {
    pub file: FileId,
    pub folder: PathBuf,
    pub text: String,
    /// The text of the manifest that it can inherit from; it may be its own.
    pub workspace: Option<String>,
    /// The table that names the framework, `dependencies` or `dev-dependencies`.
    pub table: &'static str,
}

/// A parameter of a site, and where its path is written.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub id: ParamId,
    /// As a checkpoint has it, `{i}` for an index that isn't known; None where a part of it isn't known.
    pub path: Option<String>,
    /// The size of each dimension, where all of them are known.
    pub shape: Option<Vec<usize>>,
    /// There are runs that build the optimizer without it.
    pub is_optional: bool,
    /// It stands for as many as a loop has rounds, which is not known.
    pub is_repeated: bool,
    /// tch: the places where its path is written, the outermost call's first.
    pub path_places: Vec<PathPlace>,
}

/// A place where the path of a parameter is written: what it starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPlace {
    pub operand: Span,
    pub form: OperandForm,
    /// It runs whenever the optimizer is built, and its text is no macro's.
    pub is_sure: bool,
    /// It stands in the workspace's own code.
    pub is_own: bool,
}

/// What one constructor built of the trained parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainedModel {
    /// The constructor's name in its definition.
    pub constructor: Span,
    /// None if they can't be told.
    pub groups: Vec<TrainedGroup>,
}

/// A parameter group with those members that one constructor made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainedGroup {
    /// Its number.
    pub name: String,
    /// The pattern that picks its members, as the program writes it.
    pub selector: Option<String>,
    /// As seen from the constructor.
    pub paths: BTreeSet<String>,
}

/// A model that a site trains.
#[derive(Clone, Debug)]
pub struct Root {
    pub name: String,
    /// Flat blocks at the root and among its direct children.
    pub blocks: Vec<Block>,
    /// Set if the model is a struct whose direct layers are one unbranched chain.
    pub chain: Option<Block>,
    /// The modules right below the root: name and place.
    pub top_modules: Vec<Part>,
    /// What else the site trains that lies behind the model on the way of the program's data: a head that no struct holds together with it.
    pub behind: Vec<ParamId>,
    /// Of all else that the site trains it is known whether it lies behind the model.
    pub is_placed: bool,
    /// How many layers it has in all; those of a loop whose rounds aren't counted are at least two.
    pub layers: usize,
    /// It is trained as a whole by this one optimizer.
    pub whole: bool,
    /// It is a struct of a library of the workspace.
    pub is_in_library: bool,
}

/// A module right below a model's root.
#[derive(Clone, Debug)]
pub struct Part {
    pub name: String,
    pub ty: String,
    pub span: Span,
    pub params: Vec<ParamId>,
    /// When `forward` applies it, among the others; None where that isn't known.
    pub order: Option<usize>,
    /// It stands for as many as a loop has rounds, which is not known.
    pub uncounted: bool,
}

/// Layers applied one after another.
#[derive(Clone, Debug)]
pub struct Block {
    /// The container's expression, or the struct's name.
    pub span: Span,
    /// What it is called: the field's name, or the type's.
    pub name: String,
    pub layers: Vec<Layer>,
    /// Parameters that lie behind the block on the way of the data.
    pub behind: Vec<ParamId>,
}

#[derive(Clone, Debug)]
pub struct Layer {
    /// The type, `Linear`.
    pub ty: String,
    pub span: Span,
    /// It stands for as many as a loop has rounds, which is not known.
    pub uncounted: bool,
    pub params: Vec<ParamId>,
}

#[derive(Clone, Debug)]
pub struct Load {
    pub span: Span,
    /// Where from, if that is known.
    pub path: Option<String>,
}

impl Block {
    /// True if it surely or possibly holds at least `min` layers.
    pub fn holds_at_least(&self, min: usize) -> bool {
        self.layers.len() >= min || self.layers.iter().any(|layer| layer.uncounted)
    }
}
