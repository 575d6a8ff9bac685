//! What a module has for a name: declared, imported, or by a glob.

use std::collections::HashMap;
use std::sync::PoisonError;

use super::hir::Import;
use super::resolve::{Written, external, variant};
use super::scope::Namespace;
use super::state::Program;
use super::types::{ExternalPath, ModuleId, Res};
use crate::name::Name;

/// A name in a module; whether private imports count.
pub(super) type LookupKey = (ModuleId, Name, Namespace, bool);

/// Imports that lead to imports, aliases that lead to aliases.
pub(super) const MAX_STEPS: usize = 128;

/// What a module has for a name.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Definite(Res),
    /// If anything, then one of these, by a glob import of a foreign crate.
    Candidates(Vec<ExternalPath>),
    Nothing,
}

/// One question's lookups.
#[derive(Default)]
pub(super) struct Search {
    /// Those on the way; one that comes by itself again finds nothing.
    pub open: Vec<LookupKey>,
    /// Those that are done but were cut short; each module is asked for a name once.
    done: HashMap<LookupKey, Found>,
    /// How often a lookup came by itself.
    cuts: usize,
}

impl Program {
    /// What a module declares or imports under a name.
    pub(super) fn lookup(
        &self,
        module: ModuleId,
        name: Name,
        namespace: Namespace,
        see_private: bool,
        search: &mut Search,
    ) -> Found {
        let key = (module, name, namespace, see_private);
        let known = self.lookups.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&key) {
            return known.clone();
        }
        drop(known);
        if let Some(done) = search.done.get(&key) {
            search.cuts += 1;
            return done.clone();
        }
        if search.open.contains(&key) || search.open.len() > MAX_STEPS {
            search.cuts += 1;
            return Found::Nothing;
        }
        let cuts = search.cuts;
        search.open.push(key);
        let found = self.look_up(module, name, namespace, see_private, search);
        search.open.pop();
        // What was found on the way may have been cut short.
        if search.open.is_empty() || search.cuts == cuts {
            let mut known = self.lookups.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(key, found.clone());
        } else {
            search.done.insert(key, found.clone());
        }
        found
    }

    fn look_up(
        &self,
        module: ModuleId,
        name: Name,
        namespace: Namespace,
        see_private: bool,
        search: &mut Search,
    ) -> Found {
        if let Some(res) = self.told_by_stub(module, name, namespace, search) {
            return Found::Definite(res);
        }
        let scope = self.scope(module);
        if let Some(res) = scope.declared(name, namespace) {
            return Found::Definite(res.clone());
        }
        if let Some(called) = scope.extern_crates.get(&name)
            && namespace == Namespace::Type
        {
            let res = match called.as_str() {
                "self" => Res::Module(self.krate(self.crate_of(module)).info.root),
                _ => self
                    .dependency(module, *called)
                    .unwrap_or_else(|| external(*called)),
            };
            return Found::Definite(res);
        }
        let visible = |import: &&Import| see_private || import.public;
        for import in scope
            .imports
            .get(&name)
            .into_iter()
            .flatten()
            .filter(visible)
        {
            let resolved = self.resolve(module, Written::import(import), namespace, search);
            if resolved.res != Res::None && resolved.rest == 0 {
                return Found::Definite(resolved.res);
            }
        }
        let mut candidates = Vec::new();
        for import in scope.globs.iter().filter(visible) {
            let written = Written::import(import);
            let target = self.resolve(module, written, Namespace::Type, search);
            match target.res {
                _ if target.rest > 0 => {}
                Res::Module(target) => {
                    let see_private = self.is_within(module, target);
                    match self.lookup(target, name, namespace, see_private, search) {
                        Found::Definite(res) => return Found::Definite(res),
                        Found::Candidates(found) => candidates.extend(found),
                        Found::Nothing => {}
                    }
                }
                Res::Enum(def) => {
                    if let Some(place) = variant(&def, name) {
                        return Found::Definite(Res::Variant(def, place));
                    }
                }
                Res::External(paths) => candidates.extend(paths.into_iter().map(|mut path| {
                    path.path.push(name);
                    path
                })),
                _ => {}
            }
        }
        match candidates.is_empty() {
            true => Found::Nothing,
            false => Found::Candidates(candidates),
        }
    }
}
