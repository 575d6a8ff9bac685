//! Bodies of functions, read when someone first looks into them.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use super::hir::Block;
use crate::source::SourceFile;

/// A function's body: a block, parsed on first use.
#[derive(Clone)]
pub struct Body(Arc<Inner>);

enum Inner {
    /// Made by a macro, or inside another body.
    Given(Block),
    InFile(Unread, OnceLock<Block>),
}

/// A body that stands in a file as it is.
pub(super) struct Unread {
    pub file: Arc<SourceFile>,
    /// Braces included.
    pub range: Range<usize>,
    pub may_have_items: bool,
    pub read: Box<dyn Fn(Range<usize>) -> Block + Send + Sync>,
}

impl Body {
    pub(super) fn unread(unread: Unread) -> Self {
        Body(Arc::new(Inner::InFile(unread, OnceLock::new())))
    }

    /// False only if no item stands inside.
    pub(super) fn may_have_items(&self) -> bool {
        match &*self.0 {
            Inner::Given(_) => true,
            Inner::InFile(unread, _) => unread.may_have_items,
        }
    }

    /// Its text, braces included; nothing if the body isn't a piece of a file.
    pub(super) fn text(&self) -> Option<&str> {
        match &*self.0 {
            Inner::Given(_) => None,
            Inner::InFile(unread, _) => Some(&unread.file.text[unread.range.clone()]),
        }
    }
}

impl From<Block> for Body {
    fn from(block: Block) -> Self {
        Body(Arc::new(Inner::Given(block)))
    }
}

impl Deref for Body {
    type Target = Block;

    fn deref(&self) -> &Block {
        match &*self.0 {
            Inner::Given(block) => block,
            Inner::InFile(unread, block) => {
                block.get_or_init(|| (unread.read)(unread.range.clone()))
            }
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
