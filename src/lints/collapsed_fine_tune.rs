//! Pretrained weights that are then trained in one group.

use super::wording::{grouping_help, helps};
use super::{Finding, Label, Level};
use crate::config::Settings;
use crate::regroup;
use crate::training::{Site, Training};

/// ## What it does
/// Reports a training site whose model has loaded weights, and whose parameters are then all trained in one parameter group.
///
/// ## Why is this bad?
/// The loaded layers already know something, the new ones nothing. In one group, a learning rate that suits the new head destroys the loaded
/// body in the first steps, and one that spares the body leaves the head untrained. Freezing the body first, or giving it a smaller rate, needs
/// two groups.
///
/// ## Example
/// ```rust
/// use tch::nn::{self, OptimizerConfig};
///
/// let mut vs = nn::VarStore::new(Device::Cpu);
/// let net = Net::new(&vs.root());
/// vs.load("resnet18.ot")?;
/// let mut optimizer = nn::Adam::default().build(&vs, 1e-3)?;
/// ```
/// Give the head a group, and the body a smaller rate:
/// ```rust
/// let body = resnet18(&vs.root());
/// let head = nn::linear(vs.root().set_group(1) / "head", 512, 10, Default::default());
/// // ..
/// optimizer.set_lr_group(0, 1e-5);
/// ```
///
/// ## When it stays silent
/// - A splitter divides the parameters into two groups or more, or the site trains a proper subset of them; a body that only runs
///   under `no_grad`, beside a head that is trained, is not trained.
/// - Another optimizer of the program trains other parameters, a head perhaps, with a rate of its own.
/// - The load resumes a run rather than starting from pretrained weights: the path is one that a program of the package itself writes, optimizer state is loaded
///   with it, the flag, branch or function says resume, or it rolls back to the best weights inside the training loop.
/// - The path comes from a free `--load FILE` argument that may mean either.
/// - Nothing is trained: no optimizer with a step is built over the model.
/// - The model has a single layer, which nothing could divide.
///
/// ## Fix
/// The finding stands at the optimizer's construction and labels the load and the model's top modules. The edit puts the head in a group of its
/// own: the last layer of a flat block, else the module that `forward` applies last. It adds `set_group` to the head's paths (tch) or a
/// `ParamGroup` where the optimizer is built (burn since 0.22), or has `paramgroups` build it (candle 0.11, see `flat_sequential`); a note names
/// the groups that result. For other frameworks the help is in words.
pub struct CollapsedFineTune;

impl CollapsedFineTune {
    pub fn check(training: &Training, settings: &Settings) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        for site in &training.sites {
            let fine_tunes = site.stepped
                && site.trains_all
                && !site.divided
                && !site.beside_another
                && !site.loads.is_empty()
                && site.roots.iter().map(|root| root.layers).sum::<usize>() >= 2;
            if fine_tunes && !findings.iter().any(|known| known.span == site.span) {
                findings.push(finding(training, site, settings));
            }
        }
        findings
    }
}

fn finding(training: &Training, site: &Site, settings: &Settings) -> Finding {
    let way = regroup::divide(training, site, None, settings);
    let names: Vec<String> = site
        .roots
        .iter()
        .map(|root| format!("`{}`", root.name))
        .collect();
    let mut labels: Vec<Label> = site
        .loads
        .iter()
        .map(|load| Label {
            span: load.span,
            text: "weights are loaded here".into(),
        })
        .collect();
    for part in site.roots.iter().flat_map(|root| &root.top_modules) {
        labels.push(Label {
            span: part.span,
            text: format!("`{}` is in the one group", part.name),
        });
    }
    Finding {
        lint: "collapsed_fine_tune",
        level: Level::Warn,
        span: site.span,
        primary_label: "one parameter group for everything".into(),
        message: format!(
            "loaded weights of {} are trained in one parameter group of `{}`: the pretrained body can't be frozen and has the learning rate of the head",
            names.join(", "),
            site.optimizer
        ),
        labels,
        notes: way
            .iter()
            .map(|way| format!("with the edit {}", way.groups))
            .collect(),
        helps: helps(
            way,
            grouping_help(site),
            regroup::naming_impl(site, None, settings),
            "collapsed_fine_tune",
        ),
    }
}
