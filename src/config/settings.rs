//! Values by key, as `--config key=value` gives them.

use std::collections::BTreeMap;
use std::fmt;

use super::{EngineSource, did_you_mean};

/// What the analysis can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many parameterised layers make a container or struct worth a finding.
    pub min_layers: usize,
    /// Into how many groups of about equal size a fix divides; None: into body and head.
    pub groups: Option<usize>,
    /// Where a fix takes the crate `paramgroups` from; None: only from where the program has it already.
    pub paramgroups_source: Option<EngineSource>,
    /// Values for config fields and arguments by name, as `tree --set name=value` gives them.
    pub values: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            min_layers: 2,
            groups: None,
            paramgroups_source: None,
            values: BTreeMap::new(),
        }
    }
}

/// One thing that can be set.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
    set: fn(&mut Settings, &str) -> Result<(), String>,
}

impl Key {
    /// Every key, in alphabetical order.
    pub const ALL: &[Key] = &[
        Key {
            name: "groups",
            help: "into how many parameter groups of about equal size a fix divides (default: body and head)",
            set: |settings, value| {
                settings.groups = Some(at_least(2, value)?);
                Ok(())
            },
        },
        Key {
            name: "min-layers",
            help: "how many parameterised layers make a flat block (default 2)",
            set: |settings, value| {
                settings.min_layers = at_least(1, value)?;
                Ok(())
            },
        },
        Key {
            name: "paramgroups-source",
            help: "where a fix takes the crate `paramgroups` from: registry, the URL of a git repository, or a folder",
            set: |settings, value| {
                settings.paramgroups_source = Some(EngineSource::parse(value)?);
                Ok(())
            },
        },
    ];
}

/// Why a `key=value` was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    NotAnAssignment(String),
    UnknownKey {
        key: String,
        meant: Option<&'static str>,
    },
    BadValue {
        key: &'static str,
        value: String,
        wanted: String,
    },
}

impl Settings {
    /// Sets one `key=value`.
    pub fn assign(&mut self, assignment: &str) -> Result<(), KeyError> {
        let (key, value) = assignment
            .split_once('=')
            .ok_or_else(|| KeyError::NotAnAssignment(assignment.to_owned()))?;
        let (name, value) = (key.trim().replace('_', "-"), value.trim());
        let key = Key::ALL
            .iter()
            .find(|known| known.name == name)
            .ok_or_else(|| KeyError::UnknownKey {
                meant: did_you_mean(&name, Key::ALL.iter().map(|known| known.name)),
                key: name.clone(),
            })?;
        (key.set)(self, value).map_err(|wanted| KeyError::BadValue {
            key: key.name,
            value: value.to_owned(),
            wanted,
        })
    }
}

fn at_least(least: usize, value: &str) -> Result<usize, String> {
    match value.parse() {
        Ok(number) if number >= least => Ok(number),
        _ => Err(format!("a whole number from {least} on")),
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::NotAnAssignment(text) => {
                write!(out, "`{text}` is not of the form key=value")
            }
            KeyError::UnknownKey {
                key,
                meant: Some(meant),
            } => write!(out, "unknown key `{key}`; did you mean `{meant}`?"),
            KeyError::UnknownKey { key, meant: None } => {
                let known: Vec<&str> = Key::ALL.iter().map(|known| known.name).collect();
                write!(
                    out,
                    "unknown key `{key}`; the known keys are: {}",
                    known.join(", ")
                )
            }
            KeyError::BadValue { key, value, wanted } => {
                write!(out, "`{key}` is {wanted}, not `{value}`")
            }
        }
    }
}

impl std::error::Error for KeyError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(assignment: &str) -> String {
        Settings::default()
            .assign(assignment)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_value_is_set_by_key() {
        let mut settings = Settings::default();
        assert_eq!(settings.min_layers, 2);
        settings.assign("min-layers=3").unwrap();
        assert_eq!(settings.min_layers, 3);
        settings.assign("min_layers = 4").unwrap();
        assert_eq!(settings.min_layers, 4);
    }

    #[test]
    fn what_cannot_be_set_says_why() {
        assert_eq!(
            refused("min-layer=3"),
            "unknown key `min-layer`; did you mean `min-layers`?"
        );
        assert_eq!(
            refused("colour=red"),
            "unknown key `colour`; the known keys are: groups, min-layers, paramgroups-source"
        );
        assert_eq!(
            refused("min-layers=0"),
            "`min-layers` is a whole number from 1 on, not `0`"
        );
        assert_eq!(
            refused("min-layers"),
            "`min-layers` is not of the form key=value"
        );
    }
}
