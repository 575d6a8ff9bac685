//! Macros: those that are known, and those that the program defines.

use super::{Project, value};
use crate::program::Program;
use crate::program::hir::{ExprKind, FormatPart, Lit, Stmt};
use crate::workspace::TargetKind::Lib;

/// A format string with `{…}` for a plain argument and `<…>` for another.
fn format_of(text: &str) -> String {
    let program = Project::of(&format!("fn f() {{ {text} }}"));
    let function = program.function("f");
    let body = function.body.as_ref().unwrap();
    let ExprKind::Format(parts) = &value(body).kind else {
        return format!("{:?}", value(body).kind);
    };
    let parts = parts.iter().map(|part| match part {
        FormatPart::Text(text) => text.to_string(),
        FormatPart::Arg { expr, spec } => {
            let name = match &expr.kind {
                ExprKind::Path(path) => path.segments[0].name.to_string(),
                _ => program.text(expr.span),
            };
            match spec.is_none() {
                true => format!("{{{name}}}"),
                false => format!("<{name}>"),
            }
        }
    });
    parts.collect()
}

#[test]
fn format_strings_are_taken_apart() {
    assert_eq!(
        format_of("format!(\"layer.{}.{i}\", n + 1)"),
        "layer.{n + 1}.{i}"
    );
    assert_eq!(format_of("format!(\"{0}{1}{0}{}\", a, b)"), "{a}{b}{a}{a}");
    assert_eq!(format_of("format!(\"{x}_{y}\", y = 2)"), "{x}_{2}");
    assert_eq!(
        format_of("format!(\"{i:02}{i:}{i:01}{i:?}\")"),
        "<i>{i}{i}<i>"
    );
    assert_eq!(format_of("format!(\"{:.*}{}\", 1, a, b)"), "<a>{b}");
    assert_eq!(format_of("format!(\"{{{a}}}\", )"), "{{a}}");
}

#[test]
fn concat_of_literals_is_a_literal() {
    assert!(matches!(
        first_value("concat!(\"a\", '.', 1)").as_str(),
        "Lit(Str(\"a.1\"))"
    ));
}

fn first_value(text: &str) -> String {
    let program = Project::of(&format!("fn f() {{ {text} }}"));
    let function = program.function("f");
    let body = function.body.as_ref().unwrap();
    format!("{:?}", value(body).kind)
}

#[test]
fn macros_of_the_standard_library_have_their_meaning() {
    let starts = |text: &str, meaning: &str| {
        let found = first_value(text);
        assert!(found.starts_with(meaning), "{text}: {found}");
    };
    starts("vec![1, 2]", "Array { elements: [");
    starts("vec![0; n]", "Repeat {");
    starts("matches!(x, A | B if c)", "Match(");
    starts("dbg!(x)", "Path(");
    starts("println!(\"{}\", x)", "Ignored([");
    starts("assert_eq!(a, b)", "Ignored([");
    starts("tracing::info!(a = 1, %b)", "Ignored([");
    starts(
        "anyhow::bail!(\"x\")",
        "Diverge { returns_error: true, todo: false }",
    );
    starts("panic!()", "Diverge { returns_error: false, todo: false }");
    starts("todo!()", "Diverge { returns_error: false, todo: true }");
    starts("cfg!(feature = \"x\")", "Lit(Bool(false))");
    starts("s![.., 1]", "Macro(");
}

#[test]
fn an_expression_is_expanded_with_repetitions_and_several_arms() {
    let program = Project::of(
        "macro_rules! sum { () => { 0 }; ($x:expr $(, $rest:expr)* $(,)?) => { $x + sum!($($rest),*) }; }
         fn f() { sum!(1, a * 2,) }",
    );
    assert_eq!(expanded(&program, "f"), "(1 + ((a * 2) + 0))");
}

/// The value of a function, macros expanded, operators in parentheses.
fn expanded(program: &Program, function: &str) -> String {
    fn show(program: &Program, expr: &crate::program::hir::Expr) -> String {
        match &expr.kind {
            ExprKind::Binary(op, left, right) => {
                let sign = match op {
                    crate::program::hir::BinaryOp::Add => "+",
                    crate::program::hir::BinaryOp::Mul => "*",
                    _ => "?",
                };
                format!("({} {sign} {})", show(program, left), show(program, right))
            }
            ExprKind::Macro(call) => match &call.expanded {
                Some(block) => show(program, value(block)),
                None => "unexpanded".to_owned(),
            },
            ExprKind::Lit(Lit::Int(int)) => int.to_string(),
            ExprKind::Path(path) => path
                .segments
                .iter()
                .map(|segment| segment.name.as_str())
                .collect::<Vec<_>>()
                .join("::"),
            _ => program.text(expr.span),
        }
    }
    let function = program.function(function);
    show(program, value(function.body.as_ref().unwrap()))
}

