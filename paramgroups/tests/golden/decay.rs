//! Which parameters decay: fastai, timm and transformers on the same models.

use std::collections::BTreeMap;

use paramgroups::{DecayRule, Groups, LayerDecay, Parameter, Partition, Selector, Splitter};
use serde_json::Value;

use crate::case::{Case, check_eq, is_true, list, number, texts};
use crate::freeze::{is_fastai_norm, parameters};
use crate::verdict::{Outcome, Verdict};

pub fn replay(case: Case<'_>) -> Outcome {
    fastai(case)?;
    timm(case)?;
    transformers(case)?;
    Ok(Verdict::Passed)
}

fn all(parameters: Vec<Parameter>) -> Result<Partition, String> {
    let everything = Groups::new().rest("all");
    everything
        .split(parameters)
        .map_err(|error| error.to_string())
}

fn fastai(case: Case<'_>) -> Result<(), String> {
    let configurations = case.get("fastai").as_object();
    for (name, recorded) in configurations.into_iter().flatten() {
        let mut partition = all(parameters(case, is_fastai_norm))?;
        partition.keep_norms_trainable(name.contains("train_bn=True"));
        let mut set = partition.set_weight_decay(1.0);
        if name.contains("wd_bn_bias=False") {
            set = set.and_then(|()| partition.exempt_from_decay(&DecayRule::NormAndBias));
        }
        set.map_err(|error| error.to_string())?;
        for (index, parameter) in partition.parameters().iter().enumerate() {
            let flags = &recorded[parameter.path()];
            let what = format!("{name}: `{}`", parameter.path());
            let decays = partition.weight_decay_of(index) == 1.0;
            check_eq(&format!("{what} decays"), decays, is_true(&flags["do_wd"]))?;
            let kept = partition.is_kept_trainable(index);
            check_eq(
                &format!("{what} is kept"),
                kept,
                is_true(&flags["force_train"]),
            )?;
        }
    }
    Ok(())
}

/// What timm records of a parameter's group: weight decay, scale of the rate, fallback.
type Place = (f64, Option<f64>, bool);

fn timm(case: Case<'_>) -> Result<(), String> {
    let variants = case.get("timm").as_object();
    for (name, recorded) in variants.into_iter().flatten() {
        let recorded = Case(recorded);
        let owned = |key: &str| -> Vec<String> {
            recorded.texts(key).into_iter().map(str::to_owned).collect()
        };
        let mut members = parameters(case, is_fastai_norm);
        if name.contains("first_param_frozen") {
            members.remove(0);
        }
        let exclude_1d = name != "no_exclude_1d";
        let except = owned("no_weight_decay_list");
        let mut fallback = owned("fallback_list");
        if recorded.flag("fallback_no_weight_decay") {
            fallback.extend(except.iter().cloned());
        }
        let rule = match exclude_1d {
            true => DecayRule::OneDimensional { except },
            false => DecayRule::Listed { except },
        };
        let groups = match recorded.0.get("groups") {
            Some(groups) => list(groups),
            None => list(recorded.0),
        };
        let decays = groups.iter().map(|group| number(&group["weight_decay"]));
        let decay = decays.fold(0.0, f64::max);
        let ours =
            places(members, &fallback, rule, decay).map_err(|error| format!("{name}: {error}"))?;
        let scaled = groups.iter().any(|group| !group["lr_scale"].is_null());
        let ours = ours
            .into_iter()
            .map(|(path, (decay, scale, fallback))| {
                (path, (decay, scale.filter(|_| scaled), fallback))
            })
            .collect::<BTreeMap<_, _>>();
        check_eq(name, ours, recorded_places(groups))?;
    }
    Ok(())
}

fn places(
    parameters: Vec<Parameter>,
    fallback: &[String],
    rule: DecayRule,
    decay: f64,
) -> paramgroups::Result<BTreeMap<String, Place>> {
    let mut in_fallback = vec![false; parameters.len()];
    for pattern in fallback {
        for member in Selector::fnmatch(pattern).members(&parameters)? {
            in_fallback[member] = true;
        }
    }
    let mut partition = Groups::new().rest("all").by_decay(rule).split(parameters)?;
    partition.set_weight_decay(decay)?;
    partition.set_layer_decay(LayerDecay::new(0.75))?;
    let members = partition.parameters().iter().enumerate();
    Ok(members
        .map(|(index, parameter)| {
            let group = &partition.groups()[partition.group_indices()[index]];
            let place = (
                partition.weight_decay_of(index),
                Some(group.learning_rate_scale()),
                in_fallback[index],
            );
            (parameter.path().to_owned(), place)
        })
        .collect())
}

fn recorded_places(groups: &[Value]) -> BTreeMap<String, Place> {
    let mut places = BTreeMap::new();
    for group in groups {
        let place = (
            number(&group["weight_decay"]),
            group["lr_scale"].as_f64(),
            is_true(&group["use_fallback"]),
        );
        for path in texts(&group["params"]) {
            places.insert(path.to_owned(), place);
        }
    }
    places
}

fn transformers(case: Case<'_>) -> Result<(), String> {
    let rule = DecayRule::NormAndBiasByName;
    let is_layer_norm = |module: &Value| module["cls"] == "LayerNorm";
    let mut decaying = Vec::new();
    for parameter in parameters(case, is_layer_norm) {
        if rule.decays(&parameter).map_err(|error| error.to_string())? {
            decaying.push(parameter.path().to_owned());
        }
    }
    check_eq(
        "decaying for transformers",
        decaying.iter().map(String::as_str).collect(),
        case.texts("hf_decay"),
    )
}
