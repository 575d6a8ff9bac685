//! From parameters as a run made them to parameters as people read them.

use std::collections::BTreeMap;

use super::tree::{Bounds, Dimension, Parameter};
use crate::eval::{
    Branch, Condition, IndexId, IndexInfo, Machine, Num, ParamEvent, Part, Text, affine, shown,
};
use crate::source::Span;

/// A parameter with its path and under which conditions it is there.
#[derive(Clone, Debug)]
pub struct Occurrence {
    pub path: Text,
    pub shape: Option<Vec<Num>>,
    pub conditions: Vec<Condition>,
    /// It may be missing for a reason that no branch stands for.
    pub maybe: bool,
    pub span: Span,
}

impl Occurrence {
    pub fn of_event(event: &ParamEvent) -> Occurrence {
        Occurrence {
            path: event.path.clone(),
            shape: event.shape.clone(),
            conditions: event.conditions.clone(),
            maybe: false,
            span: event.span,
        }
    }
}

/// A path that cannot be written as the contract asks.
#[derive(Clone, Debug)]
pub struct Unwritable {
    pub span: Span,
    pub reason: String,
}

/// The bounds of each index in a path.
type Indices = Vec<(String, Bounds)>;

/// Parameters with the same path are one; sorted as a checkpoint holds them.
pub fn merged(
    machine: &Machine<'_>,
    occurrences: &[Occurrence],
) -> (Vec<Parameter>, Vec<Unwritable>) {
    let mut by_path: BTreeMap<String, Vec<(&Occurrence, Indices)>> = BTreeMap::new();
    let mut unwritable = Vec::new();
    for occurrence in occurrences {
        match written(&occurrence.path, &machine.indices) {
            Ok((path, indices)) => by_path.entry(path).or_default().push((occurrence, indices)),
            Err(reason) => unwritable.push(Unwritable {
                span: occurrence.span,
                reason,
            }),
        }
    }
    let parameters = by_path
        .into_iter()
        .map(|(path, same)| {
            let (first, indices) = same[0].clone();
            let always: Vec<&[Condition]> = same
                .iter()
                .filter(|(one, _)| !one.maybe)
                .map(|(one, _)| one.conditions.as_slice())
                .collect();
            let shape = same
                .iter()
                .map(|(one, _)| one.shape.clone())
                .reduce(|a, b| if a == b { a } else { joined(a, b) })
                .flatten();
            Parameter {
                path,
                indices: widest(indices, same.iter().map(|(_, indices)| indices.as_slice())),
                shape: shape.map(|shape| shape.iter().map(|num| dimension(num, machine)).collect()),
                optional: !covers(&always, &machine.log.branches),
                span: first.span,
            }
        })
        .collect();
    (parameters, unwritable)
}

/// Two runs' shapes of one parameter: what they agree on.
fn joined(a: Option<Vec<Num>>, b: Option<Vec<Num>>) -> Option<Vec<Num>> {
    let (a, b) = (a?, b?);
    (a.len() == b.len()).then(|| {
        a.iter()
            .zip(&b)
            .map(|(a, b)| if a == b { a.clone() } else { Num::named("?") })
            .collect()
    })
}

fn widest<'a>(
    first: Vec<(String, Bounds)>,
    all: impl Iterator<Item = &'a [(String, Bounds)]>,
) -> Vec<(String, Bounds)> {
    let mut widest = first;
    for indices in all {
        for ((_, bounds), (_, other)) in widest.iter_mut().zip(indices) {
            bounds.low = bounds.low.min(other.low);
            bounds.high = bounds.high.zip(other.high).map(|(a, b)| a.max(b));
        }
    }
    widest
}

fn dimension(num: &Num, machine: &Machine<'_>) -> Dimension {
    match num {
        Num::Known(value) => u64::try_from(*value)
            .map_or_else(|_| Dimension::Named(value.to_string()), Dimension::Known),
        Num::Named(name) => Dimension::Named(shown(name, &machine.indices)),
        Num::Affine {
            index,
            scale,
            offset,
        } => Dimension::Named(affine(
            &machine.indices[index.0 as usize].name,
            *scale,
            *offset,
        )),
    }
}

