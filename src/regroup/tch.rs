//! tch: a path takes its group along, so `p / "head"` becomes `p.set_group(1) / "head"`.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::groups::Targets;
use super::{Place, Plan};
use crate::eval::OperandForm;
use crate::lints::Edit;
use crate::source::Span;
use crate::training::{PathPlace, Site};

/// Edits that put the group into the paths of the targets' parameters; None where the layers cannot be told apart in the program's text.
///
/// A place is edited only if every parameter whose path goes through it is to be in the same group. Of several, the outermost is taken.
pub fn plan(site: &Site, targets: &Targets, grouped: &HashSet<Place>) -> Option<Plan> {
    let groups_at = groups_at(site, targets);
    let mut chosen: BTreeMap<Place, (PathPlace, usize)> = BTreeMap::new();
    let mut covered = HashSet::new();
    let mut is_whole = true;
    for parameter in &site.parameters {
        let group = targets.of(parameter.id);
        if group == 0 {
            continue;
        }
        let place = parameter.path_places.iter().find(|place| {
            let at = insertion(place);
            place.is_own && groups_at[&at] == Some(group) && !grouped.contains(&at)
        });
        match place {
            Some(place) => {
                chosen.insert(insertion(place), (place.clone(), group));
                covered.insert(parameter.id);
            }
            None => is_whole = false,
        }
    }
    let mut reached = targets.clone();
    reached.retain(|param| covered.contains(&param));
    let is_exact = is_whole
        && site.parameters.iter().all(|known| known.path.is_some())
        && chosen.values().all(|(place, _)| place.is_sure);
    let edits: Vec<Edit> = chosen
        .values()
        .flat_map(|(place, group)| edits(place, *group))
        .collect();
    (!edits.is_empty()).then(|| Plan {
        title: title(targets),
        edits,
        is_exact,
        targets: reached,
    })
}

fn title(targets: &Targets) -> String {
    match targets.is_even {
        true => format!("divide it into {} groups with `set_group`", targets.count),
        false => "put the head in a group of its own: `set_group(1)`".into(),
    }
}

/// At each place, the one group of all parameters whose paths go through it.
fn groups_at(site: &Site, targets: &Targets) -> HashMap<Place, Option<usize>> {
    let mut groups: HashMap<Place, Option<usize>> = HashMap::new();
    for parameter in &site.parameters {
        let group = targets.of(parameter.id);
        for place in &parameter.path_places {
            groups
                .entry(insertion(place))
                .and_modify(|known| *known = known.filter(|known| *known == group))
                .or_insert(Some(group));
        }
    }
    groups
}

/// Where the call of `set_group` goes.
pub fn insertion(place: &PathPlace) -> Place {
    let after = called_on(place);
    (after.file, after.end)
}

fn called_on(place: &PathPlace) -> Span {
    match place.form {
        OperandForm::Borrowed(inner) => inner,
        OperandForm::Postfix | OperandForm::Compound => place.operand,
    }
}

fn edits(place: &PathPlace, group: usize) -> Vec<Edit> {
    let after = called_on(place).end_point();
    let call = format!(".set_group({group})");
    let insert = |span: Span, text: &str| Edit {
        span,
        replacement: text.into(),
    };
    match place.form {
        OperandForm::Postfix => vec![insert(after, &call)],
        OperandForm::Borrowed(inner) => {
            let sign = Span {
                end: inner.start,
                ..place.operand
            };
            vec![insert(sign, ""), insert(after, &call)]
        }
        OperandForm::Compound => {
            let before = Span {
                end: place.operand.start,
                ..place.operand
            };
            vec![insert(before, "("), insert(after, &format!("){call}"))]
        }
    }
}
