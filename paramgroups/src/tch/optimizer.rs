//! tch's optimizer, driven by group.

use std::sync::{Arc, Mutex, PoisonError};

use tch::nn::{Optimizer, OptimizerConfig, VarStore, Variables};
use tch::{TchError, Tensor};

use super::store::assign;
use crate::error::{Error, Result};
use crate::partition::Partition;
use crate::plan::Step;
use crate::rates::{LearningRates, PerStage};

/// tch's optimizer over the groups of a [`Partition`], which keeps rates, weight decay and freezing.
///
/// See the [module](crate::tch) for an example.
pub struct GroupedOptimizer {
    partition: Partition,
    optimizer: Optimizer,
    /// In the partition's order.
    tensors: Vec<Tensor>,
    cells: Vec<Cell>,
    store: Arc<Mutex<Variables>>,
    built_with: usize,
}

/// One group of tch's: what shares a learning rate and a weight decay.
struct Cell {
    group: usize,
    exempt: bool,
}

impl GroupedOptimizer {
    /// Regroups the store, and builds tch's optimizer over it.
    ///
    /// Learning rates and weight decay are the partition's; everything else is the configuration's.
    ///
    /// # Errors
    /// Those of [`regroup`](super::regroup), and what libtorch returns.
    pub fn build(
        vs: &VarStore,
        partition: Partition,
        config: impl OptimizerConfig,
    ) -> Result<Self> {
        let (cells, of) = cells(&partition);
        let tensors = assign(vs, &partition, &of)?;
        let rate = partition.learning_rates().last().unwrap_or_default();
        let optimizer = config
            .build(vs, rate)
            .map_err(|error| Error::framework("building the optimizer", error))?;
        let mut built = Self {
            built_with: tensors.len(),
            store: vs.variables_.clone(),
            partition,
            optimizer,
            tensors,
            cells,
        };
        built.drive();
        Ok(built)
    }

    /// The groups with their rates, decay and freezing. It prints as a table.
    pub fn partition(&self) -> &Partition {
        &self.partition
    }

    /// tch's optimizer.
    ///
    /// Its `set_lr` and `set_weight_decay` overwrite every group, until a rate is set here again.
    pub fn optimizer_mut(&mut self) -> &mut Optimizer {
        &mut self.optimizer
    }

    /// Sets the learning rates of the stages: see [`Partition::set_learning_rates`].
    ///
    /// # Errors
    /// Those of the partition; nothing is changed then.
    pub fn set_learning_rates(&mut self, rates: impl Into<LearningRates>) -> Result<()> {
        self.change(|partition| partition.set_learning_rates(rates))
    }

    /// Sets weight decay: see [`Partition::set_weight_decay`].
    ///
    /// # Errors
    /// Those of the partition; nothing is changed then.
    pub fn set_weight_decay(&mut self, decay: impl Into<PerStage>) -> Result<()> {
        self.change(|partition| partition.set_weight_decay(decay))
    }

    /// Freezes all stages but the last: see [`Partition::freeze`].
    ///
    /// Gradients that are there are dropped: libtorch would step a frozen parameter that has one.
    ///
    /// # Errors
    /// Those of the partition; nothing is changed then.
    pub fn freeze(&mut self) -> Result<()> {
        self.change(Partition::freeze)
    }

    /// Freezes the stages before `n`: see [`Partition::freeze_to`] and [`freeze`](Self::freeze).
    ///
    /// # Errors
    /// Those of the partition; nothing is changed then.
    pub fn freeze_to(&mut self, n: isize) -> Result<()> {
        self.change(|partition| partition.freeze_to(n))
    }

