//! The variables of a store: their paths, and the groups they are given.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use tch::Tensor;
use tch::nn::{VarStore, Variables};

use crate::error::{Error, Result};
use crate::parameter::Parameter;
use crate::partition::Partition;

/// What a [`Splitter`](crate::Splitter) divides: paths and shapes of the trainable variables, in the order
/// in which the layers were built. Running statistics are not among them.
pub fn parameters(vs: &VarStore) -> Vec<Parameter> {
    let variables = vs.variables_.lock().unwrap_or_else(PoisonError::into_inner);
    let names = names(&variables);
    variables
        .trainable_variables
        .iter()
        .filter_map(|var| Some((names.get(&key(&var.tensor))?, &var.tensor)))
        .map(|(name, tensor)| Parameter::new(*name).with_shape(shape(tensor)))
        .collect()
}

/// Gives each variable the group that the partition holds it in; group 0 is the first one.
///
/// [`GroupedOptimizer::build`](super::GroupedOptimizer::build) does this. By itself it is for programs that
/// build and drive tch's optimizer on their own.
///
/// ```
/// # use tch::{Device, nn, nn::OptimizerConfig};
/// # use paramgroups::{BodyAndHead, Splitter, tch::{parameters, regroup}};
/// let vs = nn::VarStore::new(Device::Cpu);
/// # let root = vs.root();
/// # nn::linear(&root / "body", 10, 20, Default::default());
/// # nn::linear(&root / "head", 20, 2, Default::default());
/// let partition = BodyAndHead::new("head").split(parameters(&vs))?;
/// regroup(&vs, &partition)?;
/// let mut optimizer = nn::Sgd::default().build(&vs, 1e-2)?;
/// optimizer.set_lr_group(0, 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A store whose optimizer is built already, a variable that is in no group, and a parameter of the partition
/// without a variable or of another shape; nothing is changed then.
pub fn regroup(vs: &VarStore, partition: &Partition) -> Result<()> {
    let groups = partition.group_indices().to_vec();
    assign(vs, partition, &groups).map(|_| ())
}

/// Sets the tch group of each variable, and returns the variables in the partition's order.
pub(super) fn assign(
    vs: &VarStore,
    partition: &Partition,
    groups: &[usize],
) -> Result<Vec<Tensor>> {
    // An optimizer shares the store's variables, and has read their groups.
    if Arc::strong_count(&vs.variables_) > 1 {
        return Err(Error::Unsupported {
            what: "regrouping a `VarStore` whose optimizer is built".into(),
            instead:
                "tch reads groups in `build` only; regroup before it, or drop the optimizer first"
                    .into(),
        });
    }
    let mut variables = vs.variables_.lock().unwrap_or_else(PoisonError::into_inner);
    let indices = match_up(&variables, partition)?;
    let mut tensors: Vec<Option<Tensor>> = partition.parameters().iter().map(|_| None).collect();
    for (var, &index) in variables.trainable_variables.iter_mut().zip(&indices) {
        var.group = groups[index];
        tensors[index] = Some(var.tensor.shallow_clone());
    }
    Ok(tensors.into_iter().flatten().collect())
}

/// The index in the partition of each trainable variable.
fn match_up(variables: &Variables, partition: &Partition) -> Result<Vec<usize>> {
    let names = names(variables);
    let mut seen = vec![false; partition.parameters().len()];
    let mut indices = Vec::with_capacity(variables.trainable_variables.len());
    for var in &variables.trainable_variables {
        let Some(&name) = names.get(&key(&var.tensor)) else {
            return Err(Error::Unsupported {
                what: "a trainable variable without a name".into(),
                instead: "make every variable through a `Path` of the store".into(),
            });
        };
        partition.group_of(name)?;
        let Some(index) = partition.index_of(name) else {
            continue;
        };
        if std::mem::replace(&mut seen[index], true) {
            return Err(Error::DuplicatePath { path: name.into() });
        }
        let shape = shape(&var.tensor);
        if let Some(expected) = partition.parameters()[index].shape()
            && expected != shape
        {
            return Err(Error::OtherShape {
                path: name.into(),
                partition: expected.to_vec(),
                model: shape,
            });
        }
        indices.push(index);
    }
    match seen.iter().position(|&seen| !seen) {
        None => Ok(indices),
        Some(missing) => Err(Error::AbsentParameter {
            path: partition.parameters()[missing].path().into(),
        }),
    }
}

/// Names by what tells a tensor from all others: its memory, and its shape where it has none.
fn names(variables: &Variables) -> HashMap<(usize, Vec<i64>), &str> {
    let mut names: HashMap<_, &str> = HashMap::new();
    for (name, tensor) in &variables.named_variables {
        let known = names.entry(key(tensor)).or_insert(name);
        // Of two names for one tensor, always the same.
        *known = (*known).min(name);
    }
    names
}

fn key(tensor: &Tensor) -> (usize, Vec<i64>) {
    (tensor.data_ptr() as usize, tensor.size())
}

fn shape(tensor: &Tensor) -> Vec<usize> {
    let sizes = tensor.size().into_iter();
    sizes
        .filter_map(|size| usize::try_from(size).ok())
        .collect()
}
