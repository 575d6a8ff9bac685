//! What would change, as a patch.

use std::path::{Component, Path};

use similar::TextDiff;

/// A unified diff of a file, its path relative to `base`; empty where nothing changes.
pub fn unified(path: &Path, base: &Path, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let shown = path.strip_prefix(base).unwrap_or(path);
    let shown: Vec<String> = shown
        .components()
        .filter(|part| !matches!(part, Component::RootDir))
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    let shown = shown.join("/");
    TextDiff::from_lines(before, after)
        .unified_diff()
        .header(&format!("a/{shown}"), &format!("b/{shown}"))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_names_the_file_from_the_folder_on() {
        let diff = unified(
            Path::new("/net/src/net.rs"),
            Path::new("/net"),
            "a\nb\n",
            "a\nc\n",
        );
        assert_eq!(
            diff,
            "--- a/src/net.rs\n+++ b/src/net.rs\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
        );
    }

    #[test]
    fn a_file_elsewhere_is_named_from_the_root_on() {
        let diff = unified(Path::new("/net/a.rs"), Path::new("/other"), "a\n", "b\n");
        assert!(
            diff.starts_with("--- a/net/a.rs\n+++ b/net/a.rs\n"),
            "{diff}"
        );
    }

    #[test]
    fn an_unchanged_file_has_no_diff() {
        let path = Path::new("/net/a.rs");
        assert_eq!(unified(path, path, "a", "a"), "");
    }
}
