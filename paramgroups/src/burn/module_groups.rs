//! A partition as burn's groups, optimizers and schedulers.

use std::collections::HashMap;

use burn::grad_clipping::GradientClipping;
use burn::lr_scheduler::LrScheduler;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::module::{Module, ParamGroup, ParamId};
use burn::optim::{GradientsParams, ModuleOptimizer, Optimizer};

use super::parameters::{find, without_gradient};
use super::planned_rates::PlannedRates;
use crate::error::{Error, Result};
use crate::nearest::nearest_of;
use crate::parameter::Parameter;
use crate::partition::Partition;
use crate::plan::Plan;

/// What [`ModuleGroups::optimizer`] builds an optimizer for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupSettings<'a> {
    /// The group's name.
    pub name: &'a str,
    /// Its weight decay; 0 for those of its members that are exempt.
    pub weight_decay: f64,
}

/// burn's view of a [`Partition`]: exact groups, checked against the module they are for.
///
/// See the [module](crate::burn) for an example.
pub trait ModuleGroups {
    /// Checks that the groups hold exactly the parameters of `module`, each of them once.
    ///
    /// ```
    /// # use burn::{nn::LinearConfig, tensor::Device};
    /// use paramgroups::burn::{ModuleGroups, parameters};
    /// use paramgroups::{Error, Groups, Splitter};
    ///
    /// let layer = LinearConfig::new(10, 10).init(&Device::flex().autodiff());
    /// let layers = vec![layer.clone(), layer]; // burn would train the first one only
    /// let partition = Groups::new().rest("all").split(parameters(&layers))?;
    /// let error = partition.check_module(&layers).unwrap_err();
    /// assert!(matches!(error, Error::SharedParameter { .. }));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownParameter`] for a parameter that is in no group, [`Error::AbsentParameter`] for one that
    /// the module does not have, [`Error::OtherShape`], and [`Error::SharedParameter`] for one that stands at
    /// two paths: burn trains the first only.
    fn check_module<M: Module>(&self, module: &M) -> Result<()>;

