//! Impl blocks, and the functions that types have through them.

use std::sync::{Arc, OnceLock};

use super::hir::{Const, Function, Impl, Trait, TypeKind};
use super::krate::CrateFile;
use super::state::{Extension, Program, once};
use super::types::{AdtRef, CrateId, Def, FnDef, ImplDef, ModuleId, Owner, Res};
use crate::name::Name;
use crate::source::WordKey;

/// An impl block with what its header names, found when first asked for.
pub(super) struct ImplEntry {
    pub def: Arc<ImplDef>,
    /// Last segment of the type's path.
    self_name: Option<Name>,
    /// `impl<T> … for T`
    is_blanket: bool,
    self_adt: OnceLock<Option<AdtRef>>,
    implemented: OnceLock<Option<Def<Trait>>>,
}

/// The impls of one trait.
#[derive(Clone)]
pub(super) struct TraitImpls(Arc<[Arc<ImplEntry>]>);

impl ImplEntry {
    pub fn new(def: Arc<ImplDef>) -> Self {
        let self_name = self_name(&def.item);
        let is_blanket = self_name.is_some_and(|name| {
            let mut params = def.item.generics.params.iter();
            params.any(|param| param.name == name)
        });
        ImplEntry {
            def,
            self_name,
            is_blanket,
            self_adt: OnceLock::new(),
            implemented: OnceLock::new(),
        }
    }

    fn self_adt(&self, program: &Program) -> Option<&AdtRef> {
        let adt = self.self_adt.get_or_init(|| match self.is_blanket {
            true => None,
            false => program.resolve_adt(self.def.module, &self.def.item.self_ty),
        });
        adt.as_ref()
    }

    fn implemented(&self, program: &Program) -> Option<&Def<Trait>> {
        let implemented = self.implemented.get_or_init(|| {
            let path = self.def.item.trait_path.as_ref()?;
            let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
            match program
                .resolve_type(self.def.module, &names, path.global)
                .res
            {
                Res::Trait(def) => Some(def),
                _ => None,
            }
        });
        implemented.as_ref()
    }

    fn function(&self, name: Name) -> Option<FnDef> {
        Some(FnDef {
            func: function_in(&self.def.item.functions, name)?,
            module: self.def.module,
            owner: Some(Owner::Impl(self.def.clone())),
        })
    }

    /// The trait's own body of a function that the impl leaves out.
    fn default_function(&self, program: &Program, name: Name) -> Option<FnDef> {
        if function_in(&self.def.item.functions, name).is_some() {
            return None;
        }
        let of = self.implemented(program)?;
        let func = function_in(&of.item.functions, name)?;
        func.body.is_some().then(|| FnDef {
            func,
            module: of.module,
            owner: Some(Owner::Trait(of.clone())),
        })
    }

    fn constant(&self, name: Name) -> Option<Def<Const>> {
        const_in(&self.def.item.consts, name, self.def.module)
    }

    fn default_constant(&self, program: &Program, name: Name) -> Option<Def<Const>> {
        let of = self.implemented(program)?;
        const_in(&of.item.consts, name, of.module).filter(|def| def.item.value.is_some())
    }
}

fn self_name(item: &Impl) -> Option<Name> {
    let mut ty = &item.self_ty;
    while let TypeKind::Ref(inner) = &ty.kind {
        ty = inner;
    }
    match &ty.kind {
        TypeKind::Path(path) => path.segments.last().map(|segment| segment.name),
        TypeKind::Tuple(_) => Some(Name::new("(,)")),
        _ => None,
    }
}

fn function_in(functions: &[Arc<Function>], name: Name) -> Option<Arc<Function>> {
    functions
        .iter()
        .find(|func| func.name.name == name)
        .cloned()
}

fn const_in(consts: &[Arc<Const>], name: Name, module: ModuleId) -> Option<Def<Const>> {
    let item = consts.iter().find(|item| item.name.name == name)?.clone();
    Some(Def { item, module })
}

impl AdtRef {
    pub fn name(&self) -> Name {
        match self {
            AdtRef::Struct(def) => def.item.name.name,
            AdtRef::Enum(def) => def.item.name.name,
        }
    }

    pub fn module(&self) -> ModuleId {
        match self {
            AdtRef::Struct(def) => def.module,
            AdtRef::Enum(def) => def.module,
        }
    }
}

impl Program {
    /// The impls of those files of the crates that have the word and pass the test with it.
    fn impls_in(
        &self,
        crates: &[CrateId],
        word: Name,
        test: impl Fn(&CrateFile, WordKey) -> bool,
    ) -> Vec<Arc<ImplEntry>> {
        let key = WordKey::of(&word);
        let mut found = Vec::new();
        for krate in crates {
            for file in self.krate(*krate).files_with(key, &test) {
                found.extend(self.file_defs(file).impls.iter().cloned());
            }
        }
        found
    }

