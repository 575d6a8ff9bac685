//! Integers and floating-point numbers.

use super::super::cast::{fits_any, limits};
use super::super::machine::{Eval, Machine};
use super::super::num::Num;
use super::super::real::Real;
use super::super::value::{Cond, Value};
use crate::program::hir::BinaryOp;

/// The smallest and the largest number of a type.
pub type Limits = (i128, i128);

impl<'p> Machine<'p> {
    pub(super) fn number_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
    ) -> Option<Eval> {
        match value {
            Value::Int(number) => self.integer_method(number, name, args),
            Value::Float(number) => self.float_method(*number, name, args),
            _ => None,
        }
    }

    fn integer_method(&mut self, number: &Num, name: &str, args: &[Value]) -> Option<Eval> {
        let own_limits = self.receiver_limits.take();
        let other = args.first().map(|arg| self.deref(arg));
        let with = match &other {
            Some(Value::Int(other)) => Some(other.clone()),
            _ => None,
        };
        if let Some(known) = number.known() {
            let with = with.as_ref().and_then(Num::known);
            let second = args.get(1).and_then(|arg| self.number(arg).known());
            if let Some(value) = known_method(known, name, with, second, own_limits) {
                return Some(Ok(value));
            }
        }
        let named = |text: String| Num::named(&text);
        Some(Ok(Value::Int(match name {
            "max" | "min" => match with {
                Some(with) if *number == with => with,
                Some(with) => named(format!("{name}({number}, {with})")),
                _ => Num::named("?"),
            },
            "pow" => match with {
                Some(with) => named(format!("{number}^{with}")),
                None => Num::named("?"),
            },
            "checked_sub" | "checked_add" | "checked_mul" | "checked_div" | "checked_rem"
            | "checked_pow" => {
                let some = Value::some(Value::Int(Num::named("?")));
                return Some(Ok(Value::one_of([some, Value::Opt(None)])));
            }
            "saturating_sub" | "wrapping_sub" if number.known().is_none() => {
                with.map_or_else(|| Num::named("?"), |with| number.sub(&with))
            }
            "saturating_add" | "wrapping_add" if number.known().is_none() => {
                with.map_or_else(|| Num::named("?"), |with| number.add(&with))
            }
            "div_ceil" => with.map_or_else(
                || Num::named("?"),
                |with| named(format!("ceil({number}/{with})")),
            ),
            "rem_euclid" => with.map_or_else(|| Num::named("?"), |with| number.rem(&with)),
            "is_multiple_of" => {
                let rest = with.map_or_else(|| Num::named("?"), |with| number.rem(&with));
                return Some(self.binary(BinaryOp::Eq, Value::Int(rest), Value::known(0)));
            }
            "is_power_of_two" | "is_positive" | "is_negative" => {
                return Some(Ok(Value::Bool(Cond::Unknown)));
            }
            "abs" | "get" | "load" => number.clone(),
            "overflowing_add" | "overflowing_sub" | "overflowing_mul" => {
                let parts = vec![Value::Int(Num::named("?")), Value::Bool(Cond::Unknown)];
                return Some(Ok(Value::tuple(parts)));
            }
            _ if NUMBERS.contains(&name) => Num::named("?"),
            _ => return None,
        })))
    }

    fn float_method(&mut self, number: Option<Real>, name: &str, args: &[Value]) -> Option<Eval> {
        let other = args.first().map(|arg| self.deref(arg));
        let unary = |double: fn(f64) -> f64, single: fn(f32) -> f32| {
            number.map(|number| number.map(double, single))
        };
        let with = match &other {
            Some(Value::Float(Some(other))) => Some(*other),
            Some(Value::Int(Num::Known(other))) => Some(Real::Either(*other as f64, *other as f32)),
            _ => None,
        };
        let binary = |double: fn(f64, f64) -> f64, single: fn(f32, f32) -> f32| {
            number
                .zip(with)
                .map(|(number, with)| number.with(with, double, single))
        };
        Some(Ok(Value::Float(match name {
            "sqrt" => unary(f64::sqrt, f32::sqrt),
            "cbrt" => unary(f64::cbrt, f32::cbrt),
            "ceil" => unary(f64::ceil, f32::ceil),
            "floor" => unary(f64::floor, f32::floor),
            "round" => unary(f64::round, f32::round),
            "round_ties_even" => unary(f64::round_ties_even, f32::round_ties_even),
            "trunc" => unary(f64::trunc, f32::trunc),
            "fract" => unary(f64::fract, f32::fract),
            "ln" => unary(f64::ln, f32::ln),
            "log2" => unary(f64::log2, f32::log2),
            "log10" => unary(f64::log10, f32::log10),
            "exp" => unary(f64::exp, f32::exp),
            "exp2" => unary(f64::exp2, f32::exp2),
            "abs" => unary(f64::abs, f32::abs),
            "recip" => unary(f64::recip, f32::recip),
            "powf" => binary(f64::powf, f32::powf),
            "max" => binary(f64::max, f32::max),
            "min" => binary(f64::min, f32::min),
            "log" => binary(f64::log, f32::log),
            "powi" => match &other {
                Some(Value::Int(Num::Known(by))) => {
                    let by = i32::try_from(*by).ok()?;
                    number.map(|number| number.map(|n| n.powi(by), |n| n.powi(by)))
                }
                _ => None,
            },
            "clamp" => match (number, with, args.get(1).map(|arg| self.deref(arg))) {
                (Some(number), Some(low), Some(Value::Float(Some(high)))) => Some(
                    number
                        .with(low, f64::max, f32::max)
                        .with(high, f64::min, f32::min),
                ),
                _ => None,
            },
            _ => return None,
        })))
    }

    /// `u8::MAX`, `f32::EPSILON`.
    pub fn number_constant(&self, owner: &str, name: &str) -> Option<Value> {
        if let Some((low, high)) = limits(owner) {
            return Some(Value::known(match name {
                "MIN" => low,
                "MAX" => high,
                "BITS" => i128::from((high - low).ilog2() + 1),
                _ => return None,
            }));
        }
        let real = match (owner, name) {
            ("f64", "MAX") => Real::Double(f64::MAX),
            ("f64", "MIN") => Real::Double(f64::MIN),
            ("f64", "EPSILON") => Real::Double(f64::EPSILON),
            ("f64", "INFINITY") => Real::Double(f64::INFINITY),
            ("f64", "NEG_INFINITY") => Real::Double(f64::NEG_INFINITY),
            ("f32", "MAX") => Real::Single(f32::MAX),
            ("f32", "MIN") => Real::Single(f32::MIN),
            ("f32", "EPSILON") => Real::Single(f32::EPSILON),
            ("f32", "INFINITY") => Real::Single(f32::INFINITY),
            ("f32", "NEG_INFINITY") => Real::Single(f32::NEG_INFINITY),
            ("consts", "PI") => Real::literal(std::f64::consts::PI),
            ("consts", "E") => Real::literal(std::f64::consts::E),
            ("consts", "TAU") => Real::literal(std::f64::consts::TAU),
            ("consts", "SQRT_2") => Real::literal(std::f64::consts::SQRT_2),
            ("consts", "LN_2") => Real::literal(std::f64::consts::LN_2),
            _ => return None,
        };
        Some(Value::Float(Some(real)))
    }
}