/// The path with `{name}` for each index that is not known; None where a part of it is not known.
pub fn written_path(machine: &Machine<'_>, path: &Text) -> Option<String> {
    let (path, _) = written(path, &machine.indices).ok()?;
    Some(path)
}

/// The path with `{name}` for each index that is not known.
fn written(path: &Text, indices: &[IndexInfo]) -> Result<(String, Vec<(String, Bounds)>), String> {
    let mut text = String::new();
    let mut bounds: Vec<(String, Bounds)> = Vec::new();
    let mut named: Vec<((IndexId, i128), String)> = Vec::new();
    for part in path.parts() {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Hole(name) => {
                return Err(format!(
                    "the name of a parameter depends on {}",
                    shown(name, indices)
                ));
            }
            Part::Index {
                index,
                scale,
                offset,
            } => {
                let info = &indices[index.0 as usize];
                if *scale != 1 {
                    return Err(format!(
                        "the index {scale}*{} does not count by one",
                        info.name
                    ));
                }
                let name = match named.iter().find(|(known, _)| *known == (*index, *offset)) {
                    Some((_, name)) => name.clone(),
                    None => {
                        let mut name = info.name.clone();
                        let mut number = 2;
                        while named.iter().any(|(_, taken)| *taken == name) {
                            name = format!("{}{number}", info.name);
                            number += 1;
                        }
                        named.push(((*index, *offset), name.clone()));
                        let low = i64::try_from(info.low + offset).unwrap_or(0);
                        let high = info.high.and_then(|high| i64::try_from(high + offset).ok());
                        bounds.push((name.clone(), Bounds { low, high }));
                        name
                    }
                };
                text.push('{');
                text.push_str(&name);
                text.push('}');
            }
        }
    }
    Ok((text, bounds))
}

/// True if the parameter is there whichever arms are taken.
fn covers(occurrences: &[&[Condition]], branches: &[Branch]) -> bool {
    if occurrences.iter().any(|conditions| conditions.is_empty()) {
        return true;
    }
    let Some(branch) = occurrences
        .iter()
        .filter_map(|conditions| conditions.first())
        .map(|condition| condition.branch)
        .min()
    else {
        return false;
    };
    let info = &branches[branch as usize];
    !info.live.is_empty()
        && info.live.iter().all(|arm| {
            let under: Vec<Vec<Condition>> = occurrences
                .iter()
                .filter(|conditions| {
                    conditions.iter().all(|condition| {
                        condition.branch != branch
                            || condition.arm == *arm
                            || condition.arm == Condition::STAYED && info.staying.contains(arm)
                    })
                })
                .map(|conditions| {
                    conditions
                        .iter()
                        .filter(|condition| condition.branch != branch)
                        .copied()
                        .collect()
                })
                .collect();
            let under: Vec<&[Condition]> = under.iter().map(Vec::as_slice).collect();
            covers(&under, branches)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(branch: u32, arm: u32) -> Condition {
        Condition { branch, arm }
    }

    #[test]
    fn a_parameter_in_every_live_arm_is_always_there() {
        let branches = [Branch {
            live: vec![0, 1],
            staying: vec![0, 1],
        }];
        let (left, right) = ([condition(0, 0)], [condition(0, 1)]);
        assert!(covers(&[&left, &right], &branches));
        assert!(!covers(&[&left], &branches));
    }

    #[test]
    fn an_arm_that_fails_needs_no_parameter() {
        let branches = [Branch {
            live: vec![1],
            staying: vec![1],
        }];
        assert!(covers(&[&[condition(0, 1)]], &branches));
    }

    #[test]
    fn what_comes_after_an_early_return_is_not_always_there() {
        let branches = [Branch {
            live: vec![0, 1],
            staying: vec![1],
        }];
        let after = [condition(0, Condition::STAYED)];
        assert!(!covers(&[&after], &branches));
        assert!(covers(&[&after, &[condition(0, 0)]], &branches));
    }
}
