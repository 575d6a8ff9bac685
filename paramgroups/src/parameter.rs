//! A parameter as the grouping sees it: a path, perhaps a shape, and a role.

/// A parameter to be grouped.
///
/// The path is the checkpoint key: segments joined with `.`. The shape is needed for element
/// counts and for rules that go by dimension; the role where a rule treats normalisation layers
/// and biases apart.
///
/// ```
/// use paramgroups::{Parameter, Role};
///
/// let weight = Parameter::new("encoder.dense.weight").with_shape([768, 3072]);
/// assert_eq!(weight.elements(), Some(2_359_296));
/// assert_eq!(weight.role(), Role::Weight);
/// assert_eq!(Parameter::new("encoder.norm1.weight").role(), Role::Norm);
/// assert_eq!(Parameter::new("dense.bias").role(), Role::Bias);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Parameter {
    path: String,
    shape: Option<Vec<usize>>,
    role: Option<Role>,
}

/// What a parameter is in its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Role {
    /// A weight, or anything that is neither of the others.
    Weight,
    /// The bias of a layer that is not a normalisation.
    Bias,
    /// Weight or bias of a normalisation layer.
    Norm,
}

impl Parameter {
    /// A parameter of unknown shape, whose role is told from its path.
    ///
    /// ```
    /// assert_eq!(paramgroups::Parameter::new("a.weight").path(), "a.weight");
    /// ```
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            shape: None,
            role: None,
        }
    }

    /// The same parameter with its shape; `[]` is a scalar.
    ///
    /// ```
    /// let scale = paramgroups::Parameter::new("scale").with_shape([]);
    /// assert_eq!(scale.elements(), Some(1));
    /// ```
    #[must_use]
    pub fn with_shape(mut self, shape: impl Into<Vec<usize>>) -> Self {
        self.shape = Some(shape.into());
        self
    }

    /// The same parameter with a role that is known, not told from the path.
    ///
    /// ```
    /// use paramgroups::{Parameter, Role};
    ///
    /// let weight = Parameter::new("features.1.weight").with_role(Role::Norm);
    /// assert_eq!(weight.role(), Role::Norm);
    /// ```
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    /// The path: the checkpoint key.
    ///
    /// ```
    /// assert_eq!(paramgroups::Parameter::new("fc.bias").path(), "fc.bias");
    /// ```
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The shape, where it is known.
    ///
    /// ```
    /// let weight = paramgroups::Parameter::new("fc.weight").with_shape([2, 3]);
    /// assert_eq!(weight.shape(), Some(&[2, 3][..]));
    /// ```
    pub fn shape(&self) -> Option<&[usize]> {
        self.shape.as_deref()
    }

    /// The number of elements, where the shape is known.
    ///
    /// ```
    /// assert_eq!(paramgroups::Parameter::new("fc.weight").elements(), None);
    /// ```
    pub fn elements(&self) -> Option<usize> {
        let shape = self.shape.as_deref()?;
        Some(
            shape
                .iter()
                .fold(1, |product, &n| product.saturating_mul(n)),
        )
    }

    /// The role: as given, or told from the path by [`Role::of_path`].
    ///
    /// ```
    /// use paramgroups::{Parameter, Role};
    /// assert_eq!(Parameter::new("layer1.0.bn2.bias").role(), Role::Norm);
    /// ```
    pub fn role(&self) -> Role {
        self.role.unwrap_or_else(|| Role::of_path(&self.path))
    }
}

impl Role {
    /// Tells the role from a path.
    ///
    /// A normalisation layer is a parent segment that, without its digits and underscores and in
    /// lower case, is `bn`, `ln` or `lnf`, or holds `norm`. A bias is a last segment `bias`.
    /// Numbered layers (`features.1.weight`) tell nothing: give their role where it is known.
    ///
    /// ```
    /// use paramgroups::Role;
    ///
    /// assert_eq!(Role::of_path("encoder.layer.0.LayerNorm.weight"), Role::Norm);
    /// assert_eq!(Role::of_path("h.3.ln_2.bias"), Role::Norm);
    /// assert_eq!(Role::of_path("encoder.layer.0.dense.bias"), Role::Bias);
    /// ```
    pub fn of_path(path: &str) -> Self {
        let (module, leaf) = path.rsplit_once('.').unwrap_or(("", path));
        let parent = module.rsplit('.').next().unwrap_or("");
        if is_norm_name(parent) {
            Self::Norm
        } else if leaf == "bias" {
            Self::Bias
        } else {
            Self::Weight
        }
    }
}

fn is_norm_name(segment: &str) -> bool {
    let letters: String = segment
        .chars()
        .filter(|c| !c.is_ascii_digit() && *c != '_')
        .map(|c| c.to_ascii_lowercase())
        .collect();
    matches!(letters.as_str(), "bn" | "ln" | "lnf") || letters.contains("norm")
}

impl From<&str> for Parameter {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

impl From<&&str> for Parameter {
    fn from(path: &&str) -> Self {
        Self::new(*path)
    }
}

impl From<String> for Parameter {
    fn from(path: String) -> Self {
        Self::new(path)
    }
}

impl From<&String> for Parameter {
    fn from(path: &String) -> Self {
        Self::new(path.as_str())
    }
}

impl From<&Parameter> for Parameter {
    fn from(parameter: &Parameter) -> Self {
        parameter.clone()
    }
}
