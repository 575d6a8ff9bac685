//! From a collapse to groups: where to cut, which groups result, and which edits make them.
//!
//! Nothing is written here. The lints put the edits into their findings; `fix` applies them.

mod burn;
mod candle;
mod cut;
mod groups;
mod manifest;
mod preview;
mod selectors;
mod tch;

use std::collections::HashSet;

use crate::config::Settings;
use crate::eval::ParamId;
use crate::lints::{Applicability, Edit, Help};
use crate::source::FileId;
use crate::training::{Block, Site, Training};
use cut::{Unit, total};
use groups::Targets;

/// A way out of a collapse that can be applied.
#[derive(Clone, Debug)]
pub struct WayOut {
    /// What is edited, in a few words.
    pub help: Help,
    /// The groups that the edits make.
    pub groups: String,
}

/// A position before which nothing is inserted: what runs there is grouped already.
type Place = (FileId, u32);

/// Divides what a site trains, at the block if one is given.
pub fn divide(
    training: &Training,
    site: &Site,
    block: Option<&Block>,
    settings: &Settings,
) -> Option<WayOut> {
    let targets = targets(site, block, settings)?;
    let plan = match site.framework {
        "tch" => tch::plan(site, &targets, &grouped_places(training)),
        "burn" => burn::plan(site, &targets),
        "candle" => candle::plan(training, site, &targets, settings),
        _ => None,
    }?;
    let groups = preview::of(site, &plan.targets)?;
    let is_sure = plan.is_exact && !site.has_opaque && !targets.is_guess;
    Some(WayOut {
        help: Help {
            message: plan.title,
            edits: plan.edits,
            applicability: match is_sure {
                true => Applicability::MachineApplicable,
                false => Applicability::MaybeIncorrect,
            },
        },
        groups,
    })
}

/// For a model of a library, whose other users build optimizers of their own: an impl that names its groups, in words.
pub fn naming_impl(site: &Site, block: Option<&Block>, settings: &Settings) -> Option<Help> {
    let [root] = site.roots.as_slice() else {
        return None;
    };
    if !root.is_in_library {
        return None;
    }
    let targets = targets(site, block, settings)?;
    let groups = selectors::selectors(site, &targets)?.written(&targets, "paramgroups::Groups");
    Some(Help {
        message: format!(
            "name the groups for all who train the model, `impl {} {{ pub fn parameter_groups() -> paramgroups::Groups {{ {groups} }} }}`, and divide by them wherever an optimizer is built",
            root.name
        ),
        edits: Vec::new(),
        applicability: Applicability::Unspecified,
    })
}

/// At the block, else at the first flat block that the site trains, else between the modules right below the root.
fn targets(site: &Site, block: Option<&Block>, settings: &Settings) -> Option<Targets> {
    let mut blocks = site.roots.iter().flat_map(|root| &root.blocks);
    match block.or_else(|| blocks.next()) {
        Some(block) => Targets::of_block(site, block, settings.groups),
        None => Targets::of_roots(site, settings.groups),
    }
}

/// Edits that make the wanted groups, or come near to them.
struct Plan {
    title: String,
    edits: Vec<Edit>,
    /// They make the wanted groups and change nothing else, if all that is known of the site holds.
    is_exact: bool,
    /// The groups that the edits make.
    targets: Targets,
}

/// The places that parameters of divided sites come through.
fn grouped_places(training: &Training) -> HashSet<Place> {
    let divided = training.sites.iter().filter(|site| site.divided);
    divided
        .flat_map(|site| &site.parameters)
        .flat_map(|parameter| &parameter.path_places)
        .map(tch::insertion)
        .collect()
}

/// The number of elements of these parameters, where all shapes are known.
fn elements(site: &Site, unit: &[ParamId]) -> Option<usize> {
    total(unit.iter().map(|id| {
        match site.parameters.iter().find(|known| known.id == *id) {
            Some(parameter) if parameter.is_repeated => None,
            Some(parameter) => {
                let mut sizes = parameter.shape.as_ref()?.iter();
                sizes.try_fold(1usize, |product, size| product.checked_mul(*size))
            }
            // Not trained: it weighs nothing.
            None => Some(0),
        }
    }))
}
