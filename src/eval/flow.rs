//! How data went through layers on its way to a tensor.

use std::rc::Rc;

use super::value::ModuleValueId;
use crate::source::Span;

/// The last step that made a tensor.
#[derive(Clone, Debug)]
pub enum Flow {
    /// An argument of `forward`.
    Input(u32),
    /// What comes out of a module, given these tensors.
    Applied {
        module: ModuleValueId,
        span: Span,
        inputs: Vec<Rc<Flow>>,
    },
    /// Several tensors met.
    Joined(Vec<Rc<Flow>>),
    /// The tensor that a loop's round begins with.
    Carried { entry: Rc<Flow> },
}
