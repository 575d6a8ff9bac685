//! The plain list of a model's parameters, as a checkpoint would hold them.

use std::io::{self, Write};

use super::tree_human::shape_of;
use crate::model::{Bounds, Model, Parameter};

/// More numbers than this for one index are not written out.
const MOST_REPETITIONS: i64 = 10_000;

/// Writes a line for each parameter, in the order of names; an index whose range is known is written out.
pub fn write_names(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let mut lines: Vec<(String, String)> = model
        .parameters
        .iter()
        .flat_map(|parameter| {
            let mut rest = parameter.shape.as_ref().map(|shape| shape_of(shape));
            if parameter.optional {
                rest.get_or_insert_default().push_str("  optional");
            }
            let rest = rest.unwrap_or_default();
            let paths = written_out(parameter).into_iter();
            paths.map(move |path| (path, rest.clone()))
        })
        .collect();
    lines.sort();
    lines.dedup();
    for (path, rest) in lines {
        writeln!(out, "{}", format!("{path}  {rest}").trim_end())?;
    }
    Ok(())
}

/// The paths of a parameter, one for each value of the indices whose range is known.
fn written_out(parameter: &Parameter) -> Vec<String> {
    let mut paths = vec![parameter.path.clone()];
    for (name, bounds) in &parameter.indices {
        let Bounds {
            low,
            high: Some(high),
        } = *bounds
        else {
            continue;
        };
        if high.saturating_sub(low) >= MOST_REPETITIONS {
            continue;
        }
        let index = format!("{{{name}}}");
        paths = paths
            .iter()
            .flat_map(|path| (low..=high).map(|value| path.replace(&index, &value.to_string())))
            .collect();
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::example_model;

    fn names(high: Option<i64>) -> String {
        let (mut model, _) = example_model();
        model.parameters[0].indices[0].1.high = high;
        let mut text = Vec::new();
        write_names(&model, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_known_range_is_written_out() {
        assert_eq!(
            names(Some(1)),
            "head.bias\nhead.weight  [2, 20]\nlayers.0.weight  [20, hidden]\nlayers.1.weight  [20, hidden]\n"
        );
        assert!(!names(Some(-1)).contains("layers"));
    }

    #[test]
    fn an_unknown_range_stays_a_name() {
        assert!(names(None).contains("layers.{i}.weight  [20, hidden]\n"));
    }
}
