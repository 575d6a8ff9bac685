//! From paths to what they stand for.

use super::hir::{Import, ImportKind, Type, TypeKind};
use super::lookup::{Found, MAX_STEPS, Search};
use super::prelude::{is_std, prelude_path};
use super::scope::Namespace;
use super::state::Program;
use super::types::{AdtRef, Def, ExternalPath, ModuleId, Res, Resolved};
use crate::name::Name;

/// Where a path is written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Code,
    Import,
    Glob,
}

/// How a path is written.
#[derive(Clone, Copy)]
pub(super) struct Written<'n> {
    pub path: &'n [Name],
    /// Starts with `::`.
    pub global: bool,
    pub place: Place,
}

impl<'n> Written<'n> {
    pub fn import(import: &'n Import) -> Self {
        Written {
            path: &import.path,
            global: import.global,
            place: match import.kind {
                ImportKind::Glob => Place::Glob,
                _ => Place::Import,
            },
        }
    }
}

impl Program {
    /// Resolves a path whose last segment is a type, trait or module.
    pub fn resolve_type(&self, scope: ModuleId, path: &[Name], global: bool) -> Resolved {
        self.resolve_path(scope, path, global, Namespace::Type)
    }

    /// Resolves a path whose last segment is a function, constant, variant or constructor.
    pub fn resolve_value(&self, scope: ModuleId, path: &[Name], global: bool) -> Resolved {
        self.resolve_path(scope, path, global, Namespace::Value)
    }

    fn resolve_path(
        &self,
        scope: ModuleId,
        path: &[Name],
        global: bool,
        namespace: Namespace,
    ) -> Resolved {
        let written = Written {
            path,
            global,
            place: Place::Code,
        };
        let resolved = self.resolve(scope, written, namespace, &mut Search::default());
        if resolved.res != Res::None {
            return resolved;
        }
        let other = match namespace {
            Namespace::Type => Namespace::Value,
            Namespace::Value => Namespace::Type,
        };
        self.resolve(scope, written, other, &mut Search::default())
    }

    /// The struct or enum that a type names, through references and aliases.
    pub fn resolve_adt(&self, scope: ModuleId, ty: &Type) -> Option<AdtRef> {
        let mut scope = scope;
        let mut ty = ty.clone();
        for _ in 0..MAX_STEPS {
            let path = match ty.kind {
                TypeKind::Ref(inner) => {
                    ty = *inner;
                    continue;
                }
                TypeKind::Path(path) if path.qself.is_none() => path,
                _ => return None,
            };
            let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
            let resolved = self.resolve_type(scope, &names, path.global);
            match resolved.res {
                _ if resolved.rest > 0 => return None,
                Res::Struct(def) => return Some(AdtRef::Struct(def)),
                Res::Enum(def) => return Some(AdtRef::Enum(def)),
                Res::Alias(alias) => {
                    scope = alias.module;
                    ty = alias.item.ty.clone();
                }
                Res::External(paths) => return self.stub_adt(&paths),
                _ => return None,
            }
        }
        None
    }

    pub(super) fn resolve(
        &self,
        scope: ModuleId,
        written: Written,
        namespace: Namespace,
        search: &mut Search,
    ) -> Resolved {
        let path = written.path;
        let none = Resolved {
            res: Res::None,
            rest: path.len(),
        };
        if search.open.len() > MAX_STEPS {
            return none;
        }
        let Some((first, mut rest)) = path.split_first() else {
            return none;
        };
        let first_namespace = match rest.is_empty() {
            true => namespace,
            false => Namespace::Type,
        };
        let root = || self.krate(self.crate_of(scope)).info.root;
        let mut res = match first.as_str() {
            _ if written.global => self.extern_name(scope, *first, written.place),
            "crate" => Res::Module(root()),
            "self" => Res::Module(self.named_module(scope)),
            "super" => {
                let mut at = self.parent_of(scope);
                while let Some((name, after)) = rest.split_first()
                    && *name == "super"
                {
                    at = self.parent_of(at);
                    rest = after;
                }
                Res::Module(at)
            }
            "Self" => return none,
            _ => self.first_segment(scope, *first, written, first_namespace, search),
        };
        while let Some((name, after)) = rest.split_first() {
            let namespace = match after.is_empty() {
                true => namespace,
                false => Namespace::Type,
            };
            res = match res {
                Res::Module(module) => {
                    let see_private = self.is_within(scope, module);
                    let found = self.lookup(module, *name, namespace, see_private, search);
                    match found {
                        Found::Definite(res) => res,
                        Found::Candidates(paths) => Res::External(paths),
                        Found::Nothing => Res::None,
                    }
                }
                Res::Enum(def) => match variant(&def, *name) {
                    Some(place) => Res::Variant(def, place),
                    None => {
                        return Resolved {
                            res: Res::Enum(def),
                            rest: rest.len(),
                        };
                    }
                },
                Res::External(paths) => {
                    let extended = paths.into_iter().map(|mut path| {
                        path.path.extend(rest);
                        path
                    });
                    return Resolved {
                        res: Res::External(extended.collect()),
                        rest: 0,
                    };
                }
                Res::None => return none,
                other => {
                    return Resolved {
                        res: other,
                        rest: rest.len(),
                    };
                }
            };
            rest = after;
        }
        let rest = match res {
            Res::None => path.len(),
            _ => 0,
        };
        Resolved { res, rest }
    }

