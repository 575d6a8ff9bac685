//! In which parameter group of an optimizer each parameter of a model lands.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use regex::Regex;

use super::site::{TrainedGroup, TrainedModel};
use crate::eval::{Construction, Machine, Num, OptimizerEvent, ParamId, Selector, Value};
use crate::model::{module_paths, path_of};

/// The groups of an optimizer, and the place of each parameter among them.
struct Division {
    groups: Vec<TrainedGroup>,
    group_of: HashMap<ParamId, usize>,
}

/// Every model whose constructor made some of `params`, with the groups that its parameters land in; without groups where they
/// can't be told, as when the optimizer `shares` the parameters with another.
pub fn trained_models(
    machine: &mut Machine<'_>,
    optimizer: &OptimizerEvent,
    models: &[Value],
    params: &HashSet<ParamId>,
    shares: bool,
) -> Vec<TrainedModel> {
    let division = match shares {
        true => None,
        false => division(machine, optimizer, models, params),
    };
    let mut trained: Vec<TrainedModel> = Vec::new();
    for construction in machine.log.constructions.clone() {
        let made = construction.params.clone();
        if !made
            .clone()
            .any(|param| params.contains(&ParamId(param as u32)))
        {
            continue;
        }
        let constructor = construction.function.func.name.span;
        let place = trained
            .iter()
            .position(|model| model.constructor == constructor);
        let place = place.unwrap_or_else(|| {
            trained.push(TrainedModel {
                constructor,
                groups: division
                    .as_ref()
                    .map_or_else(Vec::new, |division| division.groups.clone()),
            });
            trained.len() - 1
        });
        if let Some(division) = &division {
            for (param, path) in paths(machine, &construction) {
                if let Some(group) = division.group_of.get(&param) {
                    trained[place].groups[*group].paths.insert(path);
                }
            }
        }
    }
    trained
}

/// None where a group can't be told.
fn division(
    machine: &mut Machine<'_>,
    optimizer: &OptimizerEvent,
    models: &[Value],
    params: &HashSet<ParamId>,
) -> Option<Division> {
    let of_optimizer = |wanted| {
        let groupings = machine.log.groupings.iter();
        let of_it = groupings.filter(move |grouping| grouping.optimizer == wanted);
        of_it.map(|grouping| grouping.selector.clone()).collect()
    };
    let mut selectors: Vec<_> = of_optimizer(Some(optimizer.id));
    if selectors.is_empty() {
        selectors = of_optimizer(None);
    }
    match selectors.is_empty() {
        true => by_index(machine, params),
        false => {
            let known = selectors.iter().all(|selector| selector.is_known());
            known.then(|| {
                let selectors: Vec<&Selector> = selectors.iter().map(|one| &**one).collect();
                by_selectors(machine, optimizer, models, params, &selectors)
            })
        }
    }
}

/// tch's `set_group`; everything else is in group 0.
fn by_index(machine: &Machine<'_>, params: &HashSet<ParamId>) -> Option<Division> {
    let mut members: BTreeMap<i128, Vec<ParamId>> = BTreeMap::new();
    for param in params {
        match machine.log.params[param.0 as usize].group {
            Num::Known(group) => members.entry(group).or_default().push(*param),
            _ => return None,
        }
    }
    let mut division = Division {
        groups: Vec::new(),
        group_of: HashMap::new(),
    };
    for (place, (index, params)) in members.into_iter().enumerate() {
        division.groups.push(group(index.to_string(), None));
        division
            .group_of
            .extend(params.into_iter().map(|param| (param, place)));
    }
    Some(division)
}

/// burn's groups: the last that takes a parameter has it; the first, group 0, takes what no other does.
fn by_selectors(
    machine: &mut Machine<'_>,
    optimizer: &OptimizerEvent,
    models: &[Value],
    params: &HashSet<ParamId>,
    selectors: &[&Selector],
) -> Division {
    let mut groups = vec![group("0".into(), None)];
    for (number, selector) in selectors.iter().enumerate() {
        groups.push(group((number + 1).to_string(), Some(selector.to_string())));
    }
    let patterns = patterns(selectors.iter().copied());
    let mut group_of = HashMap::new();
    for model in models {
        let found = module_paths(machine, model, optimizer.span);
        for occurrence in found.parameters {
            let Some(param) = occurrence.param.filter(|param| params.contains(param)) else {
                continue;
            };
            let path = path_of(machine, &occurrence.path);
            let taken: Option<Vec<bool>> = selectors
                .iter()
                .map(|selector| takes(selector, &patterns, param, path.as_deref()))
                .collect();
            if let Some(taken) = taken {
                let last = taken.iter().rposition(|taken| *taken);
                group_of.insert(param, last.map_or(0, |last| last + 1));
            }
        }
    }
    Division { groups, group_of }
}

fn group(name: String, selector: Option<String>) -> TrainedGroup {
    TrainedGroup {
        name,
        selector,
        paths: BTreeSet::new(),
    }
}

