//! The program's names and bodies, as specifications.

mod expansion;
mod externals;
mod members;
mod modules;
mod names;
mod robustness;
mod syntax;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::hir::{Block, Expr, Function, Stmt};
use super::{CrateId, ModuleId, Program, Res, Resolved};
use crate::name::Name;
use crate::source::SourceMap;
use crate::workspace::{
    Dependency, DependencyKind, Package, ResolvedDependency, Target, TargetKind, Workspace,
};

/// A workspace made of texts.
#[derive(Default)]
struct Project {
    sources: SourceMap,
    packages: Vec<Package>,
}

impl Project {
    /// One loose file.
    fn of(text: &str) -> Program {
        Project::default()
            .file("/w/p/src/lib.rs", text)
            .package("p", &[TargetKind::Lib])
            .load()
    }

    fn file(self, path: &str, text: &str) -> Self {
        self.sources.insert(Path::new(path), text.to_owned());
        self
    }

    /// A package in `/w/NAME`, with `src/lib.rs`, `src/main.rs`, `examples/e.rs`.
    fn package(mut self, name: &str, kinds: &[TargetKind]) -> Self {
        let root = Path::new("/w").join(name);
        let target = |kind: &TargetKind| Target {
            name: name.to_owned(),
            kind: *kind,
            src_path: root.join(match kind {
                TargetKind::Lib => "src/lib.rs",
                TargetKind::Example => "examples/e.rs",
                _ => "src/main.rs",
            }),
        };
        self.packages.push(Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            id: name.to_owned(),
            manifest_path: None,
            root: root.clone(),
            edition: "2021".to_owned(),
            targets: kinds.iter().map(target).collect(),
            dependencies: Vec::new(),
            default_features: Default::default(),
        });
        self
    }

    fn last(&mut self) -> &mut Package {
        self.packages.last_mut().expect("a package comes first")
    }

    fn edition(mut self, edition: &str) -> Self {
        self.last().edition = edition.to_owned();
        self
    }

    fn feature(mut self, feature: &str) -> Self {
        self.last().default_features.insert(feature.to_owned());
        self
    }

    fn dependency(self, name_in_code: &str, package: &str) -> Self {
        self.depends(name_in_code, package, None, None)
    }

    /// A dependency on the package of the workspace in `/w/NAME`.
    fn path_dependency(self, name_in_code: &str, package: &str) -> Self {
        let path = Path::new("/w").join(package);
        self.depends(name_in_code, package, Some(path), None)
    }

    /// A dependency whose sources are in the folder.
    fn source_dependency(self, package: &str, version: &str, source: PathBuf) -> Self {
        let name_in_code = package.replace('-', "_");
        let resolved = ResolvedDependency {
            version: version.to_owned(),
            source: Some(source),
        };
        self.depends(&name_in_code, package, None, Some(resolved))
    }

    fn depends(
        mut self,
        name_in_code: &str,
        package: &str,
        path: Option<PathBuf>,
        resolved: Option<ResolvedDependency>,
    ) -> Self {
        self.last().dependencies.push(Dependency {
            name_in_code: name_in_code.to_owned(),
            package: package.to_owned(),
            requirement: "*".to_owned(),
            kind: DependencyKind::Normal,
            path,
            resolved,
        });
        self
    }

    fn load(self) -> Program {
        let workspace = Workspace {
            packages: self.packages,
            ..Workspace::default()
        };
        Program::new(Arc::new(workspace), Arc::new(self.sources))
    }
}

impl Program {
    fn root(&self) -> ModuleId {
        self.crate_info(CrateId(0)).root
    }

    /// The module of a path in the first crate.
    fn module_at(&self, path: &str) -> ModuleId {
        match self.resolve_type(self.root(), &names(path), false).res {
            Res::Module(id) => id,
            other => panic!("{path} is no module: {other:?}"),
        }
    }

    fn type_at(&self, scope: ModuleId, path: &str) -> String {
        self.show(self.resolve_type(scope, &names(path), path.starts_with("::")))
    }

    fn value_at(&self, scope: ModuleId, path: &str) -> String {
        self.show(self.resolve_value(scope, &names(path), path.starts_with("::")))
    }

    /// In a few words: the kind, the path, and the number of segments left over.
    fn show(&self, resolved: Resolved) -> String {
        let at = |module: ModuleId, name: Name| {
            let mut path = self.module_path(module);
            path.push(name);
            path.iter()
                .map(|name| name.as_str())
                .collect::<Vec<_>>()
                .join("::")
        };
        let text = match resolved.res {
            Res::Module(id) => {
                let path = self.module_path(id);
                let path: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
                format!("mod {}", path.join("::"))
            }
            Res::Struct(def) => format!("struct {}", at(def.module, def.item.name.name)),
            Res::Enum(def) => format!("enum {}", at(def.module, def.item.name.name)),
            Res::Variant(def, place) => {
                let variant = def.item.variants[place].name.name;
                format!("variant {}::{variant}", at(def.module, def.item.name.name))
            }
            Res::Fn(def) => format!("fn {}", at(def.module, def.func.name.name)),
            Res::Const(def) => format!("const {}", at(def.module, def.item.name.name)),
            Res::Alias(def) => format!("type {}", at(def.module, def.item.name.name)),
            Res::Trait(def) => format!("trait {}", at(def.module, def.item.name.name)),
            Res::External(paths) => {
                let paths: Vec<String> = paths
                    .iter()
                    .map(|path| {
                        let all = std::iter::once(path.krate).chain(path.path.iter().copied());
                        all.map(|name| name.as_str()).collect::<Vec<_>>().join("::")
                    })
                    .collect();
                format!("extern {}", paths.join(" or "))
            }
            Res::None => "nothing".to_owned(),
        };
        match resolved.rest {
            0 => text,
            _ if text == "nothing" => text,
            rest => format!("{text} + {rest}"),
        }
    }

    /// The first crate's function of that name.
    fn function(&self, name: &str) -> Arc<Function> {
        match self
            .resolve_value(self.root(), &[Name::new(name)], false)
            .res
        {
            Res::Fn(def) => def.func,
            other => panic!("{name} is no function: {other:?}"),
        }
    }

    fn text(&self, span: crate::source::Span) -> String {
        let file = self.sources().get(span.file);
        file.text[span.start as usize..span.end as usize].to_owned()
    }
}

fn names(path: &str) -> Vec<Name> {
    path.trim_start_matches("::")
        .split("::")
        .map(Name::new)
        .collect()
}

/// The value of a block.
fn value(block: &Block) -> &Expr {
    match block.stmts.last() {
        Some(Stmt::Expr { expr, semi: false }) => expr,
        other => panic!("no value: {other:?}"),
    }
}
