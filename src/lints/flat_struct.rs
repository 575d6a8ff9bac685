//! Models that are one chain of layers in one struct.

use super::wording::{collapse_message, collapsed, count_of, helps, layer_labels, notes, way_out};
use super::{Finding, Level};
use crate::config::Settings;
use crate::regroup;
use crate::training::Training;

/// ## What it does
/// Reports a model struct whose layers are applied one after another, is trained, and whose parameters all end in one parameter group.
///
/// ## Why is this bad?
/// The fields have names, but no training site uses them: the body can't be frozen apart from the head, and both have one learning rate. Many
/// small models are meant to be like that, so the lint is off until asked for: `-W flat_struct`.
///
/// ## Example
/// ```rust
/// use burn::nn::Linear;
///
/// #[derive(Module, Debug)]
/// struct Classifier {
///     hidden: Linear,
///     output: Linear,
/// }
///
/// impl Classifier {
///     fn forward(&self, input: Tensor<2>) -> Tensor<2> {
///         self.output.forward(relu(self.hidden.forward(input)))
///     }
/// }
/// ```
/// Divide the parameters where the optimizer is built (`ParamGroup`, `set_group`, one optimizer for each part), or gather the layers that belong
/// together in modules of their own:
/// ```rust
/// #[derive(Module, Debug)]
/// struct Classifier {
///     body: Body,
///     head: Head,
/// }
/// ```
///
/// ## When it stays silent
/// - The struct isn't the model given to a training site, or isn't trained there by an optimizer with a step.
/// - A splitter divides its parameters into two groups or more at a training site.
/// - Its own layers are not one unbranched chain from input to output: a trunk with heads, parallel streams, query, key and value, gates and
///   residual sums say that someone has drawn the borders.
/// - It has fewer than `min-layers` (default 2) layers of its own. Modules of one's own don't count, unless they hold exactly one layer.
///
/// ## Fix
/// As for `flat_sequential`: the edit cuts the chain before its last layer that is no norm, with `set_group` on the head's paths (tch), a
/// `ParamGroup` where the optimizer is built (burn since 0.22), or an optimizer of `paramgroups` (candle 0.11); for other frameworks the help is
/// in words. No checkpoint key changes.
pub struct FlatStruct;

impl FlatStruct {
    pub fn check(training: &Training, settings: &Settings) -> Vec<Finding> {
        collapsed(training, |root| root.chain.iter().collect())
            .into_iter()
            .filter(|(_, block)| block.holds_at_least(settings.min_layers))
            .map(|(site, block)| {
                let way = regroup::divide(training, site, Some(block), settings);
                Finding {
                    lint: "flat_struct",
                    level: Level::Allow,
                    span: block.span,
                    primary_label: format!("{} applied one after another", count_of(block)),
                    message: collapse_message(
                        site,
                        block,
                        &format!("the {} of `{}`", count_of(block), block.name),
                    ),
                    labels: layer_labels(block),
                    notes: notes(site, &way),
                    helps: helps(
                        way,
                        way_out(site, block),
                        regroup::naming_impl(site, Some(block), settings),
                        "flat_struct",
                    ),
                }
            })
            .collect()
    }
}
