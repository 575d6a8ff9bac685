//! The training sites of each model, with its own paths in the groups.

use std::collections::{BTreeMap, BTreeSet};

use super::Training;
use super::site::{Site, TrainedModel};
use crate::model::{GroupMembers, Model, TrainingSite};

/// Fills in where each model is trained.
pub fn add_sites(models: &mut [Model], training: &Training) {
    for model in models {
        for site in &training.sites {
            for trained in &site.models {
                if trained.constructor == model.span {
                    let site = training_site(model, site, trained);
                    if !model.sites.contains(&site) {
                        model.sites.push(site);
                    }
                }
            }
        }
    }
}

fn training_site(model: &Model, site: &Site, trained: &TrainedModel) -> TrainingSite {
    let mut members: Vec<BTreeSet<String>> = vec![BTreeSet::new(); trained.groups.len()];
    for parameter in &model.parameters {
        let mut found: BTreeMap<usize, BTreeSet<&String>> = BTreeMap::new();
        for (place, group) in trained.groups.iter().enumerate() {
            let paths = group.paths.iter();
            let of_it: BTreeSet<&String> = paths
                .filter(|path| {
                    stands_for(&parameter.path, path) || stands_for(path, &parameter.path)
                })
                .collect();
            if !of_it.is_empty() {
                found.insert(place, of_it);
            }
        }
        let is_divided = found.len() > 1;
        for (place, paths) in found {
            // Indices that land in different groups are told one by one.
            match is_divided {
                true => members[place].extend(paths.into_iter().cloned()),
                false => drop(members[place].insert(parameter.path.clone())),
            }
        }
    }
    let groups = trained.groups.iter().zip(members);
    TrainingSite {
        span: site.span,
        optimizer: site.optimizer.clone(),
        loads_weights: !site.loads.is_empty(),
        groups: groups
            .filter(|(group, members)| group.selector.is_some() || !members.is_empty())
            .map(|(group, members)| GroupMembers {
                name: group.name.clone(),
                selector: group.selector.clone(),
                parameters: members.into_iter().collect(),
            })
            .collect(),
    }
}

/// True if the path is one of those that the pattern's `{index}` gives.
fn stands_for(pattern: &str, path: &str) -> bool {
    let Some((before, rest)) = pattern.split_once('{') else {
        return pattern == path;
    };
    let Some((_, after)) = rest.split_once('}') else {
        return pattern == path;
    };
    let Some(path) = path.strip_prefix(before) else {
        return false;
    };
    if let Some((_, path)) = path.strip_prefix('{').and_then(|path| path.split_once('}')) {
        return stands_for(after, path);
    }
    let digits = path.bytes().take_while(u8::is_ascii_digit).count();
    (1..=digits).any(|length| stands_for(after, &path[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_stands_for_numbers_and_for_other_indices() {
        assert!(stands_for("layers.{i}.weight", "layers.12.weight"));
        assert!(stands_for("layers.{i}.weight", "layers.{n}.weight"));
        assert!(stands_for("a.{i}.b.{j}", "a.0.b.1"));
        assert!(stands_for("fc{i}.bias", "fc3.bias"));
        assert!(!stands_for("layers.{i}.weight", "layers.x.weight"));
        assert!(!stands_for("layers.{i}.weight", "layers.0.bias"));
        assert!(!stands_for("fc1", "fc10"));
    }
}
