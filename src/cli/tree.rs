//! `cargo modlint tree`: the module trees, and their comparison with a checkpoint.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::End;
use super::error::CliError;
use super::lint::notes;
use super::options::{TreeFormat, TreeOptions};
use crate::check::run as analyse;
use crate::checkpoint::{Comparison, Unexpected, compare, read_header};
use crate::config::{Settings, did_you_mean};
use crate::emit::{write_trees, write_trees_as_json};
use crate::model::{Dimension, Model};
use crate::workspace::discover;

pub(super) fn run(
    mut options: TreeOptions,
    current_dir: PathBuf,
    out: &mut dyn Write,
) -> Result<End, CliError> {
    let settings = settings(&options.values)?;
    // `tree net.rs` names no model.
    if let Some(path) = options.model.take_if(|model| is_path(model, &current_dir)) {
        options.paths.insert(0, PathBuf::from(path));
    }
    let header = options.check.as_deref().map(|path| {
        let path = current_dir.join(path);
        read_header(&path)
    });
    let header = header.transpose()?;
    let request = options.place.request(options.paths, current_dir.clone());
    let (workspace, selection) = discover(&request)?;
    notes(&workspace.notes);
    let workspace = Arc::new(workspace);
    let (sources, outcome) = analyse(&workspace, &settings)?;
    let shown: Vec<&Model> = outcome
        .models
        .iter()
        .filter(|model| {
            let file = model.span.file;
            let owners = outcome.owners.get(&file).map_or(&[][..], Vec::as_slice);
            selection.shows(&sources.get(file).path, owners, &workspace)
        })
        .collect();
    let models = called(shown, options.model.as_deref())?;
    let Some(header) = header else {
        match options.message_format {
            TreeFormat::Human => write_trees(&models, &sources, &current_dir, out),
            TreeFormat::Json => write_trees_as_json(&models, &sources, out),
        }
        .map_err(CliError::Output)?;
        return Ok(End::Clean);
    };
    let [model] = models[..] else {
        return Err(match models.is_empty() {
            true => CliError::NoModels,
            false => CliError::ManyModels {
                names: models
                    .iter()
                    .map(|model| model.constructor.clone())
                    .collect(),
            },
        });
    };
    let comparison = compare(model, &header);
    write_comparison(model, &comparison, out).map_err(CliError::Output)?;
    Ok(match comparison.is_empty() {
        true => End::Clean,
        false => End::Denied,
    })
}

fn is_path(model: &str, current_dir: &Path) -> bool {
    model.contains(['/', '\\']) || model.ends_with(".rs") || current_dir.join(model).exists()
}

fn settings(values: &[String]) -> Result<Settings, CliError> {
    let mut settings = Settings::default();
    for assignment in values {
        let (name, value) = assignment
            .split_once('=')
            .filter(|(name, _)| !name.trim().is_empty())
            .ok_or_else(|| CliError::NotAssigned(assignment.clone()))?;
        settings
            .values
            .insert(name.trim().to_owned(), value.trim().to_owned());
    }
    Ok(settings)
}

/// The models of that name, or whose constructor's path ends in it; all of them without one.
fn called<'a>(models: Vec<&'a Model>, name: Option<&str>) -> Result<Vec<&'a Model>, CliError> {
    let Some(name) = name else {
        return Ok(models);
    };
    let by_path = |model: &Model| {
        let before = model.constructor.strip_suffix(name);
        before.is_some_and(|before| before.is_empty() || before.ends_with("::"))
    };
    let found: Vec<&Model> = models
        .iter()
        .copied()
        .filter(|model| model.name == name || by_path(model))
        .collect();
    if found.is_empty() {
        let known = models.iter().map(|model| model.name.as_str());
        return Err(CliError::UnknownModel {
            name: name.to_owned(),
            meant: did_you_mean(name, known).map(str::to_owned),
        });
    }
    Ok(found)
}

fn write_comparison(model: &Model, comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let named = |kind: &str, names: &[Unexpected], out: &mut dyn Write| -> io::Result<()> {
        for name in names {
            let nearest = name.nearest.as_ref();
            let nearest = nearest.map(|nearest| format!(" (nearest: {nearest})"));
            writeln!(out, "{kind} {}{}", name.name, nearest.unwrap_or_default())?;
        }
        Ok(())
    };
    named("missing", &comparison.missing, out)?;
    named("unexpected", &comparison.unexpected, out)?;
    for found in &comparison.misshapen {
        let expected: Vec<String> = found.model.iter().map(size).collect();
        writeln!(
            out,
            "misshapen {}: the model has [{}], the checkpoint {:?}",
            found.name,
            expected.join(", "),
            found.checkpoint
        )?;
    }
    writeln!(
        out,
        "{}: {} missing, {} unexpected, {} misshapen{}",
        model.name,
        comparison.missing.len(),
        comparison.unexpected.len(),
        comparison.misshapen.len(),
        match model.complete {
            true => "",
            false => "; the model's parameters are not known completely",
        }
    )
}

fn size(dimension: &Dimension) -> String {
    match dimension {
        Dimension::Known(size) => size.to_string(),
        Dimension::Named(name) => name.clone(),
    }
}
