//! burn from 0.22 on: an optimizer takes a `ParamGroup` with an optimizer of its own, `.with_group(..)`.

use super::Plan;
use super::groups::Targets;
use crate::lints::Edit;
use crate::training::{Site, Written};

/// The optimizers whose configuration builds one for a group.
const OPTIMIZERS: [&str; 7] = ["Adam", "AdamW", "Sgd", "RmsProp", "AdaGrad", "Lion", "Muon"];

/// More paths make no edit that anyone reads.
const MOST_PATHS: usize = 16;

/// An edit that adds the groups where the optimizer is built; None for versions without groups, where the configuration isn't written before
/// `.init()`, and where paths aren't known.
pub fn plan(site: &Site, targets: &Targets) -> Option<Plan> {
    let written = site.written.as_ref()?;
    if !has_groups(written) || !OPTIMIZERS.contains(&site.optimizer.as_str()) {
        return None;
    }
    let config = written.text.strip_suffix(".init()")?;
    let mut calls = String::new();
    for group in 1..targets.count {
        let paths = paths(site, targets, group)?;
        calls.push_str(&format!(
            ".with_group(burn::module::ParamGroup::from_paths(vec![{}]), {config}.build(), None)",
            paths.join(", ")
        ));
    }
    // What is written out gives the same optimizer each time, and clips nothing.
    let config_type = format!("{}Config::", site.optimizer);
    let is_plain = config.contains(&config_type) && !config.contains("grad_clipping");
    Some(Plan {
        title: match targets.is_even {
            true => format!("divide it into {} groups with `with_group`", targets.count),
            false => "put the head in a group of its own: `with_group`".into(),
        },
        edits: vec![Edit {
            span: site.span.end_point(),
            replacement: calls,
        }],
        is_exact: is_plain,
        targets: targets.clone(),
    })
}

/// True from 0.22 on.
fn has_groups(written: &Written) -> bool {
    let version = written.framework_version.as_deref().unwrap_or("");
    let mut numbers = version.split('.').map_while(|number| number.parse().ok());
    let (major, minor): (Option<u64>, Option<u64>) = (numbers.next(), numbers.next());
    major.zip(minor).is_some_and(|version| version >= (0, 22))
}

/// The paths of a group's members as string literals.
fn paths(site: &Site, targets: &Targets, group: usize) -> Option<Vec<String>> {
    let members = site.parameters.iter();
    let members = members.filter(|parameter| targets.of(parameter.id) == group);
    let mut paths = Vec::new();
    for member in members {
        let path = member.path.as_deref().filter(|path| !path.contains('{'))?;
        paths.push(format!("{path:?}"));
    }
    (1..=MOST_PATHS).contains(&paths.len()).then_some(paths)
}
