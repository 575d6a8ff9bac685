//! What a selector without a member may have meant.

use std::collections::BTreeSet;

use crate::matching::glob::{self, Segment};
use crate::parameter::Parameter;
use crate::selector::{Kind, Selector};

/// Suggests paths and modules of these parameters; collects them when first asked.
pub(crate) struct Suggestions<'a> {
    parameters: &'a [Parameter],
    modules: Option<BTreeSet<&'a str>>,
}

impl<'a> Suggestions<'a> {
    pub(crate) fn new(parameters: &'a [Parameter]) -> Self {
        Self {
            parameters,
            modules: None,
        }
    }

    /// The pattern or path nearest to this selector that takes something.
    pub(crate) fn nearest(&mut self, selector: &Selector) -> Option<String> {
        match &selector.kind {
            Kind::Path(path) => nearest_of(path, self.parameters.iter().map(Parameter::path))
                .or_else(|| self.ends_like(path)),
            Kind::Glob(pattern) => self
                .segment_by_segment(pattern)
                .or_else(|| self.ends_like(pattern))
                .or_else(|| nearest_of(pattern, self.modules().iter().copied())),
            Kind::Fnmatch(pattern)
            | Kind::Regex {
                source: pattern, ..
            } => {
                let plain: String = pattern
                    .chars()
                    .filter(|c| !matches!(c, '^' | '$' | '\\' | '*' | '(' | ')'))
                    .collect();
                nearest_of(plain.trim_end_matches('.'), self.modules().iter().copied())
            }
            Kind::Predicate { .. } => None,
        }
    }

    /// Every parameter path and every module path above one.
    fn modules(&mut self) -> &BTreeSet<&'a str> {
        let parameters = self.parameters;
        self.modules.get_or_insert_with(|| {
            let mut modules = BTreeSet::new();
            for parameter in parameters {
                let mut path = parameter.path();
                while modules.insert(path) {
                    match path.rsplit_once('.') {
                        Some((module, _)) => path = module,
                        None => break,
                    }
                }
            }
            modules
        })
    }

    /// A path that the pattern is the tail of, or the head of a longer one.
    fn ends_like(&mut self, pattern: &str) -> Option<String> {
        let tail = format!(".{pattern}");
        let inner = format!(".{pattern}.");
        let head = format!("{pattern}.");
        self.modules()
            .iter()
            .find(|path| path.ends_with(&tail) || path.contains(&inner) || path.starts_with(&head))
            .map(|path| (*path).to_owned())
    }

    /// Follows a glob as far as it matches, and mends the segment where it stops.
    fn segment_by_segment(&mut self, pattern: &str) -> Option<String> {
        let lists = glob::parse(pattern).ok()?;
        let [segments] = lists.as_slice() else {
            return None;
        };
        if segments.contains(&Segment::AnyDepth) {
            return None;
        }
        let mut level: BTreeSet<&str> = [""].into();
        for (depth, segment) in segments.iter().enumerate() {
            let below = self.below(&level);
            let taken: BTreeSet<&str> = below
                .iter()
                .copied()
                .filter(|path| fits(segment, last(path)))
                .collect();
            if !taken.is_empty() {
                level = taken;
                continue;
            }
            let Segment::Literal(text) = segment else {
                return None;
            };
            let better = nearest_of(text, below.iter().map(|path| last(path)))?;
            let mended: Vec<&str> = pattern
                .split('.')
                .enumerate()
                .map(|(at, written)| {
                    if at == depth {
                        better.as_str()
                    } else {
                        written
                    }
                })
                .collect();
            return Some(mended.join("."));
        }
        None
    }

    /// The paths one segment below any of these.
    fn below(&mut self, level: &BTreeSet<&str>) -> BTreeSet<&'a str> {
        let modules = self.modules();
        modules
            .iter()
            .copied()
            .filter(|path| {
                let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
                level.contains(parent)
            })
            .collect()
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn fits(segment: &Segment, text: &str) -> bool {
    match segment {
        Segment::Literal(literal) => literal == text,
        Segment::Pattern(wildcard) => wildcard.matches(text),
        Segment::AnyDepth => true,
    }
}

/// The candidate nearest to what was written, if it is near: at most a third of it differs.
pub(crate) fn nearest_of<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let limit = (written.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let bound = best.map_or(limit + 1, |(distance, _)| distance);
        if candidate.len().abs_diff(written.len()) > 4 * bound {
            continue;
        }
        let distance = edits(written, candidate);
        if distance < bound {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// Damerau's distance: insertions, deletions, replacements, swaps of neighbours.
fn edits(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{edits, nearest_of};

    #[test]
    fn a_swap_is_one_edit() {
        assert_eq!(edits("haed", "head"), 1);
        assert_eq!(edits("", "head"), 4);
    }

    #[test]
    fn only_a_near_name_is_suggested() {
        assert_eq!(
            nearest_of("haed", ["body", "head"]).as_deref(),
            Some("head")
        );
        assert_eq!(nearest_of("decoder", ["body", "head"]), None);
    }
}
