//! The manifest of the package that a site stands in.

use std::path::Path;

use super::site::ManifestText;
use crate::source::SourceMap;
use crate::workspace::{Dependency, DependencyKind, Package};

/// The package's manifest, and the one that it can inherit from.
pub fn manifest_text(
    sources: &SourceMap,
    package: &Package,
    framework: &Dependency,
) -> Option<ManifestText> {
    let path = package.manifest_path.as_ref()?;
    let file = sources.load(path).ok()?;
    let text = sources.get(file).text.clone();
    let workspace = path.ancestors().skip(1).find_map(|folder| {
        let text = text_of(sources, &folder.join("Cargo.toml"))?;
        let table: toml::Table = text.parse().ok()?;
        table.contains_key("workspace").then_some(text)
    });
    Some(ManifestText {
        file,
        folder: package.root.clone(),
        text,
        workspace,
        table: match framework.kind {
            DependencyKind::Normal => "dependencies",
            DependencyKind::Dev => "dev-dependencies",
            DependencyKind::Build => return None,
        },
    })
}

fn text_of(sources: &SourceMap, path: &Path) -> Option<String> {
    let file = path.is_file().then(|| sources.load(path).ok())??;
    Some(sources.get(file).text.clone())
}
