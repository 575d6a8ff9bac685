//! The page that shows every model.

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::predicted;
use super::recorded;
use super::verdict::Verdict;

pub const HEAD: &str = "# What the linter says and what the models have

Each model was built with small sizes and asked for its parameters; `cargo modlint tree` read the same constructor. *exact*: the same
parameters, shapes included, and nothing else. *complete, with options*: all that was there was foretold and all that was promised was
there, but some parameters depend on the checkpoint or on sizes that no source tells. *incomplete*: the linter says itself that it could
not follow something.

Written by `BLESS=1 cargo test --test oracle`.
";

pub struct Row {
    pub model: String,
    pub at_run_time: usize,
    pub predicted: Option<usize>,
    pub verdict: Verdict,
}

impl Row {
    pub fn new(
        recorded: &recorded::Model,
        predicted: Option<&predicted::Model>,
        verdict: Verdict,
    ) -> Row {
        Row {
            model: recorded.name.clone(),
            at_run_time: recorded.parameters.len(),
            predicted: match predicted {
                Some(model) => Some(model.parameters.len()),
                None => recorded.parameters.is_empty().then_some(0),
            },
            verdict,
        }
    }
}

pub fn write(page: &mut String, framework: &str, rows: &[Row]) {
    let count =
        |wanted: fn(&Verdict) -> bool| rows.iter().filter(|row| wanted(&row.verdict)).count();
    let exact = count(|verdict| *verdict == Verdict::Exact);
    let complete = count(Verdict::is_complete);
    let _ = write!(
        page,
        "\n## {framework}\n\n{} models: {complete} complete, {exact} of them exact.\n\n| model | at run time | predicted | |\n| --- | --- | --- | --- |\n",
        rows.len()
    );
    for row in rows {
        let predicted = row.predicted.map_or_else(String::new, |n| n.to_string());
        let _ = writeln!(
            page,
            "| `{}` | {} | {predicted} | {} |",
            row.model, row.at_run_time, row.verdict
        );
    }
}

/// What could not be built, and why.
pub fn write_not_built(page: &mut String, left_out: &[recorded::NotBuilt]) {
    if left_out.is_empty() {
        return;
    }
    page.push_str("\nNot built:\n\n| source | type | reason |\n| --- | --- | --- |\n");
    for one in left_out {
        let (source, type_name, reason) = (&one.source, &one.type_name, &one.reason);
        let _ = writeln!(page, "| `{source}` | `{type_name}` | {reason} |");
    }
}

/// The page on disk is this one.
pub fn compare(page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/oracle.md");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, page).unwrap();
    }
    let on_disk = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        on_disk == page,
        "docs/oracle.md is not fresh: BLESS=1 cargo test --test oracle"
    );
}
