//! What the syntax-free form keeps of the syntax.

use super::{Project, value};
use crate::program::Program;
use crate::program::hir::{
    Expr, ExprKind, Fields, GenericArg, Item, ItemKind, Lit, Stmt, TypeKind,
};
use crate::program::visit::{Visitor, walk_expr};

fn value_of(program: &Program) -> Expr {
    let function = program.function("f");
    value(function.body.as_ref().unwrap()).clone()
}

/// Each expression's text, outer ones first.
fn texts(code: &str) -> Vec<String> {
    struct Texts<'p>(&'p Program, Vec<String>);
    impl Visitor for Texts<'_> {
        fn expr(&mut self, expr: &Expr) {
            self.1.push(self.0.text(expr.span));
            walk_expr(self, expr);
        }
    }
    let program = Project::of(&format!("fn f() {{ {code} }}"));
    let mut texts = Texts(&program, Vec::new());
    texts.expr(&value_of(&program));
    texts.1
}

#[test]
fn spans_are_exactly_the_expression() {
    assert_eq!(
        texts("a.b(c)?.d[0]"),
        [
            "a.b(c)?.d[0]",
            "a.b(c)?.d",
            "a.b(c)?",
            "a.b(c)",
            "a",
            "c",
            "0"
        ]
    );
    assert_eq!(
        texts("(&p / \"4\") as T"),
        ["(&p / \"4\") as T", "(&p / \"4\")", "&p", "p", "\"4\""]
    );
    assert_eq!(
        texts("if a { 1 } else { 2 }"),
        ["if a { 1 } else { 2 }", "a", "1", "{ 2 }", "2"]
    );
    assert_eq!(
        texts("|x: u8| -> u8 { x }"),
        ["|x: u8| -> u8 { x }", "{ x }", "x"]
    );
    assert_eq!(
        texts("S::<T> { a, b: 1, ..c }"),
        ["S::<T> { a, b: 1, ..c }", "a", "1", "c"]
    );
    assert_eq!(texts("0..=n"), ["0..=n", "0", "n"]);
    assert_eq!(
        texts("<A as B>::c(-1, !d)"),
        ["<A as B>::c(-1, !d)", "<A as B>::c", "-1", "1", "!d", "d"]
    );
    assert_eq!(texts("for i in v { i; }"), ["for i in v { i; }", "v", "i"]);
    assert_eq!(
        texts("match a { B(c) if c => { d } _ => e }"),
        [
            "match a { B(c) if c => { d } _ => e }",
            "a",
            "c",
            "{ d }",
            "d",
            "e"
        ]
    );
    assert_eq!(texts("vec![m!(x), y]"), ["vec![m!(x), y]", "m!(x)", "y"]);
    assert_eq!(texts("return x.await"), ["return x.await", "x.await", "x"]);
}

#[test]
fn positions_count_byte_order_mark_shebang_and_wide_characters() {
    let text = "\u{feff}#!/usr/bin/run\r\n// é\r\nfn g() { \"日本\"; }\r\nfn f() { \"é\"; /* 語 */ target(\"日\") }\r\n";
    let program = Project::of(text);
    let call = value_of(&program);
    assert_eq!(program.text(call.span), "target(\"日\")");
    let file = program.sources().get(call.span.file);
    assert_eq!(file.line_column(call.span.start as usize), (4, 23));
    assert_eq!(
        program.text(program.function("g").span),
        "fn g() { \"日本\"; }"
    );
    assert_eq!(program.text(program.function("f").name.span), "f");
}

#[test]
fn a_labelled_block_is_a_loop_that_is_left() {
    let program = Project::of("fn f() { 'a: { if x { break 'a 1; } 2 } }");
    let ExprKind::Loop { body, label } = value_of(&program).kind else {
        panic!()
    };
    let Stmt::Expr { expr, .. } = &body.stmts[0] else {
        panic!()
    };
    assert!(
        matches!(&expr.kind, ExprKind::Break { label: to, value: Some(_) } if *to == label && label.is_some())
    );
}

fn written_number(kind: &ExprKind) -> String {
    match kind {
        ExprKind::Lit(Lit::Float(float)) => format!("float {float}"),
        ExprKind::Lit(Lit::Int(int)) => format!("int {int}"),
        ExprKind::Cast(inner, _) => format!("{} of that type", written_number(&inner.kind)),
        other => format!("{other:?}"),
    }
}

