use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::specs_of;
use crate::error::{Error, Result};
use crate::parameter::Parameter;
use crate::splitter::{Assignment, Splitter};

/// timm's `MATCH_PREV_GROUP`: the last number of a key whose layer joins the one before it.
pub const JOIN_PREVIOUS: f64 = 99_999.0;

/// Layers by a closure that gives each parameter its key.
///
/// Parameters of one key are one layer; layers are sorted by key, number by number, the shorter
/// key first. A key that ends in [`JOIN_PREVIOUS`] is no layer of its own, but joins the one
/// before it.
///
/// ```
/// use paramgroups::{ByKey, Splitter};
///
/// let partition = ByKey::new(|parameter| match parameter.path() {
///     "stem" => vec![0.0],
///     _ => vec![1.0],
/// })
/// .split(["head", "stem"])?;
/// assert_eq!(partition.group_indices(), [1, 0]);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Clone)]
pub struct ByKey {
    key: Arc<KeyOf>,
}

type KeyOf = dyn Fn(&Parameter) -> Vec<f64> + Send + Sync;

impl ByKey {
    /// Sorts by this closure's keys.
    pub fn new(key: impl Fn(&Parameter) -> Vec<f64> + Send + Sync + 'static) -> Self {
        Self { key: Arc::new(key) }
    }
}

impl fmt::Debug for ByKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByKey")
    }
}

impl Splitter for ByKey {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        let mut layers = Layers::default();
        for (index, parameter) in parameters.iter().enumerate() {
            let key = (self.key)(parameter);
            if key.iter().any(|number| number.is_nan()) {
                return Err(Error::OutOfRange {
                    what: "number in a layer's key",
                    value: f64::NAN,
                    allowed: "numbers",
                });
            }
            layers.add(Key(key), "layer", index);
        }
        let Merged { mut names, of } = layers.merge(parameters.len());
        for (layer, name) in names.iter_mut().enumerate() {
            *name = format!("layer {layer}");
        }
        Ok(Assignment {
            groups: specs_of(names),
            of,
        })
    }
}

/// A layer's place: compared number by number, the shorter first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key(pub(super) Vec<f64>);

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        pairs
            .map(|(a, b)| a.total_cmp(b))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| self.0.len().cmp(&other.0.len()))
    }
}

/// Members by key.
#[derive(Default)]
pub(super) struct Layers(BTreeMap<Key, (String, Vec<usize>)>);

/// Layers by index.
pub(super) struct Merged {
    pub(super) names: Vec<String>,
    pub(super) of: Vec<usize>,
}

impl Layers {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, key: Key, name: &str, member: usize) {
        let layer = self
            .0
            .entry(key)
            .or_insert_with(|| (name.to_owned(), Vec::new()));
        layer.1.push(member);
    }

    /// Numbers the layers; parameters that were not added get 0.
    pub(super) fn merge(self, parameters: usize) -> Merged {
        let mut names: Vec<String> = Vec::new();
        let mut of = vec![0; parameters];
        for (key, (name, members)) in self.0 {
            let joins = key.0.last() == Some(&JOIN_PREVIOUS);
            if names.is_empty() || !joins {
                names.push(name);
            }
            for member in members {
                of[member] = names.len() - 1;
            }
        }
        Merged { names, of }
    }
}
