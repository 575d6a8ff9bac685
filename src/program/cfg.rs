//! `#[cfg]` conditions: reading them, and which of them hold in a default build.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::hir::Cfg;
use crate::name::Name;

/// Reads what stands between the parentheses of `cfg(…)`.
pub(super) fn parse_cfg(tokens: TokenStream) -> Cfg {
    let mut tokens = tokens.into_iter();
    let Some(TokenTree::Ident(word)) = tokens.next() else {
        return Cfg::Other;
    };
    let word = word.to_string();
    match tokens.next() {
        None => match word.as_str() {
            "test" => Cfg::Test,
            "unix" | "debug_assertions" | "true" => Cfg::All(Vec::new()),
            _ => Cfg::Other,
        },
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            let parts = split_at_commas(group.stream());
            let mut parts: Vec<Cfg> = parts.into_iter().map(parse_cfg).collect();
            match (word.as_str(), parts.len()) {
                ("all", _) => Cfg::All(parts),
                ("any", _) => Cfg::Any(parts),
                ("not", 1) => Cfg::Not(Box::new(parts.remove(0))),
                _ => Cfg::Other,
            }
        }
        Some(TokenTree::Punct(sign)) if sign.as_char() == '=' => {
            let value = tokens.next().map(|value| value.to_string());
            let value = value.as_deref().unwrap_or("").trim_matches('"');
            match (word.as_str(), value) {
                ("feature", feature) => Cfg::Feature(Name::new(feature)),
                ("target_os", "linux")
                | ("target_family", "unix")
                | ("target_arch", "x86_64")
                | ("target_pointer_width", "64") => Cfg::All(Vec::new()),
                _ => Cfg::Other,
            }
        }
        _ => Cfg::Other,
    }
}

fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens
        .split(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ','))
        .filter(|part| !part.is_empty())
        .map(|part| part.iter().cloned().collect())
        .collect()
}

/// True where the default features are on, `test` is as given, and what isn't known is off.
pub(super) fn holds(cfg: &Cfg, features: &BTreeSet<String>, test: bool) -> bool {
    match cfg {
        Cfg::Test => test,
        Cfg::Feature(name) => features.contains(name.as_str()),
        Cfg::Not(inner) => !holds(inner, features, test),
        Cfg::All(parts) => parts.iter().all(|part| holds(part, features, test)),
        Cfg::Any(parts) => parts.iter().any(|part| holds(part, features, test)),
        Cfg::Other => false,
    }
}

/// True if it holds in a default build, of the tests or of the rest.
pub(super) fn holds_by_default(cfg: &Cfg, features: &BTreeSet<String>) -> bool {
    holds(cfg, features, true) || holds(cfg, features, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_default(cfg: &str, features: &[&str]) -> bool {
        let features = features.iter().map(|name| name.to_string()).collect();
        holds_by_default(&parse_cfg(cfg.parse().unwrap()), &features)
    }

    #[test]
    fn features_hold_if_they_are_on_by_default() {
        assert!(by_default("feature = \"a\"", &["a"]));
        assert!(!by_default("feature = \"a\"", &["b"]));
        assert!(by_default("not(feature = \"a\")", &[]));
        assert!(by_default("any(feature = \"a\", feature = \"b\",)", &["b"]));
        assert!(!by_default("all(feature = \"a\", feature = \"b\")", &["b"]));
    }

    #[test]
    fn tests_and_their_opposite_both_hold() {
        assert!(by_default("test", &[]));
        assert!(by_default("not(test)", &[]));
    }

    #[test]
    fn of_two_platforms_the_common_one_holds() {
        assert!(!by_default("target_os = \"macos\"", &[]));
        assert!(by_default("not(target_os = \"macos\")", &[]));
        assert!(by_default("unix", &[]));
        assert!(!by_default("windows", &[]));
        assert!(!by_default("", &[]));
    }
}
