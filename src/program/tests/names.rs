//! From paths to what they stand for.

use super::Project;
use crate::program::hir::ItemKind;
use crate::workspace::TargetKind::{Bin, Example, Lib};

#[test]
fn crate_self_and_super_lead_to_modules() {
    let program = Project::of("mod a { pub struct S; pub mod b { pub struct T; } } struct R;");
    let b = program.module_at("a::b");
    assert_eq!(program.type_at(b, "crate::a::S"), "struct a::S");
    assert_eq!(program.type_at(b, "self::T"), "struct a::b::T");
    assert_eq!(program.type_at(b, "super::S"), "struct a::S");
    assert_eq!(program.type_at(b, "super::super::R"), "struct R");
    assert_eq!(program.type_at(b, "S"), "nothing");
}

#[test]
fn imports_are_followed_through_groups_and_renames() {
    let program = Project::of(
        "mod a { pub struct S; pub fn f() {} pub mod b { pub struct T; } }
         use a::{self as x, b::{self, T as U}, f};",
    );
    let root = program.root();
    assert_eq!(program.type_at(root, "x::S"), "struct a::S");
    assert_eq!(program.type_at(root, "b::T"), "struct a::b::T");
    assert_eq!(program.type_at(root, "U"), "struct a::b::T");
    assert_eq!(program.value_at(root, "f"), "fn a::f");
}

#[test]
fn one_name_can_be_a_module_and_a_function() {
    let program = Project::of("pub mod linear { pub fn linear() {} } use linear::linear;");
    let root = program.root();
    assert_eq!(program.value_at(root, "linear"), "fn linear::linear");
    assert_eq!(
        program.value_at(root, "linear::linear"),
        "fn linear::linear"
    );
    assert_eq!(program.type_at(root, "linear"), "mod linear");
}

#[test]
fn re_exports_lead_on() {
    let program = Project::of(
        "mod a { mod b { pub struct S; } pub use self::b::S as T; } pub use a::*; mod c { use super::T; }",
    );
    assert_eq!(
        program.type_at(program.module_at("c"), "T"),
        "struct a::b::S"
    );
}

#[test]
fn a_glob_of_an_own_module_gives_its_public_imports_only() {
    let program = Project::of(
        "mod a { pub use candle_nn::Linear; use candle_nn::Conv2d; pub struct S; }
         mod b { use super::a::*; } use tch::nn; mod c { use super::*; }",
    );
    let b = program.module_at("b");
    assert_eq!(program.type_at(b, "S"), "struct a::S");
    assert_eq!(program.type_at(b, "Linear"), "extern candle_nn::Linear");
    assert_eq!(program.type_at(b, "Conv2d"), "nothing");
    assert_eq!(
        program.type_at(program.module_at("c"), "nn::Path"),
        "extern tch::nn::Path"
    );
}

#[test]
fn a_name_that_only_foreign_globs_can_give_has_them_all_as_candidates() {
    let program = Project::of(
        "use candle_nn::*; use candle_core::*; mod prelude { pub use burn::prelude::*; } use prelude::*; struct S;",
    );
    let root = program.root();
    assert_eq!(program.type_at(root, "S"), "struct S");
    assert_eq!(
        program.type_at(root, "Linear"),
        "extern candle_nn::Linear or candle_core::Linear or burn::prelude::Linear"
    );
    assert_eq!(
        program.value_at(root, "Linear::new"),
        "extern candle_nn::Linear::new or candle_core::Linear::new or burn::prelude::Linear::new"
    );
    assert_eq!(program.type_at(root, "Vec"), "extern std::vec::Vec");
}

#[test]
fn what_belongs_to_a_type_is_left_over() {
    let program = Project::of("struct S; enum E { A, B { x: u8 } } trait T {} type N = S;");
    let root = program.root();
    assert_eq!(program.value_at(root, "S::new"), "struct S + 1");
    assert_eq!(program.value_at(root, "E::B"), "variant E::B");
    assert_eq!(program.type_at(root, "E::B"), "variant E::B");
    assert_eq!(program.value_at(root, "E::new"), "enum E + 1");
    assert_eq!(program.value_at(root, "T::f"), "trait T + 1");
    assert_eq!(program.value_at(root, "N::f"), "type N + 1");
    assert_eq!(program.value_at(root, "Self::f"), "nothing");
}