/// Methods that give some integer.
const NUMBERS: &[&str] = &[
    "saturating_sub",
    "saturating_add",
    "saturating_mul",
    "saturating_pow",
    "wrapping_sub",
    "wrapping_add",
    "wrapping_mul",
    "wrapping_neg",
    "wrapping_pow",
    "abs_diff",
    "unsigned_abs",
    "signum",
    "div_euclid",
    "next_multiple_of",
    "next_power_of_two",
    "ilog2",
    "ilog10",
    "ilog",
    "isqrt",
    "clamp",
    "count_ones",
    "count_zeros",
    "trailing_zeros",
    "trailing_ones",
    "leading_zeros",
];

/// A method of numbers that are known. None: it is none, or its result depends on a type that is not known.
fn known_method(
    number: i128,
    name: &str,
    with: Option<i128>,
    second: Option<i128>,
    own: Option<Limits>,
) -> Option<Value> {
    let nonzero = || with.filter(|with| *with != 0);
    let small = |with: i128| u32::try_from(with).ok();
    if let Some((kind, operation)) = name.split_once('_')
        && matches!(kind, "saturating" | "wrapping" | "checked" | "overflowing")
    {
        return overflowing(number, kind, operation, with, own);
    }
    let found = match name {
        "max" => number.max(with?),
        "min" => number.min(with?),
        "pow" => number
            .checked_pow(small(with?)?)
            .filter(|power| power.unsigned_abs() < 1 << 64)?,
        "div_ceil" => {
            let with = nonzero()?;
            number.div_euclid(with) + i128::from(number.rem_euclid(with) != 0)
        }
        "div_euclid" => number.div_euclid(nonzero()?),
        "rem_euclid" => number.rem_euclid(nonzero()?),
        "next_multiple_of" => {
            let with = nonzero()?;
            number.div_euclid(with) * with
                + if number.rem_euclid(with) == 0 {
                    0
                } else {
                    with
                }
        }
        "next_power_of_two" if (0..1 << 60).contains(&number) => {
            (number as u64).next_power_of_two().into()
        }
        "ilog2" if number > 0 => number.ilog2().into(),
        "ilog10" if number > 0 => number.ilog10().into(),
        "ilog" if number > 0 && with? > 1 => number.ilog(with?).into(),
        "abs" => number.abs(),
        "unsigned_abs" => number.abs(),
        "abs_diff" => (number - with?).abs(),
        "signum" => number.signum(),
        "isqrt" if number >= 0 => number.isqrt(),
        "clamp" if with? <= second? => number.clamp(with?, second?),
        "count_ones" if number >= 0 => number.count_ones().into(),
        "trailing_zeros" if number > 0 => number.trailing_zeros().into(),
        "trailing_ones" if number >= 0 => number.trailing_ones().into(),
        "leading_zeros" if number >= 0 => {
            let (low, high) = own.filter(|(low, _)| *low == 0)?;
            let bits = (high - low).ilog2() + 1;
            i128::from(bits) - (128 - i128::from(number.leading_zeros()))
        }
        "is_multiple_of" => {
            return Some(Value::Bool(Cond::Known(match with? {
                0 => number == 0,
                with => number % with == 0,
            })));
        }
        "is_power_of_two" if number >= 0 => {
            return Some(Value::Bool(Cond::Known((number as u64).is_power_of_two())));
        }
        "is_positive" => return Some(Value::Bool(Cond::Known(number > 0))),
        "is_negative" => return Some(Value::Bool(Cond::Known(number < 0))),
        _ => return None,
    };
    Some(Value::known(found))
}

