//! What the linter reads off the source is what the models have at run time: real models, built with small sizes, said which parameters they
//! hold (`tests/data/oracle`, recorded by the programs in `fixtures/oracle-*`).
//!
//! `BLESS=1 cargo test --test oracle` writes the table `docs/oracle.md`.

mod predicted;
mod recorded;
mod sources;
mod table;
mod verdict;

use std::path::{Path, PathBuf};

use self::table::Row;
use self::verdict::Verdict;

/// Of a hundred models, at least so many are complete.
const REACH: usize = 95;

/// What was recorded, and where the linter reads the same models once their sources are there.
type Oracle = (&'static str, fn() -> PathBuf);

const ORACLES: &[Oracle] = &[
    ("candle", || fetched("oracle-candle")),
    ("burn-0.22", || {
        sources::published("bunsen", "0.41.0");
        fixture("oracle-burn-0.22")
    }),
    ("tch", || {
        sources::published("tch", "0.26.0");
        fixture("oracle-tch")
    }),
    ("tch-ported", || {
        sources::as_published(&fixture("oracle-tch-ported"))
    }),
];

/// Constructors that are given parts built elsewhere, under prefixes of the fixture's choice.
const GIVEN_PARTS: &[&str] = &[
    "depth_anything_v2::DepthAnythingV2::new",
    "stella_en_v5::EmbeddingModel::new",
];

/// Modules of the fixture whose functions hand on the builder that they are given.
const GIVEN_THE_ROOT: &[&str] = &[
    "constructs::counts",
    "constructs::sizes",
    "constructs::zoo::agents",
    "constructs::zoo::efficient",
    "constructs::zoo::language",
    "constructs::zoo::mixtures",
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// A fixture with the sources of all its dependencies.
fn fetched(name: &str) -> PathBuf {
    let folder = fixture(name);
    sources::fetch(&folder);
    folder
}

/// Each model built with its small sizes.
fn with_sizes(models: &[recorded::Model], folder: &Path) -> Vec<Row> {
    let predicted = predicted::models(folder);
    let rows = models.iter().map(|model| {
        let found = predicted.get(model.function());
        Row::new(model, found, verdict::verdict(found, model))
    });
    rows.collect()
}

fn assert_sound(rows: &[Row]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter(|row| row.verdict.is_wrong() || row.verdict == Verdict::Absent)
        .map(|row| format!("{}: {}", row.model, row.verdict))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn assert_reach(rows: &[Row]) {
    let complete = rows.iter().filter(|row| row.verdict.is_complete()).count();
    assert!(
        complete * 100 >= rows.len() * REACH,
        "{complete} of {} are complete",
        rows.len()
    );
}

#[test]
fn models_with_known_sizes() {
    let mut page = String::from(table::HEAD);
    for (name, folder) in ORACLES {
        let recording = recorded::recording(name);
        let rows = with_sizes(&recording.models, &folder());
        assert_sound(&rows);
        assert_reach(&rows);
        table::write(&mut page, name, &rows);
        table::write_not_built(&mut page, &recording.not_built);
    }
    table::compare(&page);
}

/// The same constructors, read in their own crate, where nothing of the configuration is known.
#[test]
fn candle_models_of_any_size() {
    let folder = fetched("oracle-candle");
    let predicted = predicted::models(&sources::package(&folder, "candle-transformers"));
    let rows: Vec<Row> = recorded::models("candle")
        .into_iter()
        .filter(|model| !GIVEN_PARTS.contains(&model.constructor.as_str()))
        .filter(|model| !model.is_of_the_fixture())
        .filter_map(|model| {
            let end = format!("::{}", model.constructor);
            let mut called_so = predicted.iter().filter(|(path, _)| path.ends_with(&end));
            let (_, found) = called_so.next().filter(|_| called_so.next().is_none())?;
            let verdict = verdict::verdict(Some(found), &model);
            Some(Row::new(&model, Some(found), verdict))
        })
        .collect();
    assert!(rows.len() > 250, "{} constructors were found", rows.len());
    assert_sound(&rows);
}

/// The fixture's own constructors without the sizes that their callers give them.
#[test]
fn constructs_of_any_size() {
    let folder = fetched("oracle-candle");
    let predicted = predicted::models(&folder);
    let rows: Vec<Row> = recorded::models("candle")
        .into_iter()
        .filter(|model| {
            model.is_of_the_fixture() && GIVEN_THE_ROOT.iter().any(|file| model.is_in(file))
        })
        .filter_map(|model| {
            let found = predicted.get(&model.constructor_beside_function())?;
            let verdict = verdict::verdict(Some(found), &model);
            Some(Row::new(&model, Some(found), verdict))
        })
        .collect();
    assert!(rows.len() > 30, "{} constructors were found", rows.len());
    assert_sound(&rows);
}