/// The parameters of a construction with their paths as seen from the constructor.
fn paths(machine: &mut Machine<'_>, construction: &Construction) -> Vec<(ParamId, String)> {
    let events = &machine.log.params[construction.params.clone()];
    if events.iter().all(|event| event.store.is_none()) {
        let span = construction.function.func.span;
        let found = module_paths(machine, &construction.result, span).parameters;
        return found
            .iter()
            .filter_map(|found| Some((found.param?, path_of(machine, &found.path)?)))
            .collect();
    }
    let Some(prefix) = path_of(machine, &construction.prefix) else {
        return Vec::new();
    };
    let places = construction.params.clone();
    places
        .filter_map(|place| {
            let path = path_of(machine, &machine.log.params[place].path)?;
            let below = match prefix.is_empty() {
                true => &path,
                false => path.strip_prefix(&prefix)?.strip_prefix('.')?,
            };
            Some((ParamId(place as u32), below.to_owned()))
        })
        .collect()
}

/// The regular expressions of selectors, each compiled once. What is none is left out.
type Patterns<'s> = HashMap<&'s str, Regex>;

fn patterns<'s>(selectors: impl IntoIterator<Item = &'s Selector>) -> Patterns<'s> {
    let mut open: Vec<&Selector> = selectors.into_iter().collect();
    let mut patterns = Patterns::new();
    while let Some(selector) = open.pop() {
        match selector {
            Selector::Matching(texts) => {
                let compiled = texts.iter().map(|text| (text.as_str(), Regex::new(text)));
                patterns.extend(compiled.filter_map(|(text, regex)| Some((text, regex.ok()?))));
            }
            Selector::Any(parts) => open.extend(parts.iter().map(|part| &**part)),
            Selector::Except(selector, but) => open.extend([&**selector, &**but]),
            Selector::All
            | Selector::Paths(_)
            | Selector::Containing(_)
            | Selector::Params(_)
            | Selector::Unknown => {}
        }
    }
    patterns
}

/// None where that depends on an index.
fn takes(
    selector: &Selector,
    known: &Patterns<'_>,
    param: ParamId,
    path: Option<&str>,
) -> Option<bool> {
    match selector {
        Selector::All => Some(true),
        Selector::Params(params) => Some(params.contains(&param)),
        Selector::Paths(paths) => for_each_index(path?, |path| paths.iter().any(|one| one == path)),
        Selector::Containing(parts) => {
            for_each_index(path?, |path| parts.iter().all(|part| path.contains(part)))
        }
        Selector::Matching(patterns) => {
            let patterns: Option<Vec<&Regex>> = patterns
                .iter()
                .map(|pattern| known.get(pattern.as_str()))
                .collect();
            let patterns = patterns?;
            for_each_index(path?, |path| patterns.iter().all(|one| one.is_match(path)))
        }
        Selector::Any(parts) => {
            let parts: Option<Vec<bool>> = parts
                .iter()
                .map(|part| takes(part, known, param, path))
                .collect();
            Some(parts?.contains(&true))
        }
        Selector::Except(selector, but) => {
            Some(takes(selector, known, param, path)? && !takes(but, known, param, path)?)
        }
        Selector::Unknown => None,
    }
}

/// What holds whatever number stands for each `{index}` of the path.
fn for_each_index(path: &str, test: impl Fn(&str) -> bool) -> Option<bool> {
    let pieces: Vec<&str> = path.split(['{', '}']).collect();
    let answers = ["0", "1", "2", "7", "10", "11", "23"].map(|number| {
        let filled: String = pieces
            .iter()
            .enumerate()
            .map(|(place, piece)| if place % 2 == 0 { *piece } else { number })
            .collect();
        test(&filled)
    });
    answers
        .iter()
        .all(|answer| *answer == answers[0])
        .then_some(answers[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes_path(selector: &Selector, path: &str) -> Option<bool> {
        takes(selector, &patterns([selector]), ParamId(0), Some(path))
    }

    #[test]
    fn a_predicate_takes_what_holds_all_of_its_strings() {
        let selector = Selector::Containing(vec!["layer1".into(), "weight".into()]);
        assert_eq!(takes_path(&selector, "layer1.weight"), Some(true));
        assert_eq!(takes_path(&selector, "layer10.weight"), Some(true));
        assert_eq!(takes_path(&selector, "layer1.bias"), Some(false));
    }

    #[test]
    fn what_depends_on_an_index_is_not_told() {
        let first = Selector::Containing(vec!["layers.0.".into()]);
        assert_eq!(takes_path(&first, "layers.{i}.weight"), None);
        assert_eq!(takes_path(&first, "head.weight"), Some(false));
        let any = Selector::Matching(vec![r"^layers\.\d+\.".into()]);
        assert_eq!(takes_path(&any, "layers.{i}.weight"), Some(true));
    }

    #[test]
    fn a_group_takes_no_exception() {
        let body = std::rc::Rc::new(Selector::Containing(vec!["body".into()]));
        let norm = std::rc::Rc::new(Selector::Containing(vec!["norm".into()]));
        let selector = Selector::Except(body, norm);
        assert_eq!(takes_path(&selector, "body.linear.weight"), Some(true));
        assert_eq!(takes_path(&selector, "body.norm.gamma"), Some(false));
        assert_eq!(selector.to_string(), "body except norm");
    }
}
