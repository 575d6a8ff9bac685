//! The patterns that pick a group's members.

use std::fmt;
use std::sync::Arc;

use regex::Regex;

use crate::error::{Error, Result};
use crate::parameter::Parameter;

/// A pattern that picks parameters.
///
/// | constructor | takes |
/// | --- | --- |
/// | [`Selector::path`] | the parameter of exactly this path |
/// | [`Selector::glob`], and every string | a parameter, or all parameters below a module |
/// | [`Selector::regex`] | the same, with a regular expression |
/// | [`Selector::fnmatch`] | whole paths, `*` crossing segments, as Python's `fnmatch` |
/// | [`Selector::predicate`] | what a closure says |
///
/// Globs and regular expressions are anchored at the start of the path and end at a segment
/// border, so `layer1` never takes `layer10.weight`.
///
/// ```
/// use paramgroups::{Groups, Selector, Splitter};
///
/// let groups = Groups::new()
///     .group("attention", "encoder.layer.*.attention")
///     .group("rest of the encoder", Selector::glob("encoder").except("encoder.layer.*.attention"))
///     .rest("head");
/// let partition = groups.split([
///     "encoder.layer.0.attention.query.weight",
///     "encoder.layer.0.output.weight",
///     "classifier.weight",
/// ])?;
/// assert_eq!(partition.groups().len(), 3);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Clone)]
pub struct Selector {
    pub(crate) kind: Kind,
    pub(crate) except: Vec<Selector>,
}

type Predicate = Arc<dyn Fn(&Parameter) -> bool + Send + Sync>;

#[derive(Clone)]
pub(crate) enum Kind {
    Path(String),
    Glob(String),
    Regex {
        source: String,
        anchored: Result<Regex, String>,
    },
    Fnmatch(String),
    Predicate {
        name: String,
        test: Predicate,
    },
}

impl Selector {
    /// The parameter of exactly this path.
    ///
    /// ```
    /// use paramgroups::Selector;
    /// assert_eq!(Selector::path("fc.weight").to_string(), "path `fc.weight`");
    /// ```
    pub fn path(path: impl Into<String>) -> Self {
        Kind::Path(path.into()).into()
    }

    /// A glob over segments: it takes a parameter whose path it matches, and every parameter
    /// below a module whose path it matches.
    ///
    /// `*` stands for any characters of one segment, `?` for one, `[a-c]` and `[!a-c]` for one
    /// of a set, `{a,b}` for either; a segment `**` stands for any number of segments, none
    /// included.
    ///
    /// ```
    /// use paramgroups::{Groups, Selector, Splitter};
    ///
    /// let norms = Selector::glob("**.norm?");
    /// let partition = Groups::new().group("norms", norms).rest("others").split([
    ///     "blocks.0.norm1.weight",
    ///     "blocks.0.mlp.weight",
    /// ])?;
    /// assert_eq!(partition.groups()[0].len(), 1);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn glob(pattern: impl Into<String>) -> Self {
        Kind::Glob(pattern.into()).into()
    }

    /// A regular expression, matched from the start of the path up to a segment border.
    ///
    /// Write `.*` in front where the start may be anything. A pattern that cannot be compiled is
    /// reported when it is used.
    ///
    /// ```
    /// use paramgroups::{Groups, Selector, Splitter};
    ///
    /// let low = Selector::regex(r"layers\.[0-5]");
    /// let partition = Groups::new().group("low", low).rest("high").split([
    ///     "layers.1.weight",
    ///     "layers.10.weight",
    /// ])?;
    /// assert_eq!(partition.groups()[0].len(), 1);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn regex(pattern: impl Into<String>) -> Self {
        let source = pattern.into();
        let anchored = Regex::new(&source)
            .and_then(|_| Regex::new(&anchored_source(&source)))
            .map_err(|error| error.to_string());
        Kind::Regex { source, anchored }.into()
    }

    /// A shell pattern over the whole path, as Python's `fnmatch`: `*` crosses segments, and a
    /// module's name alone takes nothing.
    ///
    /// ```
    /// use paramgroups::{Groups, Selector, Splitter};
    ///
    /// let groups = Groups::new().group("positions", Selector::fnmatch("*pos_embed")).rest("others");
    /// let partition = groups.split(["vit.pos_embed", "vit.head.weight"])?;
    /// assert_eq!(partition.groups()[0].len(), 1);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn fnmatch(pattern: impl Into<String>) -> Self {
        Kind::Fnmatch(pattern.into()).into()
    }

    /// What a closure says; the name stands for it in messages.
    ///
    /// ```
    /// use paramgroups::{Groups, Parameter, Selector, Splitter};
    ///
    /// let matrices = Selector::predicate("matrices", |p| p.shape().is_some_and(|s| s.len() == 2));
    /// let partition = Groups::new().group("matrices", matrices).rest("others").split([
    ///     Parameter::new("fc.weight").with_shape([4, 4]),
    ///     Parameter::new("fc.bias").with_shape([4]),
    /// ])?;
    /// assert_eq!(partition.groups()[0].elements(), Some(16));
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn predicate(
        name: impl Into<String>,
        test: impl Fn(&Parameter) -> bool + Send + Sync + 'static,
    ) -> Self {
        Kind::Predicate {
            name: name.into(),
            test: Arc::new(test),
        }
        .into()
    }

    /// The same selector without what another one takes.
    ///
    /// ```
    /// use paramgroups::{Groups, Selector, Splitter};
    ///
    /// let groups = Groups::new()
    ///     .group("body", Selector::glob("bert").except("bert.pooler"))
    ///     .rest("head");
    /// let partition = groups.split(["bert.encoder.weight", "bert.pooler.weight"])?;
    /// assert_eq!(partition.groups()[1].len(), 1);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    #[must_use]
    pub fn except(mut self, other: impl Into<Selector>) -> Self {
        self.except.push(other.into());
        self
    }

    /// The pattern as written.
    pub(crate) fn source(&self) -> &str {
        match &self.kind {
            Kind::Path(text) | Kind::Glob(text) | Kind::Fnmatch(text) => text,
            Kind::Regex { source, .. } => source,
            Kind::Predicate { name, .. } => name,
        }
    }

    /// The parameters among these that the selector takes, as indices.
    ///
    /// ```
    /// use paramgroups::{Parameter, Selector};
    ///
    /// let parameters = ["a.weight", "b.weight"].map(Parameter::new);
    /// assert_eq!(Selector::glob("b").members(&parameters)?, [1]);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    ///
    /// # Errors
    /// A selector that cannot be read. Taking none is no error here.
    pub fn members(&self, parameters: &[Parameter]) -> Result<Vec<usize>> {
        let mut matcher = crate::matching::Matcher::default();
        let id = matcher.add(self, "")?;
        let mut matcher = matcher.ready()?;
        let mut members = Vec::new();
        for (index, parameter) in parameters.iter().enumerate() {
            if matcher.takers(parameter).contains(&id) {
                members.push(index);
            }
        }
        Ok(members)
    }
}

