//! A partition as a table.

use std::fmt;

use crate::partition::{Group, Partition};

const HEADINGS: [&str; 6] = [
    "group",
    "parameters",
    "elements",
    "lr",
    "weight decay",
    "frozen",
];

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 6]> = std::iter::once(HEADINGS.map(str::to_owned))
            .chain(self.groups.iter().map(|group| self.row(group)))
            .collect();
        let mut widths = [0; 6];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for (number, row) in rows.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                let text = match column {
                    1 | 2 if number > 0 => format!("{gap}{cell:>width$}"),
                    _ => format!("{gap}{cell:<width$}"),
                };
                line.push_str(&text);
            }
            f.write_str(line.trim_end())?;
        }
        Ok(())
    }
}

impl Partition {
    fn row(&self, group: &Group) -> [String; 6] {
        let elements = group
            .elements()
            .map_or_else(|| "?".to_owned(), |elements| elements.to_string());
        [
            group.name().to_owned(),
            group.len().to_string(),
            elements,
            number(group.learning_rate()),
            self.decay_cell(group),
            self.frozen_cell(group),
        ]
    }

    fn decay_cell(&self, group: &Group) -> String {
        let exempt = group.members().iter().filter(|&&i| self.exempt[i]).count();
        let decay = number(group.weight_decay());
        match exempt {
            0 => decay,
            _ => format!("{decay} (0 for {exempt})"),
        }
    }

    fn frozen_cell(&self, group: &Group) -> String {
        let kept = group.members().iter().filter(|&&i| self.kept[i]).count();
        match (group.is_frozen(), kept) {
            (false, _) => "no".to_owned(),
            (true, 0) => "yes".to_owned(),
            (true, _) => format!("all but {kept}"),
        }
    }
}

/// At most five digits; powers of ten where that is shorter to read.
fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if (0.01..1e5).contains(&value) {
        let digits = format!("{value:.5}");
        return digits
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned();
    }
    let digits = format!("{value:.4e}");
    match digits.split_once('e') {
        Some((mantissa, exponent)) => {
            let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
            format!("{mantissa}e{exponent}")
        }
        None => digits,
    }
}
