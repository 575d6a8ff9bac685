//! Items and names of all files of a run.

mod api;
mod cfg;
pub mod hir;
mod lower;

pub use api::{
    AdtRef, CrateId, CrateInfo, Def, ExternalPath, FnDef, ImplDef, ModuleId, Owner, Program, Res,
    Resolved, SourceDiagnostic,
};
