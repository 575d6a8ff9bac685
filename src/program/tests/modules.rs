//! Which files belong to a crate, and what conditions do.

use super::Project;
use crate::program::Program;
use crate::workspace::TargetKind::{Bin, Lib};

fn library(files: &[(&str, &str)]) -> Program {
    files
        .iter()
        .fold(Project::default(), |project, (path, text)| {
            project.file(&format!("/w/p/src/{path}"), text)
        })
        .package("p", &[Lib])
        .load()
}

#[test]
fn modules_are_read_from_the_files_they_name() {
    let program = library(&[
        ("lib.rs", "mod a; mod b; mod c { mod d; }"),
        ("a.rs", "mod e; pub struct A;"),
        ("a/e.rs", "pub struct E;"),
        ("b/mod.rs", "mod f; pub struct B;"),
        ("b/f.rs", "pub struct F;"),
        ("c/d.rs", "pub struct D;"),
    ]);
    let root = program.root();
    for path in ["a::A", "a::e::E", "b::B", "b::f::F", "c::d::D"] {
        assert_eq!(program.type_at(root, path), format!("struct {path}"));
    }
    assert_eq!(program.diagnostics(), []);
}

#[test]
fn a_path_attribute_names_the_file() {
    let program = library(&[
        (
            "lib.rs",
            "#[path = \"other/x.rs\"] mod a; mod b { #[path = \"y.rs\"] mod c; }",
        ),
        ("other/x.rs", "mod d; pub struct A;"),
        ("other/d.rs", "pub struct D;"),
        ("b/y.rs", "pub struct C;"),
    ]);
    let root = program.root();
    assert_eq!(program.type_at(root, "a::A"), "struct a::A");
    assert_eq!(program.type_at(root, "a::d::D"), "struct a::d::D");
    assert_eq!(program.type_at(root, "b::c::C"), "struct b::c::C");
}

#[test]
fn a_conditional_path_attribute_counts_if_it_is_built() {
    let program = library(&[
        (
            "lib.rs",
            "#[cfg_attr(feature = \"gpu\", path = \"gpu.rs\")] #[cfg_attr(not(feature = \"gpu\"), path = \"cpu.rs\")] mod device;",
        ),
        ("gpu.rs", "pub struct Gpu;"),
        ("cpu.rs", "pub struct Cpu;"),
    ]);
    assert_eq!(
        program.type_at(program.root(), "device::Cpu"),
        "struct device::Cpu"
    );
}

#[test]
fn files_that_nothing_reaches_are_in_no_crate() {
    let program = library(&[
        ("lib.rs", "mod a; use burn::nn::Linear;"),
        ("a.rs", "use burn::nn::Linear; pub struct A { l: Linear }"),
        (
            "dead.rs",
            "use burn::nn::Linear; pub struct Dead { l: Linear }",
        ),
    ]);
    let structs = program.structs(program.crates()[0]);
    let found: Vec<&str> = structs
        .iter()
        .map(|def| def.item.name.name.as_str())
        .collect();
    assert_eq!(found, ["A"]);
}

#[test]
fn a_missing_file_is_told_unless_it_stands_under_a_condition() {
    let program = library(&[("lib.rs", "mod gone; #[cfg(feature = \"x\")] mod optional;")]);
    let told = program.diagnostics();
    assert_eq!(told.len(), 1);
    assert!(
        told[0]
            .message
            .contains("module `gone` is missing: /w/p/src/gone.rs")
    );
    assert_eq!(program.text(told[0].span.unwrap()), "gone");
}

#[test]
fn files_that_include_each_other_end() {
    let program = library(&[
        ("lib.rs", "mod a;"),
        (
            "a.rs",
            "#[path = \"a.rs\"] mod again; #[path = \"lib.rs\"] mod root; pub struct A;",
        ),
    ]);
    assert_eq!(program.type_at(program.root(), "a::A"), "struct a::A");
    assert_eq!(program.type_at(program.root(), "a::again"), "mod a::again");
    assert_eq!(program.type_at(program.root(), "a::again::A"), "nothing");
}

#[test]
fn of_two_items_of_one_name_the_default_build_s_counts() {
    let program = Project::default()
        .file(
            "/w/p/src/lib.rs",
            "#[cfg(feature = \"cuda\")] mod device { pub struct Cuda; }
             #[cfg(not(feature = \"cuda\"))] mod device { pub struct Cpu; }
             #[cfg(target_os = \"macos\")] pub use metal::Backend;
             #[cfg(not(target_os = \"macos\"))] pub use ndarray::Backend;
             #[cfg(feature = \"train\")] fn f() -> Train {}
             #[cfg(not(feature = \"train\"))] fn f() -> Infer {}
             #[cfg(feature = \"extra\")] pub struct Extra;",
        )
        .package("p", &[Lib])
        .feature("train")
        .load();
    let root = program.root();
    assert_eq!(program.type_at(root, "device::Cpu"), "struct device::Cpu");
    assert_eq!(program.type_at(root, "device::Cuda"), "nothing");
    assert_eq!(program.type_at(root, "Backend"), "extern ndarray::Backend");
    assert_eq!(
        program.text(program.function("f").ret.as_ref().unwrap().span),
        "Train"
    );
    assert_eq!(program.type_at(root, "Extra"), "struct Extra");
}

#[test]
fn one_file_in_two_crates_is_parsed_once_and_defines_in_both() {
    let program = Project::default()
        .file("/w/p/src/lib.rs", "mod a;")
        .file("/w/p/src/main.rs", "mod a;")
        .file("/w/p/src/a.rs", "pub struct A { x: candle_nn::Linear }")
        .package("p", &[Lib, Bin])
        .load();
    let [library, binary] = [0, 1].map(|place| program.structs(program.crates()[place]).remove(0));
    assert!(std::sync::Arc::ptr_eq(&library.item, &binary.item));
    assert_ne!(library, binary);
}

#[test]
fn a_module_inside_a_function_is_known_there() {
    let program = Project::of("fn f() { mod m { pub struct S; } let x = m::S; }");
    let body = program.function("f").body.clone().unwrap();
    let scope = program.block_scope(program.root(), &body);
    assert_eq!(program.value_at(scope, "m::S"), "struct m::S");
}
