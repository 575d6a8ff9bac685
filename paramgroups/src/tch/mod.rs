//! Parameter groups for [tch](::tch).
//!
//! tch gives a variable its group where it is created, with `Path::set_group`, and reads it once, when the
//! optimizer is built. A [`GroupedOptimizer`] sets the groups of a finished `VarStore` by path, builds the
//! optimizer, and drives its groups.
//!
//! ```
//! use paramgroups::tch::{GroupedOptimizer, parameters};
//! use paramgroups::{BodyAndHead, Splitter};
//! use tch::{Device, Kind, Tensor, nn, nn::Module};
//!
//! let vs = nn::VarStore::new(Device::Cpu);
//! let root = vs.root();
//! let model = nn::seq()
//!     .add(nn::linear(&root / "body", 10, 20, Default::default()))
//!     .add(nn::linear(&root / "head", 20, 2, Default::default()));
//!
//! let partition = BodyAndHead::new("head").split(parameters(&vs))?;
//! let mut optimizer = GroupedOptimizer::build(&vs, partition, nn::AdamW::default())?;
//! optimizer.freeze()?;
//! optimizer.set_learning_rates(1e-4..=1e-2)?;
//!
//! let loss = model.forward(&Tensor::ones([4, 10], (Kind::Float, Device::Cpu))).square().mean(Kind::Float);
//! optimizer.backward_step(&loss)?;
//! println!("{}", optimizer.partition());
//! # Ok::<(), paramgroups::Error>(())
//! ```
//!
//! Two layers at one path get their second variable renamed (`weight__2`), in the order of construction:
//! give each layer its own path, or no group and no checkpoint key is stable.

mod optimizer;
mod store;

pub use optimizer::GroupedOptimizer;
pub use store::{parameters, regroup};