/// An operation that may leave its type.
fn overflowing(
    number: i128,
    kind: &str,
    operation: &str,
    with: Option<i128>,
    own: Option<Limits>,
) -> Option<Value> {
    let exact = match (operation, with) {
        ("neg", None) => Some(-number),
        ("add", Some(with)) => Some(number + with),
        ("sub", Some(with)) => Some(number - with),
        ("mul", Some(with)) => number.checked_mul(with),
        ("pow", Some(with)) => u32::try_from(with)
            .ok()
            .and_then(|with| number.checked_pow(with)),
        ("div", Some(with)) if with != 0 => Some(number / with),
        ("rem", Some(with)) if with != 0 => Some(number % with),
        ("div" | "rem", Some(0)) if kind == "checked" => return Some(Value::Opt(None)),
        _ => return None,
    };
    let operands: Vec<i128> = [Some(number), with].into_iter().flatten().collect();
    let fits = match (exact, own) {
        (Some(exact), Some((low, high))) => Some((low..=high).contains(&exact)),
        (Some(exact), None) => fits_any(&operands, exact).then_some(true),
        (None, _) => None,
    };
    match (fits, exact, own) {
        (Some(true), Some(exact), _) => Some(match kind {
            "checked" => Value::some(Value::known(exact)),
            "overflowing" => {
                Value::tuple(vec![Value::known(exact), Value::Bool(Cond::Known(false))])
            }
            _ => Value::known(exact),
        }),
        (Some(false), Some(exact), Some((low, high))) => {
            let wrapped = low + (exact - low).rem_euclid(high - low + 1);
            Some(match kind {
                "checked" => Value::Opt(None),
                "saturating" => Value::known(exact.clamp(low, high)),
                "overflowing" => {
                    Value::tuple(vec![Value::known(wrapped), Value::Bool(Cond::Known(true))])
                }
                _ => Value::known(wrapped),
            })
        }
        _ => None,
    }
}
