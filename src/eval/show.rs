//! Values as text: `{}`, `{:?}` and what a format specification makes of them.

use std::rc::Rc;

use super::machine::{Exit, Machine};
use super::num::Num;
use super::text::Text;
use super::value::{Cond, Item, Place, Value};
use crate::name::Name;
use crate::program::hir::{FormatCount, FormatPart, FormatSpec, Member};
use crate::program::{AdtRef, FnDef, Owner};

/// Alternatives of one string.
const MAX_TEXTS: usize = 32;

impl<'p> Machine<'p> {
    pub(super) fn eval_format(&mut self, parts: &[FormatPart]) -> Result<Value, Exit> {
        let mut texts = vec![Text::default()];
        for part in parts {
            let pieces = match part {
                FormatPart::Text(text) => vec![Text::literal(text)],
                FormatPart::Arg { expr, spec } => {
                    let value = self.eval(expr)?;
                    let value = self.deref(&value);
                    let mut pieces = Vec::new();
                    for value in value.alternatives() {
                        pieces.push(match spec {
                            None => self.display(&value),
                            Some(spec) => self.specified(&value, spec)?,
                        });
                    }
                    pieces
                }
            };
            texts = texts
                .iter()
                .flat_map(|text| {
                    pieces
                        .iter()
                        .map(|piece| text.joined("", piece))
                        .collect::<Vec<_>>()
                })
                .collect();
            if texts.len() > MAX_TEXTS {
                texts = vec![Text::hole("one of many strings")];
            }
        }
        Ok(Value::one_of(texts.into_iter().map(Value::Text)))
    }

    /// What `{}` and `to_string` show of a value.
    pub fn display(&mut self, value: &Value) -> Text {
        match self.deref(value) {
            Value::Text(text) => text,
            Value::Int(num) => Text::of_num(&num),
            Value::Float(Some(number)) => match number.text(None) {
                Some(text) => Text::literal(&text),
                None => Text::hole("a number with a fraction"),
            },
            Value::Bool(Cond::Known(value)) => Text::literal(if value { "true" } else { "false" }),
            Value::Unknown(unknown) => Text::hole(
                unknown
                    .name
                    .as_deref()
                    .unwrap_or("a value that is not known"),
            ),
            value @ (Value::Struct(_) | Value::Variant(_)) => self
                .shown_by(&value, "Display")
                .unwrap_or_else(|| Text::hole("a value that is not known")),
            _ => Text::hole("a value that is not known"),
        }
    }

    /// What an own impl of `Display` or `Debug` writes.
    fn shown_by(&mut self, value: &Value, wanted: &str) -> Option<Text> {
        let adt = match value {
            Value::Struct(value) => AdtRef::Struct(value.def.clone()),
            Value::Variant(value) => AdtRef::Enum(value.def.clone()),
            _ => return None,
        };
        let function = self
            .program
            .associated_fns(&adt, Name::new("fmt"), self.scope())
            .into_iter()
            .find(|function| trait_of(function).is_some_and(|name| name == wanted))?;
        let slot = self.allocate(Value::text(""));
        let formatter = Value::Ref(Rc::new(Place {
            slot,
            projections: Vec::new(),
        }));
        let ty = self.ty_of(value);
        let span = self.frame().home;
        let outcome = self.call_own(
            &function,
            Vec::new(),
            Some(ty),
            Some(value.clone()),
            vec![formatter],
            span,
        );
        match (outcome, self.read_slot(slot)) {
            (Ok(result), Value::Text(text)) if !result.is_err() => Some(text),
            _ => None,
        }
    }

    /// A value under a format specification.
    fn specified(&mut self, value: &Value, spec: &FormatSpec) -> Result<Text, Exit> {
        let hole = || Text::hole("formatted value");
        let width = match self.format_count(spec.width.as_ref())? {
            Ok(width) => width,
            Err(()) => return Ok(hole()),
        };
        let precision = match self.format_count(spec.precision.as_ref())? {
            Ok(precision) => precision,
            Err(()) => return Ok(hole()),
        };
        let text = match (&*spec.kind, value) {
            ("" | "?", Value::Int(Num::Known(number))) => Some(number.to_string()),
            ("x", Value::Int(Num::Known(number))) if *number >= 0 => Some(format!("{number:x}")),
            ("X", Value::Int(Num::Known(number))) if *number >= 0 => Some(format!("{number:X}")),
            ("b", Value::Int(Num::Known(number))) if *number >= 0 => Some(format!("{number:b}")),
            ("o", Value::Int(Num::Known(number))) if *number >= 0 => Some(format!("{number:o}")),
            ("" | "?", Value::Float(Some(number))) => match (&*spec.kind, precision) {
                ("?", None) => None,
                _ => number.text(precision),
            },
            ("", value) => {
                let text = self.display(value);
                let known = text.known().map(str::to_string);
                if known.is_none() && width.is_none() && precision.is_none() {
                    return Ok(text);
                }
                known.map(|text| match precision {
                    Some(length) => text.chars().take(length).collect(),
                    None => text,
                })
            }
            ("?", value) if !spec.alternate => self.debug(value),
            _ => None,
        };
        let Some(text) = text else {
            return Ok(hole());
        };
        let is_number = matches!(value, Value::Int(_) | Value::Float(_));
        Ok(Text::literal(&padded(&text, width, spec, is_number)))
    }

