//! burn: one name for the crates that it gathers.

pub mod module {
    pub use burn_core::module::*;
    pub use burn_nn::Initializer;
}

pub mod nn {
    pub use burn_nn::*;
}

/// `nn` is in the prelude until 0.21.
pub mod prelude {
    pub use crate::nn;
}
