//! Module trees for people: indented, with shapes, counts, and the group that each module lands in.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use super::summary::counted;
use crate::model::{Dimension, Model, Parameter};
use crate::source::{SourceMap, Span};

/// Writes each model as a tree; paths below `current_dir` are shown relative to it.
pub fn write_trees(
    models: &[&Model],
    sources: &SourceMap,
    current_dir: &Path,
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = |span: Span| {
        let file = sources.get(span.file);
        let (line, column) = file.line_column(span.start as usize);
        let path = file.path.strip_prefix(current_dir).unwrap_or(&file.path);
        format!("{}:{line}:{column}", path.display())
    };
    for (number, model) in models.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{} ({}, {}) built by {} at {}",
            model.name,
            model.framework,
            model.package,
            model.constructor,
            place(model.span)
        )?;
        Module::of(model).write(out, 1)?;
        writeln!(out, "  {}", totals(model))?;
        for opaque in &model.opaque {
            writeln!(
                out,
                "  not followed: {} at {}",
                opaque.reason,
                place(opaque.span)
            )?;
        }
        for site in &model.sites {
            let loaded = match site.loads_weights {
                true => ", weights loaded",
                false => "",
            };
            writeln!(
                out,
                "  trained by {} at {}{loaded}",
                site.optimizer,
                place(site.span)
            )?;
            for group in &site.groups {
                let selector = group.selector.as_ref();
                let selector = selector.map(|selector| format!(" by `{selector}`"));
                writeln!(
                    out,
                    "    group {}{}: {}",
                    group.name,
                    selector.unwrap_or_default(),
                    counted(group.parameters.len(), "parameter")
                )?;
            }
        }
    }
    Ok(())
}

/// A module with what it holds, in the order in which parameters appear.
struct Module<'a> {
    name: &'a str,
    parameters: Vec<Leaf<'a>>,
    modules: Vec<Module<'a>>,
}

struct Leaf<'a> {
    name: &'a str,
    parameter: &'a Parameter,
    /// The parameter's group at each training site.
    groups: Vec<&'a str>,
}

impl<'a> Module<'a> {
    fn of(model: &'a Model) -> Self {
        let mut root = Module::new("");
        for parameter in &model.parameters {
            let mut module = &mut root;
            let (path, name) = parameter
                .path
                .rsplit_once('.')
                .unwrap_or(("", &parameter.path));
            for segment in path.split('.').filter(|segment| !segment.is_empty()) {
                module = module.child(segment);
            }
            module.parameters.push(Leaf {
                name,
                parameter,
                groups: groups_of(parameter, model),
            });
        }
        root
    }

    fn new(name: &'a str) -> Self {
        Module {
            name,
            parameters: Vec::new(),
            modules: Vec::new(),
        }
    }

    fn child(&mut self, name: &'a str) -> &mut Module<'a> {
        let place = match self.modules.iter().position(|module| module.name == name) {
            Some(place) => place,
            None => {
                self.modules.push(Module::new(name));
                self.modules.len() - 1
            }
        };
        &mut self.modules[place]
    }

    /// All that is in it; its own line, if it has one, is written already.
    fn write(&self, out: &mut dyn Write, depth: usize) -> io::Result<()> {
        let indent = "  ".repeat(depth);
        let own_group = self.one_group();
        for leaf in &self.parameters {
            let mut line = format!("{indent}{}", leaf.name);
            if let Some(shape) = &leaf.parameter.shape {
                line.push_str("  ");
                line.push_str(&shape_of(shape));
            }
            for (name, bounds) in &leaf.parameter.indices {
                let high = bounds.high.map(|high| format!("={high}"));
                let high = high.unwrap_or_default();
                line.push_str(&format!("  {name} in {}..{high}", bounds.low));
            }
            if leaf.parameter.optional {
                line.push_str("  optional");
            }
            if own_group.is_none() || depth == 1 {
                line.push_str(&shown_groups(&leaf.groups));
            }
            writeln!(out, "{line}")?;
        }
        for module in &self.modules {
            let group = module
                .one_group()
                .filter(|_| own_group.is_none() || depth == 1);
            writeln!(
                out,
                "{indent}{}  {}{}",
                module.name,
                counted(module.count(), "parameter"),
                group
                    .map(|groups| shown_groups(&groups))
                    .unwrap_or_default()
            )?;
            module.write(out, depth + 1)?;
        }
        Ok(())
    }

    fn count(&self) -> usize {
        self.parameters.len() + self.modules.iter().map(Module::count).sum::<usize>()
    }

    /// The groups at each site that all of its parameters share.
    fn one_group(&self) -> Option<Vec<&'a str>> {
        let mut all = BTreeSet::new();
        self.collect_groups(&mut all);
        match all.len() {
            1 => all.pop_first(),
            _ => None,
        }
    }

