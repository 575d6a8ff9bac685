//! One optimizer over all groups.

use std::collections::HashMap;

use candle_core::{Tensor, TensorId, backprop::GradStore};

use super::engine::{Cell, Engine, Member};
use super::named_vars::NamedVars;
use super::rule::{Hyper, UpdateRule};
use crate::error::{Error, Result};
use crate::partition::Partition;
use crate::rates::{LearningRates, PerStage, check_beta};

/// An optimizer that steps each group at its own learning rate, and frozen ones not at all.
///
/// It owns a [`Partition`], in which rates, weight decay and freezing are kept. Variables are stepped
/// in the partition's order, after a single backward pass. The state of a parameter, its step count
/// included, stands still while it is frozen or has no gradient.
///
/// See the [module](crate::candle) for a first example.
pub struct GroupedOptimizer {
    pub(super) partition: Partition,
    pub(super) members: Vec<Member>,
    pub(super) engine: Engine,
    /// Of each group; empty where the engine has none.
    pub(super) momenta: Vec<f64>,
    /// Stage rates as last set, from which `set_learning_rate` scales.
    pub(super) base_rates: Vec<f64>,
    /// A rate that `set_learning_rate`, which returns nothing, could not take.
    pub(super) refused_rate: Option<f64>,
}

impl GroupedOptimizer {
    /// An optimizer over all of `vars`, a `&VarMap` or [`NamedVars`], divided by `partition`.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`] for a variable that is in no group, [`Error::AbsentParameter`] for a
    /// parameter without a variable, [`Error::OtherShape`], [`Error::SharedParameter`] for a variable that
    /// has two paths, [`Error::DuplicatePath`], and what the rule says of its figures.
    pub fn new(
        vars: impl Into<NamedVars>,
        partition: Partition,
        rule: impl UpdateRule + 'static,
    ) -> Result<Self> {
        Self::with_boxed_rule(&vars.into(), partition, Box::new(rule))
    }

    pub(super) fn with_boxed_rule(
        vars: &NamedVars,
        partition: Partition,
        rule: Box<dyn UpdateRule>,
    ) -> Result<Self> {
        let momenta = match rule.momentum() {
            Some(momentum) => vec![momentum; partition.groups().len()],
            None => Vec::new(),
        };
        check_figures(&*rule, &momenta)?;
        Ok(Self {
            members: members_of(vars, &partition)?,
            base_rates: stage_rates(&partition),
            engine: Engine::Rule(rule),
            momenta,
            partition,
            refused_rate: None,
        })
    }

    /// The same over any other optimizer of candle's kind: one `O` for each group, none of them stepped
    /// while its group is frozen.
    ///
    /// Such an optimizer hides its state and knows a learning rate only: saving, loading, momentum and
    /// weight decay by group are errors. Set its weight decay in `config`.
    ///
    /// ```
    /// # use candle_core::{DType, Device};
    /// # use paramgroups::{Splitter, candle::{GroupedOptimizer, NamedVars}};
    /// # let vars = candle_nn::VarMap::new();
    /// # let vb = candle_nn::VarBuilder::from_varmap(&vars, DType::F32, &Device::Cpu);
    /// # candle_nn::linear(2, 2, vb.pp("body"))?;
    /// # candle_nn::linear(2, 2, vb.pp("head"))?;
    /// let partition = paramgroups::BodyAndHead::new("head").split(NamedVars::from(&vars).parameters())?;
    /// let config = candle_nn::ParamsAdamW::default();
    /// let optimizer = GroupedOptimizer::wrapping::<candle_nn::AdamW>(&vars, partition, config)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new), and a partition that sets a weight decay.
    pub fn wrapping<O>(
        vars: impl Into<NamedVars>,
        partition: Partition,
        config: O::Config,
    ) -> Result<Self>
    where
        O: candle_nn::Optimizer + Send + 'static,
        O::Config: Clone,
    {
        refuse_weight_decay(&partition)?;
        let members = members_of(&vars.into(), &partition)?;
        let mut cells: Vec<Cell> = Vec::new();
        for together in members.chunk_by(|a, b| cell_of(&partition, a) == cell_of(&partition, b)) {
            let vars = together.iter().map(|member| member.var.clone()).collect();
            let inner = O::new(vars, config.clone())
                .map_err(|error| Error::framework("building a group's optimizer", error))?;
            cells.push(Cell {
                group: together[0].group,
                parameter: together[0].parameter,
                inner: Box::new(inner),
            });
        }
        Ok(Self {
            base_rates: stage_rates(&partition),
            engine: Engine::Wrapped(cells),
            momenta: Vec::new(),
            partition,
            members,
            refused_rate: None,
        })
    }

