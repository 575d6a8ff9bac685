//! `cargo modlint tree`: the module trees, and their comparison with a checkpoint.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::End;
use super::error::CliError;
use super::lint::notes;
use super::options::{TreeFormat, TreeOptions};
use crate::analysis::Outcome;
use crate::check;
use crate::checkpoint::{compare, read_header};
use crate::config::{Settings, did_you_mean};
use crate::emit::{write_comparison, write_names, write_trees, write_trees_as_json};
use crate::model::{Model, Settable};
use crate::source::SourceMap;
use crate::workspace::{Workspace, discover};

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
    let wanted = options.model.as_deref();
    let (sources, outcome, settable) = check::models(&workspace, &settings, wanted)?;
    let models: Vec<&Model> = outcome
        .models
        .iter()
        .filter(|model| {
            let file = model.span.file;
            let owners = outcome.owners.get(&file).map_or(&[][..], Vec::as_slice);
            selection.shows(&sources.get(file).path, owners, &workspace)
        })
        .collect();
    if let Some(name) = wanted.filter(|_| models.is_empty()) {
        return Err(unknown_model(name, &workspace, &settings));
    }
    known_values(&settings, &settable)?;
    if models.is_empty() && header.is_none() {
        notes(&[why_no_model(&sources, &outcome, &current_dir)]);
    }
    let Some(header) = header else {
        match options.message_format {
            TreeFormat::Json => write_trees_as_json(&models, &sources, out),
            TreeFormat::Human => match models[..] {
                [model] if !settings.values.is_empty() => write_names(model, out),
                _ => write_trees(&models, &sources, &current_dir, out),
            },
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

/// What a person should look at where no model was found.
fn why_no_model(sources: &SourceMap, outcome: &Outcome, current_dir: &Path) -> String {
    let elsewhere = outcome.models.len();
    let mentioned = || {
        let files = outcome.owners.keys();
        files
            .map(|file| sources.get(*file))
            .any(|file| file.outline().mentions_framework)
    };
    let mut told = if elsewhere > 0 {
        let outside = match elsewhere {
            1 => "the one model of the workspace stands".to_owned(),
            _ => format!("all {elsewhere} models of the workspace stand"),
        };
        format!("no model was found here: {outside} outside what was named")
    } else if mentioned() {
        "no model was found: no function here makes layers of burn, candle, tch or dfdx in a way that could be followed"
            .to_owned()
    } else {
        "no model was found: no file here uses burn, candle, tch or dfdx".to_owned()
    };
    for diagnostic in &outcome.diagnostics {
        let path = &diagnostic.path;
        let path = path.strip_prefix(current_dir).unwrap_or(path);
        told.push_str(&format!("\n  {}: {}", path.display(), diagnostic.message));
    }
    told
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

fn unknown_model(name: &str, workspace: &Arc<Workspace>, settings: &Settings) -> CliError {
    let all = match check::models(workspace, settings, None) {
        Ok((_, all, _)) => all.models,
        Err(error) => return CliError::Internal(error),
    };
    let known = all.iter().map(|model| model.name.as_str());
    CliError::UnknownModel {
        name: name.to_owned(),
        meant: did_you_mean(name, known).map(str::to_owned),
    }
}

/// Refuses a `--set` of a name that no constructor asked for.
fn known_values(settings: &Settings, settable: &Settable) -> Result<(), CliError> {
    let known = || settable.used.iter().chain(&settable.known);
    for name in settings.values.keys() {
        if !known().any(|known| known == name) {
            let known = known().map(String::as_str);
            return Err(CliError::UnknownValue {
                name: name.clone(),
                meant: did_you_mean(name, known).map(str::to_owned),
            });
        }
    }
    Ok(())
}
