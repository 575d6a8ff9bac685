//! Lints published crates and scores the findings against blocks that were read by hand.
//!
//! Sources are fetched by cargo into a home of their own, once; later runs need no network.

mod fixes;
mod linter;
mod list;
mod measure;
mod print;
mod score;
mod store;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use fixes::{Tally, Workshop};
use linter::Linter;
use score::{Score, Truth};
use store::Store;

const RELEASES: &str = include_str!("../crates.toml");
const TRUTH: &str = include_str!("../../tests/data/truth/flat_blocks.json");

/// The least precision and recall that `--check` lets pass.
const PRECISION: f64 = 0.97;
const RECALL: f64 = 0.95;

/// Lints published crates and scores the findings against blocks that were read by hand
#[derive(Parser)]
struct Args {
    /// Only these crates of corpus/crates.toml
    crates: Vec<String>,
    /// Use only what was fetched before
    #[arg(long)]
    offline: bool,
    /// Print every construct that was not analysed, not one for each reason
    #[arg(long)]
    every_construct: bool,
    /// Fail where precision is below 0.97 or recall below 0.95
    #[arg(long)]
    check: bool,
    /// Fix copies of the crates, compile what was changed, and say what came of it
    #[arg(long)]
    fix: bool,
    /// Only fetch the sources
    #[arg(long)]
    fetch: bool,
    /// The linter to run, instead of building this workspace's
    #[arg(long, value_name = "PROGRAM")]
    linter: Option<PathBuf>,
    /// The folder for fetched sources [default: target/corpus in the workspace]
    #[arg(long, value_name = "FOLDER")]
    home: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("corpus: {error}");
            ExitCode::from(2)
        }
    }
}

/// True if all was fetched and linted, and the score is good enough if that was asked.
fn run(args: &Args) -> Result<bool, String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .ok_or("the package has no workspace around it")?;
    let releases = list::releases(RELEASES, &args.crates)?;
    let truth = Truth::parse(TRUTH)?;
    let home = args
        .home
        .clone()
        .unwrap_or_else(|| workspace.join("target/corpus"));
    let home = std::path::absolute(home).map_err(|error| format!("--home: {error}"))?;
    let store = Store::new(home);
    let mut all_well = true;
    let mut fetched = Vec::new();
    for release in releases {
        let found = match args.offline {
            true => store.find(&release).ok_or("not fetched yet".to_owned()),
            false => store.fetch(&release),
        };
        match found {
            Ok(root) => fetched.push((release, root)),
            Err(error) => {
                eprintln!("corpus: {release} is left out: {error}");
                all_well = false;
            }
        }
    }
    println!(
        "{} in {}",
        print::counted(fetched.len(), "crate"),
        store.home().display()
    );
    if args.fetch {
        return Ok(all_well);
    }

    let program = match &args.linter {
        Some(program) => {
            std::path::absolute(program).map_err(|error| format!("--linter: {error}"))?
        }
        None => linter::build(workspace)?,
    };
    let linter = Linter::new(program, store.home());
    if args.fix {
        let folder = store.home().join("fixed");
        let workshop = Workshop::new(folder, workspace.join("paramgroups"), args.offline);
        return Ok(fix(&workshop, &linter, &fetched) && all_well);
    }
    let mut score = Score::default();
    for (release, root) in &fetched {
        match linter
            .lint(root)
            .and_then(|run| Ok((run, linter.trees(root)?)))
        {
            Ok((run, trees)) => {
                print::release(release, &run, &trees, args.every_construct);
                truth.judge(release, &run.findings, &mut score);
            }
            Err(error) => {
                println!("{release}: the linter failed: {error}");
                all_well = false;
            }
        }
    }
    let roots: Vec<PathBuf> = fetched.into_iter().map(|(_, root)| root).collect();
    match linter.lint_together(&roots) {
        Ok(run) => print::together(roots.len(), &run),
        Err(error) => {
            println!("all crates in one run: the linter failed: {error}");
            all_well = false;
        }
    }
    print::score(&score, truth.rows());
    let good_enough = score.precision() >= PRECISION && score.recall() >= RECALL;
    Ok(all_well && (good_enough || !args.check))
}

/// True if each fix that was applied compiles and its finding is gone.
fn fix(workshop: &Workshop, linter: &Linter, fetched: &[(list::Release, PathBuf)]) -> bool {
    let mut tally = Tally::default();
    let mut is_good = true;
    for (release, root) in fetched {
        match workshop.fix(linter, release, root) {
            Ok(fixed) => {
                println!("{release}: {fixed}");
                tally.add(&fixed);
            }
            Err(error) => {
                println!("{release}: cannot be fixed: {error}");
                is_good = false;
            }
        }
    }
    println!("{tally}");
    is_good && tally.is_good()
}