    /// The groups with their rates, decay and freezing. It prints as a table.
    pub fn partition(&self) -> &Partition {
        &self.partition
    }

    /// Takes over rates, decay and freezing from a partition of the same groups.
    ///
    /// For what this type has no method of its own for, such as
    /// [`set_layer_decay`](Partition::set_layer_decay):
    /// change a clone of [`partition`](Self::partition), and set it.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Var};
    /// # use paramgroups::{ByModule, LayerDecay, Splitter, candle::{GroupedOptimizer, NamedVars, Sgd}};
    /// # let var = || Var::ones(4, DType::F32, &Device::Cpu);
    /// # let vars: NamedVars = [("body.w", var()?), ("head.w", var()?)].into_iter().collect();
    /// # let partition = ByModule::top_level().split(vars.parameters())?;
    /// # let mut optimizer = GroupedOptimizer::new(vars, partition, Sgd::default())?;
    /// let mut partition = optimizer.partition().clone();
    /// partition.set_learning_rates(1.0)?;
    /// partition.set_layer_decay(LayerDecay::new(0.5))?;
    /// optimizer.set_partition(partition)?;
    /// assert_eq!(optimizer.partition().group("body")?.learning_rate(), 0.5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::StateGroups`] for other parameters or groups, and what a wrapped optimizer cannot
    /// follow; nothing is changed then.
    pub fn set_partition(&mut self, partition: Partition) -> Result<()> {
        same_groups(&self.partition, &partition)?;
        if let Engine::Wrapped(_) = self.engine {
            refuse_weight_decay(&partition)?;
            if partition.kept != self.partition.kept {
                return Err(unsupported_when_wrapped(
                    "keeping other parameters trainable",
                ));
            }
        }
        self.partition = partition;
        self.rates_were_set();
        Ok(())
    }

    /// Sets the learning rates of the stages: see [`Partition::set_learning_rates`].
    ///
    /// # Errors
    /// Those of the partition; nothing is changed then.
    pub fn set_learning_rates(&mut self, rates: impl Into<LearningRates>) -> Result<()> {
        self.partition.set_learning_rates(rates)?;
        self.rates_were_set();
        Ok(())
    }

    /// Sets weight decay: see [`Partition::set_weight_decay`].
    ///
    /// # Errors
    /// Those of the partition, and any with a wrapped optimizer; nothing is changed then.
    pub fn set_weight_decay(&mut self, decay: impl Into<PerStage>) -> Result<()> {
        if let Engine::Wrapped(_) = self.engine {
            return Err(unsupported_when_wrapped("weight decay by group"));
        }
        self.partition.set_weight_decay(decay)
    }

    /// Sets the momentum of each group: `beta1` of [`AdamW`](super::AdamW).
    ///
    /// ```
    /// # use candle_core::{DType, Device, Var};
    /// # use paramgroups::{ByModule, Splitter, candle::{AdamW, GroupedOptimizer, NamedVars}};
    /// # let var = || Var::ones(4, DType::F32, &Device::Cpu);
    /// # let vars: NamedVars = [("body.w", var()?), ("head.w", var()?)].into_iter().collect();
    /// # let partition = ByModule::top_level().split(vars.parameters())?;
    /// # let mut optimizer = GroupedOptimizer::new(vars, partition, AdamW::default())?;
    /// optimizer.set_momenta(&[0.95, 0.9])?;
    /// assert!(optimizer.set_momenta(&[0.95, 1.0]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A momentum outside of 0 to 1 (1 excluded), a list of another length than there are groups, a rule
    /// without momentum; nothing is changed then.
    pub fn set_momenta(&mut self, momenta: &[f64]) -> Result<()> {
        if self.momenta.is_empty() {
            return Err(match self.engine {
                Engine::Wrapped(_) => unsupported_when_wrapped("momentum by group"),
                Engine::Rule(ref rule) => Error::Unsupported {
                    what: format!("momentum with {}", rule.name()),
                    instead: "use a rule that has one, or plan the learning rates alone".into(),
                },
            });
        }
        if momenta.len() != self.momenta.len() {
            return Err(Error::WrongCount {
                what: "momenta",
                given: momenta.len(),
                stages: self.momenta.len(),
            });
        }
        if let Engine::Rule(rule) = &self.engine {
            check_figures(&**rule, momenta)?;
        }
        self.momenta.copy_from_slice(momenta);
        Ok(())
    }

