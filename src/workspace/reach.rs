//! Which files a root reaches by `mod` declarations.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::manifest::join;
use crate::source::{Outline, TokenKind, Tokens, read};

/// The files that these roots reach, themselves included.
pub(super) fn reached(roots: impl IntoIterator<Item = PathBuf>) -> BTreeSet<PathBuf> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<(PathBuf, Role)> = roots.into_iter().map(|path| (path, Role::Root)).collect();
    while let Some((file, role)) = open.pop() {
        if reached.insert(file.clone()) {
            open.extend(children(&file, role));
        }
    }
    reached
}

/// Where a file's modules are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Beside it: a crate's root, or a file at a `#[path]`.
    Root,
    /// In the folder of its name, unless it is called `mod.rs`.
    Module,
}

/// The files that each of `files` may make part of its crate, whether it is a root or a module.
fn children_in_any_role(file: &Path) -> Vec<PathBuf> {
    let as_module = children(file, Role::Module);
    let as_root = children(file, Role::Root);
    as_module
        .into_iter()
        .chain(as_root)
        .map(|(path, _)| path)
        .collect()
}

fn children(file: &Path, role: Role) -> Vec<(PathBuf, Role)> {
    let Ok(text) = read(file) else {
        return Vec::new();
    };
    let beside = file.parent().unwrap_or(Path::new(""));
    let beneath = match role {
        Role::Module if file.file_name().is_some_and(|name| name != "mod.rs") => {
            file.with_extension("")
        }
        _ => beside.to_owned(),
    };
    let outline = Outline::of(&text);
    let declared = outline.modules.iter().filter(|module| !module.inline);
    declared
        .filter_map(|module| {
            let inside = module
                .parent
                .map(|parent| folder_of(&outline, parent, &text));
            let folder = beneath.join(inside.clone().unwrap_or_default());
            if let Some(path) = path_attribute(&text[module.attributes.clone()]) {
                let folder = if inside.is_some() { &folder } else { beside };
                return Some((join(folder, path), Role::Root));
            }
            let name = &text[module.name.clone()];
            let candidates = [
                folder.join(format!("{name}.rs")),
                folder.join(name).join("mod.rs"),
            ];
            let path = candidates.into_iter().find(|path| path.is_file())?;
            Some((path, Role::Module))
        })
        .filter(|(path, _)| path.is_file())
        .collect()
}

/// The folder of an inline module, relative to that of its file's modules.
fn folder_of(outline: &Outline, place: usize, text: &str) -> PathBuf {
    let module = &outline.modules[place];
    let above = module
        .parent
        .map(|parent| folder_of(outline, parent, text))
        .unwrap_or_default();
    let given = path_attribute(&text[module.attributes.clone()]);
    above.join(given.unwrap_or(&text[module.name.clone()]))
}

/// The text of `path = ".."` among attributes.
fn path_attribute(attributes: &str) -> Option<&str> {
    let mut before = [None; 2];
    for token in Tokens::new(attributes) {
        let text = &attributes[token.start..token.end];
        if token.kind == TokenKind::Str && before == [Some("path"), Some("=")] {
            return text.strip_prefix('"')?.strip_suffix('"');
        }
        before = [before[1], Some(text)];
    }
    None
}

/// The files among `files` that are programs of their own: those that no other one makes a part of itself.
pub(super) fn roots(files: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let mut declared = BTreeSet::new();
    for file in files {
        declared.extend(
            children_in_any_role(file)
                .into_iter()
                .filter(|child| child != file),
        );
    }
    let mut roots: Vec<PathBuf> = files.difference(&declared).cloned().collect();
    let mut seen = reached(roots.iter().cloned());
    // Files that declare one another in a ring have no root; the first of them becomes one.
    for file in files {
        if !seen.contains(file) {
            roots.push(file.clone());
            seen.extend(reached([file.clone()]));
        }
    }
    roots.sort();
    roots
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    fn relative(folder: &Folder, files: impl IntoIterator<Item = PathBuf>) -> Vec<String> {
        files
            .into_iter()
            .map(|file| {
                let file = file.strip_prefix(folder.root()).unwrap();
                file.display().to_string()
            })
            .collect()
    }

    #[test]
    fn modules_are_found_where_rustc_finds_them() {
        let folder = Folder::with(&[
            (
                "lib.rs",
                "mod a; mod b; #[path = \"odd/c.rs\"] mod c; mod inline { mod d; } mod gone;",
            ),
            ("a.rs", "mod x;"),
            ("a/x.rs", ""),
            ("b/mod.rs", "mod x;"),
            ("b/x.rs", "mod deep;"),
            ("b/x/deep.rs", ""),
            ("odd/c.rs", "mod e;"),
            ("odd/e.rs", ""),
            ("inline/d.rs", ""),
            ("dead.rs", "mod x;"),
            ("x.rs", ""),
        ]);
        assert_eq!(
            relative(&folder, reached([folder.path("lib.rs")])),
            [
                "a/x.rs",
                "a.rs",
                "b/mod.rs",
                "b/x/deep.rs",
                "b/x.rs",
                "inline/d.rs",
                "lib.rs",
                "odd/c.rs",
                "odd/e.rs",
            ]
        );
    }

    #[test]
    fn a_file_that_another_declares_is_no_root() {
        let folder = Folder::with(&[
            ("train.rs", "mod net;"),
            ("net.rs", "mod layers;"),
            ("net/layers.rs", ""),
            ("single.rs", ""),
            ("ring_a.rs", "mod ring_b;"),
            ("ring_b.rs", "mod ring_a;"),
        ]);
        let files = ["train", "net", "net/layers", "single", "ring_a", "ring_b"]
            .map(|name| folder.path(&format!("{name}.rs")));
        assert_eq!(
            relative(&folder, roots(&files.into())),
            ["ring_a.rs", "single.rs", "train.rs"]
        );
    }
}
