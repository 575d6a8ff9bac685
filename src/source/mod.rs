//! Files as bytes and text: positions, lines, and a cheap look at whether parsing is worth it.

mod span;

pub use span::{FileId, Span};
