//! The workspace as it is once edits of its manifests are written.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::dependencies::dependencies;
use super::manifest::Manifest;
use super::members::workspace_of;
use super::{Dependency, Package, Workspace};

impl Workspace {
    /// The workspace with the dependencies that texts standing for manifests add; itself if they add none. No lock file has chosen a
    /// version for them yet.
    pub fn with_manifests(self: &Arc<Self>, texts: &BTreeMap<PathBuf, String>) -> Arc<Workspace> {
        let added: Vec<(usize, Vec<Dependency>)> = self
            .packages
            .iter()
            .enumerate()
            .filter_map(|(place, package)| {
                let path = package.manifest_path.as_ref()?;
                let added = added(package, texts.get_key_value(path)?)?;
                Some((place, added))
            })
            .filter(|(_, added)| !added.is_empty())
            .collect();
        if added.is_empty() {
            return self.clone();
        }
        let mut packages = self.packages.clone();
        for (place, dependencies) in added {
            packages[place].dependencies.extend(dependencies);
        }
        Arc::new(Workspace {
            packages,
            notes: self.notes.clone(),
        })
    }
}

/// None if the text is no manifest.
fn added(package: &Package, (path, text): (&PathBuf, &String)) -> Option<Vec<Dependency>> {
    let manifest = Manifest::parse(path, text).ok()?;
    let mut found = dependencies(&manifest, workspace_of(&manifest).as_ref());
    found.retain(|dependency| {
        let is_known = |known: &Dependency| {
            known.name_in_code == dependency.name_in_code && known.kind == dependency.kind
        };
        !package.dependencies.iter().any(is_known)
    });
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::super::{Request, discover};
    use super::*;

    #[test]
    fn a_dependency_that_an_edit_adds_is_there() {
        let manifest =
            "[package]\nname = \"net\"\nversion = \"0.1.0\"\n\n[dependencies]\ntch = \"0.26\"\n";
        let folder = Folder::with(&[("Cargo.toml", manifest), ("src/lib.rs", "")]);
        let request = Request {
            current_dir: folder.root().to_owned(),
            ..Request::default()
        };
        let workspace = Arc::new(discover(&request).unwrap().0);
        let edited = format!("{manifest}paramgroups = \"0.1\"\n");
        let texts = BTreeMap::from([(folder.path("Cargo.toml"), edited)]);
        let names = |workspace: &Workspace| -> Vec<String> {
            let dependencies = workspace.packages[0].dependencies.iter();
            dependencies
                .map(|known| known.name_in_code.clone())
                .collect()
        };
        assert_eq!(names(&workspace), ["tch"]);
        assert_eq!(
            names(&workspace.with_manifests(&texts)),
            ["tch", "paramgroups"]
        );
    }
}
