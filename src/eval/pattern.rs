//! Patterns: whether a value fits.

use super::machine::Machine;
use super::num::Num;
use super::question::{all_granted, first_error};
use super::ty::Ty;
use super::value::{Cond, Item, Value};
use crate::name::Name;
use crate::program::Res;
use crate::program::hir::{Expr, Fields, Member, Pat, PatKind, Path};

/// Whether a value fits a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    Yes,
    No,
    Maybe,
}

impl Match {
    fn and(self, other: Match) -> Match {
        match (self, other) {
            (Match::No, _) | (_, Match::No) => Match::No,
            (Match::Yes, Match::Yes) => Match::Yes,
            _ => Match::Maybe,
        }
    }

    fn of(truth: bool) -> Match {
        if truth { Match::Yes } else { Match::No }
    }
}

impl<'p> Machine<'p> {
    pub fn matches(&mut self, pat: &Pat, value: &Value) -> Match {
        let value = self.deref(value);
        if let Value::Alt(values) = &value {
            let all: Vec<Match> = values
                .iter()
                .map(|value| self.matches(pat, value))
                .collect();
            return match all.split_first() {
                Some((first, rest)) if rest.iter().all(|other| other == first) => *first,
                _ => Match::Maybe,
            };
        }
        match &pat.kind {
            PatKind::Wild | PatKind::Rest => Match::Yes,
            PatKind::Bind { .. } | PatKind::Path(_) if named_order(pat, &value).is_some() => {
                Match::of(named_order(pat, &value) == Some(true))
            }
            PatKind::Bind { name, sub } => match sub {
                Some(sub) => self.matches(sub, &value),
                None => match self.constant_pattern(name.name) {
                    Some(res) => self.matches_res(res, &value),
                    None if name.name == "None" => self.matches_option(None, &value),
                    None => Match::Yes,
                },
            },
            PatKind::Path(path) => {
                if of_prelude(path) == "None" {
                    return self.matches_option(None, &value);
                }
                let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
                let res = self.pattern_res(&names, path.global);
                self.matches_res(res, &value)
            }
            PatKind::Ref(inner) | PatKind::Typed(inner, _) => self.matches(inner, &value),
            PatKind::Or(pats) => {
                let all: Vec<Match> = pats.iter().map(|pat| self.matches(pat, &value)).collect();
                if all.contains(&Match::Yes) {
                    Match::Yes
                } else if all.contains(&Match::Maybe) {
                    Match::Maybe
                } else {
                    Match::No
                }
            }
            PatKind::Lit(expr) => self.matches_literal(expr, &value),
            PatKind::Range {
                low,
                high,
                inclusive,
            } => {
                if let Value::Text(_) | Value::Float(_) = &value {
                    return self.matches_bounds(
                        low.as_deref(),
                        high.as_deref(),
                        *inclusive,
                        &value,
                    );
                }
                let Value::Int(Num::Known(number)) = value else {
                    return Match::Maybe;
                };
                let mut bound = |expr: &Option<Box<Expr>>| match expr {
                    None => Ok(None),
                    Some(expr) => match self.eval(expr) {
                        Ok(Value::Int(Num::Known(bound))) => Ok(Some(bound)),
                        _ => Err(()),
                    },
                };
                match (bound(low), bound(high)) {
                    (Ok(low), Ok(high)) => Match::of(
                        low.is_none_or(|low| number >= low)
                            && high.is_none_or(|high| {
                                if *inclusive {
                                    number <= high
                                } else {
                                    number < high
                                }
                            }),
                    ),
                    _ => Match::Maybe,
                }
            }
            PatKind::Tuple(pats) => self.matches_sequence(pats, &value),
            PatKind::Slice(pats) => {
                if let Value::List(list) = &value
                    && list.items.iter().all(|item| matches!(item, Item::One(_)))
                {
                    let has_rest = pats.iter().any(is_rest);
                    let fixed = pats.iter().filter(|pat| !is_rest(pat)).count();
                    if list.items.len() < fixed || !has_rest && list.items.len() != fixed {
                        return Match::No;
                    }
                    return self.matches_sequence(pats, &value);
                }
                Match::Maybe
            }
            PatKind::TupleStruct(path, pats) => match of_prelude(path) {
                "Some" => self.matches_option(pats.first(), &value),
                "Ok" => match (pats.first(), as_error(&value)) {
                    (Some(pat), None) => {
                        let fits = self.matches(pat, &as_granted(&value));
                        if self.doubtful {
                            fits.and(Match::Maybe)
                        } else {
                            fits
                        }
                    }
                    _ => Match::No,
                },
                "Err" => match (pats.first(), as_error(&value)) {
                    (Some(pat), Some(error)) => self.matches(pat, &error),
                    _ if self.doubtful => Match::Maybe,
                    _ => Match::No,
                },
                _ => {
                    let names: Vec<Name> =
                        path.segments.iter().map(|segment| segment.name).collect();
                    let fields: Vec<(Member, &Pat)> = pats
                        .iter()
                        .enumerate()
                        .map(|(index, pat)| (Member::Index(index as u32), pat))
                        .collect();
                    self.matches_fields(&names, path.global, &fields, &value)
                }
            },
            PatKind::Struct { path, fields } => {
                let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
                let fields: Vec<(Member, &Pat)> =
                    fields.iter().map(|(member, pat)| (*member, pat)).collect();
                self.matches_fields(&names, path.global, &fields, &value)
            }
            PatKind::Unsupported => Match::Maybe,
        }
    }

