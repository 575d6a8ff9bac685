//! Into the sources of dependencies.

use std::fs;
use std::path::Path;

use super::{Project, names};
use crate::name::Name;
use crate::program::{AdtRef, ExternalPath, Program, Res};
use crate::workspace::TargetKind::Lib;

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A registry with a facade crate `net` over `net-core`, which is there in two versions.
fn registry() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(
        at,
        "net-1.0.0/Cargo.toml",
        "[package]\nname = \"net\"\nedition = \"2021\"\n[dependencies]\ncore_ = { package = \"net-core\", version = \"2\" }\nabsent = \"1\"\ntch = \"0.20\"\n",
    );
    write(
        at,
        "net-1.0.0/src/lib.rs",
        "pub use core_ as nn; pub use core_::linear; pub use absent::Gone; pub struct Facade; pub mod prelude { pub use core_::*; }",
    );
    for (version, name) in [("2.0.0", "Old"), ("2.10.0", "Linear")] {
        let folder = format!("net-core-{version}");
        write(
            at,
            &format!("{folder}/Cargo.toml"),
            "[package]\nname = \"net-core\"\nedition = \"2021\"\n[lib]\npath = \"lib/root.rs\"\n[dependencies]\ntch = \"0.20\"\n",
        );
        let text = format!(
            "pub mod linear; pub use linear::{{linear, {name}}}; pub fn build() -> {name} {{ linear() }}"
        );
        write(at, &format!("{folder}/lib/root.rs"), &text);
        let text = format!(
            "pub struct {name}; pub fn linear() -> {name} {{ {name}::new() }} impl {name} {{ pub fn new() -> Self {{ {name} }} }}"
        );
        write(at, &format!("{folder}/lib/linear.rs"), &text);
    }
    folder
}

fn program(registry: &Path) -> Program {
    Project::default()
        .file("/w/p/src/lib.rs", "use net::nn::Linear;")
        .package("p", &[Lib])
        .source_dependency("net", "1.0.0", registry.join("net-1.0.0"))
        .load()
}

fn enter(program: &Program, path: &str) -> Option<String> {
    let mut path = names(path);
    let krate = path.remove(0);
    let found = program.enter_external(&ExternalPath { krate, path });
    found.map(|resolved| program.show(resolved))
}

#[test]
fn re_exports_lead_into_further_crates() {
    let registry = registry();
    let program = program(registry.path());
    assert_eq!(
        enter(&program, "net::Facade").as_deref(),
        Some("struct Facade")
    );
    assert_eq!(
        enter(&program, "net::nn::Linear").as_deref(),
        Some("struct linear::Linear")
    );
    assert_eq!(
        enter(&program, "net::prelude::Linear").as_deref(),
        Some("struct linear::Linear")
    );
    assert_eq!(
        enter(&program, "net::nn::Linear::new").as_deref(),
        Some("struct linear::Linear + 1")
    );
    assert_eq!(
        enter(&program, "net_core::build").as_deref(),
        Some("fn build")
    );
}

#[test]
fn a_function_comes_before_a_module_of_its_name() {
    let registry = registry();
    let program = program(registry.path());
    assert_eq!(
        enter(&program, "net::linear").as_deref(),
        Some("fn linear::linear")
    );
}

#[test]
fn where_the_sources_end_the_path_stays_foreign() {
    let registry = registry();
    let program = program(registry.path());
    assert_eq!(
        enter(&program, "net::Gone").as_deref(),
        Some("extern absent::Gone")
    );
    assert_eq!(enter(&program, "net::Nothing"), None);
    assert_eq!(enter(&program, "unknown::Thing"), None);
}

#[test]
fn crates_that_know_no_framework_are_not_entered() {
    let registry = registry();
    let at = registry.path();
    write(
        at,
        "plain-1.0.0/Cargo.toml",
        "[package]\nname = \"plain\"\n[dependencies]\nserde = \"1\"\n",
    );
    write(at, "plain-1.0.0/src/lib.rs", "pub struct Thing;");
    assert_eq!(enter(&program(at), "plain::Thing"), None);
}

#[test]
fn types_inside_have_their_functions() {
    let registry = registry();
    let program = program(registry.path());
    let path = ExternalPath {
        krate: Name::new("net"),
        path: names("nn::Linear"),
    };
    let Some(Res::Struct(linear)) = program.enter_external(&path).map(|found| found.res) else {
        panic!()
    };
    assert!(
        !program
            .crate_info(program.crate_of(linear.module))
            .is_workspace_member
    );
    let found = program.associated_fns(&AdtRef::Struct(linear), Name::new("new"), program.root());
    assert_eq!(found.len(), 1);
    assert_eq!(program.crates().len(), 1);
}

