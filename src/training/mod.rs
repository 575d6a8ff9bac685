//! Training sites: which programs are run to find them, what they train, and how it is divided.

mod blocks;
mod entry;
mod extract;
mod fine_tune;
mod flow_graph;
mod forward;
mod site;

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::eval::{Machine, Overrides};
use crate::name::Name;
use crate::program::{FnDef, Program};
use crate::source::Span;

pub use site::{Block, Layer, Load, Root, Site};

/// What the training programs of a workspace showed.
#[derive(Clone, Debug, Default)]
pub struct Training {
    pub sites: Vec<Site>,
    /// What could not be followed on the way, at the construct.
    pub opaque: Vec<(Span, String)>,
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
pub fn find(program: &Arc<Program>) -> Training {
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
            .map(|function| run(program, &function))
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

fn run(program: &Arc<Program>, function: &FnDef) -> Found {
    let program = program.clone();
    let function = function.clone();
    crate::source::on_big_stack(move || {
        let overrides = Overrides::default();
        let mut machine = Machine::new(&program, &overrides);
        let start = std::time::Instant::now();
        machine.run_entry(&function);
        let ran = start.elapsed();
        let mut found = extract::found(&mut machine);
        found.package = program
            .crate_info(program.crate_of(function.module))
            .package;
        if std::env::var_os("MODLINT_TRACE").is_some() {
            eprintln!(
                "TRACE {:?} {:?} {:?} fuel {} heap {} log {} sites {} {}:{}",
                function.func.name.name.as_str(),
                ran,
                start.elapsed(),
                1_000_000 - machine.fuel,
                machine.heap.len(),
                machine.log.made(),
                found.sites.len(),
                program
                    .sources()
                    .get(function.func.name.span.file)
                    .path
                    .display(),
                program
                    .sources()
                    .get(function.func.name.span.file)
                    .line_column(function.func.name.span.start as usize)
                    .0
            );
        }
        found
    })
    .unwrap_or_default()
}
