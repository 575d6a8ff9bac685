//! The features that `default` switches on.

use std::collections::{BTreeMap, BTreeSet};

/// Everything that `default` switches on, itself left out; an optional dependency that no feature names by `dep:` is a feature of its own name.
pub(super) fn default_features(
    features: &BTreeMap<String, Vec<String>>,
    optional_dependencies: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut on = BTreeSet::new();
    let mut open = vec!["default"];
    while let Some(feature) = open.pop() {
        for entry in features.get(feature).into_iter().flatten() {
            let Some(next) = switched_on_by(entry) else {
                continue;
            };
            let exists = features.contains_key(next) || optional_dependencies.contains(next);
            if exists && on.insert(next.to_owned()) {
                open.push(next);
            }
        }
    }
    on
}

/// The feature that an entry switches on: `a` by `a`, the dependency `b` by `b/c`, nothing by `dep:b` or `b?/c`.
fn switched_on_by(entry: &str) -> Option<&str> {
    match entry.split_once('/') {
        _ if entry.starts_with("dep:") => None,
        Some((dependency, _)) if dependency.ends_with('?') => None,
        Some((dependency, _)) => Some(dependency),
        None => Some(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_is_followed_through_features_and_dependencies() {
        let features = [
            ("default", vec!["train", "std"]),
            ("train", vec!["dep:burn", "autodiff"]),
            ("autodiff", vec!["extra?/fast", "half/std"]),
            ("std", vec!["default"]),
            ("gpu", vec![]),
        ]
        .map(|(name, entries)| {
            let entries = entries.into_iter().map(str::to_owned).collect();
            (name.to_owned(), entries)
        });
        let optional = ["half", "extra"].map(str::to_owned);
        let on = default_features(&features.into(), &optional.into());
        assert_eq!(
            on.into_iter().collect::<Vec<_>>(),
            ["autodiff", "default", "half", "std", "train"]
        );
    }

    #[test]
    fn a_package_without_default_switches_on_nothing() {
        let features = [("gpu".to_owned(), vec![])];
        assert!(default_features(&features.into(), &BTreeSet::new()).is_empty());
    }
}
