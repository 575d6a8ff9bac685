//! Published sources on this machine, unpacked by cargo into a home of their own.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::list::Release;

/// A `CARGO_HOME` that holds the crates of the corpus and nothing else.
pub struct Store {
    home: PathBuf,
}

impl Store {
    /// The store in this folder, which is made when something is fetched.
    pub fn new(home: PathBuf) -> Self {
        Store { home }
    }

    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The folder of a release that was unpacked to its end, as the linter will name it.
    pub fn find(&self, release: &Release) -> Option<PathBuf> {
        let registries = fs::read_dir(self.home.join("registry/src")).ok()?;
        registries
            .flatten()
            .map(|registry| registry.path().join(release.folder()))
            .find(|folder| folder.join(".cargo-ok").is_file())?
            .canonicalize()
            .ok()
    }

    /// The folder of a release, fetched first if it isn't there.
    ///
    /// `cargo info` unpacks exactly the crate that it is asked about, where a build would fetch all that it depends on. It runs outside any
    /// package, so that no workspace decides the version.
    pub fn fetch(&self, release: &Release) -> Result<PathBuf, String> {
        if let Some(folder) = self.find(release) {
            return Ok(folder);
        }
        fs::create_dir_all(&self.home)
            .map_err(|error| format!("cannot make {}: {error}", self.home.display()))?;
        let output = Command::new(cargo())
            .args(["info", "--quiet"])
            .arg(format!("{}@{}", release.name, release.version))
            .env("CARGO_HOME", &self.home)
            .current_dir(env::temp_dir())
            .output()
            .map_err(|error| format!("cannot run cargo: {error}"))?;
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            return Err(format!("cargo cannot fetch it: {}", complaint.trim()));
        }
        self.find(release)
            .ok_or_else(|| "cargo knows it but did not unpack it".to_owned())
    }
}

/// The cargo that runs this program, or the one on the path.
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
