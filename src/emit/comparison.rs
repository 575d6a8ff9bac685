//! A model against a checkpoint, one line a difference.

use std::io::{self, Write};

use super::tree_human::shape_of;
use crate::checkpoint::{Comparison, Unexpected};
use crate::model::Model;

pub fn write_comparison(
    model: &Model,
    comparison: &Comparison,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_names("missing", &comparison.missing, out)?;
    write_names("unexpected", &comparison.unexpected, out)?;
    for found in &comparison.misshapen {
        writeln!(
            out,
            "misshapen {}: the model has {}, the checkpoint {:?}",
            found.name,
            shape_of(&found.model),
            found.checkpoint
        )?;
    }
    writeln!(
        out,
        "{}: {} missing, {} unexpected, {} misshapen{}",
        model.name,
        comparison.missing.len(),
        comparison.unexpected.len(),
        comparison.misshapen.len(),
        match model.complete {
            true => "",
            false => "; the model's parameters are not known completely",
        }
    )
}

fn write_names(kind: &str, names: &[Unexpected], out: &mut dyn Write) -> io::Result<()> {
    for name in names {
        let nearest = name.nearest.as_ref();
        let nearest = nearest.map(|nearest| format!(" (nearest: {nearest})"));
        writeln!(out, "{kind} {}{}", name.name, nearest.unwrap_or_default())?;
    }
    Ok(())
}
