//! Parameters divided into groups, with each group's rate, decay and freezing.

use std::sync::OnceLock;

use crate::decay::DecayRule;
use crate::error::{Error, Result};
use crate::nearest::{Suggestions, nearest_of};
use crate::parameter::{Parameter, Role};
use crate::path_index::{PathIndex, check_distinct};
use crate::rates::{self, LayerDecay, LearningRates, PerStage};
use crate::selector::Selector;
use crate::splitter::{Assignment, GroupSpec};

/// Parameters divided into ordered groups: each parameter is in exactly one.
///
/// A partition comes from a [`Splitter`](crate::Splitter). Its groups are counted by *stage*:
/// freezing and learning rates go by stage. A stage is one group, or the two halves that
/// [`by_decay`](crate::Splitter::by_decay) makes of one.
///
/// Printing it gives a table:
///
/// ```
/// use paramgroups::{BodyAndHead, Parameter, Splitter};
///
/// let mut partition = BodyAndHead::new("fc").split([
///     Parameter::new("conv.weight").with_shape([64, 3, 7, 7]),
///     Parameter::new("fc.weight").with_shape([10, 64]),
/// ])?;
/// partition.set_learning_rates(1e-4..=1e-2)?;
/// partition.set_weight_decay(0.01)?;
/// partition.freeze()?;
/// let table = partition.to_string();
/// assert_eq!(table.lines().nth(1).unwrap(), "body            1      9408  1e-4  0.01          yes");
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(into = "crate::PartitionState", try_from = "crate::PartitionState")
)]
pub struct Partition {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) group_of: Vec<usize>,
    pub(crate) groups: Vec<Group>,
    pub(crate) stages: usize,
    /// Parameters without weight decay whatever their group says.
    pub(crate) exempt: Vec<bool>,
    /// Parameters that are trained even where their group is frozen.
    pub(crate) kept: Vec<bool>,
    /// Built when a path is first looked up.
    index: OnceLock<PathIndex>,
}

/// One group of a partition.
///
/// ```
/// use paramgroups::{BodyAndHead, Parameter, Splitter};
///
/// let mut partition = BodyAndHead::new("fc").split([
///     Parameter::new("conv.weight").with_shape([8, 3, 3, 3]),
///     Parameter::new("fc.weight").with_shape([2, 8]),
/// ])?;
/// partition.set_learning_rates([1e-4, 1e-2])?;
/// partition.set_weight_decay(0.1)?;
/// let head = &partition.groups()[1];
/// assert_eq!((head.name(), head.stage(), head.len()), ("head", 1, 1));
/// assert_eq!((head.members(), head.elements()), (&[1][..], Some(16)));
/// assert_eq!((head.learning_rate(), head.learning_rate_scale()), (1e-2, 1.0));
/// assert_eq!((head.weight_decay(), head.is_frozen()), (0.1, false));
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub(crate) name: String,
    pub(crate) stage: usize,
    pub(crate) decays: bool,
    pub(crate) members: Vec<usize>,
    pub(crate) elements: Option<usize>,
    pub(crate) rate: f64,
    pub(crate) scale: f64,
    pub(crate) weight_decay: f64,
    pub(crate) frozen: bool,
}

/// What a group's learning rate is until one is set: fastai's default.
pub const DEFAULT_LEARNING_RATE: f64 = 1e-3;

impl Group {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The stage, from 0: freezing and learning rates go by stage.
    pub fn stage(&self) -> usize {
        self.stage
    }

    /// The members, as indices into [`Partition::parameters`].
    pub fn members(&self) -> &[usize] {
        &self.members
    }

    /// How many parameters it holds.
    #[expect(clippy::len_without_is_empty, reason = "a group is never empty")]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// How many elements they have together, where every shape is known.
    pub fn elements(&self) -> Option<usize> {
        self.elements
    }

    /// The learning rate: the stage's, times [`learning_rate_scale`](Group::learning_rate_scale).
    pub fn learning_rate(&self) -> f64 {
        self.rate * self.scale
    }

