//! What `--fix` costs, as a ratio to the plain lint of the same packages inside one run.
//!
//! The packages are the fixtures, where nearly everything that can be fixed is to be fixed: copies, made anew for each round.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use walkdir::WalkDir;

const ROUNDS: usize = 7;

const WORKSPACES: [&str; 3] = ["candle-0.11", "tch-0.26", "burn-0.22"];

/// How many times the plain lint a fix may cost.
const MOST: f64 = 2.5;

fn main() -> io::Result<()> {
    // `cargo test --benches` only asks whether it runs.
    let is_bench = env::args().any(|argument| argument == "--bench");
    let rounds = if is_bench { ROUNDS } else { 1 };
    for name in WORKSPACES {
        let mut ratios = Vec::new();
        let (mut linting, mut fixing) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..rounds {
            let copy = copied(name)?;
            // In turn, so that a load that comes and goes meets both.
            let lint = timed(|| run(&copy, &[]))?;
            let fix = timed(|| run(&copy, &["--fix", "--allow-no-vcs", "--allow-dirty"]))?;
            linting += lint;
            fixing += fix;
            ratios.push(fix.as_secs_f64() / lint.as_secs_f64());
        }
        ratios.sort_by(f64::total_cmp);
        println!(
            "{name:12} lint {:7.1} ms, --fix {:7.1} ms, ratio {:5.2}   to be at most {MOST}",
            linting.as_secs_f64() * 1e3 / rounds as f64,
            fixing.as_secs_f64() * 1e3 / rounds as f64,
            ratios[ratios.len() / 2]
        );
    }
    Ok(())
}

/// A copy of a workspace of fixtures without the twins.
fn copied(name: &str) -> io::Result<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let source = fixtures.join(name);
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("fix")
        .join(name);
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    let entries = WalkDir::new(&source).into_iter();
    let entries = entries.filter_entry(|entry| entry.file_name() != "fixed");
    for entry in entries.flatten() {
        let path = entry.path();
        let target = copy.join(path.strip_prefix(&source).unwrap_or(path));
        if entry.file_type().is_dir() {
            fs::create_dir_all(target)?;
        } else {
            fs::copy(path, target)?;
        }
    }
    let manifest = copy.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    let lines = text.lines().filter(|line| !line.contains("\"fixed/"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("paramgroups");
    let text = text.replace("../../paramgroups", &engine.display().to_string());
    fs::write(manifest, text)?;
    Ok(copy)
}

/// The linter as users start it.
fn run(folder: &Path, options: &[&str]) -> io::Result<()> {
    let status = Command::new(env!("CARGO_BIN_EXE_cargo-modlint"))
        .args(["--message-format", "short", "-W", "structure"])
        .args(options)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    match status.code() {
        Some(0 | 1) => Ok(()),
        _ => Err(io::Error::other(format!("the linter failed: {status}"))),
    }
}

fn timed(work: impl FnOnce() -> io::Result<()>) -> io::Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}
