//! Frameworks' own crates, read from stubs instead of their sources.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::krate::{Dependency, NewCrate};
use super::lookup::{Found, Search};
use super::manifest::Manifest;
use super::scope::Namespace;
use super::state::{Program, once};
use super::types::{AdtRef, CrateId, ExternalPath, ModuleId, Res};
use crate::frameworks::intrinsic_position;
use crate::frameworks::stubs::{is_read_from_source, stubs};
use crate::name::Name;

impl Program {
    /// What is read of a framework's crate: its stub, or its source for a module that holds models.
    pub(super) fn framework_crate(&self, path: &ExternalPath) -> Option<CrateId> {
        let stub = self.stub_crate(path.krate)?;
        let from_source = path
            .path
            .first()
            .is_some_and(|module| is_read_from_source(&path.krate, module));
        from_source
            .then(|| self.source_beside(stub, path.krate))
            .flatten()
            .or(Some(stub))
    }

    /// The source of a package that has a stub.
    fn source_beside(&self, stub: CrateId, package: Name) -> Option<CrateId> {
        let source = once(&self.package_sources, package, || {
            self.registry.source(package)
        })?;
        once(&self.externals, source.clone(), || {
            let manifest = Manifest::read(&source)?;
            self.add_crate(NewCrate {
                name: manifest.name,
                root: manifest.library,
                place: None,
                stub: Some(stub),
                edition_2015: manifest.edition_2015,
                features: Arc::new(manifest.default_features),
                dependencies: manifest.dependencies,
            })
        })
    }

    /// What the stub has in place of an item of the source beside it.
    pub(super) fn told_by_stub(
        &self,
        module: ModuleId,
        name: Name,
        namespace: Namespace,
        search: &mut Search,
    ) -> Option<Res> {
        let krate = self.krate(self.crate_of(module));
        let mut told = self.krate(krate.stub?).info.root;
        if self.module(module).is_block() {
            return None;
        }
        let path = self.module_path(module);
        if let Some(first) = path.first()
            && is_read_from_source(&krate.info.name, first)
        {
            return None;
        }
        for name in path {
            match self.scope(told).declared(name, Namespace::Type) {
                Some(Res::Module(inner)) => told = *inner,
                _ => return None,
            }
        }
        match self.lookup(told, name, namespace, false, search) {
            Found::Definite(Res::Module(_)) => None,
            Found::Definite(res) => Some(res),
            _ => None,
        }
    }

    /// The type that a stub defines for a path.
    pub(super) fn stub_adt(&self, paths: &[ExternalPath]) -> Option<AdtRef> {
        let [path] = paths else {
            return None;
        };
        if !has_stub(path.krate) || intrinsic_position(path).is_some() {
            return None;
        }
        match self.enter_external(path)?.res {
            Res::Struct(def) => Some(AdtRef::Struct(def)),
            Res::Enum(def) => Some(AdtRef::Enum(def)),
            _ => None,
        }
    }

    /// The stub of a package.
    fn stub_crate(&self, package: Name) -> Option<CrateId> {
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
                stub: None,
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
        krate.info.package.is_none() && krate.stub.is_none() && has_stub(krate.info.name)
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
