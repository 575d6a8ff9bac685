//! What the lints about collapse have in common: who collapses, and how it is said.

use super::{Applicability, Help, Label};
use crate::regroup::WayOut;
use crate::source::Span;
use crate::training::{Block, Layer, Root, Site, Training};

/// Blocks that every training site moves as a whole, in one group; each definition once.
pub fn collapsed<'t>(
    training: &'t Training,
    blocks: impl Fn(&'t Root) -> Vec<&'t Block>,
) -> Vec<(&'t Site, &'t Block)> {
    let mut found: Vec<(&Site, &Block)> = Vec::new();
    let mut divided: Vec<Span> = Vec::new();
    for site in training.sites.iter().filter(|site| site.stepped) {
        for root in &site.roots {
            for block in blocks(root) {
                if site.divided || !root.whole {
                    divided.push(block.span);
                    continue;
                }
                match found.iter_mut().find(|(_, known)| known.span == block.span) {
                    // Of several runs over one definition, the one that shows the most layers tells the most.
                    Some(known) if known.1.layers.len() < block.layers.len() => {
                        *known = (site, block)
                    }
                    Some(_) => {}
                    None => found.push((site, block)),
                }
            }
        }
    }
    found.retain(|(_, block)| !divided.contains(&block.span));
    found
}

/// The message on a block: what its layers are called, where they end, and what can't be done with them.
pub fn collapse_message(site: &Site, block: &Block, layers: &str) -> String {
    let loaded = match site.loads.is_empty() {
        true => "",
        false => ", though weights are loaded into it before training",
    };
    format!(
        "{layers} ({}) collapse into one parameter group of `{}`: the body can't be frozen alone and the head can't have a learning rate of its own{loaded}",
        layer_list(block),
        site.optimizer
    )
}

/// `3 layers`, `any number of layers`
pub fn count_of(block: &Block) -> String {
    let counted = block.layers.iter().filter(|layer| !layer.uncounted).count();
    match (block.layers.iter().any(|layer| layer.uncounted), counted) {
        (false, count) => format!("{count} parameterised layers"),
        (true, 0) => "any number of parameterised layers".into(),
        (true, count) => format!("{count} and more parameterised layers"),
    }
}

/// The layers' types in their order, the middle of a long block left out.
fn layer_list(block: &Block) -> String {
    let names: Vec<String> = block
        .layers
        .iter()
        .map(|layer| {
            if layer.uncounted {
                format!("{} …", layer.ty)
            } else {
                layer.ty.clone()
            }
        })
        .collect();
    match names.as_slice() {
        [first @ .., last] if first.len() > 6 => format!("{}, …, {last}", first[..4].join(", ")),
        all => all.join(", "),
    }
}

/// A label on each layer of the block, one for those that a loop makes in one place.
pub fn layer_labels(block: &Block) -> Vec<Label> {
    let numbered: Vec<(usize, &Layer)> = block.layers.iter().enumerate().collect();
    numbered
        .chunk_by(|(_, layer), (_, next)| layer.span == next.span)
        .filter(|layers| layers[0].1.span != block.span)
        .map(|layers| {
            let (first, layer) = layers[0];
            let last = layers[layers.len() - 1].0;
            let types = layers.iter().map(|(_, layer)| layer.ty.as_str());
            let text = match first == last {
                true => format!("layer {}: {}", first + 1, layer.ty),
                false => format!(
                    "layers {} to {}: {}",
                    first + 1,
                    last + 1,
                    types.collect::<Vec<_>>().join(", ")
                ),
            };
            Label {
                span: layer.span,
                text,
            }
        })
        .collect()
}

/// Where the layers end, and where they would end after the edit.
pub fn notes(site: &Site, way: &Option<WayOut>) -> Vec<String> {
    let groups = way
        .iter()
        .map(|way| format!("with the edit {}", way.groups));
    [trained_note(site)].into_iter().chain(groups).collect()
}

/// The edit if there is one, the words, an impl for a library's model, and how to allow it.
pub fn helps(way: Option<WayOut>, words: Help, naming: Option<Help>, lint: &str) -> Vec<Help> {
    let edit = way.map(|way| way.help);
    let words = [Some(words), naming, Some(allow_it(lint))];
    edit.into_iter()
        .chain(words.into_iter().flatten())
        .collect()
}

fn trained_note(site: &Site) -> String {
    format!(
        "all of them end in the one parameter group of `{}`",
        site.optimizer
    )
}

/// How to divide a block at its last layer.
pub fn way_out(site: &Site, block: &Block) -> Help {
    let head = block
        .layers
        .last()
        .map_or("the last layer", |layer| layer.ty.as_str());
    let body = match block.layers.len() {
        _ if block.layers.iter().any(|layer| layer.uncounted) => "all layers but the last".into(),
        0..=2 => "the first layer".into(),
        count => format!("the first {} layers", count - 1),
    };
    let how = match site.framework {
        "tch" => "give the head's path a group of its own, `p.set_group(1) / \"name\"`, then `set_lr_group(0, ..)` and `set_lr_group(1, ..)`".to_string(),
        "candle" => "divide the variables by name with the crate `paramgroups` where the optimizer is built (candle 0.11: `--config paramgroups-source=..` says where it comes from, and `--fix` does it)".to_string(),
        "burn" => "since burn 0.22 add a `ParamGroup` for the head with `with_group` where the optimizer is built; before, build one optimizer for each part with `GradientsParams::from_params`".to_string(),
        _ => "build one optimizer for the body and one for the head".to_string(),
    };
    Help {
        message: format!(
            "name the parts: a body of {body} and a head of the last layer (`{head}`), or keep the block and {how}"
        ),
        edits: Vec::new(),
        applicability: Applicability::Unspecified,
    }
}

/// How to divide what a site trains.
pub fn grouping_help(site: &Site) -> Help {
    let how = match site.framework {
        "tch" => {
            "give the head's path `set_group(1)` and the body a smaller rate with `set_lr_group(0, ..)`"
        }
        "candle" => {
            "divide the variables into body and head with the crate `paramgroups` (candle 0.11: `--config paramgroups-source=..` says where it comes from, and `--fix` does it), and freeze the body or give it a smaller rate"
        }
        "burn" => {
            "add a `ParamGroup` for the head with `with_group` (burn 0.22), or one optimizer for each part"
        }
        _ => "build one optimizer for the body and one for the head",
    };
    Help {
        message: how.into(),
        edits: Vec::new(),
        applicability: Applicability::Unspecified,
    }
}

fn allow_it(lint: &str) -> Help {
    Help {
        message: format!("to allow it here, put `// modlint: allow({lint}) reason` above"),
        edits: Vec::new(),
        applicability: Applicability::Unspecified,
    }
}
