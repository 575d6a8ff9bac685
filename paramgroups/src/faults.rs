//! What keeps a set of groups from being a partition.

use std::fmt;

/// Every fault found by one split.
///
/// ```
/// use paramgroups::{Error, Groups, Splitter};
///
/// let groups = Groups::new().group("body", ["conv", "bonv"]).group("all", "**.weight");
/// let Err(Error::NotAPartition(faults)) = groups.split(["conv.weight", "fc.bias"]) else {
///     panic!("a partition");
/// };
/// assert_eq!(faults.unmatched, ["fc.bias"]);
/// assert_eq!(faults.memberless[0].nearest.as_deref(), Some("conv"));
/// assert_eq!(faults.taken_twice[0].groups, ["body", "all"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Faults {
    /// Parameters that no group takes.
    pub unmatched: Vec<String>,
    /// Selectors that take no parameter.
    pub memberless: Vec<Memberless>,
    /// Parameters that two groups take.
    pub taken_twice: Vec<TakenTwice>,
}

/// A selector that takes no parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Memberless {
    /// The group's name.
    pub group: String,
    /// The selector as text.
    pub selector: String,
    /// The path or module nearest to what was written, where there is a near one.
    pub nearest: Option<String>,
}

/// A parameter that two groups take.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TakenTwice {
    /// The parameter.
    pub path: String,
    /// The two groups that come first.
    pub groups: [String; 2],
}

impl Faults {
    /// Whether there is none.
    ///
    /// ```
    /// assert!(paramgroups::Faults::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.unmatched.is_empty() && self.memberless.is_empty() && self.taken_twice.is_empty()
    }
}

const SHOWN: usize = 8;

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the groups do not hold every parameter exactly once")?;
        for fault in self.memberless.iter().take(SHOWN) {
            write!(
                f,
                "\n  selector {} of group `{}` matches no parameter",
                fault.selector, fault.group
            )?;
            if let Some(nearest) = &fault.nearest {
                write!(f, ": did you mean `{nearest}`?")?;
            }
        }
        write_more(f, self.memberless.len(), "selectors without a member")?;
        for fault in self.taken_twice.iter().take(SHOWN) {
            let [first, second] = &fault.groups;
            write!(
                f,
                "\n  `{}` is in group `{first}` and in group `{second}`: narrow one of them, or use `except`",
                fault.path
            )?;
        }
        write_more(f, self.taken_twice.len(), "parameters taken twice")?;
        if !self.unmatched.is_empty() {
            write!(
                f,
                "\n  {} parameters are in no group: {}; select them, or take what is left with `rest`",
                self.unmatched.len(),
                Quoted(&self.unmatched)
            )?;
        }
        Ok(())
    }
}

fn write_more(f: &mut fmt::Formatter<'_>, count: usize, what: &str) -> fmt::Result {
    if count > SHOWN {
        write!(f, "\n  and {} more {what}", count - SHOWN)?;
    }
    Ok(())
}

/// Paths in backticks, the first few of them.
pub(crate) struct Quoted<'a>(pub(crate) &'a [String]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, path) in self.0.iter().take(SHOWN).enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{path}`")?;
        }
        if self.0.len() > SHOWN {
            write!(f, " and {} more", self.0.len() - SHOWN)?;
        }
        Ok(())
    }
}
