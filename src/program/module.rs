//! Modules: files, inline modules, and blocks that have items.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::hir::{self, Item, ItemKind};
use super::scope::Scope;
use super::state::{Program, lock};
use super::types::{CrateId, ModuleId};
use crate::name::Name;
use crate::source::FileId;

/// A module of one crate.
pub(super) struct Module {
    pub id: ModuleId,
    pub krate: CrateId,
    pub parent: Option<ModuleId>,
    pub name: Name,
    pub file: FileId,
    pub content: Content,
    /// Where the files of its modules lie.
    pub folder: PathBuf,
    /// Its modules by name, in order, as far as they can be told without parsing.
    pub children: OnceLock<Vec<(Name, ModuleId)>>,
    pub items: OnceLock<Arc<Vec<Arc<Item>>>>,
    pub scope: OnceLock<Arc<Scope>>,
}

pub(super) enum Content {
    /// Of a `mod name;` without a file: nothing.
    Missing,
    File,
    /// The `nth` module of its name in the parent.
    Inline {
        nth: usize,
    },
    /// Given as they are: of a block, or of a module that a macro made.
    Items(Vec<Arc<Item>>),
    Block(Vec<Arc<Item>>),
}

impl Module {
    pub fn is_block(&self) -> bool {
        matches!(self.content, Content::Block(_))
    }

    /// The `nth` module of a name that could be told without parsing.
    pub fn child(&self, name: Name, nth: usize) -> Option<ModuleId> {
        let children = self.children.get()?;
        let named = children.iter().filter(|(child, _)| *child == name);
        named.map(|(_, id)| *id).nth(nth)
    }
}

impl Program {
    /// The items of a module, those of expanded macros in their place.
    pub(super) fn module_items(&self, id: ModuleId) -> Arc<Vec<Arc<Item>>> {
        let module = self.module(id);
        module
            .items
            .get_or_init(|| {
                let items: Vec<Arc<Item>> = match &module.content {
                    Content::Missing => Vec::new(),
                    Content::File => self.file_items(module.file, module.krate).to_vec(),
                    Content::Inline { nth } => self.inline_items(&module, *nth),
                    Content::Items(items) | Content::Block(items) => items.clone(),
                };
                Arc::new(flattened(items))
            })
            .clone()
    }

    fn inline_items(&self, module: &Module, nth: usize) -> Vec<Arc<Item>> {
        let Some(parent) = module.parent else {
            return Vec::new();
        };
        let siblings = self.module_items(parent);
        let found = siblings
            .iter()
            .filter_map(|item| match &item.kind {
                ItemKind::Module { name, inline, .. } if name.name == module.name => Some(inline),
                _ => None,
            })
            .nth(nth);
        found.cloned().flatten().unwrap_or_default()
    }

    /// The anonymous module of a block's items and imports; `parent` itself if it has none.
    pub fn block_scope(&self, parent: ModuleId, block: &hir::Block) -> ModuleId {
        let Some(first) = block.items.first() else {
            return parent;
        };
        let key = (parent, Arc::as_ptr(first) as usize);
        let mut blocks = lock(&self.blocks);
        if let Some(known) = blocks.get(&key) {
            return *known;
        }
        let outer = self.module(parent);
        let id = self.add_module(|id| Module {
            id,
            krate: outer.krate,
            parent: Some(parent),
            name: outer.name,
            file: outer.file,
            content: Content::Block(block.items.clone()),
            folder: outer.folder.clone(),
            children: OnceLock::new(),
            items: OnceLock::new(),
            scope: OnceLock::new(),
        });
        blocks.insert(key, id);
        id
    }

    /// The module itself, or of a block the module it lies in.
    pub(super) fn named_module(&self, mut id: ModuleId) -> ModuleId {
        loop {
            let module = self.module(id);
            match module.parent {
                Some(parent) if module.is_block() => id = parent,
                _ => return id,
            }
        }
    }

    /// True if `inner` is `outer` or lies in it.
    pub(super) fn is_within(&self, inner: ModuleId, outer: ModuleId) -> bool {
        let mut next = Some(inner);
        while let Some(id) = next {
            if id == outer {
                return true;
            }
            next = self.module(id).parent;
        }
        false
    }
}

/// Items of expanded macros take the place of the call.
fn flattened(items: Vec<Arc<Item>>) -> Vec<Arc<Item>> {
    let mut flat = Vec::with_capacity(items.len());
    let mut open = vec![items.into_iter()];
    while let Some(level) = open.last_mut() {
        match level.next() {
            None => {
                open.pop();
            }
            Some(item) => match &item.kind {
                ItemKind::Macro {
                    expanded: Some(items),
                    ..
                } => open.push(items.clone().into_iter()),
                _ => flat.push(item),
            },
        }
    }
    flat
}