/// Anchors a pattern at the start of the path and at a segment border.
///
/// The word start stands for the border behind a `.` that the pattern itself has matched.
fn anchored_source(source: &str) -> String {
    format!(r"^(?:{source})(?:\.|$|(?-u:\b{{start}}))")
}

impl Kind {
    pub(crate) fn regex_source(anchored: &Regex) -> &str {
        anchored.as_str()
    }
}

impl From<Kind> for Selector {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            except: Vec::new(),
        }
    }
}

impl From<&str> for Selector {
    /// A [glob](Selector::glob).
    fn from(pattern: &str) -> Self {
        Self::glob(pattern)
    }
}

impl From<String> for Selector {
    /// A [glob](Selector::glob).
    fn from(pattern: String) -> Self {
        Self::glob(pattern)
    }
}

impl From<Regex> for Selector {
    /// The [regular expression](Selector::regex), anchored.
    fn from(regex: Regex) -> Self {
        Self::regex(regex.as_str())
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Path(_) => "path",
            Kind::Glob(_) => "glob",
            Kind::Regex { .. } => "regex",
            Kind::Fnmatch(_) => "fnmatch",
            Kind::Predicate { .. } => "predicate",
        };
        write!(f, "{kind} `{}`", self.source())?;
        for other in &self.except {
            write!(f, " except {other}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Selector({self})")
    }
}

impl Selector {
    pub(crate) fn check(&self, group: &str) -> Result<()> {
        if self.source().is_empty() {
            return Err(Error::EmptySelector {
                group: group.to_owned(),
            });
        }
        if let Kind::Regex {
            source,
            anchored: Err(reason),
        } = &self.kind
        {
            return Err(Error::BadRegex {
                pattern: source.clone(),
                reason: reason.clone(),
            });
        }
        Ok(())
    }
}

/// One selector or several: what a group takes.
///
/// ```
/// use paramgroups::{Groups, Selector};
///
/// Groups::new()
///     .group("one", "a")
///     .group("two", ["b", "c"])
///     .group("mixed", vec![Selector::path("d.weight"), Selector::regex(r"e\d")]);
/// ```
#[derive(Clone, Debug)]
pub struct Selectors(pub(crate) Vec<Selector>);

impl<S: Into<Selector>> From<S> for Selectors {
    fn from(selector: S) -> Self {
        Self(vec![selector.into()])
    }
}

impl<S: Into<Selector>, const N: usize> From<[S; N]> for Selectors {
    fn from(selectors: [S; N]) -> Self {
        Self(selectors.into_iter().map(Into::into).collect())
    }
}

impl<S: Into<Selector>> From<Vec<S>> for Selectors {
    fn from(selectors: Vec<S>) -> Self {
        Self(selectors.into_iter().map(Into::into).collect())
    }
}
