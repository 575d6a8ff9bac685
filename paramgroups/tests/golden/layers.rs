//! timm: `fnmatch`, `group_matcher`, layer decay, and the grouping of models without layers.

use std::collections::HashMap;

use paramgroups::{
    ByKey, Chunks, DecayRule, Error, Groups, LayerDecay, LayerMatcher, Parameter, Partition,
    Selector, Splitter, Suffix,
};
use serde_json::Value;

use crate::case::{Case, check_close, check_eq, list, names_and_shapes, not_applicable, number};
use crate::verdict::{Departure, Inapplicable, Outcome, Verdict};

pub fn fnmatch(case: Case<'_>) -> Outcome {
    let names: Vec<Parameter> = case
        .texts("names")
        .into_iter()
        .map(Parameter::new)
        .collect();
    let pattern = case.text("pattern");
    let members = match Selector::fnmatch(pattern).members(&names) {
        Ok(members) => members,
        // An empty pattern takes nothing, and is refused as a selector.
        Err(Error::EmptySelector { .. }) => Vec::new(),
        Err(error) => return Err(error.to_string()),
    };
    let ours: Vec<bool> = (0..names.len()).map(|i| members.contains(&i)).collect();
    let recorded = case.list("expected").iter().map(crate::case::is_true);
    check_eq("matches", ours, recorded.collect())?;
    Ok(Verdict::Passed)
}

pub fn matcher(case: Case<'_>) -> Outcome {
    let names = case.texts("names");
    let recorded: Vec<usize> = indices(case.list("expected"));
    let split = if case.has("ordinals") {
        by_ordinals(&names, case.list("ordinals")).split(names_of(&names))
    } else {
        match layer_matcher(case.case("matcher")) {
            Some(matcher) => matcher.split(names_of(&names)),
            None => return not_applicable(Inapplicable::DynamicTyping),
        }
    };
    match (split, case.error_type()) {
        (Ok(partition), None) => {
            check_eq("layers", partition.group_indices().to_vec(), recorded)?;
            Ok(Verdict::Passed)
        }
        (Err(Error::BadCapture { .. }), Some(_)) => Ok(Verdict::Passed),
        (Err(Error::NothingDivided { .. }), None) if recorded.iter().all(|&layer| layer == 0) => {
            Ok(Verdict::Departed(Departure::NothingMatched))
        }
        (Err(error), _) => Err(error.to_string()),
        (Ok(_), Some(error)) => Err(format!("taken, recorded {error}")),
    }
}

fn names_of(names: &[&str]) -> Vec<Parameter> {
    names.iter().map(|name| Parameter::new(*name)).collect()
}

fn indices(list: &[Value]) -> Vec<usize> {
    list.iter().map(|n| number(n) as usize).collect()
}

/// A Python function as matcher, by what it gave for each name.
fn by_ordinals(names: &[&str], ordinals: &[Value]) -> ByKey {
    let keys: HashMap<String, Vec<f64>> = names
        .iter()
        .zip(ordinals)
        .map(|(name, ordinal)| {
            let key = match ordinal.as_array() {
                Some(numbers) => numbers.iter().map(number).collect(),
                None => vec![number(ordinal)],
            };
            ((*name).to_owned(), key)
        })
        .collect();
    ByKey::new(move |parameter| keys.get(parameter.path()).cloned().unwrap_or_default())
}

