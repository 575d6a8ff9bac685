//! Files as bytes and text: positions, lines, and a cheap look at whether parsing is worth it.

mod error;
mod file;
mod map;
mod span;
mod stack;

pub use error::SourceError;
pub use file::SourceFile;
pub use map::SourceMap;
pub use span::{FileId, Span};
pub use stack::with_big_stack;
