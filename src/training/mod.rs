//! Training sites: which programs are run to find them, what they train, and how it is divided.

mod blocks;
mod entry;
mod extract;
mod fine_tune;
mod flow_graph;
mod forward;
mod parameters;
mod site;

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::eval::{Machine, Overrides};
use crate::name::Name;
use crate::program::{FnDef, Program};
use crate::source::Span;

pub use site::{Block, Layer, Load, Parameter, Part, PathPlace, Root, Site};

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
    let mut training = Training::default();
    for result in found {
        for site in result.sites {
            let mut plain = site.site;
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
        machine.run_entry(&function);
        extract::found(&mut machine)
    })
    .unwrap_or_default()
}
