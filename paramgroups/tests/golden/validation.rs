//! What torch's and fastai's optimizers refuse, told by the message.

use paramgroups::step::{Hyper, Rule, State, TorchAdamW, TorchSgd};
use paramgroups::{ByModule, Error, Groups, Partition, Result, Selector, Splitter};

use crate::case::{Case, check_eq, list, not_applicable};
use crate::verdict::{Departure, Inapplicable, Outcome, Verdict};

pub fn replay(case: Case<'_>) -> Outcome {
    let kind = case.error_type();
    let message = case.get("error")[1].as_str().unwrap_or("");
    let warns_of = |words: &str| {
        case.texts("warnings")
            .iter()
            .any(|text| text.contains(words))
    };
    match kind {
        Some("TypeError" | "KeyError") => not_applicable(Inapplicable::DynamicTyping),
        Some(_) => refused(message),
        None if warns_of("duplicate parameters") => match all(&["a", "a"]) {
            Err(Error::DuplicatePath { .. }) => Ok(Verdict::Departed(Departure::TakenTwice)),
            _ => Err("a parameter given twice is taken".to_owned()),
        },
        None => taken(case),
    }
}

fn all(paths: &[&str]) -> Result<Partition> {
    Groups::new().rest("all").split(paths.iter().copied())
}

fn by_module(paths: &[&str]) -> Result<Partition> {
    ByModule::top_level().split(paths.iter().copied())
}

/// What torch takes: groups with their sizes, or with the names of their members.
fn taken(case: Case<'_>) -> Outcome {
    let result = case.list("result");
    if result.iter().any(|group| group[0].as_u64() == Some(0)) {
        let nothing = Groups::new().group("none", Vec::<Selector>::new());
        return match nothing.split(["a"]) {
            Err(Error::EmptySelector { .. }) => Ok(Verdict::Departed(Departure::EmptyGroup)),
            _ => Err("an empty group is taken".to_owned()),
        };
    }
    let Some(names) = result.first().map(crate::case::texts) else {
        return Err("nothing recorded".to_owned());
    };
    if names.len() != list(&result[0]).len() {
        return not_applicable(Inapplicable::NothingRecorded);
    }
    let partition = all(&names).map_err(|error| error.to_string())?;
    let parameters = partition.parameters().iter();
    let ours: Vec<&str> = parameters.map(|parameter| parameter.path()).collect();
    check_eq("names", ours, names)?;
    Ok(Verdict::Passed)
}

fn refused(message: &str) -> Outcome {
    let begins = |words: &str| message.starts_with(words);
    let is_refused = match () {
        () if begins("optimizer got an empty parameter list") => {
            matches!(all(&[]), Err(Error::NoParameters))
        }
        () if begins("some parameters appear in more than one parameter group") => {
            let twice = Groups::new().group("a", "x").group("b", "**").split(["x"]);
            matches!(twice, Err(Error::NotAPartition(_)))
        }
        () if begins("Invalid weight_decay value") => {
            let refused = all(&["a"]).and_then(|mut p| p.set_weight_decay(-1.0));
            matches!(refused, Err(Error::OutOfRange { .. }))
        }
        () if begins("Invalid momentum value") => is_out_of_range(step_with(-1.0)),
        () if begins("Invalid beta parameter at index 0") => is_out_of_range(step_with(1.0)),
        () if begins("Nesterov momentum requires") => {
            let nesterov = TorchSgd {
                nesterov: true,
                ..TorchSgd::default()
            };
            matches!(step(&nesterov, 0.0), Err(Error::Unsupported { .. }))
        }
        () if begins("loaded state dict contains a parameter group") || message.is_empty() => {
            restore_of_other_groups()
        }
        () if begins("max_lr must have the same length") => {
            let rates = vec![0.1, 0.2, 0.3];
            let refused = by_module(&["a", "b"]).and_then(|mut p| p.set_learning_rates(rates));
            matches!(refused, Err(Error::WrongCount { .. }))
        }
        () => return not_applicable(Inapplicable::Tensors),
    };
    match is_refused {
        true => Ok(Verdict::Passed),
        false => Err(format!("not refused: {message}")),
    }
}

fn is_out_of_range(result: Result<()>) -> bool {
    matches!(result, Err(Error::OutOfRange { .. }))
}

fn step_with(momentum: f64) -> Result<()> {
    step(&TorchSgd::default(), momentum).and(step(&TorchAdamW::default(), momentum))
}

fn step(rule: &dyn Rule<f64>, momentum: f64) -> Result<()> {
    let hyper = Hyper {
        learning_rate: 0.1,
        momentum,
        weight_decay: 0.0,
    };
    rule.step(hyper, &mut [1.0], &[1.0], &mut State::default())
}

/// Fewer members, and fewer groups.
fn restore_of_other_groups() -> bool {
    let restore = |saved: &[&str], here: &[&str]| {
        let saved = by_module(saved)?.state();
        by_module(here)?.restore(&saved)
    };
    [
        restore(&["a.x", "b.x"], &["a.x", "a.y", "b.x"]),
        restore(&["a.x"], &["a.x", "b.x"]),
    ]
    .iter()
    .all(|result| matches!(result, Err(Error::StateGroups { .. })))
}
