//! All paths and globs in one tree, walked segment by segment.

use super::Wildcard;
use super::glob::Segment;

/// Where a pattern has to end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ends {
    /// At the end of the path.
    Exactly,
    /// At any border between segments: the pattern may name a module.
    AtBorder,
}

#[derive(Debug)]
pub(crate) struct Trie {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    /// Children by literal segment, sorted.
    literals: Vec<(Box<str>, usize)>,
    patterns: Vec<(Wildcard, usize)>,
    /// The node behind `**`.
    any_depth: Option<usize>,
    /// This node stands behind a `**`, and stays.
    stays: bool,
    at_border: Vec<usize>,
    at_end: Vec<usize>,
}

impl Node {
    /// Nothing behind this node can match anything more.
    fn is_last(&self) -> bool {
        self.literals.is_empty()
            && self.patterns.is_empty()
            && self.any_depth.is_none()
            && self.at_end.is_empty()
            && !self.stays
    }
}

/// The buffers of a walk.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    now: Vec<usize>,
    next: Vec<usize>,
}

impl Default for Trie {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
        }
    }
}

impl Trie {
    pub(crate) fn insert(&mut self, segments: &[Segment], id: usize, ends: Ends) {
        let mut node = 0;
        for segment in segments {
            node = self.child(node, segment);
        }
        match ends {
            Ends::Exactly => self.nodes[node].at_end.push(id),
            Ends::AtBorder => self.nodes[node].at_border.push(id),
        }
    }

    fn child(&mut self, node: usize, segment: &Segment) -> usize {
        let fresh = self.nodes.len();
        let parent = &mut self.nodes[node];
        let child = match segment {
            Segment::Literal(text) => {
                match parent
                    .literals
                    .binary_search_by(|(have, _)| (**have).cmp(text))
                {
                    Ok(found) => parent.literals[found].1,
                    Err(place) => {
                        parent.literals.insert(place, (text.as_str().into(), fresh));
                        fresh
                    }
                }
            }
            Segment::Pattern(wildcard) => {
                match parent.patterns.iter().find(|(have, _)| have == wildcard) {
                    Some(&(_, found)) => found,
                    None => {
                        parent.patterns.push((wildcard.clone(), fresh));
                        fresh
                    }
                }
            }
            Segment::AnyDepth if parent.stays => node,
            Segment::AnyDepth => *parent.any_depth.get_or_insert(fresh),
        };
        if child == fresh {
            self.nodes.push(Node {
                stays: *segment == Segment::AnyDepth,
                ..Node::default()
            });
        }
        child
    }

    /// Adds to `found` every pattern that takes the path; a pattern may come more than once.
    pub(crate) fn walk(&self, path: &str, walk: &mut Walk, found: &mut Vec<usize>) {
        walk.now.clear();
        self.enter(0, &mut walk.now, found);
        for segment in Segments(Some(path)) {
            walk.next.clear();
            for &node in &walk.now {
                let node_data = &self.nodes[node];
                if node_data.stays {
                    self.enter(node, &mut walk.next, found);
                }
                if let Ok(place) = node_data
                    .literals
                    .binary_search_by(|(have, _)| (**have).cmp(segment))
                {
                    self.enter(node_data.literals[place].1, &mut walk.next, found);
                }
                for (pattern, child) in &node_data.patterns {
                    if pattern.matches(segment) {
                        self.enter(*child, &mut walk.next, found);
                    }
                }
            }
            std::mem::swap(&mut walk.now, &mut walk.next);
            if walk.now.is_empty() {
                return;
            }
        }
        for &node in &walk.now {
            found.extend(&self.nodes[node].at_end);
        }
    }

    fn enter(&self, node: usize, active: &mut Vec<usize>, found: &mut Vec<usize>) {
        if active.contains(&node) {
            return;
        }
        let data = &self.nodes[node];
        found.extend(&data.at_border);
        if data.is_last() {
            return;
        }
        active.push(node);
        if let Some(behind) = data.any_depth {
            self.enter(behind, active, found);
        }
    }
}

/// The segments of a path; faster than `str::split` on short ones.
struct Segments<'a>(Option<&'a str>);

impl<'a> Iterator for Segments<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0?;
        match rest.bytes().position(|byte| byte == b'.') {
            Some(dot) => {
                self.0 = Some(&rest[dot + 1..]);
                Some(&rest[..dot])
            }
            None => {
                self.0 = None;
                Some(rest)
            }
        }
    }
}
