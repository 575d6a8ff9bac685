//! Everything that the workspace defines.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::defs::FileDefs;
use super::hir::{Alias, Enum, Struct};
use super::krate::code_name;
use super::state::Program;
use super::types::{CrateId, Def, FnDef};
use super::visit::Visitor;
use crate::name::Name;
use crate::source::{FileId, TokenKind, Tokens, WordKey, Words};
use crate::workspace::{TargetId, TargetKind};

impl Program {
    /// What the files of a crate whose words pass the test define.
    fn of_files<T: Send>(
        &self,
        krate: CrateId,
        test: impl Fn(&Words, bool) -> bool + Sync,
        take: impl Fn(&FileDefs) -> Vec<T> + Sync,
    ) -> Vec<T> {
        let krate = self.krate(krate);
        let of_each = crate::source::with_big_stack(|| {
            krate
                .files
                .par_iter()
                .filter(|file| {
                    let outline = file.source.outline();
                    test(&outline.words, outline.mentions_framework)
                })
                .map(|file| take(self.file_defs(file)))
                .collect::<Vec<_>>()
        });
        of_each.into_iter().flatten().collect()
    }

    /// Every function of the crate's files that speak of a framework, methods and nested functions too.
    pub fn functions(&self, krate: CrateId) -> Vec<FnDef> {
        self.of_files(krate, |_, known| known, |defs| defs.functions.clone())
    }

    /// The same on this thread alone: for a caller that holds something which parallel work may wait for.
    pub(super) fn functions_in_turn(&self, krate: CrateId) -> Vec<FnDef> {
        let krate = self.krate(krate);
        let files = krate
            .files
            .iter()
            .filter(|file| file.source.outline().mentions_framework);
        files
            .flat_map(|file| self.file_defs(file).functions.iter().cloned())
            .collect()
    }

    /// Every struct of the crate's files that speak of a framework.
    pub fn structs(&self, krate: CrateId) -> Vec<Def<Struct>> {
        self.of_files(krate, |_, known| known, |defs| defs.structs.clone())
    }

    /// Every enum of the crate's files that speak of a framework.
    pub fn enums(&self, krate: CrateId) -> Vec<Def<Enum>> {
        self.of_files(krate, |_, known| known, |defs| defs.enums.clone())
    }

    /// Every type alias of the crate's files that speak of a framework.
    pub fn aliases(&self, krate: CrateId) -> Vec<Def<Alias>> {
        self.of_files(krate, |_, known| known, |defs| defs.aliases.clone())
    }

    /// The workspace's functions in whose body one of these identifiers stands.
    pub fn functions_mentioning(&self, words: &[&str]) -> Vec<FnDef> {
        let crates = self.crates().into_iter();
        crates
            .flat_map(|krate| self.functions_mentioning_in(krate, words))
            .collect()
    }

    /// The crate's functions in whose body one of these identifiers stands.
    pub fn functions_mentioning_in(&self, krate: CrateId, words: &[&str]) -> Vec<FnDef> {
        let names: HashSet<Name> = words.iter().map(|word| Name::new(word)).collect();
        let keys: Vec<WordKey> = words.iter().map(|word| WordKey::of(word)).collect();
        self.of_files(
            krate,
            |known, _| keys.iter().any(|key| known.may_have_key(*key)),
            |defs| {
                let functions = defs.functions.iter();
                let mentioning = functions.filter(|function| mentions(function, &names));
                mentioning.cloned().collect()
            },
        )
    }

    /// True if code of `krate` can name what `other` defines: its own, or that of a library it depends on.
    pub fn can_call(&self, krate: CrateId, other: CrateId) -> bool {
        if krate == other {
            return true;
        }
        let (krate, library) = (self.krate(krate), self.krate(other));
        if !library.info.is_workspace_member {
            return krate.info.is_workspace_member;
        }
        let package = library.info.package.and_then(|package| {
            let package = self.workspace.packages.get(package)?;
            let target = &package.targets[library.info.target?];
            (target.kind == TargetKind::Lib).then_some(package)
        });
        let Some(package) = package else {
            return false;
        };
        if krate.info.package == library.info.package {
            return true;
        }
        let name = code_name(&package.name);
        let mut dependencies = krate.dependencies.values();
        dependencies.any(|dependency| {
            dependency.member == Some(other)
                || dependency.member.is_none() && dependency.package == name
        })
    }
}

fn mentions(function: &FnDef, names: &HashSet<Name>) -> bool {
    let Some(body) = &function.func.body else {
        return false;
    };
    let in_text = body.has_word(|word| names.iter().any(|name| *name == word));
    in_text.unwrap_or_else(|| {
        let mut search = Search {
            names,
            found: false,
        };
        search.block(body);
        search.found
    })
}

struct Search<'n> {
    names: &'n HashSet<Name>,
    found: bool,
}

impl Visitor for Search<'_> {
    fn name(&mut self, name: Name) {
        self.found |= self.names.contains(&name);
    }

    fn tokens(&mut self, tokens: &str) {
        self.found |= Tokens::new(tokens)
            .filter(|token| token.kind == TokenKind::Ident)
            .any(|token| {
                let word = &tokens[token.start..token.end];
                self.names.iter().any(|name| *name == word)
            });
    }
}

impl Program {
    /// True if one of the identifiers stands in the function's body.
    pub fn mentions(&self, function: &FnDef, words: &[&str]) -> bool {
        mentions(
            function,
            &words.iter().map(|word| Name::new(word)).collect(),
        )
    }

    /// The targets of the workspace whose `mod` declarations reach a file.
    pub fn owners(&self) -> HashMap<FileId, Vec<TargetId>> {
        let mut owners: HashMap<FileId, Vec<TargetId>> = HashMap::new();
        for krate in self.crates() {
            let krate = self.krate(krate);
            let (Some(package), Some(target)) = (krate.info.package, krate.info.target) else {
                continue;
            };
            for file in &krate.files {
                let of_file = owners.entry(file.file).or_default();
                let id = TargetId { package, target };
                if !of_file.contains(&id) {
                    of_file.push(id);
                }
            }
        }
        owners
    }
}
