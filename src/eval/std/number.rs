//! Integers and floating-point numbers.

use super::super::machine::{Eval, Machine};
use super::super::num::Num;
use super::super::value::Value;

impl<'p> Machine<'p> {
    pub(super) fn number_method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
    ) -> Option<Eval> {
        let other = args.first().map(|arg| self.deref(arg));
        match value {
            Value::Int(number) => {
                let known = number.known();
                let with = match &other {
                    Some(Value::Int(other)) => Some(other.clone()),
                    _ => None,
                };
                let pair = known.zip(with.as_ref().and_then(Num::known));
                Some(Ok(Value::Int(match name {
                    "max" | "min" => match (pair, with) {
                        (Some((a, b)), _) => {
                            Num::Known(if name == "max" { a.max(b) } else { a.min(b) })
                        }
                        (None, Some(with)) if *number == with => with,
                        (None, Some(with)) => Num::named(&format!("{name}({number}, {with})")),
                        _ => Num::named("?"),
                    },
                    "pow" => match pair {
                        Some((a, b)) => u32::try_from(b)
                            .ok()
                            .and_then(|b| a.checked_pow(b))
                            .filter(|power| power.unsigned_abs() < 1 << 64)
                            .map_or_else(|| Num::named("?"), Num::Known),
                        None => match with {
                            Some(with) => Num::named(&format!("{number}^{with}")),
                            None => Num::named("?"),
                        },
                    },
                    "checked_sub" | "checked_add" => {
                        let result = match (pair, name) {
                            (Some((a, b)), "checked_sub") if a < b => {
                                return Some(Ok(Value::Opt(None)));
                            }
                            (Some((a, b)), "checked_sub") => Num::Known(a - b),
                            (Some((a, b)), _) => Num::Known(a + b),
                            (None, _) => Num::named("?"),
                        };
                        let result = Value::some(Value::Int(result));
                        return Some(Ok(match pair {
                            Some(_) => result,
                            None => Value::one_of([result, Value::Opt(None)]),
                        }));
                    }
                    "saturating_sub" | "wrapping_sub" => match pair {
                        Some((a, b)) => Num::Known((a - b).max(0)),
                        None => with.map_or_else(|| Num::named("?"), |with| number.sub(&with)),
                    },
                    "saturating_add" | "wrapping_add" => {
                        with.map_or_else(|| Num::named("?"), |with| number.add(&with))
                    }
                    "div_ceil" => match pair {
                        Some((a, b)) if b != 0 => Num::Known((a + b - 1).div_euclid(b)),
                        _ => with.map_or_else(
                            || Num::named("?"),
                            |with| Num::named(&format!("ceil({number}/{with})")),
                        ),
                    },
                    "rem_euclid" => with.map_or_else(|| Num::named("?"), |with| number.rem(&with)),
                    "next_multiple_of" => match pair {
                        Some((a, b)) if b != 0 => Num::Known((a + b - 1).div_euclid(b) * b),
                        _ => Num::named("?"),
                    },
                    "next_power_of_two" => match known {
                        Some(value) if (0..1 << 60).contains(&value) => {
                            Num::Known((value as u64).next_power_of_two().into())
                        }
                        _ => Num::named("?"),
                    },
                    "ilog2" => match known {
                        Some(value) if value > 0 => Num::Known(i128::from(value.ilog2())),
                        _ => Num::named("?"),
                    },
                    "abs" => match known {
                        Some(value) => Num::Known(value.abs()),
                        None => number.clone(),
                    },
                    "isqrt" => match known {
                        Some(value) if value >= 0 => Num::Known(value.isqrt()),
                        _ => Num::named("?"),
                    },
                    "clamp" => match (known, pair, args.get(1).map(|arg| self.number(arg))) {
                        (Some(value), Some((_, low)), Some(Num::Known(high))) if low <= high => {
                            Num::Known(value.clamp(low, high))
                        }
                        _ => Num::named("?"),
                    },
                    "is_multiple_of" => {
                        let rest = with.map_or_else(|| Num::named("?"), |with| number.rem(&with));
                        let equal = self.binary(
                            crate::program::hir::BinaryOp::Eq,
                            Value::Int(rest),
                            Value::known(0),
                        );
                        return Some(equal);
                    }
                    "is_power_of_two" => {
                        return Some(Ok(match known {
                            Some(value) if value >= 0 => Value::Bool(
                                super::super::value::Cond::Known((value as u64).is_power_of_two()),
                            ),
                            _ => Value::Bool(super::super::value::Cond::Unknown),
                        }));
                    }
                    "get" => number.clone(),
                    _ => return None,
                })))
            }
            Value::Float(number) => Some(Ok(Value::Float(match (name, number, &other) {
                ("sqrt", Some(value), _) => Some(value.sqrt()),
                ("ceil", Some(value), _) => Some(value.ceil()),
                ("floor", Some(value), _) => Some(value.floor()),
                ("round", Some(value), _) => Some(value.round()),
                ("powf", Some(value), Some(Value::Float(Some(by)))) => Some(value.powf(*by)),
                ("powi", Some(value), Some(Value::Int(Num::Known(by)))) => {
                    Some(value.powi(i32::try_from(*by).unwrap_or(0)))
                }
                ("ln", Some(value), _) => Some(value.ln()),
                ("exp", Some(value), _) => Some(value.exp()),
                ("abs", Some(value), _) => Some(value.abs()),
                ("max", Some(value), Some(Value::Float(Some(other)))) => Some(value.max(*other)),
                ("min", Some(value), Some(Value::Float(Some(other)))) => Some(value.min(*other)),
                (
                    "sqrt" | "ceil" | "floor" | "round" | "powf" | "powi" | "ln" | "exp" | "abs"
                    | "max" | "min",
                    ..,
                ) => None,
                _ => return None,
            }))),
            _ => None,
        }
    }
}
