//! What a user can set: the lints' levels, and values by key.

mod engine_source;
mod levels;
mod settings;
mod suggest;

pub use engine_source::EngineSource;
pub use levels::{LevelFlag, Levels, UnknownLint, lints_called};
pub use settings::{Key, KeyError, Settings};
pub use suggest::did_you_mean;