    fn collect_groups(&self, all: &mut BTreeSet<Vec<&'a str>>) {
        all.extend(self.parameters.iter().map(|leaf| leaf.groups.clone()));
        for module in &self.modules {
            module.collect_groups(all);
        }
    }
}

/// The group's name at each site, `-` where the parameter is in none.
fn groups_of<'a>(parameter: &Parameter, model: &'a Model) -> Vec<&'a str> {
    model
        .sites
        .iter()
        .map(|site| {
            let group = site
                .groups
                .iter()
                .find(|group| group.parameters.contains(&parameter.path));
            group.map_or("-", |group| group.name.as_str())
        })
        .collect()
}

fn shown_groups(groups: &[&str]) -> String {
    match groups.is_empty() {
        true => String::new(),
        false => format!("  group {}", groups.join(" | ")),
    }
}

/// `[20, hidden]`
pub(super) fn shape_of(shape: &[Dimension]) -> String {
    let sizes: Vec<String> = shape
        .iter()
        .map(|dimension| match dimension {
            Dimension::Known(size) => size.to_string(),
            Dimension::Named(name) => name.clone(),
        })
        .collect();
    format!("[{}]", sizes.join(", "))
}

/// How many parameters, and how many numbers they hold where every shape and count is known.
fn totals(model: &Model) -> String {
    let parameters = counted(model.parameters.len(), "parameter");
    let completeness = match model.complete {
        true => "",
        false => ", and those that could not be followed",
    };
    let numbers: Option<u64> = model
        .parameters
        .iter()
        .map(|parameter| {
            let sizes = parameter.shape.as_ref()?.iter().map(|size| match size {
                Dimension::Known(size) => Some(*size),
                Dimension::Named(_) => None,
            });
            let known = parameter.indices.is_empty() && !parameter.optional;
            let product = sizes.reduce(|left, right| left?.checked_mul(right?));
            known.then(|| product.unwrap_or(Some(1)))?
        })
        .try_fold(0u64, |sum, product| sum.checked_add(product?));
    match numbers.filter(|_| model.complete) {
        Some(numbers) => format!("{parameters}, {numbers} numbers"),
        None => format!("{parameters}{completeness}"),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::{Bounds, GroupMembers, Opaque, TrainingSite};

    /// A model with a repeated body and a head, and the file its places are in.
    pub fn model() -> (Model, SourceMap) {
        let sources = SourceMap::new();
        let file = sources.insert(Path::new("/net.rs"), "fn net() {}".to_owned());
        let span = Span {
            file,
            start: 3,
            end: 6,
        };
        let parameter = |path: &str, shape: Option<Vec<Dimension>>| Parameter {
            path: path.to_owned(),
            indices: Vec::new(),
            shape,
            optional: false,
            span,
        };
        let hidden = Dimension::Named("hidden".to_owned());
        let mut repeated = parameter(
            "layers.{i}.weight",
            Some(vec![Dimension::Known(20), hidden]),
        );
        let bounds = Bounds { low: 0, high: None };
        repeated.indices.push(("i".to_owned(), bounds));
        let group = |name: &str, selector: Option<&str>, parameters: &[&str]| GroupMembers {
            name: name.to_owned(),
            selector: selector.map(str::to_owned),
            parameters: parameters.iter().map(|path| (*path).to_owned()).collect(),
        };
        let model = Model {
            name: "Net".to_owned(),
            framework: "candle",
            package: "nets".to_owned(),
            constructor: "net::Net::new".to_owned(),
            span,
            complete: false,
            opaque: vec![Opaque {
                span,
                reason: "a macro".to_owned(),
            }],
            parameters: vec![
                repeated,
                parameter(
                    "head.weight",
                    Some(vec![Dimension::Known(2), Dimension::Known(20)]),
                ),
                parameter("head.bias", None),
            ],
            sites: vec![TrainingSite {
                span,
                optimizer: "AdamW".to_owned(),
                loads_weights: true,
                groups: vec![
                    group("body", Some("^layers"), &["layers.{i}.weight"]),
                    group("head", None, &["head.bias", "head.weight"]),
                ],
            }],
        };
        (model, sources)
    }

    #[test]
    fn a_tree_shows_shapes_counts_and_groups() {
        let (model, sources) = model();
        let mut text = Vec::new();
        write_trees(&[&model], &sources, Path::new("/"), &mut text).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "\
Net (candle, nets) built by net::Net::new at net.rs:1:4
  layers  1 parameter  group body
    {i}  1 parameter
      weight  [20, hidden]  i in 0..
  head  2 parameters  group head
    weight  [2, 20]
    bias
  3 parameters, and those that could not be followed
  not followed: a macro at net.rs:1:4
  trained by AdamW at net.rs:1:4, weights loaded
    group body by `^layers`: 1 parameter
    group head: 2 parameters
"
        );
    }
}
