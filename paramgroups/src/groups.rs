//! Groups by selectors.

use crate::error::{Error, Result};
use crate::faults::{Faults, Memberless, TakenTwice};
use crate::matching::Matcher;
use crate::nearest::Suggestions;
use crate::parameter::Parameter;
use crate::selector::{Selector, Selectors};
use crate::splitter::{Assignment, GroupSpec, Splitter};

/// Ordered, named groups, each with selectors for its members.
///
/// The order is the order of depth: the first group is frozen first and gets the lowest rate.
///
/// ```
/// use paramgroups::{Groups, Splitter};
///
/// let groups = Groups::new()
///     .group("embeddings", "bert.embeddings")
///     .group("encoder", "bert.encoder")
///     .rest("head");
/// let partition = groups.split([
///     "bert.embeddings.word.weight",
///     "bert.encoder.layer.0.weight",
///     "classifier.weight",
/// ])?;
/// assert_eq!(partition.group_of("classifier.weight")?.name(), "head");
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Groups {
    groups: Vec<(String, Members)>,
}

#[derive(Debug, Clone)]
enum Members {
    Selected(Vec<Selector>),
    Rest,
}

impl Groups {
    /// No group yet.
    ///
    /// ```
    /// use paramgroups::{Error, Groups, Splitter};
    /// assert!(matches!(Groups::new().split(["a"]), Err(Error::NoGroups)));
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a group behind the others. A string is a [glob](Selector::glob).
    ///
    /// ```
    /// use paramgroups::{Groups, Selector};
    ///
    /// Groups::new()
    ///     .group("stem", ["conv1", "bn1"])
    ///     .group("layers", Selector::regex(r"layer\d"));
    /// ```
    #[must_use]
    pub fn group(mut self, name: impl Into<String>, selectors: impl Into<Selectors>) -> Self {
        let Selectors(selectors) = selectors.into();
        self.groups
            .push((name.into(), Members::Selected(selectors)));
        self
    }

    /// Adds a group for whatever the others leave; only one group can take the rest.
    ///
    /// ```
    /// use paramgroups::{Groups, Splitter};
    ///
    /// let partition = Groups::new().rest("body").group("head", "fc").split(["a.weight", "fc.weight"])?;
    /// assert_eq!(partition.groups()[0].name(), "body");
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    #[must_use]
    pub fn rest(mut self, name: impl Into<String>) -> Self {
        self.groups.push((name.into(), Members::Rest));
        self
    }

    /// The group that takes the rest.
    fn rest_group(&self) -> Result<Option<usize>> {
        let mut rests =
            (0..self.groups.len()).filter(|&index| matches!(self.groups[index].1, Members::Rest));
        let (first, second) = (rests.next(), rests.next());
        match (first, second) {
            (Some(first), Some(second)) => Err(Error::TwoRests {
                first: self.groups[first].0.clone(),
                second: self.groups[second].0.clone(),
            }),
            _ => Ok(first),
        }
    }
}

impl Splitter for Groups {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        if self.groups.is_empty() {
            return Err(Error::NoGroups);
        }
        let specs: Vec<GroupSpec> = self
            .groups
            .iter()
            .enumerate()
            .map(|(stage, (name, _))| GroupSpec::new(name, stage))
            .collect();
        crate::partition::check_names(&specs)?;
        let rest = self.rest_group()?;

        let mut matcher = Matcher::default();
        let mut group_of: Vec<usize> = Vec::new();
        let mut written: Vec<(usize, usize, &Selector)> = Vec::new();
        for (group, (name, members)) in self.groups.iter().enumerate() {
            let Members::Selected(selectors) = members else {
                continue;
            };
            if selectors.is_empty() {
                return Err(Error::EmptySelector {
                    group: name.clone(),
                });
            }
            for selector in selectors {
                let id = matcher.add(selector, name)?;
                note_ids(selector, id, group, &mut group_of, &mut written);
            }
        }
        // An exception has an id of its own, but takes nothing.
        let takes: Vec<bool> = takes_members(&group_of, &written);
        let mut matcher = matcher.ready()?;

        let mut faults = Faults::default();
        let mut of = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let mut taken: Option<usize> = None;
            let mut second: Option<usize> = None;
            for &id in matcher.takers(parameter) {
                let group = group_of[id];
                match taken {
                    _ if !takes[id] => {}
                    None => taken = Some(group),
                    Some(first) if first == group => {}
                    Some(_) => second = Some(group),
                }
            }
            if let (Some(first), Some(second)) = (taken, second) {
                let (first, second) = (first.min(second), first.max(second));
                faults.taken_twice.push(TakenTwice {
                    path: parameter.path().to_owned(),
                    groups: [first, second].map(|group| self.groups[group].0.clone()),
                });
            }
            match taken.or(rest) {
                Some(group) => of.push(group),
                None => faults.unmatched.push(parameter.path().to_owned()),
            }
        }
        let mut suggestions = Suggestions::new(parameters);
        for &(id, group, selector) in &written {
            if !matcher.met(id) {
                faults.memberless.push(Memberless {
                    group: self.groups[group].0.clone(),
                    selector: selector.to_string(),
                    nearest: suggestions.nearest(selector),
                });
            }
        }
        if !faults.is_empty() {
            return Err(Error::NotAPartition(Box::new(faults)));
        }
        Ok(Assignment { groups: specs, of })
    }
}

/// Follows the numbering of [`Matcher::add`]: a selector, then its exceptions, depth first.
fn note_ids<'a>(
    selector: &'a Selector,
    id: usize,
    group: usize,
    group_of: &mut Vec<usize>,
    written: &mut Vec<(usize, usize, &'a Selector)>,
) {
    group_of.push(group);
    written.push((id, group, selector));
    for other in &selector.except {
        let id = group_of.len();
        note_ids(other, id, group, group_of, written);
    }
}

fn takes_members(group_of: &[usize], written: &[(usize, usize, &Selector)]) -> Vec<bool> {
    let mut takes = vec![true; group_of.len()];
    for (id, _, selector) in written {
        let mut next = id + 1;
        for other in &selector.except {
            takes[next] = false;
            next += count_ids(other);
        }
    }
    takes
}

fn count_ids(selector: &Selector) -> usize {
    1 + selector.except.iter().map(count_ids).sum::<usize>()
}