    /// `'a'..='z'` and the like.
    fn matches_bounds(
        &mut self,
        low: Option<&Expr>,
        high: Option<&Expr>,
        inclusive: bool,
        value: &Value,
    ) -> Match {
        let mut result = Match::Yes;
        for (bound, is_low) in [(low, true), (high, false)] {
            let Some(bound) = bound else {
                continue;
            };
            let order = match self.eval(bound) {
                Ok(bound) => super::std::order_of(value, &bound),
                Err(_) => None,
            };
            result = result.and(match (order, is_low) {
                (None, _) => Match::Maybe,
                (Some(order), true) => Match::of(order.is_ge()),
                (Some(order), false) => Match::of(order.is_lt() || inclusive && order.is_eq()),
            });
        }
        result
    }

    fn matches_option(&mut self, inner: Option<&Pat>, value: &Value) -> Match {
        match (inner, value) {
            (None, Value::Opt(None)) => Match::Yes,
            (None, Value::Opt(Some(_))) => Match::No,
            (Some(_), Value::Opt(None)) => Match::No,
            (Some(pat), Value::Opt(Some(value))) => self.matches(pat, value),
            (_, Value::Unknown(_)) => Match::Maybe,
            // A value that came through `?`-like handling of `Option<Result<..>>`.
            (Some(pat), other) => self.matches(pat, other),
            (None, _) => Match::No,
        }
    }

    fn matches_sequence(&mut self, pats: &[Pat], value: &Value) -> Match {
        let mut result = Match::Yes;
        for (pat, piece) in self.aligned(pats, value) {
            result = result.and(self.matches(pat, &piece));
        }
        result
    }

