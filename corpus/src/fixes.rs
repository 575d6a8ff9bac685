//! What `--fix` does to published crates: on scratch copies, which are then checked by the compiler.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::linter::{Finding, Linter};
use crate::list::Release;
use crate::store::cargo;

/// Copies of crates, fixed and compiled.
pub struct Workshop {
    folder: PathBuf,
    engine: PathBuf,
    offline: bool,
}

/// What fixing one crate came to.
pub struct Fixed {
    /// Findings with an edit that was applied.
    pub applied: Vec<Finding>,
    /// Those of them that the linter still has.
    pub still_there: Vec<Finding>,
    /// Findings that were not there before.
    pub new: Vec<Finding>,
    /// What the linter said when it took edits back.
    pub refused: Vec<String>,
    pub files: usize,
    pub compiled: Compiled,
}

/// Whether the targets of a copy that were changed compile.
#[derive(Default)]
pub struct Compiled {
    pub well: Vec<String>,
    /// Those that don't compile here without the fix either, and why.
    pub never: Vec<(String, String)>,
    /// Those that the fix broke, and how.
    pub broken: Vec<(String, String)>,
}

/// Totals over all crates.
#[derive(Default)]
pub struct Tally {
    applied: usize,
    gone: usize,
    well: usize,
    never: usize,
    broken: usize,
}

impl Workshop {
    /// Copies go below `folder`; `paramgroups` comes from `engine`.
    pub fn new(folder: PathBuf, engine: PathBuf, offline: bool) -> Self {
        Workshop {
            folder,
            engine,
            offline,
        }
    }

    /// Fixes a copy of a crate and compiles what was changed in it.
    pub fn fix(&self, linter: &Linter, release: &Release, source: &Path) -> Result<Fixed, String> {
        let copy = self.folder.join(release.folder());
        copied(source, &copy)?;
        // As the linter names it.
        let copy = copy
            .canonicalize()
            .map_err(|error| format!("cannot find the copy: {error}"))?;
        if !copy.join("Cargo.lock").is_file() {
            // Without it the linter goes by the manifest alone, and offers less.
            let _ = self.run(&copy, &["generate-lockfile"]);
        }
        let before = linter.lint_for_fixes(&copy)?;
        let told = linter.fix(&copy, &self.engine)?;
        let after = linter.lint_for_fixes(&copy)?;
        let changed = changed(source, &copy)?;
        let refused = told.lines().filter(|line| line.contains("taken back"));
        // A line may move, its text doesn't.
        let has = |all: &[Finding], one: &Finding| {
            let same = |known: &&Finding| {
                (&known.lint, &known.path, &known.message) == (&one.lint, &one.path, &one.message)
            };
            all.iter().filter(same).count()
        };
        let gone = |one: &&Finding| has(&after, one) < has(&before, one);
        let applied: Vec<Finding> = before.iter().filter(gone).cloned().collect();
        let counted = counted_fixes(&told);
        let is_new = |one: &&Finding| has(&before, one) < has(&after, one);
        Ok(Fixed {
            still_there: match counted > applied.len() {
                true => after.clone(),
                false => Vec::new(),
            },
            new: after.iter().filter(is_new).cloned().collect(),
            applied,
            refused: refused.map(str::to_owned).collect(),
            files: changed.len(),
            compiled: self.compiled(source, &copy, &changed)?,
        })
    }

    /// Each target is compiled for itself: one that lacks something here says nothing about the others.
    fn compiled(
        &self,
        source: &Path,
        copy: &Path,
        changed: &BTreeSet<String>,
    ) -> Result<Compiled, String> {
        let mut compiled = Compiled::default();
        let before = self.folder.join("before");
        for target in targets(changed) {
            let Err(complaint) = self.check(copy, &target) else {
                compiled.well.push(target);
                continue;
            };
            copied(source, &before)?;
            match self.check(&before, &target) {
                Ok(()) => compiled.broken.push((target, complaint)),
                Err(complaint) => compiled.never.push((target, complaint)),
            }
        }
        Ok(compiled)
    }

    fn check(&self, copy: &Path, target: &str) -> Result<(), String> {
        let manifest = fs::read_to_string(copy.join("Cargo.toml")).unwrap_or_default();
        let manifest: toml::Table = manifest.parse().unwrap_or_default();
        let features = features(&manifest, target).join(",");
        let mut arguments = vec!["check", "--quiet", target];
        if !features.is_empty() {
            arguments.extend(["--features", &features]);
        }
        self.run(copy, &arguments)
    }

    /// Runs cargo in a copy; all copies share one target folder.
    fn run(&self, copy: &Path, arguments: &[&str]) -> Result<(), String> {
        let mut command = Command::new(cargo());
        command
            .args(arguments)
            .current_dir(copy)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTFLAGS", "--cap-lints warn");
        if self.offline {
            command.arg("--offline");
        }
        let output = command
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        match output.status.success() {
            true => Ok(()),
            false => {
                let told = String::from_utf8_lossy(&output.stderr);
                let errors = told.lines().filter(|line| line.starts_with("error"));
                let first: Vec<&str> = errors.take(3).collect();
                Err(first.join("; "))
            }
        }
    }
}

