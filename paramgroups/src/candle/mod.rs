//! Parameter groups for [candle](candle_core): one optimizer over all groups, one backward pass.
//!
//! candle's own optimizers know one learning rate for one list of variables. A [`GroupedOptimizer`]
//! steps the variables of a [`VarMap`](candle_nn::VarMap) by group: each at its own rate, frozen ones
//! not at all.
//!
//! ```
//! use candle_core::{DType, Device, Tensor};
//! use candle_nn::{Module, VarBuilder, VarMap, linear, seq};
//! use paramgroups::candle::{AdamW, GroupedOptimizer, NamedVars};
//! use paramgroups::{BodyAndHead, Splitter};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let vars = VarMap::new();
//! let vb = VarBuilder::from_varmap(&vars, DType::F32, &Device::Cpu);
//! let model = seq().add(linear(10, 20, vb.pp("body"))?).add(linear(20, 2, vb.pp("head"))?);
//!
//! let partition = BodyAndHead::new("head").split(NamedVars::from(&vars).parameters())?;
//! let mut optimizer = GroupedOptimizer::new(&vars, partition, AdamW::default())?;
//! optimizer.freeze()?;
//! optimizer.set_learning_rates(1e-4..=1e-2)?;
//!
//! let loss = model.forward(&Tensor::ones((4, 10), DType::F32, &Device::Cpu)?)?.sqr()?.mean_all()?;
//! optimizer.backward_step(&loss)?;
//! println!("{}", optimizer.partition());
//! # Ok(())
//! # }
//! ```
//!
//! A frozen parameter is not stepped, and its gradient is dropped, but candle computes it all the same:
//! `.detach()` the body's output to save that work too.

mod adamw;
mod clip;
mod engine;
mod follow;
mod grouped;
mod in_place;
mod named_vars;
mod optimizer;
mod optimizer_trait;
mod rule;
mod saved_state;
mod sgd;
#[cfg(test)]
mod testing;

pub use adamw::AdamW;
pub use grouped::Grouped;
pub use named_vars::NamedVars;
pub use optimizer::GroupedOptimizer;
pub use optimizer_trait::GroupedConfig;
pub use rule::{Hyper, ParamState, UpdateRule};
pub use sgd::Sgd;
