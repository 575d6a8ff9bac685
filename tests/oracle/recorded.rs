//! What real models said of themselves: `tests/data/oracle`, written by the programs in `fixtures/oracle-*`.

use std::fs;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Recording {
    pub models: Vec<Model>,
    pub not_built: Vec<NotBuilt>,
}

/// What could not be built, and why.
#[derive(Deserialize)]
pub struct NotBuilt {
    pub source: String,
    #[serde(rename = "type")]
    pub type_name: String,
    pub reason: String,
}

/// A model that was built and run.
#[derive(Deserialize)]
pub struct Model {
    pub name: String,
    /// The constructor as its crate calls it: `bert::BertModel::load`.
    pub constructor: String,
    /// The function of the fixture that calls it with small sizes.
    pub function: String,
    pub parameters: Vec<Parameter>,
}

#[derive(Deserialize)]
pub struct Parameter {
    pub path: String,
    pub shape: Vec<u64>,
    /// What a burn module holds there.
    #[serde(default)]
    kind: Kind,
}

#[derive(Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Float,
    Int,
    Bool,
    /// A switch without a shape, and no parameter.
    Flag,
}

impl Model {
    /// The function as `cargo modlint tree` calls it: without its crate.
    pub fn function(&self) -> &str {
        self.function
            .split_once("::")
            .map_or(self.function.as_str(), |(_, path)| path)
    }

    /// True for a model that the fixture defines itself.
    pub fn is_of_the_fixture(&self) -> bool {
        self.name.starts_with("constructs::")
    }

    pub fn is_in(&self, module: &str) -> bool {
        self.name
            .strip_prefix(module)
            .is_some_and(|rest| rest.starts_with("::"))
    }

    /// The constructor's path if it stands in the function's own module.
    pub fn constructor_beside_function(&self) -> String {
        let module = self
            .function()
            .rsplit_once("::")
            .map_or("", |(module, _)| module);
        format!("{module}::{}", self.constructor)
    }
}

pub fn recording(name: &str) -> Recording {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/oracle")
        .join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap();
    let mut recording: Recording = serde_json::from_str(&text).unwrap();
    for model in &mut recording.models {
        model
            .parameters
            .retain(|parameter| parameter.kind != Kind::Flag);
    }
    recording
}

pub fn models(name: &str) -> Vec<Model> {
    recording(name).models
}
