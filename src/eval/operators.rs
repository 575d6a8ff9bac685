//! Operators on what is known of numbers, strings and truth values.

use super::machine::{Eval, Machine};
use super::num::Num;
use super::real::Real;
use super::symbol::question;
use super::ty::Ty;
use super::value::{Cond, Value};
use crate::name::Name;
use crate::program::hir::{BinaryOp, UnaryOp};
use crate::program::{AdtRef, FnDef};

impl<'p> Machine<'p> {
    pub(super) fn unary(&mut self, op: UnaryOp, value: Value) -> Value {
        let value = self.deref(&value);
        match (op, value) {
            (UnaryOp::Neg, Value::Int(num)) => Value::Int(Num::Known(0).sub(&num)),
            (UnaryOp::Neg, Value::Float(value)) => {
                Value::Float(value.map(|value| value.map(|n| -n, |n| -n)))
            }
            (UnaryOp::Not, value @ (Value::Bool(_) | Value::Alt(_))) => {
                Value::Bool(negated(self.truth(&value)))
            }
            (UnaryOp::Not, Value::Int(_)) => Value::Int(Num::named("?")),
            (_, value) => value,
        }
    }

    pub fn binary(&mut self, op: BinaryOp, left: Value, right: Value) -> Eval {
        let (left, right) = (self.deref(&left), self.deref(&right));
        if let Some(value) = self.framework_operator(op, &left, &right) {
            return Ok(value);
        }
        if matches!(left, Value::Alt(_)) || matches!(right, Value::Alt(_)) {
            let (lefts, rights) = (left.alternatives(), right.alternatives());
            if lefts.len() * rights.len() > 64 {
                return Ok(Value::unknown());
            }
            let mut results = Vec::new();
            for left in &lefts {
                for right in &rights {
                    results.push(self.binary(op, left.clone(), right.clone())?);
                }
            }
            return Ok(Value::one_of(results));
        }
        if let Some(outcome) = self.own_operator(op, &left, &right) {
            return outcome;
        }
        Ok(match (&left, &right) {
            (Value::Unknown(unknown), other) | (other, Value::Unknown(unknown))
                if unknown.name.as_deref() == Some(super::DEFAULT)
                    && zero_like(other).is_some() =>
            {
                let zero = zero_like(other).unwrap_or(Value::Unit);
                return match &left {
                    Value::Unknown(_) => self.binary(op, zero, right),
                    _ => self.binary(op, left, zero),
                };
            }
            (Value::Unknown(unknown), Value::Int(_))
                if matches!(unknown.ty, Ty::Unknown | Ty::Int) && !is_comparison(op) =>
            {
                let left = self.number(&left);
                return self.binary(op, Value::Int(left), right);
            }
            (Value::Int(_), Value::Unknown(unknown))
                if matches!(unknown.ty, Ty::Unknown | Ty::Int) && !is_comparison(op) =>
            {
                let right = self.number(&right);
                return self.binary(op, left, Value::Int(right));
            }
            (Value::Int(a), Value::Int(b)) => match op {
                BinaryOp::Add => Value::Int(a.add(b)),
                BinaryOp::Sub => Value::Int(a.sub(b)),
                BinaryOp::Mul => Value::Int(a.mul(b)),
                BinaryOp::Div => Value::Int(a.div(b)),
                BinaryOp::Rem => Value::Int(a.rem(b)),
                BinaryOp::Shl
                | BinaryOp::Shr
                | BinaryOp::BitAnd
                | BinaryOp::BitOr
                | BinaryOp::BitXor => Value::Int(bits(op, a, b)),
                _ => Value::Bool(self.compare(op, a, b)),
            },
            (Value::Float(Some(a)), Value::Float(Some(b))) => float(op, *a, *b),
            // A whole number that stands for one with a fraction.
            (Value::Float(_), Value::Int(Num::Known(b))) => {
                let right = Value::Float(Some(Real::literal(*b as f64)));
                return self.binary(op, left, right);
            }
            (Value::Float(_), Value::Float(_)) if !is_comparison(op) => Value::Float(None),
            (Value::Text(a), Value::Text(b)) => match op {
                BinaryOp::Add => Value::Text(a.joined("", b)),
                BinaryOp::Eq | BinaryOp::Ne => match (a.known(), b.known()) {
                    (Some(a), Some(b)) => {
                        Value::Bool(Cond::Known((a == b) == (op == BinaryOp::Eq)))
                    }
                    _ => Value::Bool(Cond::Unknown),
                },
                _ => Value::Bool(match super::std::order_of(&left, &right) {
                    Some(found) => Cond::Known(order(op, found as i128, 0)),
                    None => Cond::Unknown,
                }),
            },
            (Value::Bool(_), Value::Bool(_)) => {
                let (a, b) = (self.truth(&left), self.truth(&right));
                Value::Bool(booleans(op, a, b))
            }
            _ if is_comparison(op) && super::std::order_of(&left, &right).is_some() => {
                let found =
                    super::std::order_of(&left, &right).unwrap_or(std::cmp::Ordering::Equal);
                Value::Bool(Cond::Known(order(op, found as i128, 0)))
            }
            (Value::Opt(a), Value::Opt(b)) if matches!(op, BinaryOp::Eq | BinaryOp::Ne) => {
                match (a, b) {
                    (None, None) => Value::Bool(Cond::Known(op == BinaryOp::Eq)),
                    (None, Some(_)) | (Some(_), None) => {
                        Value::Bool(Cond::Known(op == BinaryOp::Ne))
                    }
                    (Some(a), Some(b)) => {
                        return self.binary(op, (**a).clone(), (**b).clone());
                    }
                }
            }
            (Value::Variant(a), Value::Variant(b))
                if a.def == b.def && matches!(op, BinaryOp::Eq | BinaryOp::Ne) =>
            {
                match a.variant == b.variant {
                    false => Value::Bool(Cond::Known(op == BinaryOp::Ne)),
                    true if a.fields.is_empty() => Value::Bool(Cond::Known(op == BinaryOp::Eq)),
                    true => Value::Bool(Cond::Unknown),
                }
            }
            _ if is_comparison(op) => Value::Bool(self.named_comparison(op, &left, &right)),
            _ => self
                .mixed_flows(&[&left, &right])
                .unwrap_or_else(Value::unknown),
        })
    }