#[test]
fn items_are_expanded_where_they_are_called() {
    let program = Project::of(
        "macro_rules! layer { ($(#[$m:meta])* $v:vis $name:ident { $($f:ident : $t:ty),* $(,)? } => $e:block) => {
             $(#[$m])* $v struct $name { $($f: $t),* } impl $name { pub fn new() -> Self $e } } }
         layer!(#[derive(Module, Debug)] pub Net { a: Linear<B>, b: u8, } => { make() });",
    );
    let root = program.root();
    assert_eq!(program.value_at(root, "Net::new"), "struct Net + 1");
    let crate::program::Res::Struct(net) =
        program.resolve_type(root, &super::names("Net"), false).res
    else {
        panic!()
    };
    assert_eq!(
        net.item
            .derives
            .iter()
            .map(|name| name.as_str())
            .collect::<Vec<_>>(),
        ["Module", "Debug"]
    );
    let adt = crate::program::AdtRef::Struct(net);
    assert_eq!(
        program
            .associated_fns(&adt, crate::name::Name::new("new"), program.root())
            .len(),
        1
    );
}

#[test]
fn statements_are_expanded_among_the_statements_around_them() {
    let program = Project::of(
        "macro_rules! bind { ($name:ident = $value:expr;) => { let $name = $value; } }
         fn f() { bind!(a = 1;); bind! { b = a; } b }",
    );
    let function = program.function("f");
    let body = function.body.as_ref().unwrap();
    let lets = body
        .stmts
        .iter()
        .filter(|stmt| matches!(stmt, Stmt::Let { .. }));
    assert_eq!(lets.count(), 2);
    assert_eq!(body.stmts.len(), 3);
}

#[test]
fn the_nearest_definition_above_counts_also_one_in_the_body() {
    let program = Project::of(
        "macro_rules! m { () => { 1 } } fn f() { m!() }
         macro_rules! m { () => { 2 } } fn g() { m!() } fn h() { macro_rules! m { () => { 3 } } m!() }",
    );
    assert_eq!(expanded(&program, "f"), "1");
    assert_eq!(expanded(&program, "g"), "2");
    assert_eq!(expanded(&program, "h"), "3");
}

#[test]
fn definitions_in_other_files_and_crates_are_in_reach() {
    let program = Project::default()
        .file(
            "/w/p/src/lib.rs",
            "#[macro_use] mod macros; fn f() { own!(x) } fn g() { q::theirs!() }",
        )
        .file(
            "/w/p/src/macros.rs",
            "macro_rules! own { ($a:ident) => { $crate::macros::$a } }",
        )
        .file(
            "/w/q/src/lib.rs",
            "#[macro_export] macro_rules! theirs { () => { $crate::y } }",
        )
        .package("p", &[Lib])
        .path_dependency("q", "q")
        .package("q", &[Lib])
        .load();
    assert_eq!(expanded(&program, "f"), "crate::macros::x");
    assert_eq!(expanded(&program, "g"), "q::y");
}

#[test]
fn what_an_expansion_adds_stands_at_the_call() {
    let program = Project::of(
        "macro_rules! pair { ($a:expr) => { ($a, extra()) } }\nfn f() { pair!(given()) }",
    );
    let function = program.function("f");
    let ExprKind::Tuple(elements) = &value(function.body.as_ref().unwrap()).kind else {
        panic!()
    };
    assert_eq!(program.text(elements[0].span), "given()");
    assert_eq!(program.text(elements[1].span), "pair");
}

#[test]
fn fragments_end_where_they_should() {
    let cases = [
        ("$t:ty", "Vec<A<B, C>>", true),
        ("$t:ty, $u:ty", "&'a [u8; 2], (A, B)", true),
        ("$e:expr, $f:expr", "f::<A, B>(1, 2), |x| x + 1", true),
        ("$e:expr; $n:expr", "a < b; c", true),
        ("$p:pat => $e:expr", "A | B => 1", true),
        ("$p:path; $l:literal", "a::b::C; -1", true),
        ("$l:lifetime $i:ident", "'a b", true),
        ("$($k:ident = $v:tt),+ $(,)?", "a = => , b = (c),", true),
        ("$i:item", "fn f() {}", true),
        ("$s:stmt; $b:block", "let x = 1; { 2 }", true),
        ("$($k:ident)? end", "end", true),
        ("$($x:expr),+", "", false),
        ("$i:ident", "1", false),
        ("fixed $i:ident", "other x", false),
    ];
    for (rule, input, fits) in cases {
        let program = Project::of(&format!(
            "macro_rules! m {{ ({rule}) => {{ 1 }} }} fn f() {{ m!({input}) }}"
        ));
        let expected = if fits { "1" } else { "unexpanded" };
        assert_eq!(expanded(&program, "f"), expected, "{rule} on {input}");
    }
}

#[test]
fn an_endless_expansion_is_given_up() {
    let program = Project::of(
        "macro_rules! forever { ($($x:tt)*) => { forever!($($x)* $($x)* y) } } fn f() { forever!(x) }
         macro_rules! items { () => { items!(); } } items!(); struct S;",
    );
    program.function("f").body.as_ref().unwrap().stmts.len();
    assert_eq!(program.type_at(program.root(), "S"), "struct S");
}

#[test]
fn cfg_if_has_the_branch_of_the_default_build() {
    let program = Project::of(
        "cfg_if::cfg_if! { if #[cfg(feature = \"gpu\")] { pub struct Gpu; type D = Gpu; }
             else { pub struct Cpu; type D = Cpu; } }
         fn f() { cfg_if! { if #[cfg(feature = \"gpu\")] { let x = 1; } else { let y = 2; } } }",
    );
    let root = program.root();
    let crate::program::Res::Alias(device) =
        program.resolve_type(root, &super::names("D"), false).res
    else {
        panic!()
    };
    assert_eq!(program.text(device.item.ty.span), "Cpu");
    assert_eq!(program.type_at(root, "Gpu"), "struct Gpu");
    let function = program.function("f");
    let Stmt::Let { pat, .. } = &function.body.as_ref().unwrap().stmts[0] else {
        panic!()
    };
    assert_eq!(program.text(pat.span), "y");
}