    /// Patterns of a tuple or slice beside the pieces they stand for.
    pub(super) fn aligned<'a>(&mut self, pats: &'a [Pat], value: &Value) -> Vec<(&'a Pat, Value)> {
        let length = match value {
            Value::Tuple(values) => values.len(),
            Value::List(list) => list.items.len(),
            _ => pats.len(),
        };
        let rest = pats.iter().position(is_rest);
        let mut pieces = Vec::new();
        for (index, pat) in pats.iter().enumerate() {
            let place = match rest {
                Some(rest) if index == rest => {
                    if let PatKind::Bind { .. } = &pat.kind {
                        let after = pats.len() - index - 1;
                        pieces.push((pat, slice(value, index, length.saturating_sub(after))));
                    }
                    continue;
                }
                Some(rest) if index > rest => (length + index).saturating_sub(pats.len()),
                _ => index,
            };
            pieces.push((pat, self.member_or_element(value, place)));
        }
        pieces
    }

    fn member_or_element(&mut self, value: &Value, index: usize) -> Value {
        match value {
            Value::List(_) => super::place::element(value, index)
                .unwrap_or_else(|| super::place::any_element(value)),
            other => self.member_of(other, Member::Index(index as u32)),
        }
    }

    fn matches_literal(&mut self, expr: &Expr, value: &Value) -> Match {
        let Ok(literal) = self.eval(expr) else {
            return Match::Maybe;
        };
        match (&literal, value) {
            (Value::Int(Num::Known(a)), Value::Int(Num::Known(b))) => Match::of(a == b),
            (Value::Int(Num::Known(k)), Value::Int(Num::Affine { .. })) => {
                let right = Value::known(*k);
                match self.binary(crate::program::hir::BinaryOp::Eq, value.clone(), right) {
                    Ok(Value::Bool(Cond::Known(truth))) => Match::of(truth),
                    _ => Match::Maybe,
                }
            }
            (Value::Text(a), Value::Text(b)) => match (a.known(), b.known()) {
                (Some(a), Some(b)) => Match::of(a == b),
                _ => Match::Maybe,
            },
            (Value::Bool(_), Value::Bool(_)) => match (self.truth(&literal), self.truth(value)) {
                (Cond::Known(a), Cond::Known(b)) => Match::of(a == b),
                _ => Match::Maybe,
            },
            (Value::Float(Some(a)), Value::Float(Some(b))) => match a.compare(*b) {
                Some(order) => Match::of(order.is_eq()),
                None => Match::Maybe,
            },
            _ => Match::Maybe,
        }
    }

    /// A lower-case or upper-case name that is a constant or a unit variant here, not a binding.
    pub(super) fn constant_pattern(&mut self, name: Name) -> Option<Res> {
        if !name.starts_with(char::is_uppercase) {
            return None;
        }
        match self.pattern_res(&[name], false) {
            Res::None | Res::External(_) | Res::Module(_) => None,
            res => Some(res),
        }
    }

    pub(super) fn pattern_res(&mut self, names: &[Name], global: bool) -> Res {
        if let Some((first, rest)) = names.split_first()
            && *first == "Self"
            && let Some(ty) = self.frame().self_ty.clone()
        {
            return match (ty, rest) {
                (Ty::Enum(def, _), [variant]) => {
                    match def
                        .item
                        .variants
                        .iter()
                        .position(|known| known.name.name == *variant)
                    {
                        Some(index) => Res::Variant(def, index),
                        None => Res::None,
                    }
                }
                (Ty::Struct(def, _), []) => Res::Struct(def),
                _ => Res::None,
            };
        }
        self.resolve_value(names, global).res
    }

    fn matches_res(&mut self, res: Res, value: &Value) -> Match {
        match (res, value) {
            (Res::Variant(def, variant), Value::Variant(found)) => {
                Match::of(found.def == def && found.variant == variant)
            }
            (Res::Const(constant), value) => {
                let Ok(known) = self.eval_const(&constant) else {
                    return Match::Maybe;
                };
                match (&known, value) {
                    (Value::Int(Num::Known(a)), Value::Int(Num::Known(b))) => Match::of(a == b),
                    (Value::Text(a), Value::Text(b))
                        if a.known().is_some() && b.known().is_some() =>
                    {
                        Match::of(a == b)
                    }
                    _ => Match::Maybe,
                }
            }
            (Res::Struct(_), _) => Match::Yes,
            _ => Match::Maybe,
        }
    }

    fn matches_fields(
        &mut self,
        names: &[Name],
        global: bool,
        fields: &[(Member, &Pat)],
        value: &Value,
    ) -> Match {
        let res = self.pattern_res(names, global);
        let mut result = match (&res, value) {
            (Res::Variant(def, variant), Value::Variant(found)) => {
                Match::of(found.def == *def && found.variant == *variant)
            }
            (Res::Struct(def), Value::Struct(found)) => Match::of(found.def == *def),
            (Res::Struct(def), Value::Unknown(unknown)) => match &unknown.ty {
                Ty::Struct(found, _) => Match::of(found == def),
                Ty::Int | Ty::Float | Ty::Single | Ty::Bool | Ty::Text => Match::No,
                _ => Match::Maybe,
            },
            (Res::Struct(_), Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Text(_)) => {
                Match::No
            }
            _ => Match::Maybe,
        };
        if result == Match::No {
            return Match::No;
        }
        for (member, pat) in fields {
            if matches!(pat.kind, PatKind::Rest) {
                continue;
            }
            let piece = self.payload(&res, value, *member);
            result = result.and(self.matches(pat, &piece));
        }
        result
    }

    /// The field of a struct or of the variant that a pattern names.
    pub(super) fn payload(&mut self, res: &Res, value: &Value, member: Member) -> Value {
        match (res, value) {
            (_, Value::Variant(found)) => found
                .fields
                .iter()
                .find(|(name, _)| *name == member)
                .map_or_else(Value::unknown, |(_, value)| value.clone()),
            (Res::Variant(def, variant), Value::Unknown(unknown)) => {
                let fields = match &def.item.variants[*variant].fields {
                    Fields::Named(fields) | Fields::Tuple(fields) => fields,
                    Fields::Unit => return Value::unknown(),
                };
                let Some(field) = fields.iter().find(|field| field.member == member) else {
                    return Value::unknown();
                };
                let ty = self.resolve_ty_in(&field.ty, def.module, &[], None);
                let name = super::symbol::field(unknown.name.as_deref(), member);
                self.symbolic(&ty, Some(&name))
            }
            _ => self.member_of(value, member),
        }
    }
}

