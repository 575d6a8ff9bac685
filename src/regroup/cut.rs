//! Where to cut a run of layers.

use paramgroups::{EvenParts, Parameter, Splitter};

/// A layer or module that is never cut, as it stands on the way of the data.
#[derive(Clone, Debug)]
pub struct Unit<'a> {
    /// The type's name, `LayerNorm`.
    pub ty: &'a str,
    /// How many elements its parameters have, where that is known.
    pub elements: Option<usize>,
}

/// The group of each unit, from 0 on; None where there is nothing to divide.
///
/// Without a number of groups the last layer is the head and all before it the body. Otherwise the groups have about equal numbers of
/// elements, or of layers where the elements aren't known. A norm stays with the layer before it.
pub fn cut(units: &[Unit<'_>], groups: Option<usize>) -> Option<Vec<usize>> {
    let starts = starts(units);
    if starts.len() < 2 {
        return None;
    }
    let of_pieces: Vec<usize> = match groups {
        None => (0..starts.len())
            .map(|piece| usize::from(piece + 1 == starts.len()))
            .collect(),
        Some(groups) => even(units, &starts, groups.clamp(2, starts.len()))?,
    };
    let piece_of = |unit: usize| starts.partition_point(|start| *start <= unit) - 1;
    Some(
        (0..units.len())
            .map(|unit| of_pieces[piece_of(unit)])
            .collect(),
    )
}

/// Where the pieces start: at each layer that is no norm; at each layer, if there is only one that is none.
fn starts(units: &[Unit<'_>]) -> Vec<usize> {
    let by_layer: Vec<usize> = (0..units.len())
        .filter(|unit| *unit == 0 || !units[*unit].ty.contains("Norm"))
        .collect();
    match by_layer.len() {
        0 | 1 => (0..units.len()).collect(),
        _ => by_layer,
    }
}

fn even(units: &[Unit<'_>], starts: &[usize], groups: usize) -> Option<Vec<usize>> {
    let ends = starts[1..].iter().copied().chain([units.len()]);
    let sizes: Option<Vec<usize>> = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| total(units[*start..end].iter().map(|unit| unit.elements)))
        .collect();
    let sizes = sizes.unwrap_or_else(|| vec![1; starts.len()]);
    let pieces = sizes
        .iter()
        .enumerate()
        .map(|(piece, size)| Parameter::new(piece.to_string()).with_shape([*size]));
    let partition = EvenParts::new(groups).split(pieces).ok()?;
    Some(partition.group_indices().to_vec())
}

/// The sum, where all are known.
pub fn total(mut elements: impl Iterator<Item = Option<usize>>) -> Option<usize> {
    elements.try_fold(0usize, |sum, more| sum.checked_add(more?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(written: &[(&'static str, usize)]) -> Vec<Unit<'static>> {
        written
            .iter()
            .map(|(ty, elements)| Unit {
                ty,
                elements: Some(*elements),
            })
            .collect()
    }

    #[test]
    fn the_last_layer_is_the_head() {
        let chain = units(&[("Conv2d", 10), ("Linear", 100), ("Linear", 10)]);
        assert_eq!(cut(&chain, None).unwrap(), [0, 0, 1]);
    }

    #[test]
    fn a_norm_stays_with_the_layer_before_it() {
        let chain = units(&[
            ("LayerNorm", 2),
            ("Linear", 9),
            ("Linear", 9),
            ("BatchNorm", 2),
        ]);
        assert_eq!(cut(&chain, None).unwrap(), [0, 0, 1, 1]);
        let only_norm_follows = units(&[("Conv2d", 10), ("BatchNorm", 2)]);
        assert_eq!(cut(&only_norm_follows, None).unwrap(), [0, 1]);
    }

    #[test]
    fn more_groups_have_about_equal_numbers_of_elements() {
        let chain = units(&[
            ("Linear", 60),
            ("Linear", 20),
            ("Linear", 20),
            ("Linear", 20),
        ]);
        assert_eq!(cut(&chain, Some(2)).unwrap(), [0, 1, 1, 1]);
        assert_eq!(cut(&chain, Some(3)).unwrap(), [0, 1, 2, 2]);
        assert_eq!(cut(&chain, Some(9)).unwrap(), [0, 1, 2, 3]);
    }

    #[test]
    fn layers_too_large_to_be_counted_together_are_divided_by_their_number() {
        let chain = units(&[
            ("Linear", usize::MAX),
            ("LayerNorm", 2),
            ("Linear", 1),
            ("Linear", 1),
        ]);
        assert_eq!(cut(&chain, Some(3)).unwrap(), [0, 0, 1, 2]);
    }

    #[test]
    fn one_layer_cannot_be_divided() {
        assert_eq!(cut(&units(&[("Linear", 10)]), None), None);
        assert_eq!(cut(&[], Some(3)), None);
    }
}