/// A `group_matcher` dictionary; nothing where a specification is not `(pattern, suffix)`.
fn layer_matcher(case: Case<'_>) -> Option<LayerMatcher> {
    const JOIN_PREVIOUS: f64 = 99_999.0;
    let entries = case.0.get("dict")?.as_array()?;
    let mut matcher = LayerMatcher::new();
    for entry in entries {
        let name = entry[0].as_str()?;
        matcher = match &entry[1] {
            Value::String(pattern) => matcher.entry(name, pattern.as_str()),
            Value::Null => matcher.entry_of(name, Vec::<(String, Suffix)>::new()),
            specs => {
                let mut patterns = Vec::new();
                for spec in specs.as_array()? {
                    let [pattern, suffix] = spec.as_array()?.as_slice() else {
                        return None;
                    };
                    let suffix = match suffix {
                        Value::Null => Suffix::None,
                        Value::Array(numbers) => {
                            let numbers: Vec<f64> = numbers.iter().map(number).collect();
                            match numbers.as_slice() {
                                [JOIN_PREVIOUS] => Suffix::JoinPrevious,
                                _ => Suffix::Numbers(numbers),
                            }
                        }
                        _ => return None,
                    };
                    patterns.push((pattern.as_str()?, suffix));
                }
                matcher.entry_of(name, patterns)
            }
        };
    }
    Some(matcher)
}

/// A model with everything that timm says of its groups.
pub fn model(case: Case<'_>) -> Outcome {
    let parameters: Vec<Parameter> = names_and_shapes(case.list("params"))
        .into_iter()
        .map(|(name, shape)| Parameter::new(name).with_shape(shape))
        .collect();
    check_eq("parameters", parameters.len(), case.count("n_params"))?;
    for (layers, matcher) in [("coarse", "coarse_matcher"), ("fine", "fine_matcher")] {
        if let Some(matcher) = layer_matcher(case.case(matcher)) {
            let partition = split(&matcher, &parameters)?;
            let ours = partition.group_indices().to_vec();
            check_eq(layers, ours, indices(case.list(layers)))?;
        }
    }
    for (key, recorded) in case.0.as_object().into_iter().flatten() {
        if let Some(chunks) = key.strip_prefix("auto_group_layers_") {
            let chunks = chunks_named(chunks).ok_or_else(|| format!("unknown key {key}"))?;
            let partition = split(&*with_head(case, chunks, &parameters), &parameters)?;
            let ours = partition.group_indices().to_vec();
            check_eq(key, ours, indices(list(recorded)))?;
        }
        if let Some(figures) = key.strip_prefix("layer_decay_") {
            let decay = layer_decay_named(figures).ok_or_else(|| format!("unknown key {key}"))?;
            layer_decay(case, Case(recorded), &parameters, decay)
                .map_err(|mismatch| format!("{key}: {mismatch}"))?;
        }
    }
    let recorded = case.case("weight_decay");
    let everything = Groups::new().rest("all").by_decay(decay_rule(case));
    let mut partition = split(&everything, &parameters)?;
    set_decay(recorded, &mut partition)?;
    check_groups(recorded, &partition, false).map_err(|m| format!("weight_decay: {m}"))?;
    Ok(Verdict::Passed)
}

fn split(splitter: &dyn Splitter, parameters: &[Parameter]) -> Result<Partition, String> {
    Splitter::split(&splitter, parameters).map_err(|error| error.to_string())
}

/// timm's fallback: chunks, and a head that begins with the classifier's name. Without a name,
/// everything is head.
fn with_head(case: Case<'_>, chunks: Chunks, parameters: &[Parameter]) -> Box<dyn Splitter> {
    let names = match case.get("classifier") {
        Value::String(name) => vec![name.as_str()],
        several => crate::case::texts(several),
    };
    let patterns = names.iter().map(|name| format!("{name}*"));
    let heads: Vec<Selector> = patterns.map(Selector::fnmatch).collect();
    let has_member = |head: &Selector| head.members(parameters).is_ok_and(|m| !m.is_empty());
    if names.is_empty() {
        Box::new(Groups::new().rest("head"))
    } else if heads.iter().any(has_member) {
        Box::new(chunks.head(heads))
    } else {
        Box::new(chunks)
    }
}

fn decay_rule(case: Case<'_>) -> DecayRule {
    let except = case.texts("no_weight_decay");
    DecayRule::OneDimensional {
        except: except.into_iter().map(str::to_owned).collect(),
    }
}

