//! Strings.

use super::super::machine::{Eval, Machine};
use super::super::text::Text;
use super::super::value::{Cond, Item, Value};

impl<'p> Machine<'p> {
    pub(super) fn text_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
    ) -> Option<Eval> {
        let Value::Text(text) = value else {
            return None;
        };
        let argument = args.first().map(|arg| self.deref(arg));
        let pattern = match &argument {
            Some(Value::Text(text)) => text.known().map(str::to_string),
            _ => None,
        };
        let question = |answer: fn(&str, &str) -> bool| match (text.known(), pattern.as_deref()) {
            (Some(text), Some(pattern)) => Value::Bool(Cond::Known(answer(text, pattern))),
            _ => Value::Bool(Cond::Unknown),
        };
        Some(Ok(match name {
            "to_string" | "to_owned" | "into" | "as_str" | "clone" | "as_ref" | "into_string"
            | "as_bytes" | "borrow" => value.clone(),
            "is_empty" => Value::Bool(match text.known() {
                Some(text) => Cond::Known(text.is_empty()),
                None if text
                    .parts()
                    .iter()
                    .any(|part| !matches!(part, super::super::text::Part::Hole(_))) =>
                {
                    Cond::Known(false)
                }
                None => Cond::Unknown,
            }),
            "len" => match text.known() {
                Some(text) => Value::known(text.len() as i128),
                None => return None,
            },
            "starts_with" => match (text.parts().first(), pattern.as_deref()) {
                // The beginning is known, whatever follows.
                (Some(super::super::text::Part::Literal(start)), Some(pattern))
                    if start.len() >= pattern.len() || !pattern.starts_with(&**start) =>
                {
                    Value::Bool(Cond::Known(start.starts_with(pattern)))
                }
                _ => question(|text, pattern| text.starts_with(pattern)),
            },
            "ends_with" => question(|text, pattern| text.ends_with(pattern)),
            "contains" => question(|text, pattern| text.contains(pattern)),
            "eq" => question(|text, pattern| text == pattern),
            "to_lowercase" | "to_uppercase" | "trim" | "to_ascii_lowercase" => match text.known() {
                Some(text) => Value::text(&match name {
                    "to_uppercase" => text.to_uppercase(),
                    "trim" => text.trim().to_string(),
                    _ => text.to_lowercase(),
                }),
                None => Value::Text(Text::hole("a changed string")),
            },
            "replace" => {
                let by = args.get(1).map(|arg| self.display(arg));
                match (
                    text.known(),
                    pattern.as_deref(),
                    by.as_ref().and_then(Text::known),
                ) {
                    (Some(text), Some(pattern), Some(by)) => {
                        Value::text(&text.replace(pattern, by))
                    }
                    _ => Value::Text(Text::hole("a changed string")),
                }
            }
            "strip_prefix" | "strip_suffix" => match (text.known(), pattern.as_deref()) {
                (Some(text), Some(pattern)) => {
                    let stripped = if name == "strip_prefix" {
                        text.strip_prefix(pattern)
                    } else {
                        text.strip_suffix(pattern)
                    };
                    stripped.map_or(Value::Opt(None), |text| Value::some(Value::text(text)))
                }
                _ => Value::unknown(),
            },
            "split" => match (text.known(), pattern.as_deref()) {
                (Some(text), Some(pattern)) => Value::list(
                    text.split(pattern)
                        .map(|piece| Item::One(Value::text(piece)))
                        .collect(),
                ),
                _ => return None,
            },
            "chars" => match text.known() {
                Some(text) => Value::list(
                    text.chars()
                        .map(|c| Item::One(Value::text(c.encode_utf8(&mut [0; 4]))))
                        .collect(),
                ),
                None => return None,
            },
            _ => return None,
        }))
    }
}
