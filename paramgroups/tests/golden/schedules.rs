//! fastai's schedules, and the plans that follow them.

use paramgroups::{
    CombinedCos, Error, FineTune, FlatCos, LearningRates, Length, OneCycle, Plan, Segments, Step,
    cosine,
};
use serde_json::Value;

use crate::case::{
    Case, check_all_close, check_close, check_eq, is_true, learning_rates, list, not_applicable,
    number, partition_of, refused_rates,
};
use crate::verdict::{Departure, Inapplicable, Outcome, Verdict};

pub fn replay(case: Case<'_>) -> Outcome {
    match case.text("kind") {
        "primitive" => primitive(case),
        "combined_cos" => combined_cos(case),
        "combine_scheds" => segments(case),
        "fit_one_cycle" | "fit_flat_cos" | "fit" => fit(case),
        "fine_tune" => fine_tune(case),
        _ => not_applicable(Inapplicable::OtherSchedule),
    }
}

fn primitive(case: Case<'_>) -> Outcome {
    if case.text("fn") != "cos" {
        return not_applicable(Inapplicable::OtherSchedule);
    }
    let (start, end) = (case.number("start"), case.number("end"));
    let positions = case.numbers("pos");
    let ours: Vec<f64> = positions.iter().map(|&p| cosine(start, end, p)).collect();
    check_all_close("value", &ours, &case.numbers("expected"))?;
    Ok(Verdict::Passed)
}

fn combined_cos(case: Case<'_>) -> Outcome {
    let [pct, start, middle, end] = ["pct", "start", "middle", "end"].map(|key| case.number(key));
    let curve = CombinedCos::new(pct, start, middle, end).map_err(|error| error.to_string())?;
    let mut verdict = Verdict::Passed;
    let positions = case.numbers("pos");
    check_eq("values", positions.len(), case.list("expected").len())?;
    if case.has("segment") {
        check_segments(case, &[pct, 1.0 - pct])?;
    }
    for (position, expected) in positions.into_iter().zip(case.list("expected")) {
        let ours = curve.at(position);
        if expected == "nan" {
            check_close("the end", ours, cosine(middle, end, 1.0))?;
            verdict = Verdict::Departed(Departure::SegmentOfNoLength);
        } else {
            check_close(&format!("value at {position}"), ours, number(expected))?;
        }
    }
    Ok(verdict)
}

fn segments(case: Case<'_>) -> Outcome {
    let shares = case.numbers("pcts");
    match (Segments::new(&shares), case.error_type()) {
        (Err(_), Some(_)) => Ok(Verdict::Passed),
        (Ok(_), Some(error)) => Err(format!("taken, recorded {error}")),
        (Err(error), None) => Err(error.to_string()),
        (Ok(_), None) => match check_segments(case, &shares)? {
            true => Ok(Verdict::Passed),
            false => Ok(Verdict::Departed(Departure::SegmentOfNoLength)),
        },
    }
}

/// Compares segments and positions in them; says whether each recorded one is a number.
fn check_segments(case: Case<'_>, shares: &[f64]) -> Result<bool, String> {
    let segments = Segments::new(shares).map_err(|error| error.to_string())?;
    let (numbers, within) = (case.list("segment"), case.list("segment_pos"));
    let positions = case.numbers("pos");
    check_eq("segments", positions.len(), numbers.len())?;
    check_eq("positions", positions.len(), within.len())?;
    let mut defined = true;
    for (position, (segment, within)) in positions.into_iter().zip(numbers.iter().zip(within)) {
        let (ours, at) = segments.locate(position);
        check_eq("segment", ours, number(segment) as usize)?;
        if within == "nan" {
            defined = false;
        } else {
            check_eq(&format!("position at {position}"), at, number(within))?;
        }
    }
    Ok(defined)
}

fn moms(config: Case<'_>) -> Option<[f64; 3]> {
    config.numbers("moms").try_into().ok()
}

