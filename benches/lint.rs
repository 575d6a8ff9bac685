//! What linting costs, as ratios inside one run: against reading the same files, and against parsing all of them.
//!
//! It lints the crates that `cargo run --release -p corpus -- --fetch` has fetched, or the fixtures where there are none. It prints figures and
//! judges nothing: another machine, or another load, gives other seconds, but nearly the same ratios.

use std::env;
use std::fs;
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use walkdir::WalkDir;

const ROUNDS: usize = 5;

/// Deeply nested types take much stack in syn.
const STACK: usize = 512 << 20;

fn main() {
    // `cargo test --benches` only asks whether it runs.
    let rounds = match env::args().any(|argument| argument == "--bench") {
        true => ROUNDS,
        false => 1,
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = root.join("target/corpus");
    let mut folders = subfolders(&corpus.join("registry/src"))
        .iter()
        .flat_map(|registry| subfolders(registry))
        .collect::<Vec<_>>();
    if folders.is_empty() {
        println!(
            "nothing fetched (cargo run --release -p corpus -- --fetch): linting the fixtures"
        );
        folders = subfolders(&root.join("fixtures"));
        folders.retain(|folder| folder.join("Cargo.toml").is_file());
    }
    let files = rust_files(&folders);
    let (bytes, _) = read(&files);
    println!(
        "{} packages and workspaces, {} files, {:.1} MB, {} threads",
        folders.len(),
        files.len(),
        bytes as f64 / 1e6,
        thread::available_parallelism().map_or(1, usize::from)
    );

    // In turn, so that a load that comes and goes meets all of them.
    let mut reading = Vec::new();
    let mut parsing = Vec::new();
    let mut linting = Vec::new();
    let mut unparsed = 0;
    for _ in 0..rounds {
        reading.push(timed(|| read(&files)).0);
        let (time, failed) = timed(|| parse_on_one_thread(&files));
        parsing.push(time);
        unparsed = failed;
        let (time, ended) = timed(|| lint(&folders, &corpus));
        match ended {
            Ok(status) if matches!(status.code(), Some(0 | 1)) => linting.push(time),
            Ok(status) => return println!("the linter failed: {status}"),
            Err(error) => return println!("the linter cannot be run: {error}"),
        }
    }
    let reading = median(reading);
    let parsing = median(parsing);
    let linting = median(linting);
    println!("reading all files      {}", milliseconds(reading));
    println!(
        "parsing all of them    {}   one thread, {unparsed} don't parse",
        milliseconds(parsing)
    );
    println!("the whole lint         {}", milliseconds(linting));
    println!(
        "lint / reading         {:9.2}",
        linting.as_secs_f64() / reading.as_secs_f64()
    );
    println!(
        "lint / parsing         {:9.2}   to be at most 0.25 on two cores",
        linting.as_secs_f64() / parsing.as_secs_f64()
    );
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn rust_files(folders: &[PathBuf]) -> Vec<PathBuf> {
    let entries = folders.iter().flat_map(|folder| {
        WalkDir::new(folder)
            .into_iter()
            .filter_entry(|entry| entry.file_name() != "target")
    });
    entries
        .flatten()
        .map(|entry| entry.into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| path.is_file())
        .collect()
}

/// The number of bytes and of files that can be read.
fn read(files: &[PathBuf]) -> (usize, usize) {
    let texts = files
        .iter()
        .flat_map(fs::read)
        .map(|text| black_box(text).len());
    texts.fold((0, 0), |(bytes, count), length| (bytes + length, count + 1))
}

/// Reads and parses every file, and counts those that don't parse.
fn parse_on_one_thread(files: &[PathBuf]) -> usize {
    thread::scope(|scope| {
        let parser = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                let texts = files.iter().flat_map(fs::read_to_string);
                texts
                    .filter(|text| black_box(syn::parse_file(text)).is_err())
                    .count()
            });
        parser.map_or(0, |parser| parser.join().unwrap_or(0))
    })
}

/// The linter as users start it, on all folders in one run.
fn lint(folders: &[PathBuf], cargo_home: &Path) -> io::Result<ExitStatus> {
    Command::new(env!("CARGO_BIN_EXE_cargo-modlint"))
        .args(["--message-format", "short", "-W", "structure"])
        .args(folders)
        .env("CARGO_HOME", cargo_home)
        .current_dir(env::temp_dir())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let value = work();
    (start.elapsed(), value)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> String {
    format!("{:9.1} ms", time.as_secs_f64() * 1e3)
}