    /// All impls of a type, inherent ones first.
    pub(super) fn impls_of(&self, ty: &AdtRef) -> Arc<Vec<Arc<ImplEntry>>> {
        once(&self.impls, ty.clone(), || Arc::new(self.find_impls(ty)))
    }

    fn find_impls(&self, ty: &AdtRef) -> Vec<Arc<ImplEntry>> {
        let crates = self.crates_around(self.crate_of(ty.module()));
        let mut impls = self.impls_in(&crates, ty.name(), CrateFile::may_implement);
        impls.retain(|entry| entry.self_adt(self) == Some(ty));
        impls.sort_by_key(|entry| entry.def.item.trait_path.is_some());
        impls
    }

    /// The functions called `name` of a type, as code in the module sees them: inherent ones, then those of trait impls, then default
    /// bodies of its traits; without any, those that traits give to every type.
    pub fn associated_fns(&self, ty: &AdtRef, name: Name, module: ModuleId) -> Vec<FnDef> {
        let impls = self.impls_of(ty);
        let own = impls.iter().filter_map(|entry| entry.function(name));
        let defaults = impls
            .iter()
            .filter_map(|entry| entry.default_function(self, name));
        let found: Vec<FnDef> = own.chain(defaults).collect();
        match found.is_empty() {
            true => self.blanket_fns(name, module),
            false => found,
        }
    }

    /// What traits that code in the module can name give to every type.
    fn blanket_fns(&self, name: Name, module: ModuleId) -> Vec<FnDef> {
        let of_any_type = Name::new("");
        self.extensions(of_any_type, name, module, |extension| extension.is_blanket)
    }

    /// The functions called `name`, `from` or `try_from`, that make a value of a type, also those beside the type it is made from.
    pub fn conversions(&self, to: &AdtRef, from: Option<&AdtRef>, name: Name) -> Vec<FnDef> {
        let impls = self.impls_of(to);
        let mut found: Vec<FnDef> = impls
            .iter()
            .filter_map(|entry| entry.function(name))
            .collect();
        let own = self.crate_of(to.module());
        let beside = from.map(|from| self.crate_of(from.module()));
        if let Some(beside) = beside
            && !self.crates_around(own).contains(&beside)
        {
            let impls = self.impls_in(&[beside], to.name(), CrateFile::may_implement);
            let impls = impls.into_iter();
            let impls = impls.filter(|entry| entry.self_adt(self) == Some(to));
            found.extend(impls.filter_map(|entry| entry.function(name)));
        }
        found
    }

    /// The constant called `name` of a type: of an inherent impl, of a trait impl, or a trait's default.
    pub fn associated_const(&self, ty: &AdtRef, name: Name) -> Option<Def<Const>> {
        let impls = self.impls_of(ty);
        let own = impls.iter().find_map(|entry| entry.constant(name));
        own.or_else(|| {
            let mut impls = impls.iter();
            impls.find_map(|entry| entry.default_constant(self, name))
        })
    }

    /// The impl of a type that holds the constant.
    pub fn impl_of_const(&self, ty: &AdtRef, constant: &Def<Const>) -> Option<Arc<ImplDef>> {
        let impls = self.impls_of(ty);
        let holder = impls.iter().find(|entry| {
            let consts = &entry.def.item.consts;
            consts.iter().any(|own| Arc::ptr_eq(own, &constant.item))
        })?;
        Some(holder.def.clone())
    }

    pub fn trait_impls(&self, ty: &AdtRef) -> Vec<Arc<ImplDef>> {
        let impls = self.impls_of(ty);
        impls
            .iter()
            .filter(|entry| entry.def.item.trait_path.is_some())
            .map(|entry| entry.def.clone())
            .collect()
    }

    pub fn impls_of_trait(&self, of: &Def<Trait>) -> Vec<Arc<ImplDef>> {
        let entries = self.entries_of_trait(of).into_iter();
        entries.map(|entry| entry.def.clone()).collect()
    }

    fn entries_of_trait(&self, of: &Def<Trait>) -> Vec<Arc<ImplEntry>> {
        let crates = self.crates_around(self.crate_of(of.module));
        let mut impls = self.impls_in(&crates, of.item.name.name, CrateFile::may_implement);
        impls.retain(|entry| entry.implemented(self) == Some(of));
        impls
    }

