//! burn-core: wrappers and re-exports beside tensors, parameters and optimizers, which the evaluator knows itself.

pub mod module {
    use std::ops::Deref;

    /// A field that is no module. Deprecated since 0.21, where `#[module(skip)]` does the same.
    #[derive(Clone, Debug)]
    pub struct Ignored<T>(pub T);

    impl<T> Deref for Ignored<T> {
        type Target = T;

        fn deref(&self) -> &T {
            &self.0
        }
    }
}

/// A part of burn-core until 0.19 gave it a crate of its own.
pub mod nn {
    pub use burn_nn::*;
}

pub mod prelude {
    pub use crate::nn;
}