/// Sets the decay of those groups that have one.
fn set_decay(recorded: Case<'_>, partition: &mut Partition) -> Result<(), String> {
    let groups = recorded.list("groups_lr_scale_wd").iter();
    let decay = groups.map(|group| number(&group[1])).fold(0.0, f64::max);
    let set = partition.set_weight_decay(decay);
    set.map_err(|error| error.to_string())
}

/// `12`: parts of so many parameters; `num_groups_4`: so many parts.
fn chunks_named(name: &str) -> Option<Chunks> {
    match name.strip_prefix("num_groups_") {
        Some(parts) => Some(Chunks::parts(parts.parse().ok()?)),
        None => Some(Chunks::of(name.parse().ok()?)),
    }
}

/// `0.65`, `0.65_min0.1`, `0.5_no_opt_0.05`: the decay, its floor, and what is not optimized.
fn layer_decay_named(name: &str) -> Option<LayerDecay> {
    let (name, freeze_below) = match name.split_once("_no_opt_") {
        Some((name, threshold)) => (name, threshold.parse().ok()?),
        None => (name, 0.0),
    };
    let (decay, floor) = match name.split_once("_min") {
        Some((decay, floor)) => (decay, floor.parse().ok()?),
        None => (name, 0.0),
    };
    Some(LayerDecay {
        floor,
        freeze_below,
        ..LayerDecay::new(decay.parse().ok()?)
    })
}

/// Layers by the fine matcher, by what a Python function gave, or by timm's fallback.
fn fine_layers(case: Case<'_>, parameters: &[Parameter]) -> Box<dyn Splitter> {
    if let Some(matcher) = layer_matcher(case.case("fine_matcher")) {
        return Box::new(matcher);
    }
    if case.has("fine") {
        let names: Vec<&str> = parameters.iter().map(Parameter::path).collect();
        return Box::new(by_ordinals(&names, case.list("fine")));
    }
    with_head(case, Chunks::of(12), parameters)
}

fn layer_decay(
    case: Case<'_>,
    recorded: Case<'_>,
    parameters: &[Parameter],
    decay: LayerDecay,
) -> Result<(), String> {
    let layers = fine_layers(case, parameters).by_decay(decay_rule(case));
    let mut partition = split(&layers, parameters)?;
    set_decay(recorded, &mut partition)?;
    let set = partition.set_layer_decay(decay);
    set.map_err(|error| error.to_string())?;
    check_groups(recorded, &partition, true)
}

/// Compares groups up to their order: timm's are in the order of first members.
fn check_groups(recorded: Case<'_>, partition: &Partition, scaled: bool) -> Result<(), String> {
    let mut same: HashMap<usize, u64> = HashMap::new();
    let places = recorded.list("param_group");
    check_eq("parameters", places.len(), partition.parameters().len())?;
    for (index, place) in places.iter().enumerate() {
        let path = partition.parameters()[index].path();
        let ours = partition.group_indices()[index];
        let group = &partition.groups()[ours];
        let Some(theirs) = place.as_u64() else {
            check_eq(&format!("`{path}` is frozen"), group.is_frozen(), true)?;
            continue;
        };
        check_eq(&format!("`{path}` is frozen"), group.is_frozen(), false)?;
        let known = *same.entry(ours).or_insert(theirs);
        check_eq(&format!("group of `{path}`"), known, theirs)?;
        let figures = list(&recorded.list("groups_lr_scale_wd")[theirs as usize]);
        check_close(
            &format!("weight decay of `{path}`"),
            partition.weight_decay_of(index),
            number(&figures[1]),
        )?;
        if scaled {
            let scale = group.learning_rate_scale();
            check_close(&format!("scale of `{path}`"), scale, number(&figures[0]))?;
        }
    }
    let groups: std::collections::HashSet<&u64> = same.values().collect();
    check_eq("groups", groups.len(), same.len())
}