    /// The factor that layer decay puts on the learning rate; 1 without it.
    pub fn learning_rate_scale(&self) -> f64 {
        self.scale
    }

    /// Weight decay; 0 for the half that does not decay.
    ///
    /// Single members may be exempt: see [`Partition::weight_decay_of`].
    pub fn weight_decay(&self) -> f64 {
        if self.decays { self.weight_decay } else { 0.0 }
    }

    /// Whether the group is frozen.
    ///
    /// Single members may be trained all the same: see [`Partition::is_trained`].
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }
}

/// Refuses empty and repeated names.
pub(crate) fn check_names(specs: &[GroupSpec]) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    for (index, spec) in specs.iter().enumerate() {
        if spec.name.is_empty() {
            return Err(Error::UnnamedGroup { index });
        }
        if !seen.insert(spec.name.as_str()) {
            return Err(Error::DuplicateGroup {
                name: spec.name.clone(),
            });
        }
    }
    Ok(())
}

impl Partition {
    /// Checks an assignment and takes it.
    ///
    /// # Errors
    /// An assignment that does not fit, an empty group, or a path given twice.
    pub(crate) fn new(parameters: Vec<Parameter>, assignment: Assignment) -> Result<Self> {
        let Assignment { groups: specs, of } = assignment;
        check_names(&specs)?;
        let stages = check_assignment(&specs, &of, parameters.len())?;
        check_distinct(&parameters)?;
        let mut groups: Vec<Group> = specs
            .into_iter()
            .map(|spec| Group {
                name: spec.name,
                stage: spec.stage,
                decays: spec.decays,
                members: Vec::new(),
                elements: Some(0),
                rate: DEFAULT_LEARNING_RATE,
                scale: 1.0,
                weight_decay: 0.0,
                frozen: false,
            })
            .collect();
        for (member, (&group, parameter)) in of.iter().zip(&parameters).enumerate() {
            let group = &mut groups[group];
            group.members.push(member);
            group.elements = group
                .elements
                .zip(parameter.elements())
                .map(|(sum, more)| sum.saturating_add(more));
        }
        if let Some(empty) = groups.iter().find(|group| group.members.is_empty()) {
            return Err(Error::EmptyGroup {
                name: empty.name.clone(),
            });
        }
        Ok(Self {
            exempt: vec![false; parameters.len()],
            kept: vec![false; parameters.len()],
            parameters,
            group_of: of,
            groups,
            stages,
            index: OnceLock::new(),
        })
    }

    /// The groups in order.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// How many stages there are; without [`by_decay`](crate::Splitter::by_decay), one a group.
    pub fn stages(&self) -> usize {
        self.stages
    }

    /// The parameters, in the order they were given.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The index of the group of each parameter, in the order of
    /// [`parameters`](Partition::parameters).
    pub fn group_indices(&self) -> &[usize] {
        &self.group_of
    }

