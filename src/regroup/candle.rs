//! candle 0.11: `paramgroups` builds the optimizer, one for each group.

use super::Plan;
use super::groups::Targets;
use super::manifest;
use super::selectors::selectors;
use crate::config::Settings;
use crate::lints::Edit;
use crate::source::Span;
use crate::training::{Construction, IMPORT, Names, Site, Training};

/// Constructors that `Grouped` has too, with the type that has them; `new` is a trait's, and every optimizer has it.
const CONSTRUCTORS: [(&str, Option<&str>); 2] = [("new", None), ("new_lr", Some("AdamW"))];

/// The optimizers whose step over a part of the variables is their step over all, restricted to that part.
const OPTIMIZERS: [&str; 2] = ["AdamW", "SGD"];

/// The edits of the construction, of the file's imports, and of the manifest. None where the adapter doesn't fit the resolved candle, where
/// nobody said where `paramgroups` comes from, and where the program is written in a way that isn't edited.
pub fn plan(
    training: &Training,
    site: &Site,
    targets: &Targets,
    settings: &Settings,
) -> Option<Plan> {
    let written = site.written.as_ref()?;
    let construction = written.construction.as_ref()?;
    let version = written.framework_version.as_deref()?;
    if !version.starts_with("0.11.") || !is_known(site, construction) {
        return None;
    }
    // One construction that several models go through has no groups that fit all of them.
    let mut others = training.sites.iter().filter(|one| one.span == site.span);
    if !others.all(|other| paths(other) == paths(site)) {
        return None;
    }
    let selectors = selectors(site, targets)?;
    let mentions = construction.mentions.as_ref()?;
    let mut edits = manifest::edits(
        written.manifest.as_ref()?,
        "candle",
        settings.paramgroups_source.as_ref(),
    )?;
    let (groups, grouped) = match construction.names {
        Names::Imported(_) => ("Groups", "Grouped"),
        Names::ByPath => ("paramgroups::Groups", "paramgroups::candle::Grouped"),
    };
    if let Names::Imported(Some(place)) = construction.names {
        edits.push(replace(place, format!("\n{IMPORT}")));
    }
    let mut in_place = |span: Span, written: &str, opening: &str| {
        edits.push(replace(span, format!("{grouped}{opening}<{written}>")));
    };
    in_place(construction.ty, &construction.ty_text, "::");
    for mention in mentions {
        in_place(mention.span, &mention.text, "");
    }
    let store = &construction.store;
    edits.push(replace(
        construction.vars,
        format!("&{store}, {}", selectors.written(targets, groups)),
    ));
    Some(Plan {
        title: match targets.is_even {
            true => format!("divide it into {} groups with `paramgroups`", targets.count),
            false => "put the head in a group of its own with `paramgroups`".into(),
        },
        edits,
        is_exact: true,
        targets: targets.clone(),
    })
}

fn is_known(site: &Site, construction: &Construction) -> bool {
    let optimizer = construction.ty_text.rsplit(':').next().unwrap_or("");
    let has_constructor = CONSTRUCTORS.iter().any(|(name, of)| {
        *name == construction.function && of.is_none_or(|of| of == site.optimizer)
    });
    OPTIMIZERS.contains(&optimizer) && optimizer == site.optimizer && has_constructor
}

fn paths(site: &Site) -> Vec<Option<&str>> {
    let parameters = site.parameters.iter();
    parameters
        .map(|parameter| parameter.path.as_deref())
        .collect()
}

fn replace(span: Span, replacement: String) -> Edit {
    Edit { span, replacement }
}
