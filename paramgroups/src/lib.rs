//! Ordered parameter groups for fine-tuning: who is trained, at which rate, with which decay.
//!
//! A [`Splitter`] divides a model's parameter paths into a [`Partition`]: ordered, named groups
//! that hold each parameter exactly once, or an error that names the culprits. A partition is
//! frozen from the front ([`Partition::freeze_to`]), gets rates that rise with depth
//! ([`Partition::set_learning_rates`]), and a [`Plan`] says for each step the learning rate and
//! momentum of each group and which are frozen.
//!
//! ```
//! use paramgroups::{FineTune, Groups, Plan, Splitter};
//!
//! let groups = Groups::new()
//!     .group("embeddings", "bert.embeddings")
//!     .group("encoder", "bert.encoder.layer.*")
//!     .rest("head");
//! let mut partition = groups.split([
//!     "bert.embeddings.word_embeddings.weight",
//!     "bert.encoder.layer.0.attention.weight",
//!     "bert.encoder.layer.1.attention.weight",
//!     "classifier.weight",
//! ])?;
//! partition.freeze()?;
//! println!("{partition}");
//!
//! let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(3, 100))?;
//! for step in plan.steps() {
//!     let _rates: Vec<f64> = step.learning_rates().collect();
//! }
//! # Ok::<(), paramgroups::Error>(())
//! ```
//!
//! # Stages
//!
//! Groups are ordered by depth: the first is frozen first and gets the lowest rate. Freezing and
//! rates count *stages*. A stage is one group, or the two halves into which
//! [`Splitter::by_decay`] divides one, so that crossing with weight decay changes neither what
//! `freeze_to(-1)` nor what `1e-5..=1e-3` means.
//!
//! # Meaning
//!
//! Rates, freezing, decay, matchers and schedules mean what they mean in fastai, timm and torch,
//! which recorded cases show. Where those go on after a mistake, this crate returns an error:
//! see [`departures`].
//!
//! # Features
//!
//! The core has no framework in it. The features `candle`, `burn` and `tch` add adapters, and
//! `serde` serialization.

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "burn")]
pub mod burn;
#[cfg(feature = "candle")]
pub mod candle;
mod decay;
mod error;
mod faults;
mod follow;
mod freeze;
mod groups;
mod matching;
mod nearest;
mod parameter;
mod partition;
mod path_index;
mod plan;
mod rates;
mod selector;
mod splitter;
mod splitters;
mod state;
pub mod step;
mod table;
#[cfg(feature = "tch")]
pub mod tch;

#[doc = include_str!("../docs/departures.md")]
pub mod departures {}

#[cfg(all(doctest, feature = "candle"))]
#[doc = include_str!("../README.md")]
struct Readme;

pub use decay::DecayRule;
pub use error::{Error, Result};
pub use faults::{Faults, Memberless, TakenTwice};
pub use groups::Groups;
pub use parameter::{Parameter, Role};
pub use partition::{DEFAULT_LEARNING_RATE, Group, Partition};
pub use plan::{
    CombinedCos, FineTune, FlatCos, Length, OneCycle, Plan, Segments, Step, Steps, cosine,
};
pub use rates::{LayerDecay, LearningRates, PerStage, even_multiples};
pub use selector::{Selector, Selectors};
pub use splitter::{Assignment, GroupSpec, Splitter};
pub use splitters::{
    BodyAndHead, ByDecay, ByKey, ByModule, Chunks, CutBefore, EvenParts, JOIN_PREVIOUS,
    LayerMatcher, Suffix,
};
pub use state::{GroupState, ParameterState, PartitionState, STATE_VERSION};
