//! Finds, for each path, the selectors that take it: all of them in one walk.

pub(crate) mod glob;
mod trie;
mod wildcard;

use regex::RegexSet;

use crate::error::{Error, Result};
use crate::parameter::Parameter;
use crate::selector::{Kind, Selector};
use trie::{Ends, Trie};
pub(crate) use wildcard::Wildcard;

/// Selectors being collected.
#[derive(Default)]
pub(crate) struct Matcher {
    trie: Trie,
    regexes: Vec<String>,
    regex_ids: Vec<usize>,
    whole: Vec<(Wildcard, usize)>,
    predicates: Vec<(Selector, usize)>,
    except: Vec<Vec<usize>>,
}

impl Matcher {
    /// Adds a selector of a group, and gives its number.
    pub(crate) fn add(&mut self, selector: &Selector, group: &str) -> Result<usize> {
        selector.check(group)?;
        let id = self.except.len();
        self.except.push(Vec::new());
        match &selector.kind {
            Kind::Path(path) => self.trie.insert(&glob::literal(path), id, Ends::Exactly),
            Kind::Glob(pattern) => {
                for segments in glob::parse(pattern)? {
                    self.trie.insert(&segments, id, Ends::AtBorder);
                }
            }
            Kind::Regex { anchored, .. } => {
                if let Ok(regex) = anchored {
                    self.regexes.push(Kind::regex_source(regex).to_owned());
                    self.regex_ids.push(id);
                }
            }
            Kind::Fnmatch(pattern) => self.whole.push((Wildcard::parse(pattern), id)),
            Kind::Predicate { .. } => self.predicates.push((selector.clone(), id)),
        }
        for other in &selector.except {
            let other = self.add(other, group)?;
            self.except[id].push(other);
        }
        Ok(id)
    }

    /// Compiles what was added.
    pub(crate) fn ready(self) -> Result<ReadyMatcher> {
        let regexes = RegexSet::new(&self.regexes).map_err(|error| Error::BadRegex {
            pattern: self.regexes.join(" | "),
            reason: error.to_string(),
        })?;
        Ok(ReadyMatcher {
            hit: vec![false; self.except.len()],
            met: vec![false; self.except.len()],
            found: Vec::new(),
            walk: trie::Walk::default(),
            regexes,
            matcher: self,
        })
    }
}

/// Compiled selectors, with the buffers that one walk reuses.
pub(crate) struct ReadyMatcher {
    matcher: Matcher,
    regexes: RegexSet,
    walk: trie::Walk,
    hit: Vec<bool>,
    met: Vec<bool>,
    found: Vec<usize>,
}

impl ReadyMatcher {
    /// The selectors that take this parameter, in no order.
    pub(crate) fn takers(&mut self, parameter: &Parameter) -> &[usize] {
        let path = parameter.path();
        self.found.clear();
        self.matcher
            .trie
            .walk(path, &mut self.walk, &mut self.found);
        if !self.regexes.is_empty() {
            let matches = self.regexes.matches(path);
            let ids = &self.matcher.regex_ids;
            self.found.extend(matches.iter().map(|index| ids[index]));
        }
        for (pattern, id) in &self.matcher.whole {
            if pattern.matches(path) {
                self.found.push(*id);
            }
        }
        for (selector, id) in &self.matcher.predicates {
            if let Kind::Predicate { test, .. } = &selector.kind
                && test(parameter)
            {
                self.found.push(*id);
            }
        }
        self.settle();
        &self.found
    }

    /// Drops repeated hits, and hits that an exception takes away.
    fn settle(&mut self) {
        let (hit, except) = (&mut self.hit, &self.matcher.except);
        self.found
            .retain(|&id| !std::mem::replace(&mut hit[id], true));
        for &id in &self.found {
            self.met[id] = true;
        }
        let taken = |id: &usize| except[*id].iter().all(|other| !hit[*other]);
        let (mut kept, mut next) = (0, 0);
        while next < self.found.len() {
            let id = self.found[next];
            if taken(&id) {
                self.found.swap(kept, next);
                kept += 1;
            }
            next += 1;
        }
        for &id in &self.found {
            self.hit[id] = false;
        }
        self.found.truncate(kept);
    }

    /// Whether any parameter so far matched this selector's own pattern.
    pub(crate) fn met(&self, id: usize) -> bool {
        self.met[id]
    }
}