#[test]
fn variants_come_in_through_a_glob_of_their_enum() {
    let program = Project::of("mod a { pub enum E { A, B } } use a::E::*; use a::E::A as First;");
    let root = program.root();
    assert_eq!(program.value_at(root, "B"), "variant a::E::B");
    assert_eq!(program.value_at(root, "First"), "variant a::E::A");
}

#[test]
fn crates_are_called_by_the_package_s_name_whatever_the_code_calls_them() {
    let program = Project::default()
        .file(
            "/w/p/src/lib.rs",
            "extern crate tch as torch; use candle::Tensor; use nn as layers;",
        )
        .package("p", &[Lib])
        .dependency("candle", "candle-core")
        .dependency("nn", "candle-nn")
        .load();
    let root = program.root();
    assert_eq!(
        program.type_at(root, "Tensor"),
        "extern candle_core::Tensor"
    );
    assert_eq!(
        program.type_at(root, "::candle::Device"),
        "extern candle_core::Device"
    );
    assert_eq!(
        program.value_at(root, "layers::linear"),
        "extern candle_nn::linear"
    );
    assert_eq!(
        program.value_at(root, "torch::nn::seq"),
        "extern tch::nn::seq"
    );
}

#[test]
fn a_crate_that_no_manifest_names_is_still_a_crate() {
    let program = Project::of("use candle_nn::{Linear as L, *}; fn f() {}");
    let root = program.root();
    assert_eq!(program.type_at(root, "L"), "extern candle_nn::Linear");
    assert_eq!(
        program.value_at(root, "tch::nn::seq"),
        "extern candle_nn::tch::nn::seq or tch::nn::seq"
    );
    assert_eq!(program.value_at(root, "T::new"), "extern candle_nn::T::new");
    assert_eq!(program.value_at(root, "f"), "fn f");
}

#[test]
fn a_module_that_comes_in_through_a_foreign_glob_is_foreign() {
    let text = "use tch::*; use nn::Path; fn f() {}";
    let loose = Project::of(text);
    assert_eq!(
        loose.value_at(loose.root(), "nn::seq"),
        "extern tch::nn::seq or nn::seq"
    );
    let package = Project::default()
        .file("/w/p/src/lib.rs", text)
        .package("p", &[Lib])
        .dependency("tch", "tch")
        .load();
    assert_eq!(
        package.type_at(package.root(), "Path"),
        "extern tch::nn::Path"
    );
}

#[test]
fn generic_parameters_and_local_names_are_nothing() {
    let program = Project::of("fn f<B>() {}");
    assert_eq!(program.type_at(program.root(), "B::Device"), "nothing");
    assert_eq!(program.value_at(program.root(), "local"), "nothing");
}

#[test]
fn the_standard_library_is_one_crate() {
    let program = Project::of("use core::mem; use std::collections::HashMap as Map;");
    let root = program.root();
    assert_eq!(program.value_at(root, "mem::swap"), "extern std::mem::swap");
    assert_eq!(
        program.type_at(root, "Map"),
        "extern std::collections::HashMap"
    );
    assert_eq!(
        program.value_at(root, "Vec::new"),
        "extern std::vec::Vec::new"
    );
    assert_eq!(
        program.value_at(root, "Some"),
        "extern std::option::Option::Some"
    );
    assert_eq!(program.type_at(root, "usize"), "extern std::usize");
    assert_eq!(
        program.type_at(root, "alloc::vec::Vec"),
        "extern std::vec::Vec"
    );
}

#[test]
fn an_own_module_hides_a_crate_of_its_name() {
    let program = Project::of("mod burn { pub struct S; } use burn::S; use ::burn::T;");
    assert_eq!(program.type_at(program.root(), "S"), "struct burn::S");
    assert_eq!(program.type_at(program.root(), "T"), "extern burn::T");
}

#[test]
fn paths_of_edition_2015_start_at_the_root() {
    let program = Project::default()
        .file(
            "/w/p/src/lib.rs",
            "extern crate tch; mod a { pub struct S; } mod b { use a::S; use tch::nn; }",
        )
        .package("p", &[Lib])
        .edition("2015")
        .load();
    let b = program.module_at("b");
    assert_eq!(program.type_at(b, "S"), "struct a::S");
    assert_eq!(program.type_at(b, "nn::Path"), "extern tch::nn::Path");
}

