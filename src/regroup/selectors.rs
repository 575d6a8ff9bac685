//! The shortest selectors that pick a group's members and nothing else, as the run-time engine reads them.

use paramgroups::{Groups, Partition, Splitter};

use super::groups::Targets;
use super::preview::partition;
use crate::training::Site;

/// More selectors make no edit that anyone reads.
const MOST: usize = 12;

/// The members of each group, as `Groups` is told them.
pub struct Selectors {
    pub groups: Vec<Members>,
}

pub enum Members {
    /// Each matches a parameter that is there in every run.
    Matching(Vec<String>),
    /// What the others leave.
    Rest,
}

/// A parameter's path, and the group that it is to be in.
struct Member<'s> {
    segments: Vec<&'s str>,
    group: usize,
    /// Every run has it.
    is_certain: bool,
}

/// None where paths aren't known, or a group other than the first may have no member.
pub fn selectors(site: &Site, targets: &Targets) -> Option<Selectors> {
    let members: Vec<Member<'_>> = site
        .parameters
        .iter()
        .map(|parameter| {
            let path = parameter.path.as_deref()?;
            Some(Member {
                segments: path.split('.').collect(),
                group: targets.of(parameter.id),
                is_certain: !parameter.is_optional && !parameter.is_repeated,
            })
        })
        .collect::<Option<_>>()?;
    let groups: Vec<Members> = (0..targets.count)
        .map(|group| match (of_group(&members, group), group) {
            (Some(selectors), _) => Some(Members::Matching(selectors)),
            (None, 0) => Some(Members::Rest),
            (None, _) => None,
        })
        .collect::<Option<_>>()?;
    let selectors = Selectors { groups };
    let wanted = partition(site, targets)?;
    selectors.make(targets, &wanted).then_some(selectors)
}

/// None if a selector might match nothing, or there are too many.
fn of_group(members: &[Member<'_>], group: usize) -> Option<Vec<String>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    for member in members.iter().filter(|member| member.group == group) {
        let is_alone = |length: &usize| {
            let prefix = &member.segments[..*length];
            let mut others = members.iter().filter(|other| other.group != group);
            !others.any(|other| may_start_with(&other.segments, prefix))
        };
        let length = (1..=member.segments.len()).find(is_alone)?;
        let prefix = member.segments[..length].to_vec();
        if !found.contains(&prefix) {
            found.push(prefix);
        }
    }
    let is_met = |prefix: &Vec<&str>| {
        let mut certain = members.iter().filter(|member| member.is_certain);
        certain.any(|member| member.segments.starts_with(prefix))
    };
    let written: Option<Vec<String>> = found.iter().map(|prefix| glob(prefix)).collect();
    let all_met = !found.is_empty() && found.len() <= MOST && found.iter().all(is_met);
    written.filter(|_| all_met)
}

/// Whether a path may lie below a prefix, whatever numbers stand for indices.
fn may_start_with(path: &[&str], prefix: &[&str]) -> bool {
    path.len() >= prefix.len()
        && path
            .iter()
            .zip(prefix)
            .all(|(one, other)| one == other || one.contains('{') || other.contains('{'))
}

/// None for a name that would be read as a pattern, or holds an index that isn't known.
fn glob(prefix: &[&str]) -> Option<String> {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    prefix
        .iter()
        .all(|segment| !segment.is_empty() && segment.chars().all(is_plain))
        .then(|| prefix.join("."))
}

impl Selectors {
    /// Whether the engine puts each parameter into the group that it is to be in.
    fn make(&self, targets: &Targets, wanted: &Partition) -> bool {
        let mut groups = Groups::new();
        for (number, members) in self.groups.iter().enumerate() {
            groups = match members {
                Members::Matching(selectors) => {
                    let selectors = selectors.iter().map(String::as_str);
                    groups.group(targets.name(number), selectors.collect::<Vec<_>>())
                }
                Members::Rest => groups.rest(targets.name(number)),
            };
        }
        let made = groups.split(wanted.parameters().iter().cloned());
        made.is_ok_and(|made| made.group_indices() == wanted.group_indices())
    }

    /// `Groups::new().group("body", "body").group("head", "head")`
    pub fn written(&self, targets: &Targets, groups: &str) -> String {
        let mut text = format!("{groups}::new()");
        for (number, members) in self.groups.iter().enumerate() {
            let name = targets.name(number).replace(' ', "_");
            text += &match members {
                Members::Rest => format!(".rest({name:?})"),
                Members::Matching(selectors) => match selectors.as_slice() {
                    [only] => format!(".group({name:?}, {only:?})"),
                    all => format!(".group({name:?}, {all:?})"),
                },
            };
        }
        text
    }
}
