//! Files as bytes and text: positions, lines, and a cheap look at whether parsing is worth it.

mod error;
mod file;
mod framework;
mod headers;
mod map;
mod nesting;
mod outline;
mod outline_reader;
mod span;
mod stack;
mod tokens;
mod words;

pub use error::SourceError;
pub use file::SourceFile;
pub use framework::mentions_framework;
pub use map::SourceMap;
pub use outline::{BodyOutline, MacroOutline, ModuleOutline, Outline};
pub use span::{FileId, Span};
pub use stack::with_big_stack;
pub use tokens::{Token, TokenKind, Tokens, code_start};
pub use words::{WordKey, Words};

pub(crate) use error::special_kind;
pub(crate) use map::read;
pub(crate) use nesting::{MAX_CHAIN, MAX_DELIMITERS, Nesting};
pub(crate) use stack::on_big_stack;