    fn parent_of(&self, scope: ModuleId) -> ModuleId {
        let named = self.named_module(scope);
        match self.module(named).parent {
            Some(parent) => self.named_module(parent),
            None => named,
        }
    }

    /// A name as a crate's.
    fn extern_name(&self, scope: ModuleId, name: Name, place: Place) -> Res {
        let krate = self.krate(self.crate_of(scope));
        if krate.edition_2015 && place != Place::Code {
            let root = krate.info.root;
            let search = &mut Search::default();
            if let Found::Definite(res) = self.lookup(root, name, Namespace::Type, true, search) {
                return res;
            }
        }
        self.dependency(scope, name)
            .unwrap_or_else(|| external(name))
    }

    /// A crate that the manifest or an `extern crate` names, or one that comes with the compiler.
    pub(super) fn dependency(&self, scope: ModuleId, name: Name) -> Option<Res> {
        let krate = self.krate(self.crate_of(scope));
        let called = match krate.dependencies.contains_key(&name) {
            true => name,
            false => {
                let root = self.scope(krate.info.root);
                *root.extern_crates.get(&name).unwrap_or(&name)
            }
        };
        if called == "self" {
            return Some(Res::Module(krate.info.root));
        }
        if let Some(dependency) = krate.dependencies.get(&called) {
            return Some(match dependency.member {
                Some(member) => Res::Module(self.krate(member).info.root),
                None => external(dependency.package),
            });
        }
        if is_std(&called) {
            return Some(external(Name::new("std")));
        }
        (called != name).then(|| external(called))
    }

    fn first_segment(
        &self,
        scope: ModuleId,
        name: Name,
        written: Written,
        namespace: Namespace,
        search: &mut Search,
    ) -> Res {
        let krate = self.krate(self.crate_of(scope));
        let mut candidates = Vec::new();
        if krate.edition_2015 && written.place != Place::Code {
            let root = krate.info.root;
            match self.lookup(root, name, namespace, true, search) {
                Found::Definite(res) => return res,
                Found::Candidates(found) => candidates.extend(found),
                Found::Nothing => {}
            }
        } else {
            let mut at = scope;
            loop {
                match self.lookup(at, name, namespace, true, search) {
                    Found::Definite(res) => return res,
                    Found::Candidates(found) => candidates.extend(found),
                    Found::Nothing => {}
                }
                let module = self.module(at);
                match module.parent {
                    Some(parent) if module.is_block() => at = parent,
                    _ => break,
                }
            }
        }
        // An import names a crate rather than something that a foreign glob may give.
        if written.place == Place::Glob || (written.place == Place::Import && krate.is_loose) {
            candidates.clear();
        }
        let is_qualified = written.path.len() > 1 || written.place != Place::Code;
        if namespace == Namespace::Type
            && is_qualified
            && let Some(res) = self.dependency(scope, name)
        {
            return res;
        }
        if let Some(path) = prelude_path(&name) {
            let std = ExternalPath {
                krate: Name::new("std"),
                path: path.iter().map(|part| Name::new(part)).collect(),
            };
            // Crates often have a `Result` of their own, and nothing else of the prelude.
            if name != "Result" {
                candidates.clear();
            }
            candidates.push(std);
        }
        let may_be_crate = namespace == Namespace::Type
            && is_qualified
            && name.starts_with(|first: char| first.is_lowercase() || first == '_');
        if may_be_crate && (candidates.is_empty() || krate.is_loose) {
            candidates.push(ExternalPath {
                krate: name,
                path: Vec::new(),
            });
        }
        match candidates.is_empty() {
            true => Res::None,
            false => Res::External(candidates),
        }
    }
}

pub(super) fn external(krate: Name) -> Res {
    Res::External(vec![ExternalPath {
        krate,
        path: Vec::new(),
    }])
}

pub(super) fn variant(def: &Def<super::hir::Enum>, name: Name) -> Option<usize> {
    let variants = &def.item.variants;
    variants
        .iter()
        .position(|variant| variant.name.name == name)
}
