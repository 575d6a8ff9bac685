//! Everything that a file defines, in its modules and in the bodies of its functions.

use std::sync::Arc;

use super::hir::{Alias, Block, Enum, Function, Item, ItemKind, Struct, Trait};
use super::impls::ImplEntry;
use super::krate::CrateFile;
use super::scope::Namespace;
use super::state::Program;
use super::types::{Def, FnDef, ImplDef, ModuleId, Owner, Res};
use super::visit::{Visitor, walk_block};

/// The definitions of a file as a part of one crate, in the order of the source.
#[derive(Default)]
pub(super) struct FileDefs {
    pub functions: Vec<FnDef>,
    pub structs: Vec<Def<Struct>>,
    pub enums: Vec<Def<Enum>>,
    pub aliases: Vec<Def<Alias>>,
    pub traits: Vec<Def<Trait>>,
    pub impls: Vec<Arc<ImplEntry>>,
}

impl Program {
    pub(super) fn file_defs<'f>(&self, file: &'f CrateFile) -> &'f FileDefs {
        file.defs.get_or_init(|| {
            let mut collector = Collector {
                program: self,
                module: file.module,
                defs: FileDefs::default(),
            };
            collector.module(file.module);
            collector.defs
        })
    }
}

struct Collector<'p> {
    program: &'p Program,
    module: ModuleId,
    defs: FileDefs,
}

impl Collector<'_> {
    fn module(&mut self, module: ModuleId) {
        let outer = std::mem::replace(&mut self.module, module);
        let mut nth_of = std::collections::HashMap::new();
        for item in self.program.module_items(module).iter() {
            if let ItemKind::Module { name, inline, .. } = &item.kind {
                let nth = nth_of.entry(name.name).or_insert(0);
                let child = self.program.module(module).child(name.name, *nth);
                *nth += 1;
                if inline.is_some() {
                    let declared = || {
                        let scope = self.program.scope(module);
                        match scope.declared(name.name, Namespace::Type) {
                            Some(Res::Module(id)) => Some(*id),
                            _ => None,
                        }
                    };
                    if let Some(child) = child.or_else(declared) {
                        self.module(child);
                    }
                }
            }
            self.item(item);
        }
        self.module = outer;
    }

    fn item(&mut self, item: &Item) {
        let module = self.module;
        match &item.kind {
            ItemKind::Fn(func) => self.function(func, None),
            ItemKind::Struct(item) => self.defs.structs.push(def(item, module)),
            ItemKind::Enum(item) => self.defs.enums.push(def(item, module)),
            ItemKind::Alias(item) => self.defs.aliases.push(def(item, module)),
            ItemKind::Trait(item) => {
                let found = def(item, module);
                self.defs.traits.push(found.clone());
                for func in &item.functions {
                    self.function(func, Some(Owner::Trait(found.clone())));
                }
            }
            ItemKind::Impl(item) => {
                let found = Arc::new(ImplDef {
                    item: item.clone(),
                    module,
                });
                self.defs
                    .impls
                    .push(Arc::new(ImplEntry::new(found.clone())));
                for func in &item.functions {
                    self.function(func, Some(Owner::Impl(found.clone())));
                }
            }
            _ => {}
        }
    }

    fn function(&mut self, func: &Arc<Function>, owner: Option<Owner>) {
        self.defs.functions.push(FnDef {
            func: func.clone(),
            module: self.module,
            owner,
        });
        if let Some(body) = &func.body
            && body.may_have_items()
        {
            self.block(body);
        }
    }
}

/// Finds the items inside bodies.
impl Visitor for Collector<'_> {
    fn block(&mut self, block: &Block) {
        if block.items.is_empty() {
            walk_block(self, block);
            return;
        }
        let inside = self.program.block_scope(self.module, block);
        let outer = std::mem::replace(&mut self.module, inside);
        walk_block(self, block);
        self.module(inside);
        self.module = outer;
    }
}

fn def<T>(item: &Arc<T>, module: ModuleId) -> Def<T> {
    Def {
        item: item.clone(),
        module,
    }
}