/// `note: 2 findings fixed in 3 files`
fn counted_fixes(told: &str) -> usize {
    let note = told.lines().rev().find(|line| line.contains(" fixed in "));
    let count = note.and_then(|note| note.strip_prefix("note: ")?.split(' ').next());
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// The features that a target asks for; of tch also the one by which torch-sys is built without a libtorch, as for its documentation.
fn features(manifest: &toml::Table, target: &str) -> Vec<String> {
    let text = |value: &toml::Value| value.as_str().map(str::to_owned);
    let name = target.strip_prefix("--example=").unwrap_or("");
    let examples = manifest.get("example").and_then(toml::Value::as_array);
    let mut examples = examples.into_iter().flatten();
    let example = examples.find(|one| one.get("name").and_then(toml::Value::as_str) == Some(name));
    let required = example.and_then(|example| example.get("required-features")?.as_array());
    let mut features: Vec<String> = required.into_iter().flatten().filter_map(text).collect();
    let package = manifest
        .get("package")
        .and_then(|package| package.get("name"));
    let dependencies = manifest.get("dependencies");
    if package.and_then(toml::Value::as_str) == Some("tch") {
        features.push("doc-only".into());
    } else if dependencies.is_some_and(|dependencies| dependencies.get("tch").is_some()) {
        features.push("tch/doc-only".into());
    }
    features
}

/// The options that name the targets which these files are part of.
fn targets(changed: &BTreeSet<String>) -> Vec<String> {
    let mut targets = BTreeSet::new();
    for path in changed {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["examples", name, ..] => {
                targets.insert(format!("--example={}", name.trim_end_matches(".rs")));
            }
            ["tests", ..] => {
                targets.insert("--tests".to_owned());
            }
            ["benches", ..] => {
                targets.insert("--benches".to_owned());
            }
            [.., file] if file.ends_with(".rs") => {
                targets.extend(["--lib".to_owned(), "--bins".to_owned()]);
            }
            _ => {}
        }
    }
    targets.into_iter().collect()
}

/// Replaces a folder by a copy of another, as a workspace of its own.
fn copied(source: &Path, copy: &Path) -> Result<(), String> {
    let failed = |error| format!("cannot copy to {}: {error}", copy.display());
    if copy.exists() {
        fs::remove_dir_all(copy).map_err(failed)?;
    }
    copy_folder(source, copy).map_err(failed)?;
    let manifest = copy.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(failed)?;
    if !text.lines().any(|line| line.trim() == "[workspace]") {
        fs::write(&manifest, text + "\n[workspace]\n").map_err(failed)?;
    }
    Ok(())
}

fn copy_folder(source: &Path, copy: &Path) -> std::io::Result<()> {
    fs::create_dir_all(copy)?;
    for entry in fs::read_dir(source)? {
        let entry = entry?;
        let target = copy.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => {
                fs::copy(entry.path(), target)?;
            }
        }
    }
    Ok(())
}

/// The Rust files of the copy that differ from their originals, relative, with `/`.
fn changed(source: &Path, copy: &Path) -> Result<BTreeSet<String>, String> {
    let mut changed = BTreeSet::new();
    let mut open = vec![PathBuf::new()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(source.join(&folder));
        let entries = entries.map_err(|error| format!("cannot read the crate: {error}"))?;
        for entry in entries.flatten() {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && fs::read(source.join(&path)).ok() != fs::read(copy.join(&path)).ok()
            {
                changed.insert(path.display().to_string().replace('\\', "/"));
            }
        }
    }
    Ok(changed)
}

impl Tally {
    pub fn add(&mut self, fixed: &Fixed) {
        self.applied += fixed.applied.len() + fixed.still_there.len();
        self.gone += fixed.applied.len();
        self.well += fixed.compiled.well.len();
        self.never += fixed.compiled.never.len();
        self.broken += fixed.compiled.broken.len();
    }

    /// True if all that was applied is gone and nothing broke.
    pub fn is_good(&self) -> bool {
        self.applied == self.gone && self.broken == 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "fixes: {} applied, {} of these findings gone; of the changed targets {} compile, {} broke, {} don't compile here without the fix either",
            self.applied, self.gone, self.well, self.broken, self.never
        )
    }
}

impl fmt::Display for Fixed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} applied in {} files, {} gone",
            self.applied.len() + self.still_there.len(),
            self.files,
            self.applied.len()
        )?;
        for target in &self.compiled.well {
            write!(out, "\n  compiled: {target}")?;
        }
        for (target, why) in &self.compiled.never {
            write!(out, "\n  never compiled here: {target}: {why}")?;
        }
        for (target, why) in &self.compiled.broken {
            write!(out, "\n  BROKEN: {target}: {why}")?;
        }
        for finding in &self.applied {
            write!(
                out,
                "\n  gone: {}:{} {}",
                finding.path, finding.line, finding.lint
            )?;
        }
        for finding in self.still_there.iter().chain(&self.new) {
            write!(
                out,
                "\n  there: {}:{} {}",
                finding.path, finding.line, finding.lint
            )?;
        }
        for refusal in &self.refused {
            write!(out, "\n  {refusal}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_says_what_is_compiled() {
        let files = ["examples/dqn/main.rs", "examples/mnist.rs", "src/net.rs"];
        let changed = files.map(str::to_owned).into();
        assert_eq!(
            targets(&changed),
            ["--bins", "--example=dqn", "--example=mnist", "--lib"]
        );
    }

    #[test]
    fn the_number_of_fixes_is_read_from_the_note() {
        assert_eq!(
            counted_fixes("warning: x\nnote: 12 findings fixed in 3 files\n"),
            12
        );
        assert_eq!(counted_fixes(""), 0);
    }
}
