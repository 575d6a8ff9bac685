//! Every fixture is a program that compiles against its framework, with the findings marked beside the lines:
//! `//~ lint: part of the message` on the line, `//~^ lint` on the line below it. A file without marks gives no finding.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use modlint::analysis::analyse;
use modlint::config::Settings;
use modlint::lints::Level;
use modlint::source::SourceMap;
use modlint::workspace::{Request, discover};

const WORKSPACES: [&str; 5] = [
    "candle-0.11",
    "tch-0.26",
    "burn-0.22",
    "burn-0.21",
    "dfdx-0.13",
];

/// A finding as a mark gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    line: usize,
    lint: String,
    message: String,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok);
    files
        .map(|entry| entry.into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((_, mark)) = line.split_once("//~") else {
            continue;
        };
        let (line, mark) = match mark.strip_prefix('^') {
            Some(mark) => (number, mark),
            None => (number + 1, mark),
        };
        let (lint, message) = mark.split_once(':').unwrap_or((mark, ""));
        marks.push(Mark {
            line,
            lint: lint.trim().into(),
            message: message.trim().into(),
        });
    }
    marks
}

/// What the header of a file and the folder it lies in ask for.
struct Arguments {
    shows_flat_struct: bool,
    min_layers: usize,
    hidden: BTreeSet<String>,
}

fn arguments(path: &Path, text: &str) -> Arguments {
    let header = text
        .lines()
        .find_map(|line| line.strip_prefix("// modlint-args:"))
        .unwrap_or("");
    let words: Vec<&str> = header.split_whitespace().collect();
    let min_layers = words
        .iter()
        .find_map(|word| word.strip_prefix("min-layers="))
        .map_or(2, |value| value.parse().expect("a number of layers"));
    let hidden = words
        .windows(2)
        .filter(|pair| pair[0] == "-A")
        .map(|pair| pair[1].to_owned())
        .collect();
    let in_folder = path
        .components()
        .any(|part| part.as_os_str() == "flat_struct");
    Arguments {
        shows_flat_struct: in_folder || header.contains("-W structure"),
        min_layers,
        hidden,
    }
}

fn differences(workspace: &str) -> Vec<String> {
    let folder = fixtures().join(workspace);
    let request = Request {
        current_dir: folder.clone(),
        manifest_path: Some(folder.join("Cargo.toml")),
        ..Request::default()
    };
    let (found, _) = discover(&request).expect("the fixtures' workspace is readable");
    let found = Arc::new(found);
    let mut outcomes = BTreeMap::new();
    let mut differences = Vec::new();
    for path in rust_files(&folder) {
        let text = std::fs::read_to_string(&path).expect("a fixture is text");
        let arguments = arguments(&path, &text);
        let (sources, findings) = outcomes.entry(arguments.min_layers).or_insert_with(|| {
            let sources = Arc::new(SourceMap::new());
            let outcome = analyse(
                &found,
                &sources,
                &Settings {
                    min_layers: arguments.min_layers,
                    ..Settings::default()
                },
            );
            (sources, outcome.findings)
        });
        let shown = findings.iter().filter(|finding| {
            let source = sources.get(finding.span.file);
            let level = if finding.lint == "flat_struct" && arguments.shows_flat_struct {
                Level::Warn
            } else {
                finding.level
            };
            source.path == path && level != Level::Allow && !arguments.hidden.contains(finding.lint)
        });
        let mut expected: Vec<Mark> = marks(&text)
            .into_iter()
            .filter(|mark| mark.lint != "unused_suppression")
            .collect();
        for finding in shown {
            let (line, _) = sources
                .get(finding.span.file)
                .line_column(finding.span.start as usize);
            let place = expected.iter().position(|mark| {
                mark.line == line
                    && mark.lint == finding.lint
                    && finding.message.contains(&mark.message)
            });
            match place {
                Some(place) => {
                    expected.remove(place);
                }
                None if is_suppressed(&text, line, finding.lint) => {}
                None => differences.push(format!(
                    "{}:{line}: unexpected {}: {}",
                    path.display(),
                    finding.lint,
                    finding.message
                )),
            }
        }
        for mark in expected {
            differences.push(format!(
                "{}:{}: missing {} {}",
                path.display(),
                mark.line,
                mark.lint,
                mark.message
            ));
        }
    }
    differences
}

fn is_suppressed(text: &str, line: usize, lint: &str) -> bool {
    let allow = format!("// modlint: allow({lint})");
    let lines: Vec<&str> = text.lines().collect();
    (line.saturating_sub(3)..line)
        .any(|number| lines.get(number).is_some_and(|line| line.contains(&allow)))
}

#[test]
fn every_fixture_gives_the_findings_that_are_marked_in_it() {
    let all: Vec<String> = WORKSPACES
        .iter()
        .flat_map(|workspace| differences(workspace))
        .collect();
    assert!(
        all.is_empty(),
        "{} differences:\n{}",
        all.len(),
        all.join("\n")
    );
}
