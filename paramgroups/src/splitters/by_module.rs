use std::collections::HashMap;

use super::specs_of;
use crate::error::{Error, Result};
use crate::faults::{Faults, Memberless};
use crate::nearest::nearest_of;
use crate::parameter::Parameter;
use crate::splitter::{Assignment, Splitter};

/// One group for each module, in the order in which the modules' first parameters come.
///
/// ```
/// use paramgroups::{ByModule, Splitter};
///
/// let partition = ByModule::top_level().split(["stem.weight", "body.0.weight", "body.1.weight"])?;
/// assert_eq!(partition.groups()[1].name(), "body");
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ByModule {
    depth: usize,
}

impl ByModule {
    /// Top-level modules; a parameter that is in none is a group of its own.
    pub fn top_level() -> Self {
        Self { depth: 1 }
    }

    /// Modules of this depth; parameters above it are grouped by their own module.
    ///
    /// ```
    /// use paramgroups::{ByModule, Splitter};
    ///
    /// let partition = ByModule::at_depth(2).split(["stem.weight", "body.0.weight", "body.1.weight"])?;
    /// let names: Vec<&str> = partition.groups().iter().map(|group| group.name()).collect();
    /// assert_eq!(names, ["stem", "body.0", "body.1"]);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn at_depth(depth: usize) -> Self {
        Self {
            depth: depth.max(1),
        }
    }

    fn module<'a>(&self, path: &'a str) -> &'a str {
        let mut borders = path.match_indices('.').map(|(dot, _)| dot);
        let border = borders.nth(self.depth - 1).or_else(|| path.rfind('.'));
        let end = border.unwrap_or(path.len());
        &path[..end]
    }
}

impl Splitter for ByModule {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut names = Vec::new();
        let mut of = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let module = self.module(parameter.path());
            let group = *seen.entry(module).or_insert_with(|| {
                names.push(module.to_owned());
                names.len() - 1
            });
            of.push(group);
        }
        Ok(Assignment {
            groups: specs_of(names),
            of,
        })
    }
}

/// Consecutive groups: a new one begins at the first parameter of each named module.
///
/// Only for parameters in the order of the model's definition.
///
/// ```
/// use paramgroups::{CutBefore, Splitter};
///
/// let partition = CutBefore::new(["layer3", "fc"]).split([
///     "conv1.weight",
///     "layer1.weight",
///     "layer3.weight",
///     "fc.weight",
/// ])?;
/// let sizes: Vec<usize> = partition.groups().iter().map(|group| group.len()).collect();
/// assert_eq!(sizes, [2, 1, 1]);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CutBefore {
    modules: Vec<String>,
}

impl CutBefore {
    /// Cuts before these modules or parameters, in the order in which they come.
    pub fn new<M: Into<String>>(modules: impl IntoIterator<Item = M>) -> Self {
        Self {
            modules: modules.into_iter().map(Into::into).collect(),
        }
    }
}

impl Splitter for CutBefore {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        let mut cuts = self.modules.iter().peekable();
        let mut names = Vec::new();
        let mut of = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let path = parameter.path();
            if let Some(module) = cuts.next_if(|module| is_within(path, module)) {
                names.push(module.clone());
            } else if names.is_empty() {
                names.push(first_segment(path).to_owned());
            }
            of.push(names.len() - 1);
        }
        if let Some(module) = cuts.next() {
            let memberless = Memberless {
                group: module.clone(),
                selector: format!("cut before `{module}`"),
                nearest: nearest_of(module, parameters.iter().map(Parameter::path)),
            };
            return Err(Error::NotAPartition(Box::new(Faults {
                memberless: vec![memberless],
                ..Faults::default()
            })));
        }
        Ok(Assignment {
            groups: specs_of(names),
            of,
        })
    }
}

fn first_segment(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

fn is_within(path: &str, module: &str) -> bool {
    path.strip_prefix(module)
        .is_some_and(|below| below.is_empty() || below.starts_with('.'))
}
