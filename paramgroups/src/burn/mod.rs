//! Parameter groups for [burn](::burn), on burn's own group types.
//!
//! burn 0.22 has groups: [`ParamGroup`](::burn::module::ParamGroup),
//! [`ModuleOptimizer::with_group`](::burn::optim::ModuleOptimizer::with_group),
//! [`ModuleLrScheduler`](::burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler),
//! [`Module::freeze_group`](::burn::module::Module::freeze_group). What it takes on trust, that a selector
//! matches, that every parameter is in one group, that `layer1` does not take `layer10`, a
//! [`Partition`](crate::Partition) knows. [`ModuleGroups`] turns one into the other, and checks it against
//! the module. What comes out are burn's own values, so they work wherever burn's do, its `Learner` and its
//! multi-device training included.
//!
//! ```
//! use burn::module::Module;
//! use burn::nn::{Linear, LinearConfig};
//! use burn::optim::{AdamWConfig, GradientsParams};
//! use burn::tensor::{Device, Tensor};
//! use paramgroups::burn::{ModuleGroups, parameters};
//! use paramgroups::{ByModule, Splitter};
//!
//! #[derive(Module, Debug)]
//! struct Classifier {
//!     body: Linear,
//!     head: Linear,
//! }
//!
//! let device = Device::flex().autodiff();
//! let model = Classifier {
//!     body: LinearConfig::new(10, 20).init(&device),
//!     head: LinearConfig::new(20, 2).init(&device),
//! };
//! let mut partition = ByModule::top_level().split(parameters(&model))?;
//! partition.freeze()?;
//! partition.set_learning_rates(1e-4..=1e-2)?;
//!
//! let model = partition.freeze_module(&model)?;
//! let mut optimizer = partition.optimizer(&model, None, |group| {
//!     AdamWConfig::new().with_weight_decay(group.weight_decay as f32).build()
//! })?;
//! let mut scheduler = partition.lr_scheduler(&model)?;
//!
//! let loss = model.head.forward(model.body.forward(Tensor::<2>::ones([4, 10], &device))).mean();
//! let grads = GradientsParams::from_grads(loss.backward(), &model);
//! partition.check_gradients(&model, &grads)?;
//! let model = optimizer.step(scheduler.step(), model, grads);
//! # let _ = model;
//! # Ok::<(), paramgroups::Error>(())
//! ```
//!
//! Groups go by path, so they survive `load_record`, which replaces parameter ids.

mod module_groups;
mod parameters;
mod planned_rates;

pub use module_groups::{GroupSettings, ModuleGroups};
pub use parameters::parameters;