#[test]
fn items_of_a_block_hide_those_around_it() {
    let program = Project::of(
        "struct S; struct R; fn f() { struct S; use candle_nn::Linear as R; { fn g() {} } let x = { enum E { A } 1 }; }",
    );
    let root = program.root();
    let body = program.function("f").body.clone().unwrap();
    let block = program.block_scope(root, &body);
    assert_ne!(block, root);
    assert_eq!(program.block_scope(root, &body), block);
    assert_ne!(
        program.resolve_type(block, &super::names("S"), false).res,
        program.resolve_type(root, &super::names("S"), false).res
    );
    assert_eq!(program.type_at(block, "R"), "extern candle_nn::Linear");
    assert_eq!(program.type_at(block, "self::R"), "struct R");
    assert!(program.module_path(block).is_empty());
    assert!(matches!(body.items[0].kind, ItemKind::Struct(_)));
}

#[test]
fn a_block_without_items_has_the_names_around_it() {
    let program = Project::of("fn f() { 1; }");
    let body = program.function("f").body.clone().unwrap();
    assert_eq!(program.block_scope(program.root(), &body), program.root());
}

#[test]
fn packages_of_the_workspace_see_into_each_other() {
    let program = Project::default()
        .file(
            "/w/app/src/main.rs",
            "use net::Net; use app::helper; use net::layers::*;",
        )
        .file("/w/app/src/lib.rs", "pub fn helper() {}")
        .file("/w/app/examples/e.rs", "use app::*;")
        .file(
            "/w/my-net/src/lib.rs",
            "pub struct Net; pub mod layers { pub struct Block; }",
        )
        .package("app", &[Bin, Lib, Example])
        .path_dependency("net", "my-net")
        .package("my-net", &[Lib])
        .load();
    let root = program.root();
    assert_eq!(program.type_at(root, "Net"), "struct Net");
    assert_eq!(program.type_at(root, "Block"), "struct layers::Block");
    assert_eq!(program.value_at(root, "helper"), "fn helper");
    let example = program.crate_info(program.crates()[2]).root;
    assert_eq!(program.value_at(example, "helper"), "fn helper");
    assert_eq!(program.value_at(example, "net::Net::new"), "struct Net + 1");
    assert_eq!(program.crates().len(), 4);
    let info = program.crate_info(program.crates()[3]);
    assert_eq!(
        (info.package, info.target, info.is_workspace_member),
        (Some(1), Some(0), true)
    );
    assert_eq!(info.name.as_str(), "my_net");
}

#[test]
fn imports_in_a_circle_end() {
    let program = Project::of(
        "mod a { pub use super::b::*; pub use super::b::X; pub struct A; }
         mod b { pub use super::a::*; pub use super::a::X; pub struct B; }
         use a::A; use loop_ as loop_; type T = U; type U = T;",
    );
    let root = program.root();
    assert_eq!(program.type_at(root, "a::X"), "nothing");
    assert_eq!(program.type_at(root, "b::A"), "struct a::A");
    assert_eq!(program.type_at(root, "a::B"), "struct b::B");
    assert_eq!(program.type_at(root, "A"), "struct a::A");
    assert_eq!(program.type_at(root, "loop_"), "extern loop_");
    assert_eq!(program.type_at(root, "T"), "type T");
}

#[test]
fn modules_that_all_import_each_other_end_soon() {
    let all: String = (0..40)
        .map(|i| format!("pub use super::m{i}::*; "))
        .collect();
    let text: String = (0..40)
        .map(|i| format!("mod m{i} {{ {all} pub struct S{i}; }} "))
        .collect();
    let program = Project::of(&(all.replace("super::", "") + &text));
    assert_eq!(program.type_at(program.root(), "S39"), "struct m39::S39");
    assert_eq!(
        program.type_at(program.module_at("m7"), "S3"),
        "struct m3::S3"
    );
    assert_eq!(
        program.type_at(program.module_at("m7"), "Missing"),
        "nothing"
    );
}
