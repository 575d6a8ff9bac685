//! Which parameters a group takes, as burn's `ParamGroup` says it.

use std::fmt;
use std::rc::Rc;

use super::value::ParamId;

/// Picks parameters by their paths or by themselves.
#[derive(Clone, Debug, PartialEq)]
pub enum Selector {
    All,
    /// Those of exactly one of these paths.
    Paths(Vec<String>),
    /// Those whose paths hold all of these strings.
    Containing(Vec<String>),
    /// Those whose paths all of these regular expressions match somewhere.
    Matching(Vec<String>),
    /// These.
    Params(Vec<ParamId>),
    /// What one of these takes.
    Any(Vec<Rc<Selector>>),
    /// What the first takes and the second does not.
    Except(Rc<Selector>, Rc<Selector>),
    /// Computed in a way that is not followed.
    Unknown,
}

impl Selector {
    /// Without its exceptions.
    pub fn matcher(&self) -> Selector {
        match self {
            Selector::Except(matcher, _) => matcher.matcher(),
            other => other.clone(),
        }
    }

    /// False where it can't be told what it takes.
    pub fn is_known(&self) -> bool {
        match self {
            Selector::Unknown => false,
            Selector::Any(parts) => parts.iter().all(|part| part.is_known()),
            Selector::Except(a, b) => a.is_known() && b.is_known(),
            _ => true,
        }
    }
}

/// The patterns as the program writes them.
impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Selector::All => out.write_str("all"),
            Selector::Paths(patterns) => out.write_str(&patterns.join(" or ")),
            Selector::Containing(patterns) | Selector::Matching(patterns) => {
                out.write_str(&patterns.join(" and "))
            }
            Selector::Params(_) => out.write_str("the parameters of a module"),
            Selector::Any(parts) => {
                for (number, part) in parts.iter().enumerate() {
                    if number > 0 {
                        out.write_str(" or ")?;
                    }
                    write!(out, "{part}")?;
                }
                Ok(())
            }
            Selector::Except(selector, but) => write!(out, "{selector} except {but}"),
            Selector::Unknown => out.write_str("?"),
        }
    }
}