fn fit(case: Case<'_>) -> Outcome {
    let config = case.case("config");
    let key = if config.has("lr_max") { "lr_max" } else { "lr" };
    let default = config.number("learner_lr");
    let Some(rates) = learning_rates(config.case(key), default) else {
        return not_applicable(Inapplicable::DynamicTyping);
    };
    let groups = config.count("n_groups");
    let iters = config.count("iters_per_epoch");
    let length = Length::new(config.count("n_epoch"), iters);
    let partition = partition_of(groups);
    let or = |key: &str, default: f64| match config.has(key) {
        true => config.number(key),
        false => default,
    };
    // The optimizer's own, where the schedule leaves it alone.
    let momentum = case.case("expected").list("mom").first();
    let momentum = momentum.map_or(0.9, number);
    let planned = |rates: LearningRates| match case.text("kind") {
        "fit_one_cycle" => {
            let default = OneCycle::default();
            let options = OneCycle {
                pct_start: or("pct_start", default.pct_start),
                div: or("div", default.div),
                div_final: or("div_final", default.div_final),
                moms: moms(config).unwrap_or(default.moms),
            };
            Plan::one_cycle(&partition, rates, length, options)
        }
        "fit_flat_cos" => {
            let default = FlatCos::default();
            let options = FlatCos {
                pct_start: or("pct_start", default.pct_start),
                div_final: or("div_final", default.div_final),
                momentum,
            };
            Plan::flat_cos(&partition, rates, length, options)
        }
        _ => Plan::constant(&partition, rates, length, momentum),
    };
    let replayed = |plan: Plan| {
        let first = config.count("start_epoch") * iters;
        let steps = plan.steps_from(first).map_err(|error| error.to_string())?;
        check_steps(steps, case.case("expected"))
    };
    match (planned(rates.clone()), case.error_type()) {
        (Err(_), Some(_)) => Ok(Verdict::Passed),
        (Ok(_), Some(error)) => Err(format!("planned, recorded {error}")),
        (Err(error), None) => {
            let (rule, theirs) = refused_rates(&rates, &error, groups)?;
            if let Ok(plan) = planned(theirs.into()) {
                replayed(plan)?;
            }
            Ok(Verdict::Departed(rule))
        }
        (Ok(plan), None) => {
            replayed(plan)?;
            Ok(Verdict::Passed)
        }
    }
}

fn fine_tune(case: Case<'_>) -> Outcome {
    let config = case.case("config");
    if config.has("lr_max") {
        // `fine_tune` gives it itself; a field cannot be given twice.
        return not_applicable(Inapplicable::DynamicTyping);
    }
    let partition = partition_of(config.count("n_groups"));
    let base = FineTune::new(config.count("epochs"), config.count("iters_per_epoch"));
    let options = FineTune {
        freeze_epochs: config.count("freeze_epochs"),
        lr_mult: config.number("lr_mult"),
        pct_start: config.number("pct_start"),
        div: config.number("div"),
        div_final: match config.has("div_final") {
            true => config.number("div_final"),
            false => base.div_final,
        },
        moms: moms(config).unwrap_or(base.moms),
        ..base
    };
    let plan = match Plan::fine_tune(&partition, config.number("base_lr"), options) {
        Ok(plan) => plan,
        Err(Error::NothingToFreeze) if partition.stages() == 1 => {
            return Ok(Verdict::Departed(Departure::FreezeOfOneStage));
        }
        Err(error) => return Err(error.to_string()),
    };
    let mut steps = plan.steps();
    for phase in case.case("expected").list("phases") {
        let phase = Case(phase);
        check_steps(steps.by_ref().take(phase.count("iters")), phase)?;
    }
    check_eq("steps left", steps.count(), 0)?;
    Ok(Verdict::Passed)
}

fn check_steps<'p>(
    steps: impl Iterator<Item = Step<'p>>,
    recorded: Case<'_>,
) -> Result<(), String> {
    let rows = recorded.list("lr");
    let mut count = 0;
    for (index, step) in steps.enumerate() {
        let at = |what: &str| format!("{what} at step {index}");
        let row = rows.get(index).map_or(&[][..], list);
        let ours: Vec<f64> = step.learning_rates().collect();
        let recorded_rates: Vec<f64> = row.iter().map(number).collect();
        check_all_close(&at("rate"), &ours, &recorded_rates)?;
        let momentum = recorded.list("mom").get(index).map_or(f64::NAN, number);
        check_close(&at("momentum"), step.momentum(0), momentum)?;
        let position = recorded.list("pct_train").get(index);
        check_close(
            &at("position"),
            step.position(),
            position.map_or(f64::NAN, number),
        )?;
        let trained = trained_row(recorded.list("requires_grad"), index);
        for (parameter, trained) in trained.iter().enumerate() {
            let group = parameter / 2;
            check_eq(&at("trained"), !step.is_frozen(group), is_true(trained))?;
        }
        count += 1;
    }
    check_eq("steps", count, recorded.count("iters"))
}

/// One row of flags for all steps, or one for each.
fn trained_row(rows: &[Value], step: usize) -> &[Value] {
    match rows.get(step) {
        Some(Value::Array(row)) => row,
        _ => rows,
    }
}
