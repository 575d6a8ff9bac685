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
    let load = |path: &Path| sources.load(path).ok();
    let text = |file| sources.get(file).text.clone();
    let file = load(package.manifest_path.as_ref()?)?;
    let workspace = package.workspace_manifest();
    Some(ManifestText {
        file,
        folder: package.root.clone(),
        text: text(file),
        workspace: workspace.and_then(|path| load(&path)).map(text),
        table: match framework.kind {
            DependencyKind::Normal => "dependencies",
            DependencyKind::Dev => "dev-dependencies",
            DependencyKind::Build => return None,
        },
    })
}