    /// An operator that the program says for a type of its own.
    fn own_operator(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Option<Eval> {
        let name = Name::new(function_of(op)?);
        let ty = self.ty_of(left);
        let adt = match &ty {
            Ty::Struct(def, _) => AdtRef::Struct(def.clone()),
            Ty::Enum(def, _) => AdtRef::Enum(def.clone()),
            _ => return None,
        };
        let given = self.ty_of(right);
        let mut functions = self.program.associated_fns(&adt, name, self.scope());
        functions.retain(|function| function.func.has_self && self.may_take(function, &given));
        let function = functions.into_iter().next()?;
        let (receiver, args) = (left.clone(), vec![right.clone()]);
        let span = function.func.span;
        let outcome = self.call_own(&function, Vec::new(), Some(ty), Some(receiver), args, span);
        Some(match (op, outcome) {
            (BinaryOp::Ne, Ok(value)) => Ok(Value::Bool(negated(self.truth(&value)))),
            (_, outcome) => outcome,
        })
    }

    /// True unless the function's argument is of another type than the one given.
    fn may_take(&mut self, function: &FnDef, given: &Ty) -> bool {
        let Some(param) = function.func.params.first() else {
            return false;
        };
        let wanted = self.resolve_ty_in(&param.ty, function.module, &[], None);
        match (&wanted, given) {
            (Ty::Struct(a, _), Ty::Struct(b, _)) => a == b,
            (Ty::Enum(a, _), Ty::Enum(b, _)) => a == b,
            (Ty::Struct(..) | Ty::Enum(..) | Ty::Text | Ty::Int, other) => {
                *other == Ty::Unknown || *other == wanted
            }
            _ => true,
        }
    }

    pub(super) fn named_comparison(&mut self, op: BinaryOp, left: &Value, right: &Value) -> Cond {
        if !matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            return Cond::Unknown;
        }
        let name = |value: &Value| match value {
            Value::Unknown(unknown) => unknown.name.as_deref().map(str::to_string),
            Value::Variant(variant) if variant.fields.is_empty() => Some(
                variant.def.item.variants[variant.variant]
                    .name
                    .name
                    .to_string(),
            ),
            Value::Text(text) => text.known().map(|text| format!("{text:?}")),
            Value::Int(Num::Known(value)) => Some(value.to_string()),
            _ => None,
        };
        match (name(left), name(right)) {
            (Some(left), Some(right)) => {
                question(&format!("{left} == {right}"), op == BinaryOp::Ne)
            }
            _ => Cond::Unknown,
        }
    }

