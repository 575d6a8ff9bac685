//! Variables with their paths, in an order that is the same in every run.

use std::cmp::Ordering;
use std::sync::PoisonError;

use candle_core::{TensorId, Var};
use candle_nn::VarMap;

use crate::Parameter;

/// Variables with their paths.
///
/// From a [`VarMap`], whose own order changes with each run, they come sorted by path, numbered
/// segments by number: `layer.2` before `layer.10`. Integer variables are left out, and so are the
/// running statistics of `candle_nn::BatchNorm` (`running_mean`, `running_var`), which no optimizer
/// trains. Collected from pairs of path and variable, they keep the order and are all taken.
///
/// ```
/// use candle_core::{DType, Device, Var};
/// use paramgroups::candle::NamedVars;
///
/// let weight = Var::zeros((2, 3), DType::F32, &Device::Cpu)?;
/// let vars: NamedVars = [("fc.weight", weight)].into_iter().collect();
/// assert_eq!(vars.parameters()[0].shape(), Some(&[2, 3][..]));
/// # Ok::<(), candle_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct NamedVars {
    vars: Vec<(String, Var)>,
}

impl NamedVars {
    /// What a [`Splitter`](crate::Splitter) divides: the paths and shapes, in order.
    pub fn parameters(&self) -> Vec<Parameter> {
        self.iter()
            .map(|(path, var)| Parameter::new(path).with_shape(var.dims()))
            .collect()
    }

    /// The paths and variables, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Var)> {
        self.vars.iter().map(|(path, var)| (path.as_str(), var))
    }

    /// The path of a variable.
    pub(super) fn path_of(&self, id: TensorId) -> Option<&str> {
        self.iter()
            .find_map(|(path, var)| (var.id() == id).then_some(path))
    }
}

impl<P: Into<String>> FromIterator<(P, Var)> for NamedVars {
    fn from_iter<I: IntoIterator<Item = (P, Var)>>(vars: I) -> Self {
        let vars = vars
            .into_iter()
            .map(|(path, var)| (path.into(), var))
            .collect();
        Self { vars }
    }
}

impl From<&VarMap> for NamedVars {
    fn from(map: &VarMap) -> Self {
        let data = map.data().lock().unwrap_or_else(PoisonError::into_inner);
        let mut vars: Vec<(String, Var)> = data
            .iter()
            .filter(|(path, var)| var.dtype().is_float() && !is_running_statistic(path))
            .map(|(path, var)| (path.clone(), var.clone()))
            .collect();
        vars.sort_by(|(one, _), (other, _)| by_segment(one, other));
        Self { vars }
    }
}

impl From<&NamedVars> for NamedVars {
    fn from(vars: &NamedVars) -> Self {
        vars.clone()
    }
}

fn is_running_statistic(path: &str) -> bool {
    let (_, leaf) = path.rsplit_once('.').unwrap_or(("", path));
    matches!(leaf, "running_mean" | "running_var")
}

fn by_segment(one: &str, other: &str) -> Ordering {
    let segments = one.split('.').zip(other.split('.'));
    segments
        .map(|(a, b)| match (a.parse::<u64>(), b.parse::<u64>()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            _ => a.cmp(b),
        })
        .find(|order| order.is_ne())
        .unwrap_or_else(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_segments_go_by_number() {
        let mut paths = ["h.10.w", "h.2.w", "h", "g.1", "h.2.b"];
        paths.sort_by(|one, other| by_segment(one, other));
        assert_eq!(paths, ["g.1", "h", "h.2.b", "h.2.w", "h.10.w"]);
    }
}
