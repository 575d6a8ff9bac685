//! Items and names of all files of a run.

mod api;
pub mod hir;

pub use api::{
    AdtRef, CrateId, CrateInfo, Def, ExternalPath, FnDef, ImplDef, ModuleId, Owner, Program, Res,
    Resolved, SourceDiagnostic,
};
