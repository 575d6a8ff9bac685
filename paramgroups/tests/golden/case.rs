//! Reading recorded cases.

use paramgroups::{Error, LearningRates, Partition, Splitter};
use serde_json::Value;

use crate::verdict::{Departure, Inapplicable, Outcome, Verdict};

/// One recorded case, or a part of one.
#[derive(Clone, Copy)]
pub struct Case<'a>(pub &'a Value);

impl<'a> Case<'a> {
    pub fn has(self, key: &str) -> bool {
        self.0.get(key).is_some()
    }

    pub fn has_all(self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.has(key))
    }

    pub fn get(self, key: &str) -> &'a Value {
        &self.0[key]
    }

    pub fn case(self, key: &str) -> Case<'a> {
        Case(&self.0[key])
    }

    pub fn text(self, key: &str) -> &'a str {
        self.0[key].as_str().unwrap_or("")
    }

    pub fn count(self, key: &str) -> usize {
        self.0[key].as_u64().unwrap_or(0) as usize
    }

    pub fn flag(self, key: &str) -> bool {
        is_true(&self.0[key])
    }

    pub fn number(self, key: &str) -> f64 {
        number(&self.0[key])
    }

    pub fn numbers(self, key: &str) -> Vec<f64> {
        self.list(key).iter().map(number).collect()
    }

    pub fn texts(self, key: &str) -> Vec<&'a str> {
        texts(&self.0[key])
    }

    pub fn list(self, key: &str) -> &'a [Value] {
        list(&self.0[key])
    }

    pub fn error_type(self) -> Option<&'a str> {
        self.0["error"][0].as_str()
    }
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub fn texts(value: &Value) -> Vec<&str> {
    list(value).iter().filter_map(Value::as_str).collect()
}

/// A number, `nan` included.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// `true` or 1.
pub fn is_true(value: &Value) -> bool {
    value.as_bool().unwrap_or(false) || value.as_u64() == Some(1)
}

/// Names whose beginning is that of the name before: `[length, tail, shape]`.
pub fn names_and_shapes(params: &[Value]) -> Vec<(String, Vec<usize>)> {
    let mut last = String::new();
    params
        .iter()
        .map(|param| {
            let kept = param[0].as_u64().unwrap_or(0) as usize;
            last = format!("{}{}", &last[..kept], param[1].as_str().unwrap_or(""));
            (last.clone(), shape(&param[2]))
        })
        .collect()
}

pub fn shape(value: &Value) -> Vec<usize> {
    list(value)
        .iter()
        .map(|size| size.as_u64().unwrap_or(0) as usize)
        .collect()
}

/// A recorded learning rate: a number, a slice or a list; nothing where Rust has no such value.
pub fn learning_rates(value: Case<'_>, default: f64) -> Option<LearningRates> {
    if value.0.is_null() {
        return Some(default.into());
    }
    if value.has("scalar") {
        return Some(value.number("scalar").into());
    }
    if value.has("list") {
        return Some(value.numbers("list").into());
    }
    let (lo, hi) = (&value.get("slice")[0], &value.get("slice")[1]);
    match (lo.is_null(), hi.as_f64()) {
        (_, None) => None,
        (true, Some(hi)) => Some((..=hi).into()),
        (false, Some(hi)) => Some((number(lo)..=hi).into()),
    }
}

/// A partition of this many groups of two parameters.
pub fn partition_of(groups: usize) -> Partition {
    let paths =
        (0..groups).flat_map(|group| ["weight", "bias"].map(|leaf| format!("{group}.{leaf}")));
    match paramgroups::ByModule::top_level().split(paths) {
        Ok(partition) => partition,
        Err(error) => panic!("{error}"),
    }
}

pub fn not_applicable(rule: Inapplicable) -> Outcome {
    Ok(Verdict::NotApplicable(rule))
}

/// By which rule the engine refuses rates that the library took, and the rates that the library
/// made of them.
pub fn refused_rates(
    rates: &LearningRates,
    error: &Error,
    stages: usize,
) -> Result<(Departure, Vec<f64>), String> {
    let up_to = |hi: f64| {
        let mut rates = vec![hi / 10.0; stages];
        rates[stages - 1] = hi;
        rates
    };
    match (rates, error) {
        (LearningRates::UpTo(hi) | LearningRates::Between(_, hi), Error::OneStage { .. }) => {
            Ok((Departure::RatesOfOneStage, up_to(*hi)))
        }
        (LearningRates::Between(0.0, hi), Error::OutOfRange { .. }) => {
            Ok((Departure::ZeroLowEnd, up_to(*hi)))
        }
        (LearningRates::Between(lo, hi), Error::OutOfRange { .. }) => {
            let step = (hi / lo).powf(1.0 / (stages as f64 - 1.0));
            let multiples = (0..stages).map(|stage| lo * step.powi(stage as i32));
            Ok((Departure::RateOutOfRange, multiples.collect()))
        }
        _ => Err(format!("refused: {error}")),
    }
}

/// Equal but for rounding: 1e-12 of the greater one.
pub fn check_close(what: &str, ours: f64, recorded: f64) -> Result<(), String> {
    check_within(what, ours, recorded, 1e-12)
}

pub fn check_within(what: &str, ours: f64, recorded: f64, relative: f64) -> Result<(), String> {
    let scale = ours.abs().max(recorded.abs());
    if (ours - recorded).abs() <= relative * scale {
        return Ok(());
    }
    Err(format!("{what} is {ours:e}, recorded {recorded:e}"))
}

pub fn check_all_close(what: &str, ours: &[f64], recorded: &[f64]) -> Result<(), String> {
    check_eq(&format!("number of {what}"), ours.len(), recorded.len())?;
    for (index, (ours, recorded)) in ours.iter().zip(recorded).enumerate() {
        check_close(&format!("{what} {index}"), *ours, *recorded)?;
    }
    Ok(())
}

pub fn check_eq<T: PartialEq + std::fmt::Debug>(
    what: &str,
    ours: T,
    recorded: T,
) -> Result<(), String> {
    if ours == recorded {
        return Ok(());
    }
    Err(format!("{what}: {ours:?}, recorded {recorded:?}"))
}
