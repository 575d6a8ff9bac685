//! Names that patterns bind.

use std::rc::Rc;

use super::machine::Machine;
use super::pattern::{Match, as_error, as_granted, is_rest, of_prelude};
use super::ty::Ty;
use super::value::{Place, Projection, Value};
use crate::name::Name;
use crate::program::hir::{Member, Pat, PatKind};

impl<'p> Machine<'p> {
    pub fn bind_pattern(&mut self, pat: &Pat, value: &Value) {
        match &pat.kind {
            PatKind::Bind { name, sub } => {
                if let Some(sub) = sub {
                    self.bind_pattern(sub, value);
                }
                if sub.is_none()
                    && (name.name == "None" || self.constant_pattern(name.name).is_some())
                {
                    return;
                }
                let slot = self.allocate(value.clone());
                self.frame_mut().variables.push((name.name, slot));
            }
            PatKind::Ref(inner) => {
                let value = self.deref(value);
                self.bind_pattern(inner, &value);
            }
            PatKind::Typed(inner, ty) => {
                let ty = self.resolve_ty(ty);
                let value = self.expect_type(value.clone(), &ty);
                self.bind_pattern(inner, &value);
            }
            PatKind::Or(pats) => {
                let chosen = pats
                    .iter()
                    .find(|pat| self.matches(pat, value) != Match::No)
                    .or(pats.first());
                if let Some(pat) = chosen {
                    self.bind_pattern(pat, value);
                }
            }
            PatKind::Tuple(pats) | PatKind::Slice(pats) => {
                let place = self.place_behind(value);
                let value = self.deref(value);
                match &value {
                    Value::Tuple(_) if place.is_some() && !pats.iter().any(is_rest) => {
                        for (index, pat) in pats.iter().enumerate() {
                            let member = Projection::Member(Member::Index(index as u32));
                            let piece = part_of(place.as_ref(), member).unwrap_or(Value::Unit);
                            self.bind_pattern(pat, &piece);
                        }
                    }
                    Value::Alt(values)
                        if values.iter().all(|value| matches!(value, Value::Tuple(_))) =>
                    {
                        let columns = values
                            .iter()
                            .map(|value| self.aligned(pats, value))
                            .collect::<Vec<_>>();
                        for (index, pat) in pats
                            .iter()
                            .filter(|pat| !matches!(pat.kind, PatKind::Rest))
                            .enumerate()
                        {
                            let pieces = columns.iter().filter_map(|column| {
                                column.get(index).map(|(_, value)| value.clone())
                            });
                            let piece = Value::one_of(pieces.collect::<Vec<_>>());
                            self.bind_pattern(pat, &piece);
                        }
                    }
                    value => {
                        for (pat, piece) in self.aligned(pats, value) {
                            self.bind_pattern(pat, &piece);
                        }
                    }
                }
            }
            PatKind::TupleStruct(path, pats) => match (of_prelude(path), pats.first()) {
                ("Some", Some(pat)) => {
                    let place = self.place_behind(value);
                    let inner = match self.deref(value) {
                        Value::Opt(Some(_)) => part_of(place.as_ref(), Projection::Payload),
                        _ => None,
                    };
                    let inner = inner.unwrap_or_else(|| self.unwrapped(value));
                    self.bind_pattern(pat, &inner);
                }
                ("Ok", Some(pat)) => {
                    let value = self.deref(value);
                    let granted = value.alternatives().into_iter();
                    let granted = granted.filter(|value| as_error(value).is_none());
                    let granted = Value::one_of(granted.map(|value| as_granted(&value)));
                    self.bind_pattern(pat, &granted);
                }
                ("Err", Some(pat)) => {
                    let value = self.deref(value);
                    let errors = value.alternatives();
                    let errors = Value::one_of(errors.iter().filter_map(as_error));
                    self.bind_pattern(pat, &errors);
                }
                _ => {
                    let place = self.place_of_parts(value);
                    let value = self.deref(value);
                    let names: Vec<Name> =
                        path.segments.iter().map(|segment| segment.name).collect();
                    let res = self.pattern_res(&names, path.global);
                    for (index, pat) in pats.iter().enumerate() {
                        if matches!(pat.kind, PatKind::Rest) {
                            break;
                        }
                        let member = Member::Index(index as u32);
                        let piece = part_of(place.as_ref(), Projection::Member(member))
                            .unwrap_or_else(|| self.payload(&res, &value, member));
                        self.bind_pattern(pat, &piece);
                    }
                }
            },
            PatKind::Struct { path, fields } => {
                let place = self.place_of_parts(value);
                let value = self.deref(value);
                let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
                let res = self.pattern_res(&names, path.global);
                for (member, pat) in fields {
                    let piece = part_of(place.as_ref(), Projection::Member(*member))
                        .unwrap_or_else(|| self.payload(&res, &value, *member));
                    self.bind_pattern(pat, &piece);
                }
            }
            PatKind::Wild
            | PatKind::Rest
            | PatKind::Path(_)
            | PatKind::Lit(_)
            | PatKind::Range { .. }
            | PatKind::Unsupported => {}
        }
    }

    /// Where a value matched through `&mut` lies.
    fn place_behind(&mut self, value: &Value) -> Option<Place> {
        match value {
            Value::Ref(place) => Some((**place).clone()),
            _ => None,
        }
    }

    /// The same, if it is a struct or a variant whose fields are known.
    fn place_of_parts(&mut self, value: &Value) -> Option<Place> {
        let place = self.place_behind(value)?;
        matches!(self.deref(value), Value::Struct(_) | Value::Variant(_)).then_some(place)
    }

    /// What is in `Some`, for every alternative that is `Some`.
    pub fn unwrapped(&mut self, value: &Value) -> Value {
        match self.deref(value) {
            Value::Opt(Some(inner)) => (*inner).clone(),
            Value::Alt(values) => Value::one_of(
                values
                    .iter()
                    .filter(|value| !matches!(value, Value::Opt(None)))
                    .map(|value| self.unwrapped(value))
                    .collect::<Vec<_>>(),
            ),
            Value::Unknown(unknown) => match &unknown.ty {
                Ty::Option(inner) => {
                    let inner = (**inner).clone();
                    self.symbolic(&inner, unknown.name.as_deref())
                }
                _ => Value::Unknown(unknown),
            },
            other => other,
        }
    }
}

/// A part of a place, by `&mut`.
fn part_of(place: Option<&Place>, part: Projection) -> Option<Value> {
    let mut place = place?.clone();
    place.projections.push(part);
    Some(Value::Ref(Rc::new(place)))
}
