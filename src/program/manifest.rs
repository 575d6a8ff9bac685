//! The manifest of a dependency, as far as its names go.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::krate::{Dependency, code_name};
use crate::name::Name;

/// A dependency's own package.
pub(super) struct Manifest {
    pub name: Name,
    pub library: PathBuf,
    pub edition_2015: bool,
    pub default_features: BTreeSet<String>,
    pub dependencies: HashMap<Name, Dependency>,
}

impl Manifest {
    /// Reads `Cargo.toml` in the folder; nothing if there is none or it has no library.
    pub fn read(folder: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let table: Table = text.parse().ok()?;
        let package = table.get("package")?.as_table()?;
        let name = package.get("name")?.as_str()?;
        let lib = table.get("lib").and_then(Value::as_table);
        let of_lib = |key: &str| lib.and_then(|lib| lib.get(key)).and_then(Value::as_str);
        let library = folder.join(of_lib("path").unwrap_or("src/lib.rs"));
        let edition = package.get("edition");
        let mut dependencies = HashMap::new();
        add_dependencies(&table, folder, &mut dependencies);
        for target in tables(&table, "target").flat_map(|targets| targets.values()) {
            if let Some(target) = target.as_table() {
                add_dependencies(target, folder, &mut dependencies);
            }
        }
        library.is_file().then(|| Manifest {
            name: code_name(of_lib("name").unwrap_or(name)),
            library,
            edition_2015: edition.is_none_or(|edition| edition.as_str() == Some("2015")),
            default_features: default_features(&table),
            dependencies,
        })
    }
}

fn tables<'t>(table: &'t Table, key: &str) -> impl Iterator<Item = &'t Table> {
    table.get(key).and_then(Value::as_table).into_iter()
}

fn add_dependencies(table: &Table, folder: &Path, found: &mut HashMap<Name, Dependency>) {
    for (key, value) in tables(table, "dependencies").flatten() {
        let text = |field: &str| value.get(field).and_then(Value::as_str);
        found.insert(
            code_name(key),
            Dependency {
                package: code_name(text("package").unwrap_or(key)),
                member: None,
                source: text("path").map(|path| folder.join(path)),
            },
        );
    }
}

/// What `default` switches on, features of dependencies left out.
fn default_features(table: &Table) -> BTreeSet<String> {
    let features: BTreeMap<&str, Vec<&str>> = tables(table, "features")
        .flatten()
        .map(|(name, on)| {
            let on = on.as_array().into_iter().flatten();
            (name.as_str(), on.filter_map(Value::as_str).collect())
        })
        .collect();
    let mut on = BTreeSet::new();
    let mut open = vec!["default"];
    while let Some(feature) = open.pop() {
        if on.insert(feature.to_owned()) {
            open.extend(features.get(feature).into_iter().flatten());
        }
    }
    on
}
