//! A partition as plain data, to be saved and checked when it is loaded.

use crate::error::{Error, Result};
use crate::parameter::{Parameter, Role};
use crate::partition::Partition;
use crate::rates;
use crate::splitter::{Assignment, GroupSpec};

/// The version of [`PartitionState`] that this crate writes and reads.
pub const STATE_VERSION: u32 = 1;

/// A partition as plain data: groups, members, rates, decay and freezing.
///
/// ```
/// use paramgroups::{BodyAndHead, Splitter};
///
/// let mut partition = BodyAndHead::new("fc").split(["conv.weight", "fc.weight"])?;
/// let saved = partition.state();
/// partition.freeze()?;
/// partition.restore(&saved)?;
/// assert!(!partition.group("body")?.is_frozen());
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PartitionState {
    /// The version of this form.
    pub version: u32,
    /// The groups in order.
    pub groups: Vec<GroupState>,
    /// The parameters in order.
    pub parameters: Vec<ParameterState>,
}

/// A group as plain data.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GroupState {
    /// The name.
    pub name: String,
    /// The stage.
    pub stage: usize,
    /// Whether weight decay applies.
    pub decays: bool,
    /// The stage's learning rate, before its scale.
    pub learning_rate: f64,
    /// What layer decay multiplies the rate by.
    pub learning_rate_scale: f64,
    /// The stage's weight decay.
    pub weight_decay: f64,
    /// Whether it is frozen.
    pub frozen: bool,
}

/// A parameter as plain data.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ParameterState {
    /// The path.
    pub path: String,
    /// The shape, where it is known.
    pub shape: Option<Vec<usize>>,
    /// The role.
    pub role: Role,
    /// The index of its group.
    pub group: usize,
    /// Whether it is exempt from weight decay.
    pub exempt: bool,
    /// Whether it is trained even where its group is frozen.
    pub kept_trainable: bool,
}

impl Partition {
    /// The partition as plain data.
    pub fn state(&self) -> PartitionState {
        let groups = self.groups.iter().map(|group| GroupState {
            name: group.name.clone(),
            stage: group.stage,
            decays: group.decays,
            learning_rate: group.rate,
            learning_rate_scale: group.scale,
            weight_decay: group.weight_decay,
            frozen: group.frozen,
        });
        let parameters = self.parameters.iter().enumerate();
        let parameters = parameters.map(|(index, parameter)| ParameterState {
            path: parameter.path().to_owned(),
            shape: parameter.shape().map(<[usize]>::to_vec),
            role: parameter.role(),
            group: self.group_of[index],
            exempt: self.exempt[index],
            kept_trainable: self.kept[index],
        });
        PartitionState {
            version: STATE_VERSION,
            groups: groups.collect(),
            parameters: parameters.collect(),
        }
    }

    /// Takes rates, decay and freezing from a saved state of the same groups.
    ///
    /// # Errors
    /// [`Error::StateVersion`], [`Error::StateGroups`], [`Error::StateShape`],
    /// [`Error::StateUnreadable`]; nothing is changed then.
    ///
    /// ```
    /// use paramgroups::{ByModule, Error, Splitter};
    ///
    /// let saved = ByModule::top_level().split(["a.w", "b.w"])?.state();
    /// let mut other = ByModule::top_level().split(["a.w", "c.w"])?;
    /// assert!(matches!(other.restore(&saved), Err(Error::StateGroups { .. })));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn restore(&mut self, state: &PartitionState) -> Result<()> {
        self.check_state(state)?;
        let mut restored = self.clone();
        restored.take(state)?;
        *self = restored;
        Ok(())
    }

    /// Checks that a state is of these groups and parameters, in whatever order of parameters.
    fn check_state(&self, state: &PartitionState) -> Result<()> {
        state.check_version()?;
        let differs = |reason: String| Err(Error::StateGroups { reason });
        let saved: Vec<&str> = state.groups.iter().map(|g| g.name.as_str()).collect();
        let here: Vec<&str> = self.groups.iter().map(|g| g.name()).collect();
        if saved != here {
            return differs(format!("it has {saved:?}, and there are {here:?}"));
        }
        for (saved, group) in state.groups.iter().zip(&self.groups) {
            if (saved.stage, saved.decays) != (group.stage, group.decays) {
                return differs(format!(
                    "`{}` has another stage, or decays in one of them only",
                    group.name
                ));
            }
        }
        if state.parameters.len() != self.parameters.len() {
            return differs(format!(
                "it has {} parameters, and there are {}",
                state.parameters.len(),
                self.parameters.len()
            ));
        }
        for parameter in &state.parameters {
            let path = &parameter.path;
            let Some(index) = self.index_of(path) else {
                return differs(format!("it has `{path}`, which the model has not"));
            };
            if parameter.group != self.group_of[index] {
                return differs(format!(
                    "`{path}` was in group {}, and is in group {}",
                    parameter.group, self.group_of[index]
                ));
            }
            if let (Some(found), Some(expected)) =
                (&parameter.shape, self.parameters[index].shape())
                && found != expected
            {
                return Err(Error::StateShape {
                    path: path.clone(),
                    found: found.clone(),
                    expected: expected.to_vec(),
                });
            }
        }
        Ok(())
    }

    fn take(&mut self, state: &PartitionState) -> Result<()> {
        for (group, saved) in self.groups.iter_mut().zip(&state.groups) {
            rates::check("learning rate", saved.learning_rate)?;
            rates::check("learning rate scale", saved.learning_rate_scale)?;
            rates::check("weight decay", saved.weight_decay)?;
            group.rate = saved.learning_rate;
            group.scale = saved.learning_rate_scale;
            group.weight_decay = saved.weight_decay;
            group.frozen = saved.frozen;
        }
        let mut seen = vec![false; self.parameters.len()];
        for saved in &state.parameters {
            let index = self.index_of(&saved.path).unwrap_or_default();
            if std::mem::replace(&mut seen[index], true) {
                return Err(Error::StateUnreadable {
                    reason: format!("it has `{}` twice", saved.path),
                });
            }
            self.exempt[index] = saved.exempt;
            self.kept[index] = saved.kept_trainable;
        }
        Ok(())
    }
}

impl PartitionState {
    fn check_version(&self) -> Result<()> {
        if self.version == STATE_VERSION {
            return Ok(());
        }
        Err(Error::StateVersion {
            found: self.version,
            expected: STATE_VERSION,
        })
    }
}

impl From<Partition> for PartitionState {
    fn from(partition: Partition) -> Self {
        partition.state()
    }
}

impl TryFrom<PartitionState> for Partition {
    type Error = Error;

    /// Builds the partition that the state was taken of.
    fn try_from(state: PartitionState) -> Result<Self> {
        state.check_version()?;
        if state.parameters.is_empty() {
            return Err(Error::NoParameters);
        }
        let parameters = state.parameters.iter().map(|saved| {
            let parameter = Parameter::new(saved.path.as_str()).with_role(saved.role);
            match &saved.shape {
                Some(shape) => parameter.with_shape(shape.as_slice()),
                None => parameter,
            }
        });
        let groups = state.groups.iter().map(|saved| GroupSpec {
            name: saved.name.clone(),
            stage: saved.stage,
            decays: saved.decays,
        });
        let assignment = Assignment {
            groups: groups.collect(),
            of: state.parameters.iter().map(|saved| saved.group).collect(),
        };
        let mut partition = Self::new(parameters.collect(), assignment)?;
        partition.take(&state)?;
        Ok(partition)
    }
}
