//! Items and names of all files of a run.

mod body;
mod cfg;
mod constructors;
mod defs;
mod external;
pub mod hir;
mod impls;
mod krate;
mod lookup;
mod lower;
mod macros;
mod manifest;
mod module;
mod prelude;
mod query;
mod reach;
mod resolve;
mod scope;
mod state;
mod stubs;
#[cfg(test)]
mod tests;
mod tree;
mod types;
pub mod visit;

pub use state::Program;
pub use types::{
    AdtRef, CrateId, CrateInfo, Def, ExternalPath, FnDef, ImplDef, ModuleId, Owner, Res, Resolved,
    SourceDiagnostic,
};
