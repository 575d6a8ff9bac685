//! Functions and constants that belong to types, and everything that a workspace defines.

use super::{Project, names};
use crate::name::Name;
use crate::program::{AdtRef, Owner, Program, Res};
use crate::workspace::TargetKind::Lib;

fn adt(program: &Program, path: &str) -> AdtRef {
    match program
        .resolve_type(program.root(), &names(path), false)
        .res
    {
        Res::Struct(def) => AdtRef::Struct(def),
        Res::Enum(def) => AdtRef::Enum(def),
        other => panic!("{path} is no struct or enum: {other:?}"),
    }
}

/// The text of each body found, in order.
fn bodies(program: &Program, ty: &AdtRef, function: &str) -> Vec<String> {
    let found = program.associated_fns(ty, Name::new(function), program.root());
    let bodies = found.iter().map(|def| def.func.body.as_ref().unwrap().span);
    bodies.map(|span| program.text(span)).collect()
}

#[test]
fn inherent_functions_come_before_those_of_traits_and_their_defaults() {
    let program = Project::of(
        "mod a { pub struct S<T>(T); } trait T { fn f() { 1 } } trait U { fn f() { 2 } }
         impl T for a::S<u8> { fn f() { 3 } } impl U for a::S<u8> {}
         mod b { use crate::a::S as R; impl<T> R<T> { fn f() { 4 } } }
         struct Other; impl Other { fn f() { 5 } }",
    );
    let found = bodies(&program, &adt(&program, "a::S"), "f");
    assert_eq!(found, ["{ 4 }", "{ 3 }", "{ 2 }"]);
}

#[test]
fn impls_for_an_alias_or_inside_a_function_belong_to_the_type() {
    let program = Project::of(
        "struct S<T>(T); type Small = S<u8>; impl Small { fn f() { 1 } } // of S
         fn main() { impl S<u16> { fn g() { 2 } } }",
    );
    assert_eq!(bodies(&program, &adt(&program, "S"), "f"), ["{ 1 }"]);
    assert_eq!(bodies(&program, &adt(&program, "S"), "g"), ["{ 2 }"]);
}

#[test]
fn an_impl_for_every_type_is_the_last_resort() {
    let program = Project::of(
        "struct S; trait Ext { fn f(&self); fn g(&self) { 2 } } impl<T> Ext for T { fn f(&self) { 1 } }",
    );
    assert_eq!(bodies(&program, &adt(&program, "S"), "f"), ["{ 1 }"]);
    assert_eq!(bodies(&program, &adt(&program, "S"), "g"), ["{ 2 }"]);
}

#[test]
fn traits_of_another_crate_of_the_workspace_count() {
    let program = Project::default()
        .file("/w/p/src/lib.rs", "use q::T; pub struct S; impl T for S {}")
        .file(
            "/w/q/src/lib.rs",
            "pub trait T { const N: usize = 3; fn f() { N } }",
        )
        .package("p", &[Lib])
        .path_dependency("q", "q")
        .package("q", &[Lib])
        .load();
    let ty = adt(&program, "S");
    let found = program.associated_fns(&ty, Name::new("f"), program.root());
    assert!(matches!(&found[0].owner, Some(Owner::Trait(of)) if of.item.name.name == "T"));
    assert_eq!(program.type_at(found[0].module, "T"), "trait T");
    let constant = program.associated_const(&ty, Name::new("N")).unwrap();
    assert_eq!(
        program.text(constant.item.value.as_ref().unwrap().span),
        "3"
    );
    assert_eq!(program.trait_impls(&ty).len(), 1);
    let Some(Owner::Trait(of)) = &found[0].owner else {
        unreachable!()
    };
    assert_eq!(program.impls_of_trait(of).len(), 1);
}

