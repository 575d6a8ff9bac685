//! Patterns: whether a value fits, and what they bind.

use std::rc::Rc;

use super::attempt::wants_error;
use super::machine::{Condition, Eval, Machine};
use super::num::Num;
use super::question::{all_granted, first_error};
use super::ty::Ty;
use super::value::{Cond, Item, Place, Projection, Value};
use crate::name::Name;
use crate::program::Res;
use crate::program::hir::{Arm, Expr, ExprKind, Fields, Lit, Member, Pat, PatKind, Path};

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
    pub fn eval_match(&mut self, scrutinee: &Expr, arms: &[Arm], expected: Option<Ty>) -> Eval {
        let pending = self.pending();
        let value = match self.place_of(scrutinee)? {
            Some(place) => {
                self.recall(place.slot);
                match self.is_borrowed(scrutinee) {
                    true => Value::Ref(Rc::new(place)),
                    false => self.read_place(&place),
                }
            }
            None => self.eval(scrutinee)?,
        };
        let attempts = self.take_pending(pending);
        let doubtful = !attempts.is_empty();
        let borrowed = matches!(&value, Value::Ref(_)).then(|| value.clone());
        let value = self.deref(&value);
        let mut candidates: Vec<(&Arm, Match, Value)> = Vec::new();
        for arm in arms {
            let fitting: Vec<Value> = value
                .alternatives()
                .into_iter()
                .filter(|value| self.matches_if(&arm.pat, value, doubtful) != Match::No)
                .collect();
            let fits = match fitting.as_slice() {
                [] => Match::No,
                [_] if !matches!(value, Value::Alt(_)) => {
                    self.matches_if(&arm.pat, &fitting[0], doubtful)
                }
                all if all.len() == value.alternatives().len()
                    && all
                        .iter()
                        .all(|value| self.matches_if(&arm.pat, value, doubtful) == Match::Yes) =>
                {
                    Match::Yes
                }
                _ => Match::Maybe,
            };
            if fits == Match::No {
                continue;
            }
            let guarded = match &arm.guard {
                None => fits,
                Some(guard) => {
                    let depth = self.frame().variables.len();
                    self.bind_pattern(&arm.pat, &Value::one_of(fitting.clone()));
                    let cond = self.eval_cond(guard)?;
                    self.frame_mut().variables.truncate(depth);
                    match cond {
                        Cond::Known(false) => Match::No,
                        Cond::Known(true) => fits,
                        _ => Match::Maybe,
                    }
                }
            };
            if guarded == Match::No {
                continue;
            }
            candidates.push((arm, guarded, Value::one_of(fitting)));
            if guarded == Match::Yes {
                break;
            }
        }
        if let [(arm, _, fitting)] = candidates.as_slice() {
            self.leave_open(attempts);
            let whole = borrowed.filter(|_| !matches!(value, Value::Alt(_)));
            return self.eval_arm(arm, whole.as_ref().unwrap_or(fitting), expected);
        }
        let granted: Vec<usize> = (0..candidates.len())
            .filter(|number| !wants_error(&candidates[*number].0.pat))
            .collect();
        let subject = self.subject(&value);
        let arms = candidates
            .iter()
            .map(|(arm, _, value)| {
                let assumption = subject
                    .as_ref()
                    .and_then(|subject| assumption_of(subject, arm));
                let expected = expected.clone();
                let code = move |machine: &mut Machine<'p>| machine.eval_arm(arm, value, expected);
                (
                    assumption,
                    Box::new(code) as Box<dyn FnOnce(&mut Machine<'p>) -> Eval + '_>,
                )
            })
            .collect();
        let branch = self.log.branches.len() as u32;
        let outcome = self.branch(arms);
        match granted.as_slice() {
            [only] => {
                let arm = *only as u32;
                self.allow_in(&attempts, Condition { branch, arm });
            }
            _ => self.leave_open(attempts),
        }
        outcome
    }

    /// True for `&mut x`, and for a variable that is itself `&mut`.
    fn is_borrowed(&self, scrutinee: &Expr) -> bool {
        match &scrutinee.kind {
            ExprKind::Ref { mutable, .. } => *mutable,
            ExprKind::Path(path) => path
                .segments
                .last()
                .and_then(|segment| self.variable(segment.name))
                .is_some_and(|slot| matches!(self.heap[slot.0 as usize], Value::Ref(_))),
            _ => false,
        }
    }

    /// Whether a value fits, which may be an error instead.
    pub fn matches_if(&mut self, pat: &Pat, value: &Value, doubtful: bool) -> Match {
        let outer = std::mem::replace(&mut self.doubtful, doubtful);
        let fits = self.matches(pat, value);
        self.doubtful = outer;
        fits
    }

    /// What an unknown scrutinee is called.
    fn subject(&mut self, value: &Value) -> Option<String> {
        let name = match value {
            Value::Unknown(unknown) => unknown.name.as_deref().map(str::to_string),
            Value::Int(num @ Num::Named(_)) => Some(num.to_string()),
            _ => None,
        };
        name.filter(|name| super::symbol::tells_apart(name))
    }

    fn eval_arm(&mut self, arm: &Arm, value: &Value, expected: Option<Ty>) -> Eval {
        let depth = self.frame().variables.len();
        self.bind_pattern(&arm.pat, value);
        self.expected = expected;
        let outcome = self.eval(&arm.body);
        self.frame_mut().variables.truncate(depth);
        outcome
    }

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
    fn aligned<'a>(&mut self, pats: &'a [Pat], value: &Value) -> Vec<(&'a Pat, Value)> {
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
    fn constant_pattern(&mut self, name: Name) -> Option<Res> {
        if !name.starts_with(char::is_uppercase) {
            return None;
        }
        match self.pattern_res(&[name], false) {
            Res::None | Res::External(_) | Res::Module(_) => None,
            res => Some(res),
        }
    }

    fn pattern_res(&mut self, names: &[Name], global: bool) -> Res {
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
    fn payload(&mut self, res: &Res, value: &Value, member: Member) -> Value {
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

/// What is in `Err`.
fn as_error(value: &Value) -> Option<Value> {
    match value {
        Value::Err(error) => Some((**error).clone()),
        Value::List(list) => as_error(&first_error(list)?),
        _ => None,
    }
}

/// What is in `Ok`.
fn as_granted(value: &Value) -> Value {
    match value.clone().into_granted() {
        Value::List(list) => all_granted(list),
        other => other,
    }
}

/// The name of a variant of `Option` or `Result`; nothing for another enum's, which may be called the same.
fn of_prelude(path: &Path) -> &'static str {
    let mut names = path.segments.iter().rev().map(|segment| segment.name);
    let name = names.next().map_or("", |name| name.as_str());
    match names.next() {
        Some(owner) if !["Option", "Result"].contains(&owner.as_str()) => "",
        _ => name,
    }
}

fn last(path: &Path) -> &'static str {
    path.segments
        .last()
        .map_or("", |segment| segment.name.as_str())
}

fn is_rest(pat: &Pat) -> bool {
    match &pat.kind {
        PatKind::Rest => true,
        PatKind::Bind { sub: Some(sub), .. } => matches!(sub.kind, PatKind::Rest),
        _ => false,
    }
}

fn slice(value: &Value, from: usize, to: usize) -> Value {
    match value {
        Value::List(list) => Value::list(list.items.get(from..to).unwrap_or_default().to_vec()),
        _ => Value::unknown(),
    }
}

/// Inside the arm, the same question asked again has the same answer.
fn assumption_of(subject: &str, arm: &Arm) -> Option<(std::rc::Rc<str>, bool)> {
    let variant = match &arm.pat.kind {
        PatKind::Path(path) | PatKind::TupleStruct(path, _) => last(path).to_string(),
        PatKind::Lit(expr) => match &expr.kind {
            ExprKind::Lit(Lit::Str(text)) => format!("{text:?}"),
            ExprKind::Lit(Lit::Int(value)) => value.to_string(),
            _ => return None,
        },
        _ => return None,
    };
    Some((format!("{subject} == {variant}").into(), true))
}
