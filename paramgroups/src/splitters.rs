//! Ready splitters.

mod by_decay;
mod by_key;
mod by_module;
mod even_parts;
mod head;
mod layers;

pub use by_decay::ByDecay;
pub use by_key::{ByKey, JOIN_PREVIOUS};
pub use by_module::{ByModule, CutBefore};
pub use even_parts::{Chunks, EvenParts};
pub use head::BodyAndHead;
pub use layers::{LayerMatcher, Suffix};

use crate::splitter::GroupSpec;

/// Groups of their own stage each, under these names; a repeated name gets a number.
fn specs_of(names: impl IntoIterator<Item = String>) -> Vec<GroupSpec> {
    let mut used = std::collections::HashSet::new();
    names
        .into_iter()
        .enumerate()
        .map(|(stage, name)| {
            let mut unique = name.clone();
            let mut number = 2;
            while !used.insert(unique.clone()) {
                unique = format!("{name} ({number})");
                number += 1;
            }
            GroupSpec::new(unique, stage)
        })
        .collect()
}