    pub(super) fn compare(&mut self, op: BinaryOp, a: &Num, b: &Num) -> Cond {
        if let (Some(a), Some(b)) = (a.known(), b.known()) {
            return Cond::Known(order(op, a, b));
        }
        if a == b && !a.is_nameless() {
            return Cond::Known(order(op, 0, 0));
        }
        match (a, b) {
            (
                Num::Affine {
                    index,
                    scale: 1,
                    offset,
                },
                Num::Known(k),
            ) => {
                let info = &self.indices[index.0 as usize];
                let (low, high) = (info.low + offset, info.high.map(|high| high + offset));
                if let Some(decided) = decide(op, low, high, *k) {
                    return Cond::Known(decided);
                }
                self.wanted_peel.get_or_insert((*index, k - offset));
                Cond::Unknown
            }
            (Num::Known(_), Num::Affine { .. }) => self.compare(mirrored(op), b, a),
            (_, Num::Affine { .. }) | (Num::Affine { .. }, _) => Cond::Unknown,
            (Num::Named(_), _) | (_, Num::Named(_)) => match op {
                BinaryOp::Eq | BinaryOp::Ne => {
                    let (left, right) = ordered(a, b);
                    question(&format!("{left} == {right}"), op == BinaryOp::Ne)
                }
                BinaryOp::Lt => question(&format!("{a} < {b}"), false),
                BinaryOp::Ge => question(&format!("{a} < {b}"), true),
                BinaryOp::Gt => question(&format!("{b} < {a}"), false),
                BinaryOp::Le => question(&format!("{b} < {a}"), true),
                _ => Cond::Unknown,
            },
            _ => Cond::Unknown,
        }
    }
}

/// The default of another value's type.
fn zero_like(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Int(_) => Value::known(0),
        Value::Float(_) => Value::Float(Some(Real::literal(0.0))),
        Value::Bool(_) => Value::Bool(Cond::Known(false)),
        Value::Text(_) => Value::text(""),
        _ => return None,
    })
}

fn ordered(a: &Num, b: &Num) -> (String, String) {
    let (a, b) = (a.to_string(), b.to_string());
    if a <= b { (a, b) } else { (b, a) }
}

pub fn negated(cond: Cond) -> Cond {
    match cond {
        Cond::Known(value) => Cond::Known(!value),
        Cond::Symbol { name, negated } => Cond::Symbol {
            name,
            negated: !negated,
        },
        Cond::Unknown => Cond::Unknown,
    }
}

fn booleans(op: BinaryOp, a: Cond, b: Cond) -> Cond {
    match (op, a, b) {
        (BinaryOp::BitAnd, Cond::Known(false), _) | (BinaryOp::BitAnd, _, Cond::Known(false)) => {
            Cond::Known(false)
        }
        (BinaryOp::BitOr, Cond::Known(true), _) | (BinaryOp::BitOr, _, Cond::Known(true)) => {
            Cond::Known(true)
        }
        (BinaryOp::BitAnd, Cond::Known(true), other)
        | (BinaryOp::BitAnd, other, Cond::Known(true)) => other,
        (BinaryOp::BitOr, Cond::Known(false), other)
        | (BinaryOp::BitOr, other, Cond::Known(false)) => other,
        (BinaryOp::Eq, Cond::Known(true), other) | (BinaryOp::Eq, other, Cond::Known(true)) => {
            other
        }
        (BinaryOp::Ne | BinaryOp::BitXor, Cond::Known(true), other) => negated(other),
        (BinaryOp::Eq, Cond::Known(false), other) | (BinaryOp::Eq, other, Cond::Known(false)) => {
            negated(other)
        }
        (BinaryOp::Ne | BinaryOp::BitXor, Cond::Known(false), other) => other,
        _ => Cond::Unknown,
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge
    )
}