    /// The parameters of a group, as burn's own selector: these paths and no others.
    ///
    /// ```
    /// # use burn::{nn::LinearConfig, tensor::Device};
    /// use paramgroups::burn::{ModuleGroups, parameters};
    /// use paramgroups::{ByModule, Splitter};
    ///
    /// # let device = Device::flex().autodiff();
    /// let layers: Vec<_> = (0..11).map(|_| LinearConfig::new(4, 4).init(&device)).collect();
    /// let partition = ByModule::top_level().split(parameters(&layers))?;
    /// let group = partition.param_group("1")?;
    /// assert!(group.matches(&layers[1].weight.id, Some("1.weight")));
    /// assert!(!group.matches(&layers[10].weight.id, Some("10.weight")));
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownGroup`].
    fn param_group(&self, group: &str) -> Result<ParamGroup>;

    /// The module with its frozen groups frozen and the others not.
    ///
    /// Training flags, of dropout and the like, stay as they are.
    ///
    /// # Errors
    /// Those of [`check_module`](Self::check_module).
    fn freeze_module<M: Module>(&self, module: &M) -> Result<M>;

    /// An optimizer with a group for each of the partition's; `build` makes it from weight decay and name,
    /// and `clipping` applies to every parameter by itself, as burn's clipping does.
    ///
    /// # Errors
    /// Those of [`check_module`](Self::check_module).
    fn optimizer<M: Module, O: Optimizer>(
        &self,
        module: &M,
        clipping: Option<GradientClipping>,
        build: impl FnMut(GroupSettings<'_>) -> O,
    ) -> Result<ModuleOptimizer>;

    /// A scheduler that gives each group its present learning rate, step after step.
    ///
    /// # Errors
    /// Those of [`check_module`](Self::check_module).
    fn lr_scheduler<M: Module>(&self, module: &M) -> Result<ModuleLrScheduler>;

    /// A scheduler that gives each group the rates of one phase of a plan: from one change of freezing to
    /// the next.
    ///
    /// Freezing is a property of the module, and a launch of burn's `Learner` trains one module: each phase
    /// is a launch of its own. Let the partition [`follow`](Partition::follow) the phase's first step, and
    /// freeze the module by it.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a plan whose momentum varies, as burn's step takes a rate only: see
    /// [`planned_rates`](Self::planned_rates). [`Error::WrongPlan`], [`Error::PhaseOutOfRange`], and those of
    /// [`check_module`](Self::check_module).
    fn planned<M: Module>(
        &self,
        module: &M,
        plan: &Plan,
        phase: usize,
    ) -> Result<ModuleLrScheduler>;

    /// As [`planned`](Self::planned), with the plan's rates alone: its momentum is ignored.
    ///
    /// ```
    /// # use burn::{nn::LinearConfig, tensor::Device};
    /// # use paramgroups::{ByModule, FineTune, Plan, Splitter, burn::{ModuleGroups, parameters}};
    /// # let device = Device::flex().autodiff();
    /// # let layers = [LinearConfig::new(10, 20), LinearConfig::new(20, 2)];
    /// # let mut model = layers.map(|layer| layer.init(&device)).to_vec();
    /// let mut partition = ByModule::top_level().split(parameters(&model))?;
    /// let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(3, 10))?;
    /// let mut first_step = 0;
    /// for phase in 0..plan.phases() {
    ///     partition.follow(plan.step(first_step)?)?;
    ///     model = partition.freeze_module(&model)?;
    ///     let mut rates = partition.planned_rates(&model, &plan, phase)?;
    ///     for _ in 0..plan.phase_len(phase) {
    ///         rates.step(); // what the optimizer's step takes
    ///     }
    ///     first_step += plan.phase_len(phase);
    /// }
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`planned`](Self::planned), but for momentum.
    fn planned_rates<M: Module>(
        &self,
        module: &M,
        plan: &Plan,
        phase: usize,
    ) -> Result<ModuleLrScheduler>;

    /// Checks that every trained parameter has a gradient.
    ///
    /// # Errors
    /// [`Error::MissingGradients`], which names them.
    fn check_gradients<M: Module>(&self, module: &M, grads: &GradientsParams) -> Result<()>;
}

impl ModuleGroups for Partition {
    fn check_module<M: Module>(&self, module: &M) -> Result<()> {
        let mut paths: HashMap<ParamId, String> = HashMap::new();
        let mut seen = vec![false; self.parameters().len()];
        for found in find(module) {
            let path = found.parameter.path();
            let Some(index) = self.index_of(path) else {
                return Err(Error::UnknownParameter {
                    path: path.into(),
                    nearest: nearest_of(path, self.parameters().iter().map(Parameter::path)),
                });
            };
            seen[index] = true;
            let expected = self.parameters()[index].shape();
            if let (Some(expected), Some(shape)) = (expected, found.parameter.shape())
                && expected != shape
            {
                return Err(Error::OtherShape {
                    path: path.into(),
                    partition: expected.to_vec(),
                    model: shape.to_vec(),
                });
            }
            if let Some(other) = paths.insert(found.id, path.into()) {
                return Err(Error::SharedParameter {
                    first: other,
                    second: path.into(),
                });
            }
        }
        match seen.iter().position(|&seen| !seen) {
            None => Ok(()),
            Some(missing) => Err(Error::AbsentParameter {
                path: self.parameters()[missing].path().into(),
            }),
        }
    }

    fn param_group(&self, group: &str) -> Result<ParamGroup> {
        let members = self.group(group)?.members();
        Ok(exactly(self, members.iter().copied()))
    }

    fn freeze_module<M: Module>(&self, module: &M) -> Result<M> {
        self.check_module(module)?;
        let all = 0..self.parameters().len();
        let (trained, frozen): (Vec<usize>, Vec<usize>) =
            all.partition(|&parameter| self.is_trained(parameter));
        Ok(module
            .clone()
            .unfreeze_group(exactly(self, trained))
            .freeze_group(exactly(self, frozen)))
    }