#[test]
fn the_lock_file_chooses_the_version() {
    let registry = registry();
    let at = registry.path();
    write(
        at,
        "p/Cargo.lock",
        "[[package]]\nname = \"net-core\"\nversion = \"2.0.0\"\n",
    );
    write(at, "p/src/lib.rs", "");
    let mut project = Project::default().package("p", &[Lib]).source_dependency(
        "net",
        "1.0.0",
        at.join("net-1.0.0"),
    );
    project.packages[0].root = at.join("p");
    project.packages[0].targets[0].src_path = at.join("p/src/lib.rs");
    let program = project.load();
    assert_eq!(
        enter(&program, "net::nn::Old").as_deref(),
        Some("struct linear::Old")
    );
    let missing = enter(&program, "net::nn::Linear");
    assert_eq!(missing.as_deref(), Some("extern net_core::Linear"));
}

#[test]
fn sources_with_mistakes_are_not_the_user_s_concern() {
    let registry = registry();
    write(
        registry.path(),
        "net-1.0.0/src/lib.rs",
        "pub struct Facade; fn {",
    );
    let program = program(registry.path());
    assert_eq!(enter(&program, "net::Facade"), None);
    assert_eq!(program.diagnostics(), []);
}

/// A dependency with traits for `Path`, `Result` and a framework's type, and a conversion into that type.
fn extending() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(
        at,
        "ext-1.0.0/Cargo.toml",
        "[package]\nname = \"ext\"\nedition = \"2021\"\n[dependencies]\ntch = \"0.20\"\nburn = \"0.22\"\n",
    );
    write(
        at,
        "ext-1.0.0/src/lib.rs",
        "use tch::nn::Path; use burn::nn::LinearConfig; pub struct Own;
         pub trait Ext { fn deep(&self); } impl Ext for Path<'_> { fn deep(&self) { 1 } }
         impl<T, E> Ext for Result<T, E> { fn deep(&self) { 2 } }
         pub trait ForConfig { fn wide(&self); } impl ForConfig for LinearConfig { fn wide(&self) { 3 } }
         impl From<Own> for LinearConfig { fn from(own: Own) -> Self { LinearConfig::new(1, 2) } }",
    );
    folder
}

fn extended(registry: &Path, text: &str) -> Program {
    Project::default()
        .file("/w/p/src/lib.rs", text)
        .package("p", &[Lib])
        .source_dependency("ext", "1.0.0", registry.join("ext-1.0.0"))
        .load()
}

fn adt_at(program: &Program, path: &str) -> AdtRef {
    let mut path = names(path);
    let krate = path.remove(0);
    let found = program.enter_external(&ExternalPath { krate, path });
    match found.unwrap().res {
        Res::Struct(def) => AdtRef::Struct(def),
        other => panic!("{other:?} is no struct"),
    }
}

#[test]
fn a_dependency_s_traits_give_methods_where_they_are_imported() {
    let registry = extending();
    let count = |text: &str| {
        let program = extended(registry.path(), text);
        let (path, result) = (Name::new("Path"), Name::new("Result"));
        let (deep, root) = (Name::new("deep"), program.root());
        let config = adt_at(&program, "burn::nn::LinearConfig");
        [
            program.external_type_fns(path, deep, root).len(),
            program.fns_given_by_name(result, deep, root).len(),
            program
                .extensions_of(&config, Name::new("wide"), root)
                .len(),
        ]
    };
    assert_eq!(count("use ext::{Ext, ForConfig as _};"), [1, 1, 1]);
    assert_eq!(count("use ext::*;"), [1, 1, 1]);
    assert_eq!(count("use ext::Own;"), [0, 0, 0]);
}

#[test]
fn a_conversion_may_stand_beside_what_it_converts() {
    let registry = extending();
    let program = extended(registry.path(), "use ext::Own;");
    let config = adt_at(&program, "burn::nn::LinearConfig");
    let own = adt_at(&program, "ext::Own");
    let from = Name::new("from");
    assert_eq!(program.conversions(&config, Some(&own), from).len(), 1);
    assert!(program.conversions(&config, None, from).is_empty());
}
