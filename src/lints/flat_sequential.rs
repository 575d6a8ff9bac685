//! Containers whose layers all end in one parameter group.

use super::wording::{collapse_message, collapsed, count_of, helps, layer_labels, notes, way_out};
use super::{Finding, Level};
use crate::config::Settings;
use crate::regroup;
use crate::training::Training;

/// ## What it does
/// Reports a container (a `seq()` chain or loop, a `Vec`, an array or a tuple of layers) that holds two or more parameterised layers in
/// sequence, is trained, and whose parameters all end in one parameter group.
///
/// ## Why is this bad?
/// Fine-tuning works on parameter groups: the body is frozen while the head learns, later the body learns more slowly than the head.
/// A flat block gives nothing to hold on to. Its parameters form one group, so it can only be frozen as a whole, and it has one learning
/// rate; a rate meant for the head alone reaches every layer, without a word.
///
/// ## Example
/// ```rust
/// use candle_core::DType;
/// use candle_nn::{AdamW, Optimizer, ParamsAdamW, VarBuilder, VarMap, linear, seq};
///
/// let varmap = VarMap::new();
/// let vb = VarBuilder::from_varmap(&varmap, DType::F32, &device);
/// let model = seq()
///     .add(linear(10, 20, vb.pp("0"))?)
///     .add_fn(|xs| xs.relu())
///     .add(linear(20, 2, vb.pp("2"))?);
/// let mut optimizer = AdamW::new(varmap.all_vars(), ParamsAdamW::default())?;
/// ```
/// Name the parts, so that a splitter can tell them apart:
/// ```rust
/// struct Classifier {
///     body: Linear,
///     head: Linear,
/// }
/// ```
/// or keep the block and divide its parameters where the optimizer is built: into two optimizers over `body` and `head` (candle, dfdx, burn up
/// to 0.21), with `set_group` on the paths (tch), or with a `ParamGroup` (burn since 0.22).
///
/// ## When it stays silent
/// - A splitter divides the container's parameters into two groups or more at a training site.
/// - The container isn't trained: no optimizer with a step is built over a value of its type anywhere in the workspace. Gradient alone, a trait
///   bound, or an optimizer over a type parameter that nothing instantiates is not training. What is used only under `no_grad` or `detach`, or is
///   written by copying from another store (target networks, frozen metrics), is frozen on purpose.
/// - It lies deeper than the direct children of the model given to the training site: the named module above it is a border that a splitter can
///   use.
/// - Fewer than `min-layers` (default 2) of its layers form a run in which each input is the output before. Functions without parameters may lie
///   between; a module of one's own that has parameters ends the run; the longest run counts. A number of layers that isn't known counts as
///   enough, unless a known default or every caller gives fewer.
/// - It is one of several parallel heads behind a trunk.
///
/// A layer is a framework's own parameterised layer, norms and embeddings included; a composite of the framework, such as a transformer encoder,
/// counts as one. A module or enum that holds exactly one layer is looked through. Containers without a name inside a container are part of it;
/// containers filled in turn by one loop are one block. Each definition is reported once.
///
/// ## Fix
/// The edit cuts the block before its last layer that is no norm; what follows the block on the way of the data goes with the head.
/// `--config groups=N` makes N groups of about equal numbers of elements. For tch the edit adds `set_group` to the head's paths, for burn since
/// 0.22 `with_group` with a `ParamGroup` where the optimizer is built. Both groups keep the rate they have until the program sets another, and no
/// checkpoint key changes. A note names the groups that result. Machine-applicable where every parameter of the head can be told from the body's
/// in the program's text, and nothing was left unanalysed. For dfdx, burn up to 0.21 and candle up to 0.10, and where layers come from one loop,
/// the help says in words what to give to which optimizer.
///
/// For candle 0.11 the optimizer is built by the crate `paramgroups`, which has to come from somewhere: from a dependency that is there, of the
/// package or of its workspace, or from what `--config paramgroups-source=..` names, `registry`, the URL of a git repository, or a folder. The
/// edit is then
/// ```rust
/// use paramgroups::{Groups, candle::Grouped};
///
/// let groups = Groups::new().group("body", "0").group("head", "2");
/// let mut optimizer = Grouped::<AdamW>::new(&varmap, groups, ParamsAdamW::default())?;
/// ```
/// and, where it is missing, the dependency in `Cargo.toml`, written as `cargo add` writes it. `Grouped<AdamW>` runs one `AdamW` for each group:
/// at one rate it trains exactly as the `AdamW` before, and `set_learning_rates` and `freeze` then tell the groups apart. It is offered for
/// `AdamW` and `SGD` over all variables of a `VarMap`, where no other code asks for the optimizer's own type.
///
/// A model of a library is also trained by others: a help then shows an impl that names its groups for all of them.
pub struct FlatSequential;

impl FlatSequential {
    pub fn check(training: &Training, settings: &Settings) -> Vec<Finding> {
        collapsed(training, |root| root.blocks.iter().collect())
            .into_iter()
            .filter(|(_, block)| block.holds_at_least(settings.min_layers))
            .map(|(site, block)| {
                let way = regroup::divide(training, site, Some(block), settings);
                Finding {
                    lint: "flat_sequential",
                    level: Level::Warn,
                    span: block.span,
                    primary_label: format!("{} in sequence", count_of(block)),
                    message: collapse_message(site, block, &count_of(block)),
                    labels: layer_labels(block),
                    notes: notes(site, &way),
                    helps: helps(
                        way,
                        way_out(site, block),
                        regroup::naming_impl(site, Some(block), settings),
                        "flat_sequential",
                    ),
                }
            })
            .collect()
    }
}