fn order(op: BinaryOp, a: i128, b: i128) -> bool {
    match op {
        BinaryOp::Eq => a == b,
        BinaryOp::Ne => a != b,
        BinaryOp::Lt => a < b,
        BinaryOp::Le => a <= b,
        BinaryOp::Gt => a > b,
        _ => a >= b,
    }
}

fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::Le => BinaryOp::Ge,
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::Ge => BinaryOp::Le,
        other => other,
    }
}

/// What a comparison with `k` gives for every number from `low` to `high`, if it gives one answer.
fn decide(op: BinaryOp, low: i128, high: Option<i128>, k: i128) -> Option<bool> {
    let all_above = low > k;
    let all_below = high.is_some_and(|high| high < k);
    match op {
        BinaryOp::Eq => (all_above || all_below).then_some(false),
        BinaryOp::Ne => (all_above || all_below).then_some(true),
        BinaryOp::Gt if all_above => Some(true),
        BinaryOp::Gt if high.is_some_and(|high| high <= k) => Some(false),
        BinaryOp::Ge if low >= k => Some(true),
        BinaryOp::Ge if all_below => Some(false),
        BinaryOp::Lt if all_below => Some(true),
        BinaryOp::Lt if low >= k => Some(false),
        BinaryOp::Le if high.is_some_and(|high| high <= k) => Some(true),
        BinaryOp::Le if all_above => Some(false),
        _ => None,
    }
}

fn bits(op: BinaryOp, a: &Num, b: &Num) -> Num {
    match (op, a.known(), b.known()) {
        (BinaryOp::Shl, Some(a), Some(b)) if (0..64).contains(&b) => Num::Known(a << b),
        (BinaryOp::Shr, Some(a), Some(b)) if (0..64).contains(&b) => Num::Known(a >> b),
        (BinaryOp::BitAnd, Some(a), Some(b)) => Num::Known(a & b),
        (BinaryOp::BitOr, Some(a), Some(b)) => Num::Known(a | b),
        (BinaryOp::BitXor, Some(a), Some(b)) => Num::Known(a ^ b),
        _ => Num::named("?"),
    }
}

fn float(op: BinaryOp, a: Real, b: Real) -> Value {
    let number = |double: fn(f64, f64) -> f64, single: fn(f32, f32) -> f32| {
        Value::Float(Some(a.with(b, double, single)))
    };
    match op {
        BinaryOp::Add => number(|a, b| a + b, |a, b| a + b),
        BinaryOp::Sub => number(|a, b| a - b, |a, b| a - b),
        BinaryOp::Mul => number(|a, b| a * b, |a, b| a * b),
        BinaryOp::Div => number(|a, b| a / b, |a, b| a / b),
        BinaryOp::Rem => number(|a, b| a % b, |a, b| a % b),
        _ if is_comparison(op) => Value::Bool(match a.compare(b) {
            Some(found) => Cond::Known(order(op, found as i128, 0)),
            None => Cond::Unknown,
        }),
        _ => Value::Float(None),
    }
}

/// The function of the trait that an operator calls; comparisons are derived.
fn function_of(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::Add => "add",
        BinaryOp::Sub => "sub",
        BinaryOp::Mul => "mul",
        BinaryOp::Div => "div",
        BinaryOp::Rem => "rem",
        BinaryOp::BitAnd => "bitand",
        BinaryOp::BitOr => "bitor",
        BinaryOp::BitXor => "bitxor",
        BinaryOp::Shl => "shl",
        BinaryOp::Shr => "shr",
        BinaryOp::Eq | BinaryOp::Ne => "eq",
        _ => return None,
    })
}
