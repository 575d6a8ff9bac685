//! Frameworks' own crates, read from stubs instead of their sources.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::krate::{Dependency, NewCrate};
use super::state::{Program, once};
use super::types::{CrateId, ModuleId};
use crate::frameworks::stubs::stubs;
use crate::name::Name;

impl Program {
    /// The stub of a package. Where there is one, the package's sources are not read.
    pub(super) fn stub_crate(&self, package: Name) -> Option<CrateId> {
        if !has_stub(package) {
            return None;
        }
        let path = Path::new("/stubs").join(package.as_str()).join("lib.rs");
        once(&self.externals, path.clone(), || {
            self.sources.insert(&path, text_of(package));
            let dependencies: HashMap<Name, Dependency> = stubs()
                .iter()
                .map(|stub| {
                    let package = Name::new(stub.krate);
                    let source = None;
                    (
                        package,
                        Dependency {
                            package,
                            member: None,
                            source,
                        },
                    )
                })
                .collect();
            self.add_crate(NewCrate {
                name: package,
                root: path,
                place: None,
                edition_2015: false,
                features: Arc::default(),
                dependencies,
            })
        })
    }
}

impl Program {
    /// True if a module is a stub's: no file on disk holds it.
    pub fn is_stub(&self, module: ModuleId) -> bool {
        let krate = self.krate(self.crate_of(module));
        krate.info.package.is_none() && has_stub(krate.info.name)
    }
}

/// True if a package is a framework's own.
pub(super) fn has_stub(package: Name) -> bool {
    stubs().iter().any(|stub| *package == *stub.krate)
}

/// All parts of a stub as one file: their inner comments would not stand at its beginning.
fn text_of(package: Name) -> String {
    let parts = stubs().iter().filter(|stub| *package == *stub.krate);
    parts
        .map(|stub| stub.text.replace("//!", "// ") + "\n")
        .collect()
}
