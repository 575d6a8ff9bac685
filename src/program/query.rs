//! Everything that the workspace defines.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::defs::FileDefs;
use super::hir::{Alias, Enum, Struct};
use super::state::Program;
use super::types::{CrateId, Def, FnDef};
use super::visit::Visitor;
use crate::name::Name;
use crate::source::{FileId, TokenKind, Tokens, WordKey, Words};
use crate::workspace::TargetId;

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

    /// The crate's functions in whose body one of these identifiers stands.
    pub fn functions_mentioning(&self, krate: CrateId, words: &[&str]) -> Vec<FnDef> {
        self.functions_with(krate, words, &[], Mention::Anywhere)
    }

    /// The same, in files that have one of `others` too.
    pub fn functions_mentioning_beside(
        &self,
        krate: CrateId,
        words: &[&str],
        others: &[&str],
    ) -> Vec<FnDef> {
        self.functions_with(krate, words, others, Mention::Anywhere)
    }

    /// The crate's functions in whose body one of these functions is called or passed on, or one of these types stands.
    pub fn functions_calling(&self, krate: CrateId, names: &[&str]) -> Vec<FnDef> {
        self.functions_with(krate, names, &[], Mention::Used)
    }

    fn functions_with(
        &self,
        krate: CrateId,
        words: &[&str],
        others: &[&str],
        mention: Mention,
    ) -> Vec<FnDef> {
        let names: HashSet<&str> = words.iter().copied().collect();
        let keys = |words: &[&str]| -> Vec<WordKey> {
            words.iter().map(|word| WordKey::of(word)).collect()
        };
        let (keys, others) = (keys(words), keys(others));
        let has = |known: &Words, keys: &[WordKey]| keys.iter().any(|key| known.may_have_key(*key));
        self.of_files(
            krate,
            |known, _| has(known, &keys) && (others.is_empty() || has(known, &others)),
            |defs| {
                let functions = defs.functions.iter();
                let mentioning = functions.filter(|function| mentions(function, &names, mention));
                mentioning.cloned().collect()
            },
        )
    }
}

/// How a word stands in a body.
#[derive(Clone, Copy, PartialEq)]
enum Mention {
    Anywhere,
    /// As a type, or as a function that is called or passed on: not as a field or a variable.
    Used,
}

fn mentions(function: &FnDef, names: &HashSet<&str>, mention: Mention) -> bool {
    let Some(body) = &function.func.body else {
        return false;
    };
    let in_text = body.text().map(|text| stands_in(text, names, mention));
    in_text.unwrap_or_else(|| {
        let mut search = Search {
            names,
            found: false,
        };
        search.block(body);
        search.found
    })
}

fn stands_in(text: &str, names: &HashSet<&str>, mention: Mention) -> bool {
    let mut tokens = Tokens::new(text)
        .filter(|token| token.kind != TokenKind::Comment)
        .peekable();
    let mut before = TokenKind::Open(b'{');
    while let Some(token) = tokens.next() {
        let word = &text[token.start..token.end];
        if token.kind == TokenKind::Ident && names.contains(word) {
            let is_type = word.starts_with(|first: char| first.is_uppercase());
            let after = tokens.peek().map(|token| token.kind);
            if mention == Mention::Anywhere || is_type || is_used(before, after) {
                return true;
            }
        }
        before = token.kind;
    }
    false
}

/// True if a word between these tokens may be a function that is called or passed on.
fn is_used(before: TokenKind, after: Option<TokenKind>) -> bool {
    match (before, after) {
        (_, Some(TokenKind::Open(b'(') | TokenKind::Punct(b':'))) => true,
        (TokenKind::Punct(b'.'), _) => false,
        (TokenKind::Punct(b':' | b',' | b'=') | TokenKind::Open(b'('), after) => {
            !matches!(after, Some(TokenKind::Punct(b'.' | b'=')))
        }
        _ => false,
    }
}

struct Search<'n> {
    names: &'n HashSet<&'n str>,
    found: bool,
}

impl Visitor for Search<'_> {
    fn name(&mut self, name: Name) {
        self.found |= self.names.contains(name.as_str());
    }

    fn tokens(&mut self, tokens: &str) {
        self.found |= stands_in(tokens, self.names, Mention::Anywhere);
    }
}

impl Program {
    /// True if one of the identifiers stands in the function's body.
    pub fn mentions(&self, function: &FnDef, words: &[&str]) -> bool {
        let names = words.iter().copied().collect();
        mentions(function, &names, Mention::Anywhere)
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
