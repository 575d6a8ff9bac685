//! Which parameters weight decay leaves alone.

use crate::error::{Error, Result};
use crate::matching::Wildcard;
use crate::parameter::{Parameter, Role};

/// Which parameters are exempt from weight decay.
///
/// ```
/// use paramgroups::{DecayRule, Parameter};
///
/// let rule = DecayRule::NormAndBias;
/// assert!(rule.decays(&Parameter::new("fc.weight"))?);
/// assert!(!rule.decays(&Parameter::new("norm.weight"))?);
/// # Ok::<(), paramgroups::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum DecayRule {
    /// Exempt are normalisation layers and biases, by [`Role`]: fastai's rule.
    NormAndBias,
    /// Exempt is what has at most one dimension, what is named `….bias`, and what one of these
    /// `fnmatch` patterns takes: timm's rule.
    OneDimensional {
        /// Further exemptions, as shell patterns over the whole path.
        except: Vec<String>,
    },
    /// Exempt are normalisation layers by [`Role`], and every path that holds `bias`,
    /// `layernorm` or `rmsnorm`, or a segment `norm` or `…_norm`, in any case of letters:
    /// the rule of transformers' `Trainer`.
    NormAndBiasByName,
    /// Exempt is what one of these `fnmatch` patterns takes, and nothing else.
    Listed {
        /// Shell patterns over the whole path.
        except: Vec<String>,
    },
}

impl DecayRule {
    /// timm's rule without further exemptions.
    ///
    /// ```
    /// use paramgroups::{DecayRule, Parameter};
    ///
    /// let scale = Parameter::new("gamma").with_shape([64]);
    /// assert!(!DecayRule::one_dimensional().decays(&scale)?);
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn one_dimensional() -> Self {
        Self::OneDimensional { except: Vec::new() }
    }

    /// Whether weight decay applies to this parameter.
    ///
    /// # Errors
    /// [`Error::UnknownShape`] where the rule goes by dimensions and the parameter has none.
    ///
    /// ```
    /// use paramgroups::{DecayRule, Parameter};
    ///
    /// let error = DecayRule::one_dimensional().decays(&Parameter::new("fc.weight")).unwrap_err();
    /// assert!(error.to_string().contains("with_shape"));
    /// ```
    pub fn decays(&self, parameter: &Parameter) -> Result<bool> {
        let path = parameter.path();
        match self {
            Self::NormAndBias => Ok(parameter.role() == Role::Weight),
            Self::OneDimensional { except } => {
                if path.ends_with(".bias") || is_listed(except, path) {
                    return Ok(false);
                }
                let shape = parameter.shape().ok_or_else(|| Error::UnknownShape {
                    path: path.to_owned(),
                })?;
                Ok(shape.len() > 1)
            }
            Self::NormAndBiasByName => {
                Ok(parameter.role() != Role::Norm && !is_exempt_by_name(path))
            }
            Self::Listed { except } => Ok(!is_listed(except, path)),
        }
    }
}

fn is_listed(patterns: &[String], path: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| Wildcard::parse(pattern).matches(path))
}

fn is_exempt_by_name(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["bias", "layernorm", "rmsnorm"]
        .iter()
        .any(|name| path.contains(name))
        || path
            .split('.')
            .any(|segment| segment == "norm" || segment.ends_with("_norm"))
}