    /// The group of this name.
    ///
    /// # Errors
    /// [`Error::UnknownGroup`], with the nearest name.
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, Splitter};
    ///
    /// let partition = BodyAndHead::new("fc").split(["conv.weight", "fc.weight"])?;
    /// assert!(partition.group("haed").unwrap_err().to_string().contains("`head`"));
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn group(&self, name: &str) -> Result<&Group> {
        self.groups
            .iter()
            .find(|group| group.name == name)
            .ok_or_else(|| Error::UnknownGroup {
                name: name.to_owned(),
                nearest: nearest_of(name, self.groups.iter().map(Group::name)),
            })
    }

    /// The index of a parameter in [`parameters`](Partition::parameters).
    pub fn index_of(&self, path: &str) -> Option<usize> {
        let index = self.index.get_or_init(|| PathIndex::new(&self.parameters));
        index.get(&self.parameters, path)
    }

    /// The group that holds a parameter.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`], with the nearest path.
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, Splitter};
    ///
    /// let partition = BodyAndHead::new("fc").split(["conv.weight", "fc.weight"])?;
    /// assert_eq!(partition.group_of("conv.weight")?.name(), "body");
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn group_of(&self, path: &str) -> Result<&Group> {
        match self.index_of(path) {
            Some(index) => Ok(&self.groups[self.group_of[index]]),
            None => Err(Error::UnknownParameter {
                path: path.to_owned(),
                nearest: nearest_of(path, self.parameters.iter().map(Parameter::path)),
            }),
        }
    }

    /// Whether the parameter of this index is trained: its group is not frozen, or it is kept
    /// trainable. `false` for an index that no parameter has.
    pub fn is_trained(&self, index: usize) -> bool {
        self.group_of
            .get(index)
            .is_some_and(|&group| !self.groups[group].frozen || self.kept[index])
    }

    /// Whether the parameter of this index is trained even where its group is frozen.
    pub fn is_kept_trainable(&self, index: usize) -> bool {
        self.kept.get(index).copied().unwrap_or(false)
    }

    /// The weight decay of the parameter of this index; 0 where it is exempt.
    pub fn weight_decay_of(&self, index: usize) -> f64 {
        match self.group_of.get(index) {
            Some(&group) if !self.exempt[index] => self.groups[group].weight_decay(),
            _ => 0.0,
        }
    }

    /// Sets the learning rates of the stages.
    ///
    /// A number is for all; `..=hi` gives a tenth of `hi` to all but the last; `lo..=hi` rises in
    /// even multiples; a list names one for each.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], [`Error::WrongCount`], [`Error::OneStage`]; nothing is changed then.
    ///
    /// ```
    /// use paramgroups::{ByModule, Splitter};
    ///
    /// let mut partition = ByModule::top_level().split(["a.w", "b.w", "c.w"])?;
    /// partition.set_learning_rates(..=1e-2)?;
    /// assert_eq!(partition.learning_rates().collect::<Vec<_>>(), [1e-3, 1e-3, 1e-2]);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn set_learning_rates(&mut self, rates: impl Into<LearningRates>) -> Result<()> {
        let rates = rates.into().for_stages(self.stages)?;
        for group in &mut self.groups {
            group.rate = rates[group.stage];
        }
        Ok(())
    }

    /// The learning rate of each group.
    pub fn learning_rates(&self) -> impl Iterator<Item = f64> + '_ {
        self.groups.iter().map(Group::learning_rate)
    }

    /// Scales the learning rates down with the distance from the last stage, as timm does, and
    /// freezes what falls under the threshold where there is one.
    ///
    /// The scale stays: it multiplies every rate that is set or planned from here on.
    ///
    /// # Errors
    /// [`Error::OutOfRange`]; nothing is changed then.
    ///
    /// ```
    /// use paramgroups::{ByModule, LayerDecay, Splitter};
    ///
    /// let mut partition = ByModule::top_level().split(["a.w", "b.w", "c.w"])?;
    /// partition.set_learning_rates(1.0)?;
    /// partition.set_layer_decay(LayerDecay::new(0.5))?;
    /// assert_eq!(partition.learning_rates().collect::<Vec<_>>(), [0.25, 0.5, 1.0]);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn set_layer_decay(&mut self, decay: LayerDecay) -> Result<()> {
        let scales = decay.scales(self.stages)?;
        for group in &mut self.groups {
            group.scale = scales[group.stage];
            if group.scale < decay.freeze_below {
                group.frozen = true;
            }
        }
        Ok(())
    }

    /// Sets weight decay: one value for all stages, or one for each.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], [`Error::WrongCount`]; nothing is changed then.
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, Splitter};
    ///
    /// let mut partition = BodyAndHead::new("fc").split(["conv.weight", "fc.weight"])?;
    /// partition.set_weight_decay([0.1, 0.0])?;
    /// assert_eq!(partition.group("body")?.weight_decay(), 0.1);
    /// assert!(partition.set_weight_decay(f64::NAN).is_err());
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn set_weight_decay(&mut self, decay: impl Into<PerStage>) -> Result<()> {
        let decays = rates::per_stage(decay.into(), self.stages, "weight decays")?;
        for &value in &decays {
            rates::check("weight decay", value)?;
        }
        for group in &mut self.groups {
            group.weight_decay = decays[group.stage];
        }
        Ok(())
    }

    /// Exempts single parameters from weight decay, within their groups, as fastai does.
    ///
    /// # Errors
    /// What the rule cannot decide; nothing is changed then.
    ///
    /// ```
    /// use paramgroups::{DecayRule, Groups, Splitter};
    ///
    /// let mut partition = Groups::new().rest("all").split(["fc.weight", "fc.bias"])?;
    /// partition.set_weight_decay(0.1)?;
    /// partition.exempt_from_decay(&DecayRule::NormAndBias)?;
    /// assert_eq!(partition.weight_decay_of(0), 0.1);
    /// assert_eq!(partition.weight_decay_of(1), 0.0);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn exempt_from_decay(&mut self, rule: &DecayRule) -> Result<()> {
        let exempt: Result<Vec<bool>> = self
            .parameters
            .iter()
            .map(|parameter| rule.decays(parameter).map(|decays| !decays))
            .collect();
        self.exempt = exempt?;
        Ok(())
    }

    /// Keeps normalisation layers trained in frozen groups, as fastai does, or no longer.
    ///
    /// Which parameters these are goes by [`Role`].
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, Splitter};
    ///
    /// let mut partition = BodyAndHead::new("fc").split(["conv.weight", "bn.weight", "fc.weight"])?;
    /// partition.keep_norms_trainable(true);
    /// partition.freeze()?;
    /// assert!(!partition.is_trained(0));
    /// assert!(partition.is_trained(1));
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn keep_norms_trainable(&mut self, keep: bool) {
        for (kept, parameter) in self.kept.iter_mut().zip(&self.parameters) {
            if parameter.role() == Role::Norm {
                *kept = keep;
            }
        }
    }

    /// Keeps what a selector takes trained in frozen groups.
    ///
    /// # Errors
    /// A selector that cannot be read, and [`Error::NoMember`] for one that takes nothing; nothing is
    /// changed then.
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, Splitter};
    ///
    /// let mut partition = BodyAndHead::new("fc").split(["conv.weight", "scale.gamma", "fc.weight"])?;
    /// partition.keep_trainable("scale")?;
    /// partition.freeze()?;
    /// assert!(partition.is_trained(1));
    /// let error = partition.keep_trainable("scael").unwrap_err();
    /// assert!(error.to_string().contains("did you mean `scale`?"));
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn keep_trainable(&mut self, selector: impl Into<Selector>) -> Result<()> {
        let selector = selector.into();
        let members = selector.members(&self.parameters)?;
        if members.is_empty() {
            return Err(Error::NoMember {
                nearest: Suggestions::new(&self.parameters).nearest(&selector),
                selector: selector.to_string(),
            });
        }
        for member in members {
            self.kept[member] = true;
        }
        Ok(())
    }
}

/// Checks that stages rise one by one and that every parameter has a group; gives their number.
fn check_assignment(specs: &[GroupSpec], of: &[usize], parameters: usize) -> Result<usize> {
    let bad = |reason: String| Err(Error::BadAssignment { reason });
    if specs.is_empty() {
        return Err(Error::NoGroups);
    }
    if of.len() != parameters {
        return bad(format!("it places {} parameters of {parameters}", of.len()));
    }
    if let Some(group) = of.iter().find(|&&group| group >= specs.len()) {
        return bad(format!(
            "it names group {group}, and there are {}",
            specs.len()
        ));
    }
    let mut stages = 0;
    for spec in specs {
        let rises = spec.stage == stages || spec.stage + 1 == stages;
        if !rises {
            return bad(format!(
                "stage {} of group `{}` breaks the order: stages count up from 0 without a gap",
                spec.stage, spec.name
            ));
        }
        stages = spec.stage + 1;
    }
    Ok(stages)
}
