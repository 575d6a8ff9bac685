//! Which crates at which versions: `crates.toml`.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// A published crate at one version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    pub name: String,
    pub version: String,
}

impl Release {
    /// The folder that cargo unpacks it into.
    pub fn folder(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.name, self.version)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    crates: BTreeMap<String, String>,
}

/// The releases of a list, in the order of their names; where `only` names some, those.
pub fn releases(list: &str, only: &[String]) -> Result<Vec<Release>, String> {
    let List { crates } =
        toml::from_str(list).map_err(|error| format!("the list of crates: {error}"))?;
    if let Some(unknown) = only.iter().find(|name| !crates.contains_key(*name)) {
        let known: Vec<&str> = crates.keys().map(String::as_str).collect();
        return Err(format!(
            "`{unknown}` is not in the list of crates; it has: {}",
            known.join(", ")
        ));
    }
    Ok(crates
        .into_iter()
        .filter(|(name, _)| only.is_empty() || only.contains(name))
        .map(|(name, version)| Release { name, version })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "[crates]\ntch = '0.26.0'\nbimm = '0.19.4'\n";

    #[test]
    fn releases_come_in_the_order_of_names() {
        let found = releases(LIST, &[]).unwrap();
        let shown: Vec<String> = found.iter().map(Release::to_string).collect();
        assert_eq!(shown, ["bimm 0.19.4", "tch 0.26.0"]);
        assert_eq!(found[1].folder(), "tch-0.26.0");
    }

    #[test]
    fn names_narrow_the_list_and_must_be_in_it() {
        assert_eq!(releases(LIST, &["tch".to_owned()]).unwrap().len(), 1);
        assert_eq!(
            releases(LIST, &["thc".to_owned()]).unwrap_err(),
            "`thc` is not in the list of crates; it has: bimm, tch"
        );
    }

    #[test]
    fn the_list_of_this_project_is_well_formed() {
        assert!(releases(include_str!("../crates.toml"), &[]).unwrap().len() > 30);
    }
}
