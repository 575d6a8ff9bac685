//! What the linter says of models: `cargo modlint tree --message-format json`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

#[derive(Deserialize)]
struct Tree {
    models: Vec<Model>,
}

#[derive(Deserialize)]
pub struct Model {
    pub constructor: String,
    pub complete: bool,
    pub opaque: Vec<Opaque>,
    pub parameters: Vec<Parameter>,
}

#[derive(Deserialize)]
pub struct Opaque {
    pub reason: String,
}

#[derive(Deserialize)]
pub struct Parameter {
    pub path: String,
    pub indices: BTreeMap<String, (u64, Option<u64>)>,
    pub shape: Option<Vec<Dimension>>,
    pub optional: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum Dimension {
    Known(u64),
    Named(String),
}

/// The models of a folder by constructor.
pub fn models(folder: &Path) -> BTreeMap<String, Model> {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-modlint"))
        .args(["modlint", "tree", "--message-format", "json"])
        .arg(folder)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let tree: Tree = serde_json::from_slice(&output.stdout).unwrap();
    tree.models
        .into_iter()
        .map(|model| (model.constructor.clone(), model))
        .collect()
}

impl Parameter {
    /// True if this parameter, with some value of its indices, has that path.
    pub fn names(&self, path: &str) -> bool {
        let mut values = BTreeMap::new();
        self.fits(&self.path, path, &mut values)
    }

    fn fits<'a>(
        &'a self,
        pattern: &'a str,
        path: &str,
        values: &mut BTreeMap<&'a str, u64>,
    ) -> bool {
        let Some((literal, rest)) = pattern.split_once('{') else {
            return pattern == path;
        };
        let (index, rest) = rest.split_once('}').expect("an index is closed");
        let Some(path) = path.strip_prefix(literal) else {
            return false;
        };
        let digits = path
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(path.len());
        let Ok(value) = path[..digits].parse::<u64>() else {
            return false;
        };
        let (low, high) = self.indices[index];
        let in_range = value >= low && high.is_none_or(|high| value <= high);
        in_range
            && *values.entry(index).or_insert(value) == value
            && self.fits(rest, &path[digits..], values)
    }

    /// The one path, where no index is open.
    pub fn only_path(&self) -> Option<&str> {
        self.indices.is_empty().then_some(self.path.as_str())
    }

    /// True if no known size contradicts the shape.
    pub fn allows(&self, shape: &[u64]) -> bool {
        self.shape.as_ref().is_none_or(|own| {
            own.len() == shape.len()
                && own.iter().zip(shape).all(|(own, size)| match own {
                    Dimension::Known(own) => own == size,
                    Dimension::Named(name) => !name.is_empty(),
                })
        })
    }

    fn is_certain(&self) -> bool {
        let known = |dimension: &Dimension| matches!(dimension, Dimension::Known(_));
        !self.optional
            && self.indices.is_empty()
            && self
                .shape
                .as_ref()
                .is_some_and(|shape| shape.iter().all(known))
    }
}

impl Model {
    /// True if nothing is left to the configuration or the checkpoint.
    pub fn is_certain(&self) -> bool {
        self.parameters.iter().all(Parameter::is_certain)
    }
}
