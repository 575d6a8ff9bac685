//! What every splitter has in common.

use crate::decay::DecayRule;
use crate::error::{Error, Result};
use crate::parameter::Parameter;
use crate::partition::Partition;
use crate::splitters::ByDecay;

/// Divides parameters into ordered, named groups.
///
/// Implement [`assign`](Splitter::assign) for a splitter of your own; [`split`](Splitter::split)
/// checks what it says.
///
/// ```
/// use paramgroups::{Assignment, Error, GroupSpec, Parameter, Splitter};
///
/// struct OddAndEven;
///
/// impl Splitter for OddAndEven {
///     fn assign(&self, parameters: &[Parameter]) -> Result<Assignment, Error> {
///         Ok(Assignment {
///             groups: vec![GroupSpec::new("even", 0), GroupSpec::new("odd", 1)],
///             of: (0..parameters.len()).map(|index| index % 2).collect(),
///         })
///     }
/// }
///
/// let partition = OddAndEven.split(["a", "b", "c"])?;
/// assert_eq!(partition.groups()[0].members(), [0, 2]);
/// # Ok::<(), Error>(())
/// ```
pub trait Splitter {
    /// Says for each parameter in which group it is.
    ///
    /// # Errors
    /// What keeps the parameters from being divided.
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment>;

    /// Divides the parameters: each is in exactly one group, and no group is empty.
    ///
    /// Takes paths, or [`Parameter`]s with shapes and roles. Their order is kept within a group.
    ///
    /// # Errors
    /// [`Error::NoParameters`], [`Error::DuplicatePath`], and what
    /// [`assign`](Splitter::assign) returns.
    fn split<I>(&self, parameters: I) -> Result<Partition>
    where
        Self: Sized,
        I: IntoIterator,
        I::Item: Into<Parameter>,
    {
        let parameters: Vec<Parameter> = parameters.into_iter().map(Into::into).collect();
        if parameters.is_empty() {
            return Err(Error::NoParameters);
        }
        let assignment = self.assign(&parameters)?;
        Partition::new(parameters, assignment)
    }

    /// The same groups, each divided into what decays and what does not.
    ///
    /// The halves of a group stay one *stage*: they freeze together and share a learning rate.
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, DecayRule, Splitter};
    ///
    /// let partition = BodyAndHead::new("head").by_decay(DecayRule::NormAndBias).split([
    ///     "body.weight",
    ///     "body.bias",
    ///     "head.weight",
    /// ])?;
    /// let names: Vec<&str> = partition.groups().iter().map(|group| group.name()).collect();
    /// assert_eq!(names, ["body.decay", "body.no_decay", "head.decay"]);
    /// assert_eq!(partition.stages(), 2);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    fn by_decay(self, rule: DecayRule) -> ByDecay<Self>
    where
        Self: Sized,
    {
        ByDecay::new(self, rule)
    }
}

impl<S: Splitter + ?Sized> Splitter for &S {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        (**self).assign(parameters)
    }
}

impl<S: Splitter + ?Sized> Splitter for Box<S> {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        (**self).assign(parameters)
    }
}

/// What a splitter says: the groups, and the group of each parameter.
///
/// ```
/// use paramgroups::{Assignment, GroupSpec};
/// let both = Assignment { groups: vec![GroupSpec::new("all", 0)], of: vec![0, 0] };
/// assert_eq!(both.of.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The groups in order.
    pub groups: Vec<GroupSpec>,
    /// The group of each parameter: an index into `groups`.
    pub of: Vec<usize>,
}

/// A group to be: its name, its stage, and whether its members decay.
///
/// ```
/// let head = paramgroups::GroupSpec::new("head", 1);
/// assert!(head.decays);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSpec {
    /// The name.
    pub name: String,
    /// The stage: groups of one stage freeze together and share a learning rate. Stages count
    /// from 0, in the order of the groups.
    pub stage: usize,
    /// Whether weight decay applies.
    pub decays: bool,
}

impl GroupSpec {
    /// A group that decays.
    ///
    /// ```
    /// assert_eq!(paramgroups::GroupSpec::new("body", 0).name, "body");
    /// ```
    pub fn new(name: impl Into<String>, stage: usize) -> Self {
        Self {
            name: name.into(),
            stage,
            decays: true,
        }
    }
}
