//! Round after round: apply edits in memory, lint again, keep what is better.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::apply::{Edited, edited};
use crate::check::{Checked, InternalError, check_texts};
use crate::config::{Levels, Settings};
use crate::lints::{Applicability, Edit, Finding, Help, Level};
use crate::workspace::{Selection, Workspace};

/// More rounds than any finding needs: each must leave fewer findings than the one before.
const MAX_ROUNDS: usize = 64;

/// Which edits are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that are proved.
    MachineApplicable,
    /// Also those that may change what the program means.
    All,
}

/// What fixing came to.
#[derive(Debug)]
pub struct Outcome {
    /// The files that are to change, by path.
    pub changes: Vec<Change>,
    pub refusals: Vec<Refusal>,
    /// How many findings went.
    pub fixed: usize,
    /// How often edits were applied.
    pub rounds: usize,
    /// A finding was denied before the changes.
    pub was_denied: bool,
    /// The workspace as it is after the changes.
    pub after: Checked,
}

/// A file with its text before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: PathBuf,
    pub before: String,
    pub after: String,
}

/// A finding whose edits were taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub lint: &'static str,
    pub path: PathBuf,
    /// From 1, in the text before all changes made after it was refused.
    pub line: usize,
    pub reason: String,
}

/// Texts that stand for files.
type Texts = BTreeMap<PathBuf, String>;

/// Applies edits of the findings that are shown until none is left that helps. Writes nothing.
pub fn fix(
    workspace: &Arc<Workspace>,
    selection: &Selection,
    settings: &Settings,
    levels: &Levels,
    which: Which,
) -> Result<Outcome, InternalError> {
    let lint = |texts: &Texts| {
        let workspace = workspace.with_manifests(texts);
        check_texts(&workspace, selection, settings, levels, texts)
    };
    let mut now = lint(&Texts::new())?;
    let mut texts = Texts::new();
    let mut originals = Texts::new();
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut refused: HashSet<Place> = HashSet::new();
    let (mut fixed, mut rounds) = (0, 0);
    let was_denied = now
        .findings
        .iter()
        .any(|finding| finding.level == Level::Deny);
    for _ in 0..MAX_ROUNDS {
        let offers = offers(&now, which, &refused);
        let mut batch = without_overlaps(&offers, &now);
        if batch.is_empty() {
            break;
        }
        let (trial, after, verdict) = loop {
            let trial = Trial::of(&now, &batch);
            let after = lint(&trial.texts(&texts))?;
            match trial.verdict(&now, &after, &batch) {
                Err(_) if batch.len() > 1 => batch.truncate(1),
                verdict => break (trial, after, verdict),
            }
        };
        match verdict {
            Ok(()) => {
                rounds += 1;
                fixed += gone(&now, &after);
                for (path, before, _) in &trial.files {
                    originals
                        .entry(path.clone())
                        .or_insert_with(|| before.clone());
                }
                texts = trial.texts(&texts);
                refused = refused.iter().map(|place| trial.moved(place)).collect();
                now = after;
            }
            Err(reason) => {
                let finding = batch[0].finding;
                refused.insert(place_of(&now, finding));
                refusals.push(refusal(&now, finding, reason));
            }
        }
    }
    let mut changes: Vec<Change> = originals
        .into_iter()
        .filter_map(|(path, before)| {
            let after = texts.get(&path)?.clone();
            (before != after).then_some(Change {
                path,
                before,
                after,
            })
        })
        .collect();
    // A dependency that nothing uses yet does no harm; code whose dependency is not there yet doesn't compile.
    changes.sort_by_key(|change| !change.path.ends_with("Cargo.toml"));
    Ok(Outcome {
        changes,
        refusals,
        fixed,
        rounds,
        was_denied,
        after: now,
    })
}

/// How many findings fewer there are.
fn gone(before: &Checked, after: &Checked) -> usize {
    before.findings.len().saturating_sub(after.findings.len())
}

/// A finding with a help whose edits may be applied.
#[derive(Clone, Copy)]
struct Offer<'c> {
    finding: &'c Finding,
    help: &'c Help,
}

/// Where a finding stands, in a form that outlasts the run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    lint: &'static str,
    path: PathBuf,
    start: usize,
}

fn place_of(checked: &Checked, finding: &Finding) -> Place {
    Place {
        lint: finding.lint,
        path: checked.sources.get(finding.span.file).path.clone(),
        start: finding.span.start as usize,
    }
}

fn refusal(checked: &Checked, finding: &Finding, reason: String) -> Refusal {
    let file = checked.sources.get(finding.span.file);
    Refusal {
        lint: finding.lint,
        path: file.path.clone(),
        line: file.line_column(finding.span.start as usize).0,
        reason,
    }
}

