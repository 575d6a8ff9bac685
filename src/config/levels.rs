//! Levels of lints, set by lint and by group, later settings winning over earlier ones.

use std::collections::HashMap;
use std::fmt;

use super::did_you_mean;
use crate::lints::{Group, Level, lint, lints};

/// The level that each lint has in this run.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    set: HashMap<&'static str, Level>,
    /// What `warnings` was set to: every lint that would warn takes this level.
    warnings: Option<Level>,
}

/// One of `-A`, `-W` and `-D` with its argument: a lint, a group, `all` or `warnings`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelFlag {
    pub level: Level,
    pub name: String,
}

/// A name that is neither a lint nor a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLint {
    pub name: String,
    pub meant: Option<&'static str>,
}

impl Levels {
    /// The default levels, changed by `flags` in their order.
    pub fn with_flags(flags: &[LevelFlag]) -> Result<Self, UnknownLint> {
        let mut levels = Levels::default();
        for flag in flags {
            levels.set(flag)?;
        }
        Ok(levels)
    }

    /// The level at which findings of this lint count.
    pub fn of(&self, lint_name: &str) -> Level {
        let own = self
            .set
            .get(lint_name)
            .copied()
            .or_else(|| lint(lint_name).map(|lint| lint.level))
            .unwrap_or(Level::Warn);
        match (own, self.warnings) {
            (Level::Warn, Some(level)) => level,
            _ => own,
        }
    }

    fn set(&mut self, flag: &LevelFlag) -> Result<(), UnknownLint> {
        if plain(&flag.name) == "warnings" {
            self.warnings = Some(flag.level);
            return Ok(());
        }
        let names = lints_called(&flag.name).map_err(|error| UnknownLint {
            meant: did_you_mean(&flag.name, every_name().chain(["warnings"])),
            ..error
        })?;
        for name in names {
            self.set.insert(name, flag.level);
        }
        Ok(())
    }
}

/// The lints that a name stands for: one, or those of a group.
pub fn lints_called(name: &str) -> Result<Vec<&'static str>, UnknownLint> {
    let wanted = plain(name);
    if wanted == "all" {
        return Ok(lints().iter().map(|lint| lint.name).collect());
    }
    if let Some(group) = Group::ALL.iter().find(|group| group.name() == wanted) {
        return Ok(lints()
            .iter()
            .filter(|lint| lint.group == Some(*group))
            .map(|lint| lint.name)
            .collect());
    }
    match lint(&wanted) {
        Some(lint) => Ok(vec![lint.name]),
        None => Err(UnknownLint {
            name: name.to_owned(),
            meant: did_you_mean(&wanted, every_name()),
        }),
    }
}

/// `modlint::flat-sequential` and `flat_sequential` are one name.
fn plain(name: &str) -> String {
    name.strip_prefix("modlint::")
        .unwrap_or(name)
        .replace('-', "_")
}

fn every_name() -> impl Iterator<Item = &'static str> {
    let groups = Group::ALL.iter().map(|group| group.name());
    let lints = lints().iter().map(|lint| lint.name);
    lints.chain(groups).chain(["all"])
}

impl fmt::Display for UnknownLint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "unknown lint `{}`", self.name)?;
        match self.meant {
            Some(meant) => write!(out, "; did you mean `{meant}`?"),
            None => write!(out, "; `cargo modlint lints` lists them"),
        }
    }
}

impl std::error::Error for UnknownLint {}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(flags: &[(Level, &str)]) -> Levels {
        let flags: Vec<LevelFlag> = flags
            .iter()
            .map(|(level, name)| LevelFlag {
                level: *level,
                name: (*name).to_owned(),
            })
            .collect();
        Levels::with_flags(&flags).unwrap()
    }

    #[test]
    fn without_flags_each_lint_has_its_own_level() {
        assert_eq!(levels(&[]).of("flat_sequential"), Level::Warn);
        assert_eq!(levels(&[]).of("flat_struct"), Level::Allow);
    }

    #[test]
    fn a_later_flag_wins() {
        let set = levels(&[(Level::Deny, "structure"), (Level::Allow, "flat_struct")]);
        assert_eq!(set.of("flat_sequential"), Level::Deny);
        assert_eq!(set.of("flat_struct"), Level::Allow);
        let set = levels(&[(Level::Allow, "flat_struct"), (Level::Deny, "structure")]);
        assert_eq!(set.of("flat_struct"), Level::Deny);
    }

    #[test]
    fn deny_warnings_raises_what_warns_wherever_it_stands() {
        let set = levels(&[(Level::Deny, "warnings"), (Level::Warn, "flat_struct")]);
        assert_eq!(set.of("flat_sequential"), Level::Deny);
        assert_eq!(set.of("flat_struct"), Level::Deny);
        assert_eq!(
            levels(&[(Level::Deny, "warnings")]).of("flat_struct"),
            Level::Allow
        );
    }

    #[test]
    fn allow_warnings_leaves_denied_lints_alone() {
        let set = levels(&[(Level::Deny, "flat_sequential"), (Level::Allow, "warnings")]);
        assert_eq!(set.of("flat_sequential"), Level::Deny);
        assert_eq!(set.of("collapsed_fine_tune"), Level::Allow);
    }

    #[test]
    fn the_tool_prefix_and_dashes_are_understood() {
        let set = levels(&[(Level::Deny, "modlint::flat-struct")]);
        assert_eq!(set.of("flat_struct"), Level::Deny);
    }

    #[test]
    fn a_misspelt_name_is_an_error_with_a_suggestion() {
        let error = lints_called("flat_sequental").unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown lint `flat_sequental`; did you mean `flat_sequential`?"
        );
    }
}