#[test]
fn own_traits_give_methods_to_foreign_types() {
    let program = Project::of(
        "use candle_nn::VarBuilder; trait Ext { fn sub(&self); fn root(&self) { 2 } }
         impl Ext for VarBuilder<'_> { fn sub(&self) { 1 } }
         trait Other { fn all(&self) { 3 } } impl<T: Ext> Other for T {}
         struct VarMap; trait Own { fn sub(&self); } impl Own for VarMap { fn sub(&self) { 4 } }",
    );
    let found = |ty: &str, method: &str| {
        let found = program.external_type_fns(Name::new(ty), Name::new(method), program.root());
        let bodies = found.iter().map(|def| def.func.body.as_ref().unwrap().span);
        bodies.map(|span| program.text(span)).collect::<Vec<_>>()
    };
    assert_eq!(found("VarBuilder", "sub"), ["{ 1 }"]);
    assert_eq!(found("VarBuilder", "root"), ["{ 2 }"]);
    assert_eq!(found("VarBuilder", "all"), ["{ 3 }"]);
    assert!(found("VarMap", "sub").is_empty());
    assert!(found("VarBuilder", "pp").is_empty());
}

#[test]
fn of_two_functions_under_opposite_conditions_an_impl_has_the_default_build_s() {
    let program = Project::of(
        "struct S; impl S { #[cfg(feature = \"x\")] fn f() { 1 } #[cfg(not(feature = \"x\"))] fn f() { 2 }
         #[cfg(feature = \"x\")] fn g() { 3 } }",
    );
    let ty = adt(&program, "S");
    assert_eq!(bodies(&program, &ty, "f"), ["{ 2 }"]);
    assert_eq!(bodies(&program, &ty, "g"), ["{ 3 }"]);
}

#[test]
fn everything_in_files_that_speak_of_a_framework_is_listed() {
    let program = Project::default()
        .file(
            "/w/p/src/lib.rs",
            "mod plain; use tch::nn; fn f() { fn inner() {} struct In; } trait T { fn g(); }
             struct S; impl S { fn h() {} } enum E {} type A = S; mod m { fn i() {} }",
        )
        .file("/w/p/src/plain.rs", "fn plain() {} struct Plain;")
        .package("p", &[Lib])
        .load();
    let krate = program.crates()[0];
    let functions = program.functions(krate);
    let found: Vec<&str> = functions
        .iter()
        .map(|def| def.func.name.name.as_str())
        .collect();
    assert_eq!(found, ["f", "inner", "g", "h", "i"]);
    assert_eq!(program.structs(krate).len(), 2);
    assert_eq!(program.enums(krate).len(), 1);
    assert_eq!(program.aliases(krate).len(), 1);
}

#[test]
fn functions_are_found_by_the_identifiers_in_their_bodies() {
    let program = Project::of(
        "fn a() { AdamW::new() } fn b() { // AdamW
            \"AdamW\"; }
         fn c(x: AdamW) {} fn d() { fn e() { x.set_group(1) } }
         macro_rules! train { ($o:ident) => { fn f() { $o::new() } } } train!(AdamW);",
    );
    let found = |words: &[&str]| {
        let found = program
            .functions_mentioning(program.crates()[0], words)
            .into_iter();
        found
            .map(|def| def.func.name.name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&["AdamW"]), ["a", "f"]);
    assert_eq!(found(&["set_group", "SGD"]), ["d", "e"]);
    assert!(found(&["Adam"]).is_empty());
}

#[test]
fn callers_call_a_function_or_pass_it_on() {
    let program = Project::of(
        "fn a() { train() } fn b() { x.train(1) } fn c() { run(train, 1) } fn d() { Self::train } fn e() { train::<B>() }
         fn f() { x.train } fn g() { let train = 1; } fn h() { S { train: 1 }.go() } fn i() { train.go() } fn j() { Model::default() }",
    );
    let found = program.functions_calling(program.crates()[0], &["train", "Model"]);
    let names: Vec<&str> = found
        .iter()
        .map(|def| def.func.name.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "h", "j"]);
}
