//! Replays recordings of fastai, timm, torch and transformers.
//!
//! Every JSON file of the folder `PARAMGROUPS_GOLDEN` is read, by default the bundled ones. A
//! case is told by its form, not by its file or name, and ends in one of three verdicts: passed,
//! departed (by a rule of `docs/departures.md`), or not applicable (by a rule as well). Anything
//! else is a mismatch and fails.

mod case;
mod decay;
mod docs;
mod freeze;
mod layers;
mod rates;
mod schedules;
mod splits;
mod steps;
mod validation;
mod verdict;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use case::Case;
use verdict::{Outcome, Tally};

const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/golden");

fn main() -> ExitCode {
    let given = std::env::var_os("PARAMGROUPS_GOLDEN").map(PathBuf::from);
    let folder = given.clone().unwrap_or_else(|| BUNDLED.into());
    let mut total = Tally::default();
    println!("golden recordings of {}", folder.display());
    println!("{:<32}  passed  departed  not applicable  failed", "file");
    for file in json_files(&folder) {
        let tally = replay(&file);
        println!("{:<32}  {tally}", name_of(&file));
        total.add(tally);
    }
    println!("{:<32}  {total}", "all");
    total.print_reasons();
    if given.is_none() {
        total.note_failure("docs/departures.md", docs::check(&total));
    }
    total.finish()
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => panic!("{}: {error}", folder.display()),
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds no JSON file", folder.display());
    files
}

fn name_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn replay(file: &Path) -> Tally {
    let mut tally = Tally::default();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => panic!("{}: {error}", file.display()),
    };
    let recording: serde_json::Value = match serde_json::from_str(&text) {
        Ok(recording) => recording,
        Err(error) => panic!("{}: {error}", file.display()),
    };
    let cases = recording["cases"].as_array();
    for json in cases.into_iter().flatten() {
        let case = Case(json);
        tally.note(&name_of(file), case.text("id"), judge(case));
    }
    if tally.is_empty() {
        tally.note_failure(&name_of(file), Err("it holds no case".to_owned()));
    }
    tally
}

/// Tells a case by its form.
fn judge(case: Case<'_>) -> Outcome {
    match () {
        () if case.has_all(&["lo", "hi", "n", "expected"]) => rates::even_multiples(case),
        () if case.has_all(&["n_groups", "value"]) => rates::by_stage(case),
        () if case.has_all(&["pattern", "names"]) => layers::fnmatch(case),
        () if case.has_all(&["matcher", "names"]) => layers::matcher(case),
        () if case.has_all(&["arch", "params"]) => layers::model(case),
        () if case.has_all(&["groups", "single", "sequence"]) => freeze::replay(case),
        () if case.has_all(&["optimizer", "steps"]) => steps::replay(case),
        () if case.has_all(&["fastai", "timm", "hf_decay"]) => decay::replay(case),
        () if case.has_all(&["splitter", "changed_by_fit"]) => splits::form(case),
        () if case.has_all(&["group_sizes", "group"]) => splits::model(case),
        () if case.has("construct") => validation::replay(case),
        () if case.has("kind") => schedules::replay(case),
        () if !case.get("error").is_null() => splits::unbuilt(),
        () => Err("its form is not known".to_owned()),
    }
}
