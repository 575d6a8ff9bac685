//! Training sites: which programs are run to find them, what they train, and how it is divided.

mod blocks;
mod construction;
mod entry;
mod extract;
mod fine_tune;
mod flow_graph;
mod forward;
mod groups;
mod manifest;
mod parameters;
mod site;
mod sites_of_models;
mod surroundings;
mod type_mentions;
mod uses;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;

use crate::eval::{Machine, Overrides};
use crate::name::Name;
use crate::program::{FnDef, Program};
use crate::source::Span;

pub use construction::{Construction, IMPORT, Names};
pub use site::{
    Block, Layer, Load, ManifestText, Parameter, Part, PathPlace, Root, Site, TrainedGroup,
    TrainedModel, Written,
};
pub use sites_of_models::add_sites;

/// What the training programs of a workspace showed.
#[derive(Clone, Debug, Default)]
pub struct Training {
    pub sites: Vec<Site>,
    /// What could not be followed on the way, at the construct.
    pub opaque: Vec<(Span, String)>,
}

/// How much is told of each site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What the lints ask for.
    Blocks,
    /// The groups of each model besides.
    Groups,
}

/// What one program showed.
#[derive(Default)]
struct Found {
    sites: Vec<extract::FoundSite>,
    /// Fields through which an optimizer that another function built is stepped.
    stepped_fields: HashSet<Name>,
    opaque: Vec<(Span, String)>,
    entered: HashSet<FnDef>,
    /// Its number among the workspace's packages.
    package: Option<usize>,
    /// Where it saves weights to, as far as it is known.
    saves: Vec<String>,
}

/// Runs every function that trains something, from the callers that give it its models.
#[expect(
    clippy::mutable_key_type,
    reason = "functions are compared by identity"
)]
pub fn find(program: &Arc<Program>, detail: Detail) -> Training {
    let entries = entry::entries(program);
    let mut found: Vec<Found> = Vec::new();
    let mut entered: HashSet<FnDef> = HashSet::new();
    for level in entries.levels {
        let wave: Vec<FnDef> = level
            .into_iter()
            .filter(|function| !entered.contains(function))
            .collect();
        let results: Vec<Found> = wave
            .into_par_iter()
            .map(|function| run(program, &function, detail))
            .collect();
        for result in results {
            entered.extend(result.entered.iter().cloned());
            found.push(result);
        }
    }
    let stepped: HashSet<Name> = found
        .iter()
        .flat_map(|found| found.stepped_fields.iter().copied())
        .collect();
    let saved: HashSet<(Option<usize>, String)> = found
        .iter()
        .flat_map(|found| found.saves.iter().map(|path| (found.package, path.clone())))
        .collect();
    let mut training = Training::default();
    for result in found {
        for site in result.sites {
            let mut plain = site.site;
            // What the package itself trained and saved is no pretrained weights.
            plain.loads.retain(|load| {
                let path = load.path.clone();
                path.is_none_or(|path| !saved.contains(&(result.package, path)))
            });
            plain.stepped |= site.fields.iter().any(|field| stepped.contains(field));
            training.sites.push(plain);
        }
        for opaque in result.opaque {
            if !training.opaque.contains(&opaque) {
                training.opaque.push(opaque);
            }
        }
    }
    training.sites.sort_by_key(|site| site.span);
    training
}

fn run(program: &Arc<Program>, function: &FnDef, detail: Detail) -> Found {
    let program = program.clone();
    let function = function.clone();
    let name = function.func.name.span;
    crate::source::on_big_stack(move || {
        let run = || {
            let overrides = Overrides::default();
            let mut machine = Machine::new(&program, &overrides);
            machine.run_training(&function);
            let mut found = extract::found(&mut machine, detail);
            let krate = program.crate_of(function.module);
            found.package = program.crate_info(krate).package;
            found
        };
        // One program that the linter fails on doesn't take the others with it.
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Found {
            opaque: vec![(name, "the linter failed on this function".into())],
            ..Found::default()
        })
    })
    .unwrap_or_default()
}