    /// The traits of the crates that have a function of the name, with their impls.
    fn impls_of_traits_with(&self, crates: &[CrateId], function: Name) -> Vec<TraitImpls> {
        let key = WordKey::of(&function);
        let mut found = Vec::new();
        for krate in crates {
            if self
                .krate(*krate)
                .files_with_traits_and(key)
                .next()
                .is_some()
            {
                let of_crate = once(&self.traits_with, (*krate, function), || {
                    Arc::new(self.traits_of_crate_with(*krate, function))
                });
                found.extend(of_crate.iter().cloned());
            }
        }
        found
    }

    fn traits_of_crate_with(&self, krate: CrateId, function: Name) -> Vec<TraitImpls> {
        let mut found = Vec::new();
        let krate = self.krate(krate);
        for file in krate.files_with_traits_and(WordKey::of(&function)) {
            for of in &self.file_defs(file).traits {
                if function_in(&of.item.functions, function).is_some() {
                    found.push(TraitImpls(self.entries_of_trait(of).into()));
                }
            }
        }
        found
    }

    /// The constant that a trait which code in the module can name gives a type that is not defined in the workspace; a tuple is called `(,)`.
    pub fn external_type_const(
        &self,
        type_name: Name,
        name: Name,
        module: ModuleId,
    ) -> Option<Def<Const>> {
        let crates = self.crates_in_reach(self.crate_of(module));
        let impls = self.impls_in(&crates, name, CrateFile::has);
        let mut of_it = impls
            .iter()
            .filter(|entry| entry.self_name == Some(type_name) && entry.self_adt(self).is_none());
        of_it.find_map(|entry| {
            entry
                .constant(name)
                .or_else(|| entry.default_constant(self, name))
        })
    }

    /// Methods that traits give to a foreign type, by impls for its name or for every `T`; of traits that code in the module can name.
    pub fn external_type_fns(&self, type_name: Name, method: Name, module: ModuleId) -> Vec<FnDef> {
        self.extensions(type_name, method, module, |extension| {
            extension.to.is_none() || extension.is_blanket
        })
    }

    /// The same by impls for its name alone.
    pub fn fns_given_by_name(&self, type_name: Name, method: Name, module: ModuleId) -> Vec<FnDef> {
        self.extensions(type_name, method, module, |extension| {
            extension.to.is_none() && !extension.is_blanket
        })
    }

    /// The same for a type whose definition is known.
    pub fn extensions_of(&self, ty: &AdtRef, method: Name, module: ModuleId) -> Vec<FnDef> {
        self.extensions(ty.name(), method, module, |extension| {
            extension.to.as_ref() == Some(ty) || extension.is_blanket
        })
    }

    fn extensions(
        &self,
        type_name: Name,
        method: Name,
        module: ModuleId,
        fits: impl Fn(&Extension) -> bool,
    ) -> Vec<FnDef> {
        let krate = self.crate_of(module);
        let found = once(&self.extensions, (krate, type_name, method), || {
            let mut found = Vec::new();
            for impls in self.impls_of_traits_with(&self.crates_in_reach(krate), method) {
                let named = |entry: &&Arc<ImplEntry>| {
                    entry.self_name == Some(type_name) || entry.is_blanket
                };
                for entry in impls.0.iter().filter(named) {
                    let own = entry.function(method).into_iter();
                    let functions = own.chain(entry.default_function(self, method));
                    found.extend(functions.filter_map(|function| {
                        Some(Extension {
                            of: entry.implemented(self)?.clone(),
                            to: entry.self_adt(self).cloned(),
                            is_blanket: entry.is_blanket,
                            function,
                        })
                    }));
                }
            }
            Arc::new(found)
        });
        let usable = found
            .iter()
            .filter(|extension| fits(extension) && self.is_in_scope(&extension.of, module));
        usable.map(|extension| extension.function.clone()).collect()
    }

    /// True if methods of a trait can be called in a module; of a dependency's, if the file says the trait's name or has it by a glob.
    fn is_in_scope(&self, of: &Def<Trait>, module: ModuleId) -> bool {
        let (here, there) = (self.crate_of(module), self.crate_of(of.module));
        if here == there || self.is_of_workspace(here) && self.is_of_workspace(there) {
            return true;
        }
        let name = of.item.name.name;
        let file = self.sources.get(self.file_of(module));
        file.outline().words.may_have(&name)
            || match self.resolve_type(module, &[name], false).res {
                Res::Trait(found) => found == *of,
                Res::External(paths) => paths.iter().any(|path| {
                    let entered = self.enter_external(path);
                    entered.is_some_and(|found| found.res == Res::Trait(of.clone()))
                }),
                _ => false,
            }
    }
}
