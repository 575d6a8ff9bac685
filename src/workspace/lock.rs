//! `Cargo.lock`: which versions were chosen.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use cargo_metadata::semver::{Version, VersionReq};

/// The packages of a lock file.
#[derive(Debug, Default)]
pub(super) struct Lock {
    packages: Vec<Locked>,
    by_name: HashMap<String, Vec<usize>>,
}

/// A package of a lock file.
#[derive(Debug, Default)]
pub(super) struct Locked {
    pub name: String,
    pub version: String,
    /// `registry+…`, `git+…`, or nothing for a path.
    pub source: Option<String>,
    /// `name`, `name version` or `name version (source)`.
    dependencies: Vec<String>,
}

impl Lock {
    /// The lock file of the folder or of the nearest one above that has one.
    pub fn above(folder: &Path) -> Option<Self> {
        folder
            .ancestors()
            .find_map(|folder| fs::read_to_string(folder.join("Cargo.lock")).ok())
            .map(|text| Lock::parse(&text))
    }

    /// Reads what cargo writes: one key a line. Lines of another form are passed over.
    fn parse(text: &str) -> Self {
        let mut packages: Vec<Locked> = Vec::new();
        let mut in_package = false;
        let mut in_dependencies = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with('[') {
                in_package = line == "[[package]]";
                in_dependencies = false;
                if in_package {
                    packages.push(Locked::default());
                }
                continue;
            }
            let Some(package) = packages.last_mut().filter(|_| in_package) else {
                continue;
            };
            if in_dependencies {
                match quoted(line.trim_end_matches(',')) {
                    Some(entry) => package.dependencies.push(entry.to_owned()),
                    None => in_dependencies = false,
                }
                continue;
            }
            match line.split_once(" = ") {
                Some(("name", value)) => package.name = quoted(value).unwrap_or("").to_owned(),
                Some(("version", value)) => {
                    package.version = quoted(value).unwrap_or("").to_owned()
                }
                Some(("source", value)) => package.source = quoted(value).map(str::to_owned),
                Some(("dependencies", _)) => in_dependencies = true,
                _ => {}
            }
        }
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, package) in packages.iter().enumerate() {
            by_name.entry(package.name.clone()).or_default().push(place);
        }
        Lock { packages, by_name }
    }

    /// What `package` (name and version) got for its dependency on `dependency`.
    pub fn chosen(
        &self,
        package: (&str, &str),
        dependency: &str,
        requirement: &str,
    ) -> Option<&Locked> {
        let requirement = VersionReq::parse(requirement).unwrap_or(VersionReq::STAR);
        let own = self.named(package.0).find(|own| own.version == package.1);
        let listed: Vec<&str> = own
            .iter()
            .flat_map(|own| &own.dependencies)
            .filter_map(|entry| {
                let mut words = entry.split(' ');
                (words.next() == Some(dependency)).then(|| words.next().unwrap_or(""))
            })
            .collect();
        let candidates: Vec<&Locked> = self
            .named(dependency)
            .filter(|locked| {
                listed.is_empty()
                    || listed.contains(&"")
                    || listed.contains(&locked.version.as_str())
            })
            .collect();
        match candidates[..] {
            [only] if own.is_some() => Some(only),
            _ => candidates
                .into_iter()
                .filter_map(|locked| Some((Version::parse(&locked.version).ok()?, locked)))
                .filter(|(version, _)| requirement.matches(version))
                .max_by(|left, right| left.0.cmp(&right.0))
                .map(|(_, locked)| locked),
        }
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Locked> {
        let places = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.packages[*place])
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "burn 0.21.0",
 "burn 0.22.1",
 "candle-nn",
]

[[package]]
name = "burn"
version = "0.21.0"
source = "registry+https://example.org/index"

[[package]]
name = "burn"
version = "0.22.1"
source = "registry+https://example.org/index"
checksum = "00"

[[package]]
name = "candle-nn"
version = "0.9.2"
source = "git+https://example.org/candle?rev=abc#abcdef0123"

[metadata]
name = "not a package"
"#;

    fn chosen(dependency: &str, requirement: &str) -> Option<String> {
        Lock::parse(LOCK)
            .chosen(("app", "0.1.0"), dependency, requirement)
            .map(|locked| locked.version.clone())
    }

    #[test]
    fn a_single_version_is_taken_as_it_is() {
        assert_eq!(chosen("candle-nn", "*"), Some("0.9.2".to_owned()));
    }

    #[test]
    fn of_two_versions_the_requirement_decides() {
        assert_eq!(chosen("burn", "0.21"), Some("0.21.0".to_owned()));
        assert_eq!(chosen("burn", "^0.22.0"), Some("0.22.1".to_owned()));
    }

    #[test]
    fn a_lock_of_other_packages_must_meet_the_requirement() {
        let lock = Lock::parse(LOCK);
        assert!(
            lock.chosen(("other", "1.0.0"), "candle-nn", "0.8")
                .is_none()
        );
        assert!(
            lock.chosen(("other", "1.0.0"), "candle-nn", "0.9")
                .is_some()
        );
    }

    #[test]
    fn what_is_not_locked_has_no_version() {
        assert_eq!(chosen("tch", "*"), None);
    }

    #[test]
    fn broken_text_gives_no_packages() {
        let lock = Lock::parse("[[package]\nname = ");
        assert!(lock.chosen(("app", "0.1.0"), "burn", "*").is_none());
    }
}
