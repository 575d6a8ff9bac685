use super::specs_of;
use crate::error::{Error, Result};
use crate::parameter::Parameter;
use crate::selector::Selectors;
use crate::splitter::{Assignment, Splitter};

/// Consecutive parts of about equal element counts.
///
/// Each border lies where the elements before it are nearest to an even share, with no part
/// empty. Only for parameters in the order of the model's definition.
///
/// ```
/// use paramgroups::{EvenParts, Parameter, Splitter};
///
/// let partition = EvenParts::new(2).split([
///     Parameter::new("a.weight").with_shape([100]),
///     Parameter::new("b.weight").with_shape([40]),
///     Parameter::new("c.weight").with_shape([60]),
/// ])?;
/// assert_eq!(partition.groups()[0].elements(), Some(100));
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct EvenParts {
    parts: usize,
}

impl EvenParts {
    /// This many parts, named `part 1`, `part 2` …
    pub fn new(parts: usize) -> Self {
        Self { parts }
    }
}

impl Splitter for EvenParts {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        let count = parameters.len();
        if self.parts == 0 || self.parts > count {
            return Err(Error::TooManyParts {
                parts: self.parts,
                parameters: count,
            });
        }
        let mut before: Vec<u128> = vec![0];
        for parameter in parameters {
            let elements = parameter.elements().ok_or_else(|| Error::UnknownShape {
                path: parameter.path().to_owned(),
            })?;
            before.push(before[before.len() - 1] + elements as u128);
        }
        let mut of = Vec::with_capacity(count);
        for part in 0..self.parts {
            let end = border(&before, part + 1, self.parts, of.len());
            of.resize(end, part);
        }
        Ok(Assignment {
            groups: specs_of((1..=self.parts).map(|part| format!("part {part}"))),
            of,
        })
    }
}

/// The end of a part: the border nearest to its share that leaves no part empty.
fn border(before: &[u128], part: usize, parts: usize, start: usize) -> usize {
    let count = before.len() - 1;
    if part == parts {
        return count;
    }
    let share = before[count] * part as u128;
    let (first, last) = (start + 1, count - (parts - part));
    (first..=last)
        .min_by_key(|&end| (before[end] * parts as u128).abs_diff(share))
        .unwrap_or(first)
}

/// Consecutive parts of equal numbers of parameters, and a group for the head: timm's grouping
/// of models that name no layers.
///
/// ```
/// use paramgroups::{Chunks, Splitter};
///
/// let partition = Chunks::of(2).head("fc").split(["a", "b", "c", "fc.weight"])?;
/// let sizes: Vec<usize> = partition.groups().iter().map(|group| group.len()).collect();
/// assert_eq!(sizes, [2, 1, 1]);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Chunks {
    size: ChunkSize,
    head: Option<Selectors>,
}

#[derive(Debug, Clone)]
enum ChunkSize {
    Parameters(usize),
    Parts(usize),
}

impl Chunks {
    /// Parts of this many parameters; the last one may hold fewer.
    pub fn of(parameters: usize) -> Self {
        Self {
            size: ChunkSize::Parameters(parameters),
            head: None,
        }
    }

    /// At most this many parts, of equal size but for the last.
    ///
    /// ```
    /// use paramgroups::{Chunks, Splitter};
    /// assert_eq!(Chunks::parts(2).split(["a", "b", "c"])?.groups()[0].len(), 2);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn parts(parts: usize) -> Self {
        Self {
            size: ChunkSize::Parts(parts),
            head: None,
        }
    }

    /// What these selectors take is no part, but the last group, `head`.
    #[must_use]
    pub fn head(mut self, head: impl Into<Selectors>) -> Self {
        self.head = Some(head.into());
        self
    }
}

impl Splitter for Chunks {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        let mut is_head = vec![false; parameters.len()];
        for selector in self.head.iter().flat_map(|selectors| &selectors.0) {
            for member in selector.members(parameters)? {
                is_head[member] = true;
            }
        }
        let heads = is_head.iter().filter(|&&head| head).count();
        if self.head.is_some() && heads == 0 {
            return Err(Error::EmptyGroup {
                name: "head".to_owned(),
            });
        }
        let trunk = parameters.len() - heads;
        let size = match self.size {
            ChunkSize::Parameters(size) => size,
            ChunkSize::Parts(0) => 0,
            ChunkSize::Parts(parts) => trunk.div_ceil(parts).max(1),
        };
        if size == 0 {
            return Err(Error::TooManyParts {
                parts: 0,
                parameters: trunk,
            });
        }
        let parts = trunk.div_ceil(size);
        let mut placed = 0..;
        let of = is_head
            .iter()
            .map(|&head| match head {
                true => parts,
                false => placed.next().unwrap_or(0) / size,
            })
            .collect();
        let mut names: Vec<String> = (1..=parts).map(|part| format!("part {part}")).collect();
        if heads > 0 {
            names.push("head".to_owned());
        }
        Ok(Assignment {
            groups: specs_of(names),
            of,
        })
    }
}
