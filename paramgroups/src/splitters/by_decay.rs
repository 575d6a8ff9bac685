use crate::decay::DecayRule;
use crate::error::Result;
use crate::parameter::Parameter;
use crate::splitter::{Assignment, GroupSpec, Splitter};

/// The groups of another splitter, each divided into what decays and what does not.
///
/// The halves are named `NAME.decay` and `NAME.no_decay`; one that would be empty is left out.
/// Made by [`Splitter::by_decay`].
///
/// ```
/// use paramgroups::{ByDecay, DecayRule, Groups, Splitter};
///
/// let everything = Groups::new().rest("all");
/// let partition = ByDecay::new(everything, DecayRule::NormAndBias).split(["fc.weight", "fc.bias"])?;
/// assert_eq!(partition.groups()[1].name(), "all.no_decay");
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ByDecay<S> {
    inner: S,
    rule: DecayRule,
}

impl<S> ByDecay<S> {
    /// Divides the groups of `inner` by `rule`.
    pub fn new(inner: S, rule: DecayRule) -> Self {
        Self { inner, rule }
    }
}

impl<S: Splitter> Splitter for ByDecay<S> {
    fn assign(&self, parameters: &[Parameter]) -> Result<Assignment> {
        let Assignment { groups, of } = self.inner.assign(parameters)?;
        let decays: Vec<bool> = parameters
            .iter()
            .map(|parameter| self.rule.decays(parameter))
            .collect::<Result<_>>()?;

        let mut halves = Vec::new();
        let mut place: Vec<[usize; 2]> = Vec::new();
        for (index, spec) in groups.iter().enumerate() {
            let mut places = [0; 2];
            for (half, label) in [(true, "decay"), (false, "no_decay")] {
                let mut members = of.iter().zip(&decays);
                if members.any(|(&group, &decays)| group == index && decays == half) {
                    places[usize::from(half)] = halves.len();
                    halves.push(GroupSpec {
                        name: format!("{}.{label}", spec.name),
                        stage: spec.stage,
                        decays: spec.decays && half,
                    });
                }
            }
            place.push(places);
        }
        let of = of
            .iter()
            .zip(&decays)
            .map(|(&group, &decays)| match place.get(group) {
                Some(places) => places[usize::from(decays)],
                None => usize::MAX,
            })
            .collect();
        Ok(Assignment { groups: halves, of })
    }
}