    /// Freezes all stages but the last: see [`Partition::freeze`].
    ///
    /// # Errors
    /// Those of the partition; nothing is changed then.
    pub fn freeze(&mut self) -> Result<()> {
        self.partition.freeze()
    }

    /// Freezes the stages before `n`: see [`Partition::freeze_to`].
    ///
    /// # Errors
    /// Those of the partition; nothing is changed then.
    pub fn freeze_to(&mut self, n: isize) -> Result<()> {
        self.partition.freeze_to(n)
    }

    /// Freezes all groups but those named: see [`Partition::freeze_except`].
    ///
    /// # Errors
    /// Those of the partition; nothing is changed then.
    pub fn freeze_except<N: AsRef<str>>(
        &mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<()> {
        self.partition.freeze_except(names)
    }

    /// Trains every group.
    pub fn unfreeze(&mut self) {
        self.partition.unfreeze();
    }

    /// Forgets moments, velocities and step counts, as fastai does when it freezes.
    ///
    /// # Errors
    /// A wrapped optimizer, whose state cannot be reached.
    pub fn clear_state(&mut self) -> Result<()> {
        if let Engine::Wrapped(_) = self.engine {
            return Err(unsupported_when_wrapped("clearing the state"));
        }
        for member in &mut self.members {
            member.state = Default::default();
        }
        Ok(())
    }

    /// Runs one backward pass and steps all groups that are not frozen.
    ///
    /// # Errors
    /// Those of [`step`](Self::step), and what the backward pass returns.
    pub fn backward_step(&mut self, loss: &Tensor) -> Result<()> {
        let grads = loss
            .backward()
            .map_err(|error| Error::framework("the backward pass", error))?;
        self.step(&grads)
    }

    /// Steps each trained parameter that has a gradient.
    ///
    /// # Errors
    /// [`Error::OtherGradient`] for one of another shape, data type or device than its parameter, and a rate
    /// that `set_learning_rate` was given and could not refuse: nothing has moved then. A failure of the
    /// device itself is passed on when it happens.
    pub fn step(&mut self, grads: &GradStore) -> Result<()> {
        if let Some(rate) = self.refused_rate {
            crate::rates::check("learning rate", rate)?;
        }
        for member in self.trained() {
            check_gradient(member, grads)?;
        }
        let partition = &self.partition;
        let failed = |error| Error::framework("the optimizer step", error);
        match &mut self.engine {
            Engine::Rule(rule) => {
                for member in &mut self.members {
                    if !partition.is_trained(member.parameter) {
                        continue;
                    }
                    let hyper = Hyper {
                        lr: partition.groups()[member.group].learning_rate(),
                        momentum: self.momenta.get(member.group).copied().unwrap_or(0.0),
                        weight_decay: partition.weight_decay_of(member.parameter),
                    };
                    member.update(&**rule, grads, hyper).map_err(failed)?;
                }
            }
            Engine::Wrapped(cells) => {
                for cell in cells {
                    if partition.is_trained(cell.parameter) {
                        let lr = partition.groups()[cell.group].learning_rate();
                        cell.inner.step(grads, lr).map_err(failed)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Checks that every trained parameter has a gradient.
    ///
    /// Call it once, after the first backward pass: some operations of candle have no backward, and
    /// every parameter behind them stays as it is, without a word.
    ///
    /// ```
    /// # use candle_core::{DType, Device, Var};
    /// # use paramgroups::{ByModule, Splitter, candle::{GroupedOptimizer, NamedVars, Sgd}};
    /// # let var = || Var::ones(4, DType::F32, &Device::Cpu);
    /// # let (body, head) = (var()?, var()?);
    /// # let vars: NamedVars = [("body.w", body.clone()), ("head.w", head.clone())].into_iter().collect();
    /// # let partition = ByModule::top_level().split(vars.parameters())?;
    /// # let optimizer = GroupedOptimizer::new(vars, partition, Sgd::default())?;
    /// let hidden = candle_nn::ops::softmax_last_dim(&body)?; // has no backward
    /// let loss = (hidden * head.as_tensor())?.sum_all()?;
    /// let error = optimizer.check_gradients(&loss.backward()?).unwrap_err();
    /// assert!(error.to_string().contains("`body.w`"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::MissingGradients`], which names each trained parameter without a gradient.
    pub fn check_gradients(&self, grads: &GradStore) -> Result<()> {
        let paths: Vec<String> = self
            .trained()
            .filter(|member| grads.get(&member.var).is_none())
            .map(|member| member.path.clone())
            .collect();
        match paths.is_empty() {
            true => Ok(()),
            false => Err(Error::MissingGradients { paths }),
        }
    }

    pub(super) fn trained(&self) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(|member| self.partition.is_trained(member.parameter))
    }

    pub(super) fn rates_were_set(&mut self) {
        self.base_rates = stage_rates(&self.partition);
        self.refused_rate = None;
    }
}

pub(super) fn unsupported_when_wrapped(what: &str) -> Error {
    Error::Unsupported {
        what: format!("{what} with a wrapped candle optimizer"),
        instead: "use `GroupedOptimizer::new` with `AdamW`, `Sgd` or an `UpdateRule` of your own"
            .into(),
    }
}

fn refuse_weight_decay(partition: &Partition) -> Result<()> {
    match partition
        .groups()
        .iter()
        .any(|group| group.weight_decay() != 0.0)
    {
        true => Err(unsupported_when_wrapped("weight decay by group")),
        false => Ok(()),
    }
}

fn stage_rates(partition: &Partition) -> Vec<f64> {
    let mut rates = vec![0.0; partition.stages()];
    for group in partition.groups() {
        rates[group.stage()] = group.rate;
    }
    rates
}

fn cell_of(partition: &Partition, member: &Member) -> (usize, bool) {
    (member.group, partition.is_kept_trainable(member.parameter))
}

/// The variables in the order in which they are stepped: by group, what is kept trainable last.
fn members_of(vars: &NamedVars, partition: &Partition) -> Result<Vec<Member>> {
    let mut paths: HashMap<TensorId, &str> = HashMap::new();
    let mut found = vec![false; partition.parameters().len()];
    let mut members = Vec::new();
    for (path, var) in vars.iter() {
        partition.group_of(path)?;
        let Some(parameter) = partition.index_of(path) else {
            continue;
        };
        if let Some(other) = paths.insert(var.id(), path) {
            return Err(Error::SharedParameter {
                first: other.into(),
                second: path.into(),
            });
        }
        if std::mem::replace(&mut found[parameter], true) {
            return Err(Error::DuplicatePath { path: path.into() });
        }
        if let Some(shape) = partition.parameters()[parameter].shape()
            && shape != var.dims()
        {
            return Err(Error::OtherShape {
                path: path.into(),
                partition: shape.to_vec(),
                model: var.dims().to_vec(),
            });
        }
        members.push(Member {
            path: path.into(),
            var: var.clone(),
            parameter,
            group: partition.group_indices()[parameter],
            state: Default::default(),
        });
    }
    if let Some(missing) = found.iter().position(|&found| !found) {
        return Err(Error::AbsentParameter {
            path: partition.parameters()[missing].path().into(),
        });
    }
    members.sort_by_key(|member| {
        let (group, kept) = cell_of(partition, member);
        (group, kept, member.parameter)
    });
    Ok(members)
}

/// Checks what a rule is about to be run with.
pub(super) fn check_figures(rule: &dyn UpdateRule, momenta: &[f64]) -> Result<()> {
    if momenta.is_empty() {
        return rule.check(0.0);
    }
    for &momentum in momenta {
        check_beta("momentum", momentum)?;
        rule.check(momentum)?;
    }
    Ok(())
}

fn same_groups(ours: &Partition, theirs: &Partition) -> Result<()> {
    let named = |partition: &Partition| -> Vec<(String, usize)> {
        let groups = partition.groups().iter();
        groups
            .map(|group| (group.name().to_owned(), group.stage()))
            .collect()
    };
    let same = ours.parameters() == theirs.parameters()
        && ours.group_indices() == theirs.group_indices()
        && named(ours) == named(theirs);
    match same {
        true => Ok(()),
        false => Err(Error::StateGroups {
            reason: "parameters, their order, groups or stages differ".into(),
        }),
    }
}

fn check_gradient(member: &Member, grads: &GradStore) -> Result<()> {
    let Some(grad) = grads.get(&member.var) else {
        return Ok(());
    };
    let var = &member.var;
    let fits = grad.shape() == var.shape()
        && grad.dtype() == var.dtype()
        && grad.device().same_device(var.device());
    let described = |tensor: &Tensor| {
        let device = tensor.device().location();
        format!("{:?} {:?} on {device:?}", tensor.dtype(), tensor.dims())
    };
    match fits {
        true => Ok(()),
        false => Err(Error::OtherGradient {
            path: member.path.clone(),
            gradient: described(grad),
            parameter: described(var),
        }),
    }
}
