//! Where a program is to take the crate `paramgroups` from.

use std::fs;
use std::path::{Path, PathBuf};

/// What a fix writes into a manifest as the source of `paramgroups`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineSource {
    /// The registry that cargo takes packages from by default.
    Registry,
    /// A repository's URL.
    Git(String),
    /// A folder with the crate, absolute.
    Path(PathBuf),
}

impl EngineSource {
    /// `registry`, a URL, or a folder, relative to the current one.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "registry" {
            return Ok(EngineSource::Registry);
        }
        let is_url = text.contains("://") || text.starts_with("git@");
        if is_url && !text.contains(['"', '\\', '\n']) {
            let url = text.strip_prefix("git+").unwrap_or(text);
            return Ok(EngineSource::Git(url.to_owned()));
        }
        let wanted =
            "`registry`, the URL of a git repository, or a folder with the crate `paramgroups`";
        let folder = std::path::absolute(text).map_err(|_| wanted.to_owned())?;
        match is_the_crate(&folder) {
            true => Ok(EngineSource::Path(plain(&folder))),
            false => Err(wanted.to_owned()),
        }
    }
}

fn is_the_crate(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = manifest.parse().unwrap_or_default();
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name"));
    name.and_then(toml::Value::as_str) == Some("paramgroups")
}

/// The path without `..`, where it goes back over what is written before it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_a_repository_and_a_folder_are_told_apart() {
        assert_eq!(EngineSource::parse("registry"), Ok(EngineSource::Registry));
        let url = "https://example.org/engine.git";
        assert_eq!(EngineSource::parse(url), Ok(EngineSource::Git(url.into())));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("paramgroups");
        let given = folder.join("src").join("..");
        assert_eq!(
            EngineSource::parse(given.to_str().unwrap()),
            Ok(EngineSource::Path(folder))
        );
    }

    #[test]
    fn a_folder_without_the_crate_is_refused() {
        let error = EngineSource::parse(env!("CARGO_MANIFEST_DIR")).unwrap_err();
        assert!(error.contains("the crate `paramgroups`"), "{error}");
    }
}
