//! Which crates of the workspace can name what which others define.

use std::collections::HashSet;
use std::sync::Arc;

use super::krate::code_name;
use super::state::{Program, once};
use super::types::CrateId;
use crate::name::Name;
use crate::source::WordKey;
use crate::workspace::TargetKind;

impl Program {
    /// The crate itself and those of the workspace that can name what it defines.
    pub(super) fn crates_around(&self, krate: CrateId) -> Arc<Vec<CrateId>> {
        once(&self.around, krate, || {
            reached(krate, |known| self.callers(known))
        })
    }

    /// The crate itself and those of the workspace that define what it can name.
    pub(super) fn crates_below(&self, krate: CrateId) -> Arc<Vec<CrateId>> {
        once(&self.below, krate, || {
            reached(krate, |known| self.callees(known))
        })
    }

    /// The crates of the workspace that can call this one.
    fn callers(&self, krate: CrateId) -> Arc<Vec<CrateId>> {
        once(&self.callers, krate, || {
            let mut callers = self.crates();
            callers.retain(|other| self.can_call(*other, krate));
            Arc::new(callers)
        })
    }

    /// The crates of the workspace that this one can call.
    fn callees(&self, krate: CrateId) -> Arc<Vec<CrateId>> {
        let mut callees = self.crates();
        callees.retain(|other| self.can_call(krate, *other));
        Arc::new(callees)
    }

    /// The crates whose traits a crate can use: those of the workspace that it can name, and the libraries that it depends on.
    pub(super) fn crates_in_reach(&self, krate: CrateId) -> Arc<Vec<CrateId>> {
        once(&self.in_reach, krate, || {
            let mut reach = self.crates_below(krate).to_vec();
            for library in self.libraries_of(krate) {
                if !reach.contains(&library) {
                    reach.push(library);
                }
            }
            Arc::new(reach)
        })
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

    /// True if the crate, or one of the workspace that it builds on, depends on one of these packages or speaks of it.
    pub fn builds_on(
        &self,
        krate: CrateId,
        is_meant: impl Fn(Name) -> bool,
        words: &[&str],
    ) -> bool {
        let words: Vec<WordKey> = words.iter().map(|word| WordKey::of(word)).collect();
        self.crates_below(krate).iter().any(|krate| {
            let krate = self.krate(*krate);
            let mut dependencies = krate.dependencies.values();
            dependencies.any(|dependency| is_meant(dependency.package))
                || words.iter().any(|word| krate.has(*word))
        })
    }
}

/// A crate, and what is reached from it, in order.
fn reached(krate: CrateId, leads_to: impl Fn(CrateId) -> Arc<Vec<CrateId>>) -> Arc<Vec<CrateId>> {
    let mut reached = vec![krate];
    let mut known = HashSet::from([krate]);
    let mut next = 0;
    while next < reached.len() {
        let fresh = leads_to(reached[next]);
        next += 1;
        reached.extend(fresh.iter().filter(|other| known.insert(**other)));
    }
    reached[1..].sort();
    Arc::new(reached)
}
