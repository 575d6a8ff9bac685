//! What can go wrong, one variant for each case.

use std::fmt;

use crate::faults::{Faults, Quoted};

/// The result of this crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a grouping, a rate, a plan or a saved state was refused.
///
/// Whatever returned the error left its state as it was. Messages say what to do about it.
///
/// ```
/// use paramgroups::{Error, Groups, Splitter};
///
/// let error = Groups::new().group("head", "hed").split(["head.weight"]).unwrap_err();
/// assert!(matches!(error, Error::NotAPartition(_)));
/// assert!(error.to_string().contains("`head.weight`"));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no parameter to divide.
    NoParameters,
    /// A splitter that defines no group at all.
    NoGroups,
    /// One path was given for two parameters.
    DuplicatePath {
        /// The path.
        path: String,
    },
    /// Two groups carry one name.
    DuplicateGroup {
        /// The name.
        name: String,
    },
    /// A group whose name is empty.
    UnnamedGroup {
        /// Its position, from 0.
        index: usize,
    },
    /// A group without a selector, or a selector without a pattern.
    EmptySelector {
        /// The group's name; empty for a selector outside of a group.
        group: String,
    },
    /// A glob that cannot be read.
    BadGlob {
        /// The pattern as given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A regular expression that cannot be compiled.
    BadRegex {
        /// The pattern as given.
        pattern: String,
        /// The reason, from the regex compiler.
        reason: String,
    },
    /// More than one group takes the rest.
    TwoRests {
        /// The group that took it first.
        first: String,
        /// The group that asked for it again.
        second: String,
    },
    /// The groups do not hold every parameter exactly once.
    NotAPartition(Box<Faults>),
    /// A group that holds no parameter.
    EmptyGroup {
        /// The group's name.
        name: String,
    },
    /// A splitter that was to divide the parameters left them all in one group.
    NothingDivided {
        /// The splitter, in words.
        splitter: String,
    },
    /// More parts were asked for than there are parameters.
    TooManyParts {
        /// The parts asked for.
        parts: usize,
        /// The parameters there are.
        parameters: usize,
    },
    /// A layer matcher captured something that is not a number.
    BadCapture {
        /// The pattern.
        pattern: String,
        /// The parameter it matched.
        path: String,
        /// What was captured; nothing where an optional capture took no part.
        capture: Option<String>,
    },
    /// An assignment that does not fit the parameters it is for.
    BadAssignment {
        /// What does not fit.
        reason: String,
    },
    /// A parameter whose shape a rule needs, and which has none.
    UnknownShape {
        /// The parameter.
        path: String,
    },
    /// A group name that the partition does not have.
    UnknownGroup {
        /// The name asked for.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// A parameter that the partition does not hold.
    UnknownParameter {
        /// The path asked for.
        path: String,
        /// The nearest path there is.
        nearest: Option<String>,
    },
    /// A selector that takes no parameter, where it must take some.
    NoMember {
        /// The selector as text.
        selector: String,
        /// The path or module nearest to what was written, where there is a near one.
        nearest: Option<String>,
    },
    /// A parameter of the partition that the model does not have.
    AbsentParameter {
        /// The parameter.
        path: String,
    },
    /// A parameter that has another shape in the model than in the partition.
    OtherShape {
        /// The parameter.
        path: String,
        /// Its shape in the partition.
        partition: Vec<usize>,
        /// Its shape in the model.
        model: Vec<usize>,
    },
    /// One parameter of the model under two paths.
    SharedParameter {
        /// The path met first.
        first: String,
        /// The other one.
        second: String,
    },
    /// A gradient that does not fit its parameter.
    OtherGradient {
        /// The parameter.
        path: String,
        /// Data type, shape and device of the gradient, in words.
        gradient: String,
        /// Those of the parameter.
        parameter: String,
    },
    /// An index that no stage has.
    IndexOutOfRange {
        /// The index as given; negative ones count from the end.
        index: isize,
        /// How many stages there are.
        stages: usize,
    },
    /// Freezing all but the last of one stage freezes nothing.
    NothingToFreeze,
    /// `freeze_except` without a group to keep.
    NothingKept,
    /// A rate, decay or other number out of its range.
    OutOfRange {
        /// The quantity: `learning rate`, `weight decay`, `pct_start` …
        what: &'static str,
        /// The value.
        value: f64,
        /// The values that are allowed, in words.
        allowed: &'static str,
    },
    /// A list of another length than there are stages.
    WrongCount {
        /// The quantity: `learning rates`, `weight decays` …
        what: &'static str,
        /// How many were given.
        given: usize,
        /// How many stages there are.
        stages: usize,
    },
    /// Discriminative rates for one stage: the low end would be dropped.
    OneStage {
        /// The rates as given.
        rates: String,
    },
    /// A plan without a step.
    NoSteps,
    /// A step that the plan does not have.
    StepOutOfRange {
        /// The step asked for.
        step: usize,
        /// How many steps the plan has.
        steps: usize,
    },
    /// A phase that the plan does not have.
    PhaseOutOfRange {
        /// The phase asked for.
        phase: usize,
        /// How many phases the plan has.
        phases: usize,
    },
    /// Shares of a schedule that do not add up to 1.
    BadShares {
        /// Their sum.
        sum: f64,
    },
    /// A schedule for another number of groups.
    WrongPlan {
        /// The groups of the plan.
        plan: usize,
        /// The groups there are.
        groups: usize,
    },
    /// Two slices that must be of one length: parameter, gradient, moment.
    WrongLength {
        /// The slice: `gradient`, `first moment` …
        what: &'static str,
        /// Its length.
        given: usize,
        /// The parameter's length.
        expected: usize,
    },
    /// A saved state of another format version.
    StateVersion {
        /// The version found.
        found: u32,
        /// The version that can be read.
        expected: u32,
    },
    /// A saved state of other groups.
    StateGroups {
        /// What differs.
        reason: String,
    },
    /// A saved state of a parameter of another shape.
    StateShape {
        /// The parameter.
        path: String,
        /// The saved shape.
        found: Vec<usize>,
        /// The parameter's shape.
        expected: Vec<usize>,
    },
    /// A saved state that lacks something, or cannot be read.
    StateUnreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// Trained parameters that got no gradient.
    MissingGradients {
        /// Their paths.
        paths: Vec<String>,
    },
    /// Something that the framework or the optimizer cannot do.
    Unsupported {
        /// What was asked for.
        what: String,
        /// What to do in its place.
        instead: String,
    },
    /// The framework itself failed.
    Framework {
        /// What was being done.
        during: &'static str,
        /// The framework's error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Wraps a framework's error.
    ///
    /// ```
    /// let error = paramgroups::Error::framework("loading the state", std::fmt::Error);
    /// assert!(error.to_string().starts_with("loading the state failed"));
    /// ```
    pub fn framework(
        during: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Framework {
            during,
            source: source.into(),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Framework { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoParameters => {
                f.write_str("there are no parameters to group: build the model first, and check that it registers its parameters")
            }
            Self::NoGroups => f.write_str(
                "the splitter defines no group: add one with `group`, or take everything with `rest`",
            ),
            Self::DuplicatePath { path } => write!(
                f,
                "two parameters have the path `{path}`: give each its own, or pass a shared parameter once"
            ),
            Self::DuplicateGroup { name } => write!(
                f,
                "two groups are named `{name}`: give each its own name, or put both selectors into one `group` call"
            ),
            Self::UnnamedGroup { index } => write!(f, "group {index} has an empty name: name it"),
            Self::EmptySelector { group } if group.is_empty() => {
                f.write_str("the selector is empty: name a path")
            }
            Self::EmptySelector { group } => write!(
                f,
                "group `{group}` has an empty selector: name a path, or take what is left with `rest`"
            ),
            Self::BadGlob { pattern, reason } => write!(f, "glob `{pattern}` cannot be read: {reason}"),
            Self::BadRegex { pattern, reason } => write!(
                f,
                "regular expression `{pattern}` cannot be compiled: {reason}"
            ),
            Self::TwoRests { first, second } => write!(
                f,
                "groups `{first}` and `{second}` both take the rest: only one can"
            ),
            Self::NotAPartition(faults) => faults.fmt(f),
            Self::EmptyGroup { name } => write!(
                f,
                "group `{name}` holds no parameter: remove it, or correct what it selects"
            ),
            Self::NothingDivided { splitter } => write!(
                f,
                "{splitter} puts every parameter into one group: correct its patterns, or use another splitter"
            ),
            Self::TooManyParts { parts, parameters } => write!(
                f,
                "{parts} parts of {parameters} parameters: ask for 1 to {parameters} parts"
            ),
            Self::BadCapture { pattern, path, capture: Some(capture) } => write!(
                f,
                "`{pattern}` captures `{capture}` in `{path}`, which is not a number: capture digits only, and write other groups as `(?:…)`"
            ),
            Self::BadCapture { pattern, path, capture: None } => write!(
                f,
                "a capture of `{pattern}` takes no part in matching `{path}`: make it mandatory, or use two patterns"
            ),
            Self::BadAssignment { reason } => write!(
                f,
                "the splitter's assignment does not fit the parameters: {reason}"
            ),
            Self::UnknownShape { path } => write!(
                f,
                "the shape of `{path}` is not known, and this rule needs it: give it with `Parameter::with_shape`"
            ),
            Self::UnknownGroup { name, nearest } => {
                write!(f, "there is no group `{name}`")?;
                match nearest {
                    Some(_) => Nearest(nearest).fmt(f),
                    None => f.write_str(": print the partition for the names there are"),
                }
            }
            Self::UnknownParameter { path, nearest } => write!(
                f,
                "the parameter `{path}` is in no group{}",
                Nearest(nearest)
            ),
            Self::NoMember { selector, nearest } => write!(
                f,
                "selector {selector} matches no parameter{}",
                Nearest(nearest)
            ),
            Self::AbsentParameter { path } => write!(
                f,
                "the partition holds `{path}`, which the model does not have: split the parameters of this model"
            ),
            Self::OtherShape { path, partition, model } => write!(
                f,
                "`{path}` has shape {partition:?} in the partition and {model:?} in the model: split the parameters of this model"
            ),
            Self::SharedParameter { first, second } => write!(
                f,
                "`{first}` and `{second}` are one parameter: build each layer anew in place of cloning one, or pass a parameter that is shared on purpose once"
            ),
            Self::OtherGradient { path, gradient, parameter } => write!(
                f,
                "the gradient of `{path}` is {gradient}, and the parameter {parameter}: correct the operation that gave it; no parameter has moved"
            ),
            Self::IndexOutOfRange { index, stages } => write!(
                f,
                "index {index} is out of range for {stages} stages: use -{stages} to {}; `freeze_all` freezes every group",
                stages.saturating_sub(1)
            ),
            Self::NothingToFreeze => f.write_str(
                "there is one stage only, so freezing all but the last freezes nothing: split the model into two or more groups first",
            ),
            Self::NothingKept => f.write_str(
                "`freeze_except` keeps no group: name one, or freeze every group with `freeze_all`",
            ),
            Self::OutOfRange { what, value, allowed } => {
                write!(f, "{what} {value} is out of range: use {allowed}")
            }
            Self::WrongCount { what, given, stages } => write!(
                f,
                "{given} {what} were given for {stages} stages: give one for each stage, or one for all"
            ),
            Self::OneStage { rates } => write!(
                f,
                "the rates {rates} differ by stage, but there is one stage only: split the model into two or more groups, or give one rate"
            ),
            Self::NoSteps => f.write_str("the plan has no step: give at least one epoch and one step in it"),
            Self::StepOutOfRange { step, steps } => write!(
                f,
                "step {step} is not in the plan, which has {steps}: resume at 0 to {steps}"
            ),
            Self::PhaseOutOfRange { phase, phases } => write!(
                f,
                "phase {phase} is not in the plan, which has {phases}: count phases from 0"
            ),
            Self::BadShares { sum } => write!(
                f,
                "the shares of the schedule add up to {sum}: they must add up to 1 exactly, summed from left to right"
            ),
            Self::WrongPlan { plan, groups } => write!(
                f,
                "the plan is for {plan} groups, and there are {groups}: make the plan from this partition"
            ),
            Self::WrongLength { what, given, expected } => write!(
                f,
                "the {what} has {given} elements and the parameter {expected}: pass slices of one length"
            ),
            Self::StateVersion { found, expected } => write!(
                f,
                "the saved state has version {found}, and this crate reads version {expected}: load it with the release that wrote it"
            ),
            Self::StateGroups { reason } => write!(
                f,
                "the saved state is of other groups: {reason}; split the model as it was split when the state was saved"
            ),
            Self::StateShape { path, found, expected } => write!(
                f,
                "the saved state of `{path}` has shape {found:?}, and the parameter has {expected:?}: load the state of this model"
            ),
            Self::StateUnreadable { reason } => write!(
                f,
                "the saved state cannot be used: {reason}; save it again with this crate"
            ),
            Self::MissingGradients { paths } => write!(
                f,
                "{} trained parameters got no gradient: {}; freeze them, or look for an operation without backward between them and the loss",
                paths.len(),
                Quoted(paths)
            ),
            Self::Unsupported { what, instead } => write!(f, "{what} is not supported: {instead}"),
            Self::Framework { during, source } => write!(f, "{during} failed: {source}"),
        }
    }
}

struct Nearest<'a>(&'a Option<String>);

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, ": did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}