fn offers<'c>(checked: &'c Checked, which: Which, refused: &HashSet<Place>) -> Vec<Offer<'c>> {
    let findings = checked.findings.iter();
    findings
        .filter(|finding| !refused.contains(&place_of(checked, finding)))
        .filter_map(|finding| {
            let help = finding.helps.iter().find(|help| {
                !help.edits.is_empty()
                    && match help.applicability {
                        Applicability::MachineApplicable => true,
                        Applicability::MaybeIncorrect => which == Which::All,
                        Applicability::HasPlaceholders | Applicability::Unspecified => false,
                    }
            })?;
            Some(Offer { finding, help })
        })
        .collect()
}

/// Offers whose edits can be made together; those that meet earlier ones wait for the next round.
fn without_overlaps<'c>(offers: &[Offer<'c>], checked: &Checked) -> Vec<Offer<'c>> {
    let mut taken: HashMap<PathBuf, Vec<Edit>> = HashMap::new();
    let mut batch = Vec::new();
    for offer in offers {
        let mut with = edits_by_file(checked, &[*offer]);
        for (path, edits) in &mut with {
            edits.extend(taken.get(path).into_iter().flatten().cloned());
        }
        let fits = with.iter().all(|(path, edits)| {
            text_of(checked, path).is_some_and(|text| edited(&text, edits).is_some())
        });
        if fits {
            taken.extend(with);
            batch.push(*offer);
        }
    }
    batch
}

fn edits_by_file(checked: &Checked, offers: &[Offer<'_>]) -> BTreeMap<PathBuf, Vec<Edit>> {
    let mut by_file: BTreeMap<PathBuf, Vec<Edit>> = BTreeMap::new();
    for edit in offers.iter().flat_map(|offer| &offer.help.edits) {
        let path = checked.sources.get(edit.span.file).path.clone();
        by_file.entry(path).or_default().push(edit.clone());
    }
    by_file
}

fn text_of(checked: &Checked, path: &Path) -> Option<String> {
    let file = checked.sources.load(path).ok()?;
    Some(checked.sources.get(file).text.clone())
}

/// Edited texts, before anyone knows whether they are better.
struct Trial {
    /// Path, text before, text after.
    files: Vec<(PathBuf, String, Edited)>,
}

impl Trial {
    fn of(now: &Checked, batch: &[Offer<'_>]) -> Self {
        let files = edits_by_file(now, batch).into_iter();
        let files = files.filter_map(|(path, edits)| {
            let before = text_of(now, &path)?;
            let after = edited(&before, &edits)?;
            Some((path, before, after))
        });
        Trial {
            files: files.collect(),
        }
    }

    fn texts(&self, earlier: &Texts) -> Texts {
        let mut texts = earlier.clone();
        for (path, _, after) in &self.files {
            texts.insert(path.clone(), after.text.clone());
        }
        texts
    }

    fn moved(&self, place: &Place) -> Place {
        let edited = self.files.iter().find(|(path, ..)| *path == place.path);
        Place {
            start: edited.map_or(place.start, |(.., edited)| edited.moved(place.start)),
            ..place.clone()
        }
    }

    /// Whether the edits did what they were made for and nothing else.
    fn verdict(
        &self,
        before: &Checked,
        after: &Checked,
        batch: &[Offer<'_>],
    ) -> Result<(), String> {
        let same_file = |path: &Path| self.files.iter().any(|(known, ..)| known == path);
        let broken = after.diagnostics.iter().find(|diagnostic| {
            same_file(&diagnostic.path)
                && !before.diagnostics.iter().any(|known| {
                    known.path == diagnostic.path && known.message == diagnostic.message
                })
        });
        if let Some(broken) = broken {
            return Err(format!("the edited file is broken: {}", broken.message));
        }
        let left: HashSet<Place> = places(after);
        for offer in batch {
            let place = place_of(before, offer.finding);
            if left.contains(&self.moved(&place)) {
                return Err("the finding is still there after the edit".into());
            }
        }
        let known: HashSet<Place> = places(before)
            .iter()
            .map(|place| self.moved(place))
            .collect();
        let new = after
            .findings
            .iter()
            .find(|finding| !known.contains(&place_of(after, finding)));
        if let Some(new) = new {
            return Err(format!(
                "the edit leads to another finding: {}",
                new.message
            ));
        }
        if after.not_analysed.len() > before.not_analysed.len() {
            return Err("the edited code can be followed less far than before".into());
        }
        Ok(())
    }
}

fn places(checked: &Checked) -> HashSet<Place> {
    let findings = checked.findings.iter();
    findings.map(|finding| place_of(checked, finding)).collect()
}