    fn optimizer<M: Module, O: Optimizer>(
        &self,
        module: &M,
        clipping: Option<GradientClipping>,
        mut build: impl FnMut(GroupSettings<'_>) -> O,
    ) -> Result<ModuleOptimizer> {
        self.check_module(module)?;
        let mut optimizer: Option<ModuleOptimizer> = None;
        // burn takes the last group that matches; its first must match everything. The last group here
        // stands in for that one, and is then added like the others.
        for group in self.groups().iter().rev().take(1).chain(self.groups()) {
            let (decaying, exempt): (Vec<usize>, Vec<usize>) = group
                .members()
                .iter()
                .partition(|&&member| self.weight_decay_of(member) == group.weight_decay());
            for (members, weight_decay) in [(decaying, group.weight_decay()), (exempt, 0.0)] {
                if members.is_empty() {
                    continue;
                }
                let built = build(GroupSettings {
                    name: group.name(),
                    weight_decay,
                });
                optimizer = Some(match optimizer {
                    None => ModuleOptimizer::from(built),
                    Some(optimizer) => {
                        optimizer.with_group(exactly(self, members), built, clipping.clone())
                    }
                });
            }
        }
        optimizer.ok_or(Error::NoGroups)
    }

    fn lr_scheduler<M: Module>(&self, module: &M) -> Result<ModuleLrScheduler> {
        self.check_module(module)?;
        scheduler(self, self.learning_rates().collect())
    }

    fn planned<M: Module>(
        &self,
        module: &M,
        plan: &Plan,
        phase: usize,
    ) -> Result<ModuleLrScheduler> {
        if plan.momentum_varies() {
            return Err(Error::Unsupported {
                what: "a plan whose momentum varies".into(),
                instead: "burn's step takes a learning rate only; ask for the rates alone with `planned_rates`".into(),
            });
        }
        self.planned_rates(module, plan, phase)
    }

    fn planned_rates<M: Module>(
        &self,
        module: &M,
        plan: &Plan,
        phase: usize,
    ) -> Result<ModuleLrScheduler> {
        self.check_module(module)?;
        if plan.groups() != self.groups().len() {
            return Err(Error::WrongPlan {
                plan: plan.groups(),
                groups: self.groups().len(),
            });
        }
        if phase >= plan.phases() {
            return Err(Error::PhaseOutOfRange {
                phase,
                phases: plan.phases(),
            });
        }
        scheduler(self, PlannedRates::of_phase(plan, phase))
    }

    fn check_gradients<M: Module>(&self, module: &M, grads: &GradientsParams) -> Result<()> {
        let is_trained = |path: &str| {
            let index = self.index_of(path);
            index.is_some_and(|index| self.is_trained(index))
        };
        let paths = without_gradient(module, grads, is_trained);
        match paths.is_empty() {
            true => Ok(()),
            false => Err(Error::MissingGradients { paths }),
        }
    }
}

fn exactly(partition: &Partition, members: impl IntoIterator<Item = usize>) -> ParamGroup {
    let paths = members.into_iter();
    ParamGroup::from_paths(
        paths
            .map(|member| partition.parameters()[member].path())
            .collect(),
    )
}

/// burn logs the rate of the scheduler that matches everything: here the last group's.
fn scheduler<S: LrScheduler + Clone + 'static>(
    partition: &Partition,
    rates: Vec<S>,
) -> Result<ModuleLrScheduler> {
    let base = rates.last().cloned().ok_or(Error::NoGroups)?;
    let groups = partition.groups().iter().zip(rates);
    Ok(
        groups.fold(ModuleLrScheduler::new(base), |scheduler, (group, rates)| {
            let members = group.members().iter().copied();
            scheduler.with_group(exactly(partition, members), rates)
        }),
    )
}