/// Whether an ordering is the one that a pattern names.
fn named_order(pat: &Pat, value: &Value) -> Option<bool> {
    let Value::Ordering(order) = value else {
        return None;
    };
    let name = match &pat.kind {
        PatKind::Bind { name, sub: None } => name.name.as_str(),
        PatKind::Path(path) => last(path),
        _ => return None,
    };
    super::std::ordering_named(name).map(|wanted| wanted == *order)
}

/// The name of a variant of `Option` or `Result`; nothing for another enum's, which may be called the same.
pub(super) fn of_prelude(path: &Path) -> &'static str {
    let mut names = path.segments.iter().rev().map(|segment| segment.name);
    let name = names.next().map_or("", |name| name.as_str());
    match names.next() {
        Some(owner) if !["Option", "Result"].contains(&owner.as_str()) => "",
        _ => name,
    }
}

pub(super) fn last(path: &Path) -> &'static str {
    path.segments
        .last()
        .map_or("", |segment| segment.name.as_str())
}

pub(super) fn is_rest(pat: &Pat) -> bool {
    match &pat.kind {
        PatKind::Rest => true,
        PatKind::Bind { sub: Some(sub), .. } => matches!(sub.kind, PatKind::Rest),
        _ => false,
    }
}

pub(super) fn slice(value: &Value, from: usize, to: usize) -> Value {
    match value {
        Value::List(list) => Value::list(list.items.get(from..to).unwrap_or_default().to_vec()),
        _ => Value::unknown(),
    }
}

/// What is in `Err`.
pub(super) fn as_error(value: &Value) -> Option<Value> {
    match value {
        Value::Err(error) => Some((**error).clone()),
        Value::List(list) => as_error(&first_error(list)?),
        _ => None,
    }
}

/// What is in `Ok`.
pub(super) fn as_granted(value: &Value) -> Value {
    match value.clone().into_granted() {
        Value::List(list) => all_granted(list),
        other => other,
    }
}
