//! The groups that result, as the run-time engine divides them.

use paramgroups::{Groups, Parameter, Partition, Selector, Splitter};

use super::groups::Targets;
use crate::training::Site;

/// More paths of one group are not written out.
const MOST_PATHS: usize = 4;

/// One sentence that names the groups; None where they are fewer than two.
pub fn of(site: &Site, targets: &Targets) -> Option<String> {
    let partition = partition(site, targets)?;
    let groups: Vec<String> = partition
        .groups()
        .iter()
        .enumerate()
        .map(|(number, group)| {
            let paths: Vec<String> = group
                .members()
                .iter()
                .map(|member| shown(site, partition.parameters()[*member].path()))
                .collect();
            let elements = group
                .elements()
                .map(|elements| format!(", {elements} elements"));
            format!(
                "{number} `{}` ({}{})",
                group.name(),
                listed(&paths),
                elements.unwrap_or_default()
            )
        })
        .collect();
    Some(format!("the groups are then {}", groups.join(" and ")))
}

/// The path, with a word for one that only some runs have.
fn shown(site: &Site, path: &str) -> String {
    let mut known = site
        .parameters
        .iter()
        .filter(|parameter| parameter.path.as_deref() == Some(path));
    match known.all(|parameter| parameter.is_optional) {
        true => format!("`{path}` if there"),
        false => format!("`{path}`"),
    }
}

fn listed(paths: &[String]) -> String {
    match paths {
        [first @ .., last] if first.len() >= MOST_PATHS => {
            let left_out = first.len() - (MOST_PATHS - 2);
            format!(
                "{}, {left_out} more, {last}",
                first[..MOST_PATHS - 2].join(", ")
            )
        }
        all => all.join(", "),
    }
}

/// What the engine makes of the targets; None where paths aren't known or clash.
pub fn partition(site: &Site, targets: &Targets) -> Option<Partition> {
    let mut parameters: Vec<(String, usize, Parameter)> = Vec::new();
    for parameter in &site.parameters {
        let path = parameter.path.clone()?;
        let group = targets.of(parameter.id);
        match parameters.iter().find(|(known, ..)| *known == path) {
            // Two arms of a branch make it: it is one.
            Some((_, known, _)) if *known == group => continue,
            Some(_) => return None,
            None => {}
        }
        let named = Parameter::new(&path);
        let named = match &parameter.shape {
            Some(shape) if !parameter.is_optional && !parameter.is_repeated => {
                named.with_shape(shape.clone())
            }
            _ => named,
        };
        parameters.push((path, group, named));
    }
    let mut groups = Groups::new().rest(targets.name(0));
    for group in 1..targets.count {
        let members: Vec<Selector> = parameters
            .iter()
            .filter(|(_, of, _)| *of == group)
            .map(|(path, ..)| Selector::path(path))
            .collect();
        groups = groups.group(targets.name(group), members);
    }
    let parameters = parameters.into_iter().map(|(.., parameter)| parameter);
    groups.split(parameters).ok()
}
