//! Every fixture with a finding that can be fixed has a fixed twin below `fixed/` of its workspace, a program that compiles too:
//! the fixture as the fix leaves it, without the marks. `BLESS=1 cargo test --test fixes` writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use modlint::check::check;
use modlint::config::{LevelFlag, Levels, Settings};
use modlint::fix::{Outcome, Which, fix};
use modlint::lints::{Applicability, Level};
use modlint::workspace::{Request, discover};

const WORKSPACES: [&str; 3] = ["candle-0.11", "tch-0.26", "burn-0.22"];

/// What the messages promise of the fixtures that a program runs before and after the fix.
const PROMISED: [(&str, &str); 3] = [
    ("candle-0.11", "oracle-candle-fixes/promised.json"),
    ("tch-0.26", "oracle-tch-fixes/promised.json"),
    ("burn-0.22", "oracle-burn-fixes/promised.json"),
];

fn fixtures(workspace: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(workspace)
}

fn rust_files(folder: &Path) -> BTreeSet<PathBuf> {
    let files = walkdir::WalkDir::new(folder).into_iter();
    let files = files.filter_map(Result::ok).map(|entry| entry.into_path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn min_layers(text: &str) -> usize {
    let arguments = text
        .lines()
        .find_map(|line| line.strip_prefix("// modlint-args:"));
    arguments
        .and_then(|arguments| arguments.split_once("min-layers="))
        .map_or(2, |(_, value)| value.trim().parse().unwrap())
}

/// The text without `//~ lint: message`.
fn without_marks(text: &str) -> String {
    let kept = text.split_inclusive('\n').filter_map(|line| {
        let Some((code, _)) = line.split_once("//~") else {
            return Some(line.to_owned());
        };
        (!code.trim().is_empty()).then(|| format!("{}\n", code.trim_end()))
    });
    kept.collect()
}

fn all_of_structure() -> Levels {
    let structure = LevelFlag {
        level: Level::Warn,
        name: "structure".into(),
    };
    Levels::with_flags(&[structure]).unwrap()
}

/// What fixing makes of the fixtures of a workspace, by how many layers make a block.
fn outcomes(folder: &Path, wanted: BTreeSet<usize>) -> BTreeMap<usize, Outcome> {
    let request = Request {
        current_dir: folder.to_owned(),
        manifest_path: Some(folder.join("Cargo.toml")),
        ..Request::default()
    };
    let (workspace, selection) = discover(&request).unwrap();
    let workspace = Arc::new(workspace);
    let levels = all_of_structure();
    let run = |min_layers| {
        let settings = Settings {
            min_layers,
            ..Settings::default()
        };
        let which = Which::MachineApplicable;
        fix(&workspace, &selection, &settings, &levels, which).unwrap()
    };
    wanted
        .into_iter()
        .map(|min_layers| (min_layers, run(min_layers)))
        .collect()
}

/// The twins that the fixes of a workspace make, by their paths.
fn twins(workspace: &str) -> BTreeMap<PathBuf, String> {
    let folder = fixtures(workspace);
    let fixed = folder.join("fixed");
    let (texts, unmarked): (Vec<_>, Vec<_>) = rust_files(&folder)
        .into_iter()
        .filter(|path| !path.starts_with(&fixed))
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .partition(|(_, text)| text.contains("//~"));
    let wanted = texts.iter().map(|(_, text)| min_layers(text)).collect();
    let outcomes = outcomes(&folder, wanted);
    let mut twins = BTreeMap::new();
    for (path, text) in texts {
        let outcome = &outcomes[&min_layers(&text)];
        assert!(outcome.refusals.is_empty(), "{:?}", outcome.refusals);
        let is_left = |path: &Path| {
            let left = outcome.after.findings.iter();
            left.map(|finding| outcome.after.sources.get(finding.span.file))
                .any(|file| file.path == path)
        };
        let change = outcome.changes.iter().find(|change| change.path == path);
        if let Some(change) = change
            && !is_left(&path)
        {
            let twin = fixed.join(path.strip_prefix(&folder).unwrap());
            twins.insert(twin, without_marks(&change.after));
        }
    }
    twins.extend(manifests(&folder, &outcomes));
    // Programs that use what was fixed in another file.
    for (path, text) in unmarked {
        let twin = fixed.join(path.strip_prefix(&folder).unwrap());
        let shares = twins.keys().any(|shared| {
            let folder = twin.parent().unwrap();
            let name = shared.strip_prefix(folder).unwrap_or(Path::new(""));
            name.components().count() > 1 && text.contains(&format!("\"{}\"", name.display()))
        });
        if shares {
            twins.insert(twin, text);
        }
    }
    twins
}

/// The manifests that fixes change, as those of the twins' packages.
fn manifests(
    folder: &Path,
    outcomes: &BTreeMap<usize, Outcome>,
) -> impl Iterator<Item = (PathBuf, String)> {
    let changes = outcomes.values().flat_map(|outcome| &outcome.changes);
    let manifests = changes.filter(|change| change.path.ends_with("Cargo.toml"));
    manifests.map(|change| {
        let package = change.path.parent().unwrap();
        let name = package.file_name().unwrap().to_str().unwrap();
        let before = format!("name = \"{name}\"");
        let text = change
            .after
            .replace(&before, &format!("name = \"{name}_fixed\""));
        let twin = folder.join("fixed").join(name).join("Cargo.toml");
        (twin, text)
    })
}

#[test]
fn every_fixture_that_can_be_fixed_has_its_twin() {
    for workspace in WORKSPACES {
        let wanted = twins(workspace);
        assert!(!wanted.is_empty(), "nothing can be fixed in {workspace}");
        let fixed = fixtures(workspace).join("fixed");
        if std::env::var_os("BLESS").is_some() {
            for path in rust_files(&fixed) {
                fs::remove_file(path).unwrap();
            }
            for (path, text) in &wanted {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        let mut there = rust_files(&fixed);
        let manifests = wanted.keys().filter(|path| path.ends_with("Cargo.toml"));
        there.extend(manifests.filter(|path| path.is_file()).cloned());
        let missing: Vec<&PathBuf> = wanted
            .keys()
            .filter(|path| !there.contains(*path))
            .collect();
        assert!(missing.is_empty(), "without a twin: {missing:#?}");
        for path in there {
            let text = fs::read_to_string(&path).unwrap();
            match wanted.get(&path) {
                Some(wanted) => assert_eq!(&text, wanted, "{}", path.display()),
                None => panic!("no fix leads to {}", path.display()),
            }
        }
    }
}

/// The notes of findings with a proved edit that say which groups result, by file.
fn promises(workspace: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = fixtures(workspace);
    let request = Request {
        current_dir: folder.clone(),
        manifest_path: Some(folder.join("Cargo.toml")),
        ..Request::default()
    };
    let (found, selection) = discover(&request).unwrap();
    let settings = Settings::default();
    let checked = check(&Arc::new(found), &selection, &settings, &all_of_structure()).unwrap();
    let mut promises: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in &checked.findings {
        let is_proved = |applicability| applicability == Applicability::MachineApplicable;
        let mut helps = finding.helps.iter();
        if !helps.any(|help| !help.edits.is_empty() && is_proved(help.applicability)) {
            continue;
        }
        let path = checked.sources.get(finding.span.file).path.clone();
        let file = path.strip_prefix(&folder).unwrap().display().to_string();
        let note = finding
            .notes
            .iter()
            .find(|note| note.contains("the groups are then"));
        promises.entry(file).or_default().extend(note.cloned());
    }
    promises
}

#[test]
fn what_is_compared_at_run_time_is_what_the_messages_promise() {
    for (workspace, file) in PROMISED {
        let path = fixtures(file);
        let wanted = serde_json::to_string_pretty(&promises(workspace)).unwrap() + "\n";
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &wanted).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), wanted);
    }
}
