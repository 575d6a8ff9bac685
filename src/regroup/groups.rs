//! Which parameter is to be in which group.

use std::collections::HashMap;

use super::Unit;
use super::cut::cut;
use super::elements;
use crate::eval::ParamId;
use crate::training::{Block, Site};

/// The group of each parameter; who isn't named is in group 0.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    of: HashMap<ParamId, usize>,
    /// How many groups there are, the first included.
    pub count: usize,
    /// They were made for a number of groups that was asked for, rather than for body and head.
    pub is_even: bool,
    /// Not every part's place on the way of the data is known.
    pub is_guess: bool,
}

impl Targets {
    /// The block is cut; what lies behind it on the way of the data goes with its last group. Blocks beside it, and other values of the same
    /// definition, are cut in the same way.
    pub fn of_block(site: &Site, block: &Block, groups: Option<usize>) -> Option<Targets> {
        let mut targets = Targets::new(groups);
        targets.is_guess = site.roots.iter().any(|root| !root.is_placed);
        targets.add_block(site, block, groups)?;
        for root in &site.roots {
            for other in root.blocks.iter().chain(&root.chain) {
                let is_same = other.span == block.span;
                let is_beside = !is_linked(block, other) && !is_linked(other, block);
                if is_same || is_beside {
                    targets.add_block(site, other, groups);
                }
            }
        }
        (targets.count > 1).then_some(targets)
    }

    /// Each model is cut between the modules right below its root, and before what lies behind it.
    pub fn of_roots(site: &Site, groups: Option<usize>) -> Option<Targets> {
        let mut targets = Targets::new(groups);
        targets.is_guess = site.roots.len() > 1;
        for root in &site.roots {
            targets.is_guess |=
                !root.is_placed || root.top_modules.iter().any(|part| part.order.is_none());
            let parts = root.top_modules.iter();
            let parts = parts.map(|part| (part.ty.as_str(), part.params.as_slice()));
            let behind =
                Some(("", root.behind.as_slice())).filter(|(_, params)| !params.is_empty());
            targets.add(site, &parts.chain(behind).collect::<Vec<_>>(), groups);
        }
        (targets.count > 1).then_some(targets)
    }

    fn new(groups: Option<usize>) -> Self {
        Targets {
            count: 1,
            is_even: groups.is_some(),
            ..Targets::default()
        }
    }

    fn add_block(&mut self, site: &Site, block: &Block, groups: Option<usize>) -> Option<()> {
        let layers = block.layers.iter();
        let layers = layers.map(|layer| (layer.ty.as_str(), layer.params.as_slice()));
        let last = self.add(site, &layers.collect::<Vec<_>>(), groups)?;
        for param in &block.behind {
            self.of.entry(*param).or_insert(last);
        }
        Some(())
    }

    /// Cuts these units and gives the last one's group.
    fn add(
        &mut self,
        site: &Site,
        parts: &[(&str, &[ParamId])],
        groups: Option<usize>,
    ) -> Option<usize> {
        let units: Vec<Unit<'_>> = parts
            .iter()
            .map(|(ty, params)| Unit {
                ty,
                elements: elements(site, params),
            })
            .collect();
        let of_units = cut(&units, groups)?;
        for ((_, params), group) in parts.iter().zip(&of_units) {
            for param in *params {
                self.of.entry(*param).or_insert(*group);
            }
        }
        let last = *of_units.last()?;
        self.count = self.count.max(last + 1);
        Some(last)
    }

    pub fn of(&self, param: ParamId) -> usize {
        self.of.get(&param).copied().unwrap_or(0)
    }

    /// Only these parameters are moved out of the first group.
    pub fn retain(&mut self, mut keep: impl FnMut(ParamId) -> bool) {
        self.of.retain(|param, group| *group == 0 || keep(*param));
    }

    /// What people call a group.
    pub fn name(&self, group: usize) -> String {
        match (self.is_even, group) {
            (true, group) => format!("part {}", group + 1),
            (false, 0) => "body".into(),
            (false, _) => "head".into(),
        }
    }
}

/// True if the second lies behind the first, or shares parameters with it.
fn is_linked(first: &Block, second: &Block) -> bool {
    let params = || second.layers.iter().flat_map(|layer| &layer.params);
    let shared = |param: &ParamId| {
        first
            .layers
            .iter()
            .any(|layer| layer.params.contains(param))
    };
    params().any(|param| first.behind.contains(param) || shared(param))
}
