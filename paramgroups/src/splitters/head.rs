use crate::error::Result;
use crate::groups::Groups;
use crate::parameter::Parameter;
use crate::selector::{Selector, Selectors};
use crate::splitter::{Assignment, Splitter};

/// Two groups: `body`, and a `head` that is named, or the last top-level module.
///
/// ```
/// use paramgroups::{BodyAndHead, Splitter};
///
/// let partition = BodyAndHead::new("fc").split(["conv.weight", "layer1.weight", "fc.weight"])?;
/// assert_eq!(partition.groups()[0].len(), 2);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct BodyAndHead {
    head: Option<Selectors>,
}

impl BodyAndHead {
    /// The head is what these selectors take; a string is a [glob](Selector::glob).
    pub fn new(head: impl Into<Selectors>) -> Self {
        Self {
            head: Some(head.into()),
        }
    }

    /// The head is the top-level module of the last parameter.
    ///
    /// Only for parameters in the order of the model's definition: where they come sorted, or in
    /// the order of a hash map, name the head.
    ///
    /// ```
    /// use paramgroups::{BodyAndHead, Splitter};
    ///
    /// let partition = BodyAndHead::last_module().split(["conv.weight", "fc.weight", "fc.bias"])?;
    /// assert_eq!(partition.group("head")?.len(), 2);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn last_module() -> Self {
        Self { head: None }
    }
}

impl Splitter for BodyAndHead {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        let head = match &self.head {
            Some(selectors) => selectors.clone(),
            None => {
                let last = parameters.last().map_or("", Parameter::path);
                let module = last.split('.').next().unwrap_or(last).to_owned();
                Selector::predicate(format!("module {module}"), move |parameter| {
                    parameter.path().split('.').next() == Some(&module)
                })
                .into()
            }
        };
        Groups::new()
            .rest("body")
            .group("head", head)
            .assign(parameters)
    }
}
