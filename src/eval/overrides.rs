//! Values for configuration fields and arguments, given by name on the command line.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::num::Num;
use super::real::Real;
use super::symbol::{last_field, shown};
use super::value::{Cond, Value};

/// `--set name=value`.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    values: BTreeMap<String, Setting>,
    used: RefCell<BTreeSet<String>>,
    /// Every name that could have been set.
    seen: RefCell<BTreeSet<String>>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    Int(i128),
    Float(f64),
    Bool(bool),
    Text(String),
    /// `none`
    Absent,
}

impl Overrides {
    pub fn new(values: impl IntoIterator<Item = (String, Setting)>) -> Overrides {
        Overrides {
            values: values.into_iter().collect(),
            ..Overrides::default()
        }
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The setting for the value called `name`, remembered as used: its full name, or as much of the name's end as tells it apart
    /// (`hidden_size`, `text.hidden_size`); the longest counts.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        if !self.seen.borrow().contains(name) {
            self.seen.borrow_mut().insert(name.to_string());
        }
        let (key, found) = self
            .values
            .iter()
            .filter(|(key, _)| {
                name.strip_suffix(key.as_str())
                    .is_some_and(|before| before.is_empty() || before.ends_with('.'))
            })
            .max_by_key(|(key, _)| key.len())?;
        self.used.borrow_mut().insert(key.clone());
        Some(found)
    }

    /// The settings that something asked for.
    pub fn used(&self) -> Vec<String> {
        self.used.borrow().iter().cloned().collect()
    }

    /// The names that were asked for, each also by its last field alone.
    pub fn known_names(&self) -> Vec<String> {
        let seen = self.seen.borrow();
        let names = seen.iter().filter(|name| !name.contains(['?', '#']));
        let all: BTreeSet<String> = names
            .flat_map(|name| [shown(name, &[]), last_field(name).to_string()])
            .collect();
        all.into_iter().collect()
    }
}

impl Setting {
    pub fn parse(text: &str) -> Setting {
        match text {
            "true" => Setting::Bool(true),
            "false" => Setting::Bool(false),
            "none" | "None" => Setting::Absent,
            _ => text
                .parse()
                .map(Setting::Int)
                .or_else(|_| text.parse().map(Setting::Float))
                .unwrap_or_else(|_| Setting::Text(text.into())),
        }
    }

    pub fn value(&self) -> Value {
        match self {
            Setting::Int(value) => Value::Int(Num::Known(*value)),
            Setting::Float(value) => Value::Float(Some(Real::literal(*value))),
            Setting::Bool(value) => Value::Bool(Cond::Known(*value)),
            Setting::Text(text) => Value::text(text),
            Setting::Absent => Value::Opt(None),
        }
    }
}
