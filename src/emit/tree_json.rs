//! Module trees for programs: the contract that `schema` numbers.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::model::{Dimension, Model, Parameter, TrainingSite};
use crate::source::{SourceMap, Span};

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: u32,
    models: Vec<ModelMessage<'a>>,
}

#[derive(Debug, Serialize)]
struct ModelMessage<'a> {
    name: &'a str,
    framework: &'a str,
    package: &'a str,
    constructor: &'a str,
    span: Position,
    complete: bool,
    opaque: Vec<OpaqueMessage<'a>>,
    parameters: Vec<ParameterMessage<'a>>,
    sites: Vec<SiteMessage<'a>>,
}

#[derive(Debug, Serialize)]
struct OpaqueMessage<'a> {
    span: Position,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct ParameterMessage<'a> {
    path: &'a str,
    indices: BTreeMap<&'a str, (i64, Option<i64>)>,
    shape: Option<Vec<Size<'a>>>,
    optional: bool,
    span: Position,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Size<'a> {
    Known(u64),
    Named(&'a str),
}

#[derive(Debug, Serialize)]
struct SiteMessage<'a> {
    span: Position,
    optimizer: &'a str,
    loads_weights: bool,
    groups: Vec<GroupMessage<'a>>,
}

#[derive(Debug, Serialize)]
struct GroupMessage<'a> {
    name: &'a str,
    selector: Option<&'a str>,
    parameters: &'a [String],
}

#[derive(Debug, Serialize)]
struct Position {
    file: String,
    byte_start: u32,
    byte_end: u32,
    line: usize,
    column: usize,
}

/// Writes the models as one JSON document.
pub fn write_trees_as_json(
    models: &[&Model],
    sources: &SourceMap,
    out: &mut dyn Write,
) -> io::Result<()> {
    let document = Document {
        schema: 1,
        models: models.iter().map(|model| message(model, sources)).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn message<'a>(model: &'a Model, sources: &SourceMap) -> ModelMessage<'a> {
    let opaque = model.opaque.iter().map(|opaque| OpaqueMessage {
        span: position(opaque.span, sources),
        reason: &opaque.reason,
    });
    let parameters = model
        .parameters
        .iter()
        .map(|parameter| parameter_message(parameter, sources));
    ModelMessage {
        name: &model.name,
        framework: model.framework,
        package: &model.package,
        constructor: &model.constructor,
        span: position(model.span, sources),
        complete: model.complete,
        opaque: opaque.collect(),
        parameters: parameters.collect(),
        sites: model
            .sites
            .iter()
            .map(|site| site_message(site, sources))
            .collect(),
    }
}

fn parameter_message<'a>(parameter: &'a Parameter, sources: &SourceMap) -> ParameterMessage<'a> {
    let sizes = |shape: &'a Vec<Dimension>| {
        let size = |dimension: &'a Dimension| match dimension {
            Dimension::Known(size) => Size::Known(*size),
            Dimension::Named(name) => Size::Named(name),
        };
        shape.iter().map(size).collect()
    };
    ParameterMessage {
        path: &parameter.path,
        indices: parameter
            .indices
            .iter()
            .map(|(name, bounds)| (name.as_str(), (bounds.low, bounds.high)))
            .collect(),
        shape: parameter.shape.as_ref().map(sizes),
        optional: parameter.optional,
        span: position(parameter.span, sources),
    }
}

fn site_message<'a>(site: &'a TrainingSite, sources: &SourceMap) -> SiteMessage<'a> {
    SiteMessage {
        span: position(site.span, sources),
        optimizer: &site.optimizer,
        loads_weights: site.loads_weights,
        groups: site
            .groups
            .iter()
            .map(|group| GroupMessage {
                name: &group.name,
                selector: group.selector.as_deref(),
                parameters: &group.parameters,
            })
            .collect(),
    }
}

fn position(span: Span, sources: &SourceMap) -> Position {
    let file = sources.get(span.file);
    let (line, column) = file.line_column(span.start as usize);
    Position {
        file: file.path.display().to_string(),
        byte_start: span.start,
        byte_end: span.end,
        line,
        column,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree_human::tests::model;
    use super::*;

    #[test]
    fn the_document_follows_the_contract() {
        let (model, sources) = model();
        let mut text = Vec::new();
        write_trees_as_json(&[&model], &sources, &mut text).unwrap();
        let found: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let span = serde_json::json!({
            "file": "/net.rs", "byte_start": 3, "byte_end": 6, "line": 1, "column": 4
        });
        assert_eq!(found["schema"], 1);
        let found = &found["models"][0];
        assert_eq!(found["constructor"], "net::Net::new");
        assert_eq!(found["complete"], false);
        assert_eq!(found["opaque"][0]["reason"], "a macro");
        assert_eq!(
            found["parameters"][0],
            serde_json::json!({
                "path": "layers.{i}.weight",
                "indices": { "i": [0, null] },
                "shape": [20, "hidden"],
                "optional": false,
                "span": span,
            })
        );
        assert_eq!(
            found["sites"][0],
            serde_json::json!({
                "span": span,
                "optimizer": "AdamW",
                "loads_weights": true,
                "groups": [
                    { "name": "body", "selector": "^layers", "parameters": ["layers.{i}.weight"] },
                    { "name": "head", "selector": null, "parameters": ["head.bias", "head.weight"] },
                ],
            })
        );
    }
}