    /// Freezes all groups but those named: see [`Partition::freeze_except`] and [`freeze`](Self::freeze).
    ///
    /// # Errors
    /// Those of the partition; nothing is changed then.
    pub fn freeze_except<N: AsRef<str>>(
        &mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<()> {
        self.change(|partition| partition.freeze_except(names))
    }

    /// Trains every group.
    pub fn unfreeze(&mut self) {
        self.partition.unfreeze();
        self.drive();
    }

    /// Changes rates, decay and freezing in any other way that a partition can.
    ///
    /// ```
    /// # use tch::{Device, nn};
    /// # use paramgroups::{ByModule, LayerDecay, Splitter, tch::{GroupedOptimizer, parameters}};
    /// # let vs = nn::VarStore::new(Device::Cpu);
    /// # let root = vs.root();
    /// # nn::linear(&root / "body", 10, 20, Default::default());
    /// # nn::linear(&root / "head", 20, 2, Default::default());
    /// # let partition = ByModule::top_level().split(parameters(&vs))?;
    /// let mut optimizer = GroupedOptimizer::build(&vs, partition, nn::Sgd::default())?;
    /// optimizer.change(|partition| partition.set_layer_decay(LayerDecay::new(0.5)))?;
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    ///
    /// # Errors
    /// What `change` returns, and a change of groups or of the parameters exempt from decay, which are fixed
    /// once the optimizer is built; nothing is changed then.
    pub fn change(&mut self, change: impl FnOnce(&mut Partition) -> Result<()>) -> Result<()> {
        let mut changed = self.partition.clone();
        change(&mut changed)?;
        let same = changed.parameters() == self.partition.parameters()
            && changed.group_indices() == self.partition.group_indices()
            && changed.groups().len() == self.partition.groups().len()
            && changed.exempt == self.partition.exempt;
        if !same {
            return Err(Error::Unsupported {
                what: "changing groups or decay exemptions after `build`".into(),
                instead: "change the partition before, and build the optimizer from it".into(),
            });
        }
        self.partition = changed;
        self.drive();
        Ok(())
    }

    /// Takes rates, momentum and freezing from one step of a [`Plan`](crate::Plan): call it before the step.
    ///
    /// ```
    /// # use paramgroups::{ByModule, FineTune, Plan, Splitter, tch::{GroupedOptimizer, parameters}};
    /// # use tch::{Device, Kind, nn};
    /// # let vs = nn::VarStore::new(Device::Cpu);
    /// # let root = vs.root();
    /// # nn::linear(&root / "body", 10, 20, Default::default());
    /// # nn::linear(&root / "head", 20, 2, Default::default());
    /// # let loss = || vs.trainable_variables().iter().map(|x| x.square().sum(Kind::Float)).sum();
    /// # let partition = ByModule::top_level().split(parameters(&vs))?;
    /// let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(3, 10))?;
    /// let mut optimizer = GroupedOptimizer::build(&vs, partition, nn::AdamW::default())?;
    /// for step in plan.steps() {
    ///     optimizer.follow(step)?;
    ///     optimizer.backward_step(&loss())?;
    /// }
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongPlan`] for another number of groups; nothing is changed then.
    pub fn follow(&mut self, step: Step<'_>) -> Result<()> {
        self.change(|partition| partition.follow(step))?;
        // The plan has one momentum for all groups. tch's `set_momentum_group` knows SGD only,
        // `set_momentum` every optimizer.
        self.optimizer.set_momentum(step.momentum(0));
        Ok(())
    }

    /// Drops old gradients, runs one backward pass, and steps all groups that are not frozen.
    ///
    /// # Errors
    /// A variable that was added to the store after `build`, and what libtorch returns.
    pub fn backward_step(&mut self, loss: &Tensor) -> Result<()> {
        self.check_store()?;
        self.optimizer.zero_grad();
        loss.f_backward().map_err(during_backward)?;
        self.optimizer.step();
        Ok(())
    }

    /// As [`backward_step`](Self::backward_step), with the gradients scaled so that their global norm is at
    /// most `max_norm`.
    ///
    /// # Errors
    /// A norm that is not above 0, and those of [`backward_step`](Self::backward_step).
    pub fn backward_step_clip_norm(&mut self, loss: &Tensor, max_norm: f64) -> Result<()> {
        crate::rates::check_positive("largest gradient norm", max_norm)?;
        self.check_store()?;
        self.optimizer.zero_grad();
        loss.f_backward().map_err(during_backward)?;
        if self.tensors.iter().any(|tensor| tensor.grad().defined()) {
            self.optimizer.clip_grad_norm(max_norm);
        }
        self.optimizer.step();
        Ok(())
    }

    /// Checks that every trained parameter got a gradient in the last backward pass.
    ///
    /// # Errors
    /// [`Error::MissingGradients`], which names them.
    pub fn check_gradients(&self) -> Result<()> {
        let parameters = self.partition.parameters().iter().enumerate();
        let paths: Vec<String> = parameters
            .filter(|&(index, _)| self.partition.is_trained(index))
            .filter(|&(index, _)| !self.tensors[index].grad().defined())
            .map(|(_, parameter)| parameter.path().to_owned())
            .collect();
        match paths.is_empty() {
            true => Ok(()),
            false => Err(Error::MissingGradients { paths }),
        }
    }

    fn check_store(&self) -> Result<()> {
        let variables = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match variables.trainable_variables.len() == self.built_with {
            true => Ok(()),
            false => Err(Error::Unsupported {
                what: "adding variables to the `VarStore` after `build`".into(),
                instead: "build the whole model first; tch would train them in group 0".into(),
            }),
        }
    }

    /// Hands rates, decay and freezing to libtorch.
    fn drive(&mut self) {
        for (index, cell) in self.cells.iter().enumerate() {
            let group = &self.partition.groups()[cell.group];
            let decay = match cell.exempt {
                true => 0.0,
                false => group.weight_decay(),
            };
            self.optimizer.set_lr_group(index, group.learning_rate());
            self.optimizer.set_weight_decay_group(index, decay);
        }
        let mut froze = false;
        for (index, tensor) in self.tensors.iter().enumerate() {
            let trained = self.partition.is_trained(index);
            froze |= !trained && tensor.requires_grad();
            let _same = tensor.set_requires_grad(trained);
        }
        if froze {
            self.optimizer.zero_grad();
        }
    }
}

fn during_backward(error: TchError) -> Error {
    Error::framework("the backward pass", error)
}

/// tch's groups in the partition's order, each divided where some members are exempt from decay; and the
/// one that each parameter is in.
fn cells(partition: &Partition) -> (Vec<Cell>, Vec<usize>) {
    let mut cells: Vec<Cell> = Vec::new();
    let mut of = vec![0; partition.parameters().len()];
    for (group, members) in partition.groups().iter().enumerate() {
        for exempt in [false, true] {
            let mut members = members
                .members()
                .iter()
                .filter(|&&member| partition.exempt[member] == exempt);
            let Some(&first) = members.next() else {
                continue;
            };
            of[first] = cells.len();
            members.for_each(|&member| of[member] = cells.len());
            cells.push(Cell { group, exempt });
        }
    }
    (cells, of)
}
