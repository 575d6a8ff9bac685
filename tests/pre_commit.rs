//! The hook of this repository, run by the real pre-commit as a user would.
//!
//! The pre-commit on `PATH` is used; where there is none, it is installed below `target/`, which takes python3 with pip, and a network. It builds the
//! linter itself, in the release profile; the environment makes that a quick build.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const FLAT: &str = include_str!("../fixtures/candle-0.11/flat_sequential/examples/flat.rs");
const SPLIT: &str =
    include_str!("../fixtures/candle-0.11/flat_sequential/examples/own_splitter_by_filter.rs");

const MANIFEST: &str = "[package]
name = \"trainer\"
version = \"0.1.0\"
edition = \"2024\"

[dependencies]
candle-core = \"0.11\"
candle-nn = \"0.11\"
";

#[test]
fn the_default_hook_fails_on_a_flat_model_and_passes_once_it_is_split() {
    let hook = hook_repository();
    let trainer = repository(&[("Cargo.toml", MANIFEST), ("src/main.rs", FLAT)]);
    let flat = try_hook(hook.path(), trainer.path());
    assert!(!flat.status.success(), "{}", told(&flat));
    for part in [
        "Failed",
        "exit code: 1",
        "modlint::flat_sequential",
        "src/main.rs:11",
    ] {
        assert!(told(&flat).contains(part), "{part}: {}", told(&flat));
    }

    fs::write(trainer.path().join("src/main.rs"), SPLIT).unwrap();
    commit(trainer.path());
    let split = try_hook(hook.path(), trainer.path());
    assert!(split.status.success(), "{}", told(&split));
    assert!(told(&split).contains("Passed"), "{}", told(&split));
}

fn try_hook(hook: &Path, trainer: &Path) -> Output {
    let own = below_target("");
    let temporary = below_target("temporary");
    clean_command(pre_commit())
        .arg("try-repo")
        .arg(hook)
        .args([
            "cargo-modlint",
            "--all-files",
            "--verbose",
            "--color",
            "never",
        ])
        .current_dir(trainer)
        .env("PRE_COMMIT_HOME", own.join("home"))
        .env("TMPDIR", temporary)
        .env("CARGO_TARGET_DIR", own.join("build"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .output()
        .unwrap()
}

/// This repository as it stands on disk, committed to another one: pre-commit looks at commits alone.
fn hook_repository() -> TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = TempDir::new_in(below_target("temporary")).unwrap();
    let listed = git(
        root,
        &[
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
    );
    let listed = String::from_utf8(listed.stdout).unwrap();
    // The tests and what they read are no part of what is installed.
    let installed = listed
        .split_terminator('\0')
        .filter(|path| !path.starts_with("fixtures/") && !path.starts_with("tests/"))
        .filter(|path| root.join(path).is_file());
    for path in installed {
        let to = copy.path().join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(root.join(path), to).unwrap();
    }
    git(copy.path(), &["init", "--quiet"]);
    commit(copy.path());
    copy
}

fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    git(folder.path(), &["init", "--quiet"]);
    commit(folder.path());
    folder
}

fn commit(repository: &Path) {
    git(repository, &["add", "--all"]);
    let who = ["-c", "user.name=Test", "-c", "user.email=test@localhost"];
    let what = [
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--quiet",
        "--no-verify",
        "-m",
        "files",
    ];
    git(repository, &[&who[..], &what].concat());
}

fn git(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = clean_command("git");
    succeed(command.args(arguments).current_dir(folder))
}

/// The program on `PATH`, or one that is installed now.
fn pre_commit() -> PathBuf {
    let on_path = Command::new("pre-commit").arg("--version").output();
    if on_path.is_ok_and(|output| output.status.success()) {
        return PathBuf::from("pre-commit");
    }
    let python = below_target("").join("python");
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    let program = python.join(folder).join("pre-commit");
    if !program.exists() {
        // Python's own pip fills the environment: Debian ships python3 without what would put one in it.
        succeed(
            Command::new("python3")
                .args(["-m", "venv", "--clear", "--without-pip"])
                .arg(&python),
        );
        let pip = [
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "pre-commit>=4,<5",
        ];
        let inside = python.join(folder).join("python");
        succeed(
            Command::new("python3")
                .args(["-m", "pip", "--python"])
                .arg(inside)
                .args(pip),
        );
    }
    program
}

/// A program that doesn't hear of a repository around: the tests may run in one of its hooks.
fn clean_command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
}

fn succeed(command: &mut Command) -> Output {
    let needs = "this test needs git, and pre-commit on PATH or python3 with pip and a network to install it";
    match command.output() {
        Ok(output) if output.status.success() => output,
        Ok(output) => panic!("{command:?} failed; {needs}: {}", told(&output)),
        Err(error) => panic!("{command:?} cannot be run ({error}); {needs}"),
    }
}

fn told(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    format!("{out}{}", String::from_utf8_lossy(&output.stderr))
}

/// A folder of this test that stays.
fn below_target(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("pre-commit")
        .join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}
