//! Where to start: functions that build optimizers, and the functions that call them, outermost first.

use std::collections::{HashMap, HashSet};

use crate::frameworks::{self, Framework};
use crate::name::Name;
use crate::program::hir::TypeKind;
use crate::program::{CrateId, FnDef, Owner, Program};

/// How an optimizer is stepped.
pub const STEPPING_WORDS: &[&str] = &["step", "backward_step", "update"];

const MAX_FUNCTIONS: usize = 600;
const MAX_LEVELS: usize = 6;

/// Functions to run, in waves: those that no other one calls first.
pub struct Entries {
    pub levels: Vec<Vec<FnDef>>,
}

#[expect(
    clippy::mutable_key_type,
    reason = "functions are compared by identity"
)]
pub fn entries(program: &Program) -> Entries {
    let words = frameworks::training_words();
    let mut crates = program.crates();
    crates.retain(|krate| is_about_a_framework(program, *krate));
    let mentioning = crates
        .iter()
        .flat_map(|krate| program.functions_mentioning(*krate, &words));
    let mut all: Vec<FnDef> = mentioning.collect();
    all.extend(stepping_methods(program, &crates, &all));
    let mut fresh: Vec<(Name, CrateId)> = all
        .iter()
        .filter_map(|function| Some((called_by(function)?, program.crate_of(function.module))))
        .collect();
    let mut names: HashSet<(Name, CrateId)> = fresh.iter().copied().collect();
    let mut depth: HashMap<FnDef, usize> =
        all.iter().map(|function| (function.clone(), 0)).collect();
    for level in 1..MAX_LEVELS {
        if fresh.is_empty() || all.len() > MAX_FUNCTIONS {
            break;
        }
        let callers = callers_of(program, &fresh);
        fresh.clear();
        for (caller, krate) in callers {
            if let Some(word) = called_by(&caller)
                && names.insert((word, krate))
            {
                fresh.push((word, krate));
            }
            if depth.insert(caller.clone(), level).is_none() {
                all.push(caller);
            }
        }
    }
    let deepest = depth.values().copied().max().unwrap_or(0) + 1;
    let mut levels: Vec<Vec<FnDef>> = vec![Vec::new(); deepest + 1];
    all.sort_by_key(|function| function.func.span);
    for function in all {
        let depth = match function.func.name.name.as_str() {
            // Nothing calls it, whatever names suggest.
            "main" => deepest,
            _ => depth.get(&function).copied().unwrap_or(0),
        };
        levels[deepest - depth].push(function);
    }
    Entries { levels }
}

fn is_about_a_framework(program: &Program, krate: CrateId) -> bool {
    let is_framework = |package| Framework::of_crate(package).is_some();
    is_framework(program.crate_info(krate).name)
        || program.builds_on(krate, is_framework, &frameworks::crate_names())
}

/// Functions that name one of these, each in a crate that can call it.
fn callers_of(program: &Program, called: &[(Name, CrateId)]) -> Vec<(FnDef, CrateId)> {
    let mut callers = Vec::new();
    for krate in program.crates() {
        let words: Vec<&str> = called
            .iter()
            .filter(|(_, origin)| program.can_call(krate, *origin))
            .map(|(name, _)| name.as_str())
            .collect();
        if !words.is_empty() {
            let found = program.functions_calling(krate, &words);
            callers.extend(found.into_iter().map(|function| (function, krate)));
        }
    }
    callers
}

/// Methods that step, of the types that have a function which builds an optimizer.
fn stepping_methods(program: &Program, crates: &[CrateId], building: &[FnDef]) -> Vec<FnDef> {
    let owners: HashSet<Name> = building.iter().filter_map(owner_name).collect();
    let names: Vec<&str> = owners.iter().map(|name| name.as_str()).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let stepping = crates
        .iter()
        .flat_map(|krate| program.functions_mentioning_beside(*krate, STEPPING_WORDS, &names));
    stepping
        .filter(|function| {
            owner_name(function).is_some_and(|name| owners.contains(&name))
                && !building.contains(function)
        })
        .collect()
}

/// The name of the type that a function belongs to.
fn owner_name(function: &FnDef) -> Option<Name> {
    match &function.owner {
        Some(Owner::Impl(found)) => match &found.item.self_ty.kind {
            TypeKind::Path(path) => path.segments.last().map(|segment| segment.name),
            _ => None,
        },
        _ => None,
    }
}

/// The identifier without which no other function calls this one: of `new` and its like, the type's name.
fn called_by(function: &FnDef) -> Option<Name> {
    let name = function.func.name.name;
    if !COMMON.contains(&name.as_str()) {
        return Some(name);
    }
    owner_name(function)
}

/// Names that say nothing about who calls whom.
const COMMON: &[&str] = &[
    "new",
    "default",
    "from",
    "into",
    "clone",
    "fmt",
    "drop",
    "next",
    "build",
    "init",
    "main",
    "forward",
    "forward_t",
    "step",
    "update",
    "get",
    "set",
    "len",
    "iter",
    "push",
    "add",
    "index",
    "eq",
    "cmp",
    "hash",
    "deref",
    "as_ref",
    "name",
    "call",
    "apply",
    "reset",
    "load",
    "save",
    "insert",
    "remove",
    "get_mut",
    "is_empty",
    "to_string",
    "to_vec",
    "shape",
    "dims",
    "size",
    "parse",
    "read",
    "write",
    "close",
    "start",
    "stop",
    "test",
    "setup",
    "sample",
    "batch",
    "metric",
    "value",
    "config",
];