#[test]
fn numbers_with_a_float_suffix_are_floats() {
    let number = |code: &str| {
        let project = Project::of(&format!("fn f() {{ {code} }}"));
        written_number(&value_of(&project).kind)
    };
    assert_eq!(number("1f32"), "float 1 of that type");
    assert_eq!(number("1_000usize"), "int 1000 of that type");
    assert_eq!(number("0xFF"), "int 255");
    assert_eq!(number("1e-5"), "float 0.00001");
    assert_eq!(number("b'a'"), "int 97");
}

#[test]
fn statements_that_the_default_build_leaves_out_are_gone() {
    let program = Project::of(
        "fn f() { #[cfg(feature = \"gpu\")] let d = gpu(); #[cfg(not(feature = \"gpu\"))] let d = cpu();
         #[cfg(feature = \"gpu\")] { a } #[cfg(test)] b(); #[cfg(not(test))] c();
         match d { #[cfg(feature = \"gpu\")] X => 1, _ => 2 } }",
    );
    let function = program.function("f");
    let body = function.body.as_ref().unwrap();
    assert_eq!(body.stmts.len(), 4);
    assert!(matches!(&value(body).kind, ExprKind::Match(_, arms) if arms.len() == 1));
}

fn item_of(text: &str) -> std::sync::Arc<Item> {
    let program = Project::of(text);
    program.module_items(program.root())[0].clone()
}

#[test]
fn fields_keep_what_their_attributes_say() {
    let item = item_of(
        "#[derive(burn::module::Module, Debug)] #[cfg_attr(feature = \"x\", derive(Config))]
         struct S { #[module(skip)] pub a: A, #[config(default = 2)] b: usize, #[config(default = \"0.5 * 2.0\")] c: f64,
         #[config(default = \"String::from(\\\"x\\\")\")] d: String, #[cfg(feature = \"x\")] #[param] e: E }",
    );
    let ItemKind::Struct(found) = &item.kind else {
        panic!()
    };
    let derives: Vec<&str> = found.derives.iter().map(|name| name.as_str()).collect();
    assert_eq!(derives, ["Module", "Debug", "Config"]);
    let Fields::Named(fields) = &found.fields else {
        panic!()
    };
    assert_eq!(
        fields.iter().map(|field| field.skip).collect::<Vec<_>>(),
        [true, false, false, false, false]
    );
    let default = |place: usize| fields[place].default.as_ref().map(|value| &value.kind);
    assert!(matches!(default(1), Some(ExprKind::Lit(Lit::Int(2)))));
    assert!(matches!(default(2), Some(ExprKind::Binary(..))));
    assert!(matches!(default(3), Some(ExprKind::Call(..))));
    assert!(fields[4].cfg.is_some() && fields[4].attributes.iter().any(|name| *name == "param"));
}

#[test]
fn a_function_trait_has_its_arguments_as_a_tuple_and_its_result_as_output() {
    let item = item_of("fn f(g: impl Fn(A, B) -> C) {}");
    let ItemKind::Fn(function) = &item.kind else {
        panic!()
    };
    let TypeKind::Impl(bounds) = &function.params[0].ty.kind else {
        panic!()
    };
    let args = &bounds[0].path.segments[0].args;
    assert!(
        matches!(&args[0], GenericArg::Type(ty) if matches!(&ty.kind, TypeKind::Tuple(parts) if parts.len() == 2))
    );
    assert!(matches!(&args[1], GenericArg::Assoc(name, _) if *name == "Output"));
}

#[test]
fn a_qualified_path_keeps_type_and_trait_apart_from_its_segments() {
    let program = Project::of("fn f() { <Vec<T> as a::Trait>::g }");
    let ExprKind::Path(path) = value_of(&program).kind else {
        panic!()
    };
    let qself = path.qself.unwrap();
    assert_eq!(program.text(qself.ty.span), "Vec<T>");
    assert_eq!(program.text(qself.as_trait.unwrap().span), "a::Trait");
    assert_eq!(path.segments.len(), 1);
}

#[test]
fn tests_and_receivers_are_marked() {
    let item = item_of("#[tokio::test] async fn f(#[cfg(feature = \"x\")] a: A, b: B) {}");
    let ItemKind::Fn(function) = &item.kind else {
        panic!()
    };
    assert!(function.is_test && !function.has_self);
    assert_eq!(function.params.len(), 1);
    let item = item_of("trait T { fn f(self: Box<Self>, a: A); }");
    let ItemKind::Trait(found) = &item.kind else {
        panic!()
    };
    assert!(found.functions[0].has_self && found.functions[0].body.is_none());
}
