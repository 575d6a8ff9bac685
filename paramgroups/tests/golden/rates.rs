//! Rates by group: `even_mults` and `Optimizer.set_hyper`.

use paramgroups::{Error, LearningRates, even_multiples as multiples};

use crate::case::{Case, check_all_close, learning_rates, not_applicable, refused_rates};
use crate::verdict::{Inapplicable, Outcome, Verdict};

pub fn even_multiples(case: Case<'_>) -> Outcome {
    let (lo, hi) = (case.number("lo"), case.number("hi"));
    match multiples(lo, hi, case.count("n")) {
        Ok(ours) => {
            check_all_close("rate", &ours, &case.numbers("expected"))?;
            Ok(Verdict::Passed)
        }
        Err(_) if case.error_type().is_some() => Ok(Verdict::Passed),
        Err(error) => departed(
            case,
            &LearningRates::Between(lo, hi),
            &error,
            case.count("n"),
        ),
    }
}

pub fn by_stage(case: Case<'_>) -> Outcome {
    let Some(rates) = learning_rates(case.case("value"), f64::NAN) else {
        return not_applicable(Inapplicable::DynamicTyping);
    };
    match (rates.for_stages(case.count("n_groups")), case.error_type()) {
        (Err(_), Some(_)) => Ok(Verdict::Passed),
        (Ok(_), Some(error)) => Err(format!("taken, recorded {error}")),
        (Err(error), None) => departed(case, &rates, &error, case.count("n_groups")),
        (Ok(ours), None) => {
            check_all_close("rate", &ours, &case.numbers("expected"))?;
            Ok(Verdict::Passed)
        }
    }
}

/// A refusal by rule, if the library did what the rule says of it.
fn departed(case: Case<'_>, rates: &LearningRates, error: &Error, stages: usize) -> Outcome {
    let (rule, theirs) = refused_rates(rates, error, stages)?;
    check_all_close("rate of the library", &theirs, &case.numbers("expected"))?;
    Ok(Verdict::Departed(rule))
}
