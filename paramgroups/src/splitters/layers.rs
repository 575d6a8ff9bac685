use regex::Regex;

use super::by_key::{JOIN_PREVIOUS, Key, Layers, Merged};
use super::specs_of;
use crate::error::{Error, Result};
use crate::parameter::Parameter;
use crate::splitter::{Assignment, Splitter};

/// Layers by patterns with captures, as timm's `group_matcher`.
///
/// Patterns are tried in order, each from the start of the path. The position of its entry and
/// the numbers it captures, perhaps with a [`Suffix`], are the parameter's key; parameters of one
/// key are one layer, and layers are sorted by key. What no pattern takes is the last layer:
/// the head.
///
/// Coarse and fine layers are two matchers, one that captures the stage and one that captures
/// the block as well.
///
/// ```
/// use paramgroups::{LayerMatcher, Splitter};
///
/// let fine = LayerMatcher::new()
///     .entry("stem", "^conv1|bn1")
///     .entry("blocks", r"^layer(\d+)\.(\d+)");
/// let partition = fine.split([
///     "conv1.weight",
///     "layer1.0.conv.weight",
///     "layer1.1.conv.weight",
///     "fc.weight",
/// ])?;
/// let names: Vec<&str> = partition.groups().iter().map(|group| group.name()).collect();
/// assert_eq!(names, ["stem", "blocks.1.0", "blocks.1.1", "head"]);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct LayerMatcher {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone)]
struct Pattern {
    source: String,
    anchored: Result<Regex, String>,
    suffix: Suffix,
}

/// What follows the captures in a layer's key.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Suffix {
    /// Nothing.
    None,
    /// These numbers.
    Numbers(Vec<f64>),
    /// The layer is no layer of its own, but joins the one before it: timm's
    /// `MATCH_PREV_GROUP`.
    JoinPrevious,
}

impl LayerMatcher {
    /// No entry yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry of one pattern.
    #[must_use]
    pub fn entry(self, name: impl Into<String>, pattern: impl Into<String>) -> Self {
        self.entry_of(name, [(pattern.into(), Suffix::None)])
    }

    /// Adds an entry of several patterns, each with a suffix.
    ///
    /// ```
    /// use paramgroups::{LayerMatcher, Splitter, Suffix};
    ///
    /// let fine = LayerMatcher::new().entry("stem", "^stem").entry_of(
    ///     "blocks",
    ///     [
    ///         (r"^stages\.(\d+)\.downsample", Suffix::Numbers(vec![0.0])),
    ///         (r"^stages\.(\d+)\.blocks\.(\d+)", Suffix::None),
    ///         ("^norm", Suffix::JoinPrevious),
    ///     ],
    /// );
    /// let partition = fine.split([
    ///     "stem.weight",
    ///     "stages.0.blocks.0.weight",
    ///     "norm.weight",
    ///     "head.weight",
    /// ])?;
    /// assert_eq!(partition.groups()[1].len(), 2);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    #[must_use]
    pub fn entry_of<P: Into<String>>(
        mut self,
        name: impl Into<String>,
        patterns: impl IntoIterator<Item = (P, Suffix)>,
    ) -> Self {
        let patterns = patterns.into_iter().map(|(source, suffix)| {
            let source = source.into();
            let anchored = Regex::new(&source)
                .and_then(|_| Regex::new(&format!(r"\A(?:{source})")))
                .map_err(|error| error.to_string());
            Pattern {
                source,
                anchored,
                suffix,
            }
        });
        self.entries.push(Entry {
            name: name.into(),
            patterns: patterns.collect(),
        });
        self
    }

    /// The key of a path, and the name of its layer; nothing where no pattern takes it.
    fn key_of(&self, path: &str) -> Result<Option<(Key, String)>> {
        for (ordinal, entry) in self.entries.iter().enumerate() {
            for pattern in &entry.patterns {
                let anchored = pattern
                    .anchored
                    .as_ref()
                    .map_err(|reason| Error::BadRegex {
                        pattern: pattern.source.clone(),
                        reason: reason.clone(),
                    })?;
                let Some(captures) = anchored.captures(path) else {
                    continue;
                };
                let mut key = vec![ordinal as f64];
                let mut name = entry.name.clone();
                for capture in captures.iter().skip(1) {
                    let text = capture.map(|capture| capture.as_str());
                    key.push(number(pattern, path, text)?);
                    name = format!("{name}.{}", text.unwrap_or_default());
                }
                match &pattern.suffix {
                    Suffix::None => {}
                    Suffix::Numbers(numbers) => key.extend(numbers),
                    Suffix::JoinPrevious => key.push(JOIN_PREVIOUS),
                }
                return Ok(Some((Key(key), name)));
            }
        }
        Ok(None)
    }
}

fn number(pattern: &Pattern, path: &str, text: Option<&str>) -> Result<f64> {
    text.and_then(|text| text.trim().parse().ok())
        .ok_or_else(|| Error::BadCapture {
            pattern: pattern.source.clone(),
            path: path.to_owned(),
            capture: text.map(str::to_owned),
        })
}

impl Splitter for LayerMatcher {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        let mut layers = Layers::default();
        let mut unmatched = Vec::new();
        for (index, parameter) in parameters.iter().enumerate() {
            match self.key_of(parameter.path())? {
                Some((key, name)) => layers.add(key, &name, index),
                None => unmatched.push(index),
            }
        }
        if layers.is_empty() {
            return Err(Error::NothingDivided {
                splitter: "the layer matcher".to_owned(),
            });
        }
        let Merged { mut names, mut of } = layers.merge(parameters.len());
        if !unmatched.is_empty() {
            for member in unmatched {
                of[member] = names.len();
            }
            names.push("head".to_owned());
        }
        Ok(Assignment {
            groups: specs_of(names),
            of,
        })
    }
}
