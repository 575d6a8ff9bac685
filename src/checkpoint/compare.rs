//! The parameters that a program will have against the keys that a checkpoint has.

use std::collections::{BTreeMap, BTreeSet};

use super::Header;
use crate::config::did_you_mean;
use crate::model::{Bounds, Dimension, Model, Parameter};

/// What differs, each in the order of names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Parameters of the model that the checkpoint lacks, with the unexpected key nearest to each.
    pub missing: Vec<Unexpected>,
    /// Keys of the checkpoint that the model lacks, with the missing parameter nearest to each.
    pub unexpected: Vec<Unexpected>,
    pub misshapen: Vec<Misshapen>,
}

/// A name that only one side has, with the other side's nearest.
#[derive(Debug, PartialEq, Eq)]
pub struct Unexpected {
    pub name: String,
    pub nearest: Option<String>,
}

/// A parameter whose shape differs where it is known.
#[derive(Debug, PartialEq, Eq)]
pub struct Misshapen {
    pub name: String,
    pub model: Vec<Dimension>,
    pub checkpoint: Vec<u64>,
}

impl Comparison {
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.unexpected.is_empty() && self.misshapen.is_empty()
    }
}

/// Compares a model's parameters with a checkpoint's header. A parameter with an unknown index takes every key that fits it.
pub fn compare(model: &Model, header: &Header) -> Comparison {
    let mut open: BTreeSet<&str> = header.keys().map(String::as_str).collect();
    let mut comparison = Comparison::default();
    let mut missing = BTreeSet::new();
    let (exact, patterns): (Vec<&Parameter>, Vec<&Parameter>) = model
        .parameters
        .iter()
        .partition(|parameter| parameter.indices.is_empty());
    for parameter in exact {
        let path = parameter.path.as_str();
        match header.get(path) {
            Some(shape) => {
                open.remove(path);
                comparison.see(path, parameter, shape);
            }
            None if !parameter.optional => {
                missing.insert(path);
            }
            None => {}
        }
    }
    for parameter in patterns {
        let bounds: BTreeMap<&str, Bounds> = parameter
            .indices
            .iter()
            .map(|(name, bounds)| (name.as_str(), *bounds))
            .collect();
        let fitting: Vec<&str> = open
            .iter()
            .copied()
            .filter(|key| fits(key, &parameter.path, &bounds))
            .collect();
        if fitting.is_empty() && !parameter.optional {
            missing.insert(&parameter.path);
        }
        for key in fitting {
            open.remove(key);
            comparison.see(key, parameter, &header[key]);
        }
    }
    comparison.missing = with_nearest(&missing, &open);
    comparison.unexpected = with_nearest(&open, &missing);
    comparison
        .misshapen
        .sort_by(|left, right| left.name.cmp(&right.name));
    comparison
}

impl Comparison {
    fn see(&mut self, name: &str, parameter: &Parameter, shape: &[u64]) {
        let Some(expected) = &parameter.shape else {
            return;
        };
        let same = expected.len() == shape.len()
            && expected.iter().zip(shape).all(
                |(expected, found)| !matches!(expected, Dimension::Known(size) if size != found),
            );
        if !same {
            self.misshapen.push(Misshapen {
                name: name.to_owned(),
                model: expected.clone(),
                checkpoint: shape.to_vec(),
            });
        }
    }
}

fn with_nearest(names: &BTreeSet<&str>, others: &BTreeSet<&str>) -> Vec<Unexpected> {
    names
        .iter()
        .map(|name| Unexpected {
            name: (*name).to_owned(),
            nearest: did_you_mean(name, others.iter().copied()).map(str::to_owned),
        })
        .collect()
}

/// True if the key is the path with a number within its bounds for each `{name}`.
fn fits(key: &str, path: &str, bounds: &BTreeMap<&str, Bounds>) -> bool {
    let Some((before, rest)) = path.split_once('{') else {
        return key == path;
    };
    let (Some(key), Some((name, after))) = (key.strip_prefix(before), rest.split_once('}')) else {
        return false;
    };
    let digits = key.bytes().take_while(u8::is_ascii_digit).count();
    let allowed = bounds.get(name);
    // The text behind the number may itself begin with a digit.
    (1..=digits).rev().any(|length| {
        let Ok(number) = key[..length].parse::<i64>() else {
            return false;
        };
        let within = allowed.is_none_or(|allowed| {
            allowed.low <= number && allowed.high.is_none_or(|high| number <= high)
        });
        within && fits(&key[length..], after, bounds)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::example_model;

    fn header(entries: &[(&str, &[u64])]) -> Header {
        entries
            .iter()
            .map(|(key, shape)| ((*key).to_owned(), shape.to_vec()))
            .collect()
    }

    #[test]
    fn a_checkpoint_that_fits_differs_in_nothing() {
        let header = header(&[
            ("layers.0.weight", &[20, 7]),
            ("layers.11.weight", &[20, 7]),
            ("head.weight", &[2, 20]),
            ("head.bias", &[2]),
        ]);
        assert!(compare(&example_model().0, &header).is_empty());
    }

    #[test]
    fn differences_name_their_nearest() {
        let header = header(&[
            ("layers.0.weight", &[21, 7]),
            ("layers.x.weight", &[20, 7]),
            ("head.weights", &[2, 20]),
            ("head.bias", &[2]),
        ]);
        let found = compare(&example_model().0, &header);
        let pair = |name: &str, nearest: Option<&str>| Unexpected {
            name: name.to_owned(),
            nearest: nearest.map(str::to_owned),
        };
        assert_eq!(found.missing, [pair("head.weight", Some("head.weights"))]);
        assert_eq!(
            found.unexpected,
            [
                pair("head.weights", Some("head.weight")),
                pair("layers.x.weight", None),
            ]
        );
        assert_eq!(found.misshapen[0].name, "layers.0.weight");
    }
}
