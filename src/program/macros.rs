//! Which `macro_rules!` a call can mean.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::krate::{Crate, CrateFile};
use super::lower::{MacroSource, Macros};
use super::state::Program;
use crate::name::Name;
use crate::source::{FileId, SourceMap};

/// The macros that a crate defines.
#[derive(Default)]
pub(super) struct MacroTable {
    by_name: HashMap<String, Vec<Definition>>,
}

#[derive(Clone)]
struct Definition {
    file: FileId,
    body: Range<usize>,
}

impl MacroTable {
    pub fn of(program: &Program, files: &[CrateFile]) -> Self {
        let mut table = MacroTable::default();
        let mut seen = std::collections::HashSet::new();
        for file in files.iter().map(|file| file.file) {
            if !seen.insert(file) {
                continue;
            }
            let source = program.sources.get(file);
            for found in &source.outline().macros {
                let name = source.text[found.name.clone()].to_owned();
                table.by_name.entry(name).or_default().push(Definition {
                    file,
                    body: found.body.clone(),
                });
            }
        }
        table
    }

    /// The last definition above the call in its file, else one below it, else one of another file.
    fn find(&self, name: &str, file: FileId, at: usize) -> Option<&Definition> {
        let all = self.by_name.get(name)?;
        let in_file = || all.iter().filter(|found| found.file == file);
        in_file()
            .rfind(|found| found.body.start <= at)
            .or_else(|| in_file().next())
            .or_else(|| all.first())
    }
}

/// The macros of a crate and of the workspace's crates that it depends on.
pub(super) struct MacrosInReach {
    sources: Arc<SourceMap>,
    own: Arc<MacroTable>,
    dependencies: Vec<(Name, Arc<MacroTable>)>,
}

impl MacrosInReach {
    pub fn of(program: &Program, krate: &Crate) -> Self {
        let mut dependencies: Vec<(Name, Arc<MacroTable>)> = krate
            .dependencies
            .iter()
            .filter_map(|(name, dependency)| {
                let member = program.krate(dependency.member?);
                Some((*name, member.macros.clone()))
            })
            .collect();
        dependencies.sort_by_key(|(name, _)| *name);
        MacrosInReach {
            sources: program.sources.clone(),
            own: krate.macros.clone(),
            dependencies,
        }
    }

    fn source(&self, found: &Definition, krate: Name) -> MacroSource {
        MacroSource {
            file: self.sources.get(found.file),
            body: found.body.clone(),
            krate,
        }
    }
}

impl Macros for MacrosInReach {
    fn find(&self, name: &str, file: FileId, at: usize) -> Option<MacroSource> {
        if let Some(found) = self.own.find(name, file, at) {
            return Some(self.source(found, Name::new("crate")));
        }
        self.dependencies.iter().find_map(|(called, table)| {
            let found = table.find(name, file, at)?;
            Some(self.source(found, *called))
        })
    }
}
