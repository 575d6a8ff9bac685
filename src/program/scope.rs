//! The names that a module declares.

use std::collections::HashMap;

use super::cfg::{holds, holds_by_default};
use super::hir::{Cfg, Import, ImportKind, ItemKind};
use super::module::{Content, Module};
use super::state::Program;
use super::tree::new_module;
use super::types::{Def, FnDef, ModuleId, Res};
use crate::name::Name;

/// Types, traits and modules live apart from functions, constants and constructors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Namespace {
    Type,
    Value,
}

/// What a module declares; of names declared twice, under opposite conditions, the one that a default build has.
#[derive(Default)]
pub(super) struct Scope {
    pub types: HashMap<Name, Declared>,
    pub values: HashMap<Name, Declared>,
    /// By the name given here, those of a default build first.
    pub imports: HashMap<Name, Vec<Import>>,
    pub globs: Vec<Import>,
    /// `extern crate name as alias;`
    pub extern_crates: HashMap<Name, Name>,
}

pub(super) struct Declared {
    pub res: Res,
    likely: u8,
}

impl Scope {
    pub fn declared(&self, name: Name, namespace: Namespace) -> Option<&Res> {
        let of_kind = match namespace {
            Namespace::Type => &self.types,
            Namespace::Value => &self.values,
        };
        of_kind.get(&name).map(|declared| &declared.res)
    }

    fn declare(&mut self, namespace: Namespace, name: Name, res: Res, likely: u8) {
        let of_kind = match namespace {
            Namespace::Type => &mut self.types,
            Namespace::Value => &mut self.values,
        };
        match of_kind.get(&name) {
            Some(known) if known.likely >= likely => {}
            _ => {
                of_kind.insert(name, Declared { res, likely });
            }
        }
    }
}

impl Program {
    pub(super) fn scope(&self, id: ModuleId) -> std::sync::Arc<Scope> {
        let module = self.module(id);
        module
            .scope
            .get_or_init(|| std::sync::Arc::new(self.build_scope(&module)))
            .clone()
    }

    fn build_scope(&self, module: &Module) -> Scope {
        let features = self.krate(module.krate).features.clone();
        let likely = |cfg: &Option<Cfg>| match cfg {
            None => 2,
            Some(cfg) if holds(cfg, &features, true) => 2,
            Some(cfg) if holds_by_default(cfg, &features) => 1,
            Some(_) => 0,
        };
        let mut scope = Scope::default();
        let mut modules: HashMap<Name, usize> = HashMap::new();
        let mut imports: Vec<(u8, Import)> = Vec::new();
        let at = module.id;
        for item in self.module_items(module.id).iter() {
            let likely = likely(&item.cfg);
            use Namespace::{Type, Value};
            match &item.kind {
                ItemKind::Fn(func) => {
                    let res = Res::Fn(FnDef {
                        func: func.clone(),
                        module: at,
                        owner: None,
                    });
                    scope.declare(Value, func.name.name, res, likely);
                }
                ItemKind::Struct(item) => {
                    let res = Res::Struct(def(item, at));
                    scope.declare(Type, item.name.name, res.clone(), likely);
                    if !matches!(item.fields, super::hir::Fields::Named(_)) {
                        scope.declare(Value, item.name.name, res, likely);
                    }
                }
                ItemKind::Enum(item) => {
                    scope.declare(Type, item.name.name, Res::Enum(def(item, at)), likely);
                }
                ItemKind::Trait(item) => {
                    scope.declare(Type, item.name.name, Res::Trait(def(item, at)), likely);
                }
                ItemKind::Alias(item) => {
                    scope.declare(Type, item.name.name, Res::Alias(def(item, at)), likely);
                }
                ItemKind::Const(item) => {
                    scope.declare(Value, item.name.name, Res::Const(def(item, at)), likely);
                }
                ItemKind::Module { name, inline, .. } => {
                    let nth = modules.entry(name.name).or_default();
                    let known = module.child(name.name, *nth);
                    *nth += 1;
                    let id = known
                        .unwrap_or_else(|| self.late_module(module, name.name, inline.clone()));
                    scope.declare(Type, name.name, Res::Module(id), likely);
                }
                ItemKind::Use(uses) => {
                    imports.extend(uses.iter().map(|import| (likely, import.clone())));
                }
                ItemKind::ExternCrate { name, alias } => {
                    scope.extern_crates.insert(*alias, *name);
                }
                _ => {}
            }
        }
        // Stable: in order of the source among equals.
        imports.sort_by_key(|(likely, _)| std::cmp::Reverse(*likely));
        for (_, import) in imports {
            match import.kind {
                ImportKind::Named(name) => scope.imports.entry(name).or_default().push(import),
                ImportKind::Glob => scope.globs.push(import),
                ImportKind::Anonymous => {}
            }
        }
        scope
    }

    /// A module that the outline of the file does not show: in a block, or made by a macro.
    fn late_module(
        &self,
        parent: &Module,
        name: Name,
        inline: Option<Vec<std::sync::Arc<super::hir::Item>>>,
    ) -> ModuleId {
        let content = inline.map_or(Content::Missing, Content::Items);
        let folder = parent.folder.join(name.as_str());
        let (krate, file) = (parent.krate, parent.file);
        self.add_module(new_module(
            krate,
            Some(parent.id),
            name,
            file,
            content,
            folder,
        ))
    }
}

fn def<T>(item: &std::sync::Arc<T>, module: ModuleId) -> Def<T> {
    Def {
        item: item.clone(),
        module,
    }
}
