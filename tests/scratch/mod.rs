//! Folders with files for a test, and the linter run in them.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that lasts as long as the test. Its name is resolved, so that paths in output can be compared.
pub struct Scratch {
    root: PathBuf,
    _folder: tempfile::TempDir,
}

impl Scratch {
    /// A folder with these files, given by relative path and text.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch {
            root: fs::canonicalize(folder.path()).unwrap(),
            _folder: folder,
        };
        for (path, text) in files {
            scratch.write(path, text.as_bytes());
        }
        scratch
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The linter, to be run in this folder, without colour from the surroundings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-modlint"));
        command
            .args(arguments)
            .current_dir(&self.root)
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE");
        command
    }

    /// Runs the linter in this folder.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().unwrap())
    }
}

/// What a run printed, and how it ended.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The places of the findings of a run with `--message-format short`, `path:line`.
    pub fn places(&self) -> Vec<String> {
        self.out
            .lines()
            .filter(|line| line.ends_with(']'))
            .map(|line| line.split(':').take(2).collect::<Vec<_>>().join(":"))
            .collect()
    }
}

/// Code that gives one finding on its first line, whatever else the linter knows: a suppression that suppresses nothing.
pub const ONE_FINDING: &str = "// modlint: allow(all)\nuse candle_nn::linear;\n";

/// A manifest of a package without dependencies.
pub fn manifest(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
}