    /// A width or precision; `Err` if it is not known.
    fn format_count(
        &mut self,
        count: Option<&FormatCount>,
    ) -> Result<Result<Option<usize>, ()>, Exit> {
        Ok(match count {
            None => Ok(None),
            Some(FormatCount::Known(count)) => Ok(Some(*count)),
            Some(FormatCount::Of(expr)) => {
                let value = self.eval(expr)?;
                let number = self.number(&value).known();
                match number.and_then(|number| usize::try_from(number).ok()) {
                    Some(count) => Ok(Some(count)),
                    None => Err(()),
                }
            }
        })
    }

    /// What `{:?}` shows of a value.
    fn debug(&mut self, value: &Value) -> Option<String> {
        match self.deref(value) {
            Value::Int(Num::Known(number)) => Some(number.to_string()),
            Value::Bool(Cond::Known(value)) => Some(value.to_string()),
            // One character may be a `char`, which is quoted in another way.
            Value::Text(text) => {
                let text = text.known()?;
                (text.chars().count() != 1).then(|| format!("{text:?}"))
            }
            Value::Unit => Some("()".into()),
            Value::Opt(None) => Some("None".into()),
            Value::Opt(Some(inner)) => Some(format!("Some({})", self.debug(&inner)?)),
            Value::Tuple(values) => {
                let parts: Option<Vec<String>> =
                    values.iter().map(|value| self.debug(value)).collect();
                Some(format!("({})", parts?.join(", ")))
            }
            Value::List(list) => {
                let mut parts = Vec::new();
                for item in &list.items {
                    let Item::One(value) = item else {
                        return None;
                    };
                    parts.push(self.debug(value)?);
                }
                Some(format!("[{}]", parts.join(", ")))
            }
            Value::Variant(variant) => {
                let derived = variant.def.item.derives.iter().any(|name| *name == "Debug");
                if !derived {
                    let text = self.shown_by(&Value::Variant(variant), "Debug")?;
                    return text.known().map(str::to_string);
                }
                let name = variant.def.item.variants[variant.variant].name.name;
                let mut fields = Vec::new();
                for (member, value) in &variant.fields {
                    let Member::Index(_) = member else {
                        return None;
                    };
                    fields.push(self.debug(value)?);
                }
                Some(match fields.is_empty() {
                    true => name.to_string(),
                    false => format!("{name}({})", fields.join(", ")),
                })
            }
            value @ Value::Struct(_) => {
                let text = self.shown_by(&value, "Debug")?;
                text.known().map(str::to_string)
            }
            _ => None,
        }
    }

    /// `value.fmt(f)`: the value is written where `f` leads.
    pub(super) fn written_to(&mut self, value: &Value, formatter: &Value) -> bool {
        let Value::Ref(place) = formatter else {
            return false;
        };
        let Value::Text(so_far) = self.deref(formatter) else {
            return false;
        };
        let text = self.display(value);
        self.write_place(place, Value::Text(so_far.joined("", &text)));
        true
    }
}

/// The trait that a function implements.
fn trait_of(function: &FnDef) -> Option<Name> {
    match &function.owner {
        Some(Owner::Impl(found)) => found
            .item
            .trait_path
            .as_ref()
            .and_then(|path| path.segments.last())
            .map(|segment| segment.name),
        _ => None,
    }
}

/// Sign, prefix and padding.
fn padded(text: &str, width: Option<usize>, spec: &FormatSpec, is_number: bool) -> String {
    let (mut sign, digits) = match text.strip_prefix('-') {
        Some(digits) if is_number => (String::from("-"), digits),
        _ => (String::new(), text),
    };
    if spec.plus && sign.is_empty() && is_number {
        sign.push('+');
    }
    if spec.alternate {
        sign.push_str(match &*spec.kind {
            "x" | "X" => "0x",
            "b" => "0b",
            "o" => "0o",
            _ => "",
        });
    }
    let length = sign.chars().count() + digits.chars().count();
    let missing = width.unwrap_or(0).saturating_sub(length);
    if spec.zero && is_number {
        return format!("{sign}{}{digits}", "0".repeat(missing));
    }
    let fill = |count: usize| String::from(spec.fill.unwrap_or(' ')).repeat(count);
    let (before, after) = match spec.align {
        Some('<') => (0, missing),
        Some('^') => (missing / 2, missing - missing / 2),
        Some('>') => (missing, 0),
        _ if is_number => (missing, 0),
        _ => (0, missing),
    };
    format!("{}{sign}{digits}{}", fill(before), fill(after))
}
