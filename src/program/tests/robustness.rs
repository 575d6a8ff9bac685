//! No input may stop the run.

use std::fs;
use std::path::Path;

use super::Project;
use crate::workspace::TargetKind::Lib;

/// What is told of a library made of this text; whatever can be read of it is read.
fn told(text: &str) -> Vec<String> {
    let program = Project::of(&format!("use tch::nn;\n{text}"));
    let functions = program.functions(program.crates()[0]);
    for function in &functions {
        if let Some(body) = &function.func.body {
            body.stmts.len();
        }
    }
    let told = program.diagnostics().into_iter();
    told.map(|diagnostic| diagnostic.message).collect()
}

#[test]
fn what_nests_too_deeply_is_told() {
    let many = 100_000;
    for text in [
        "(".repeat(many),
        format!("type T = {};", "Vec<".repeat(many)),
        format!("const C: u8 = {}1;", "-".repeat(many)),
        format!("const C: u8 = a{};", ".b()".repeat(many)),
        format!("fn f() {{ x{} }}", " + x".repeat(many)),
        format!("fn f() {{ {} {{}} }}", "if a {} else ".repeat(many)),
        format!("mod a {{ {}", "mod b {".repeat(many)),
    ] {
        let told = told(&text);
        assert!(
            told[0].contains("nests deeper"),
            "{}: {told:?}",
            &text[..30]
        );
    }
}

#[test]
fn what_nests_as_deeply_as_is_allowed_is_parsed() {
    for text in [
        format!("fn f() {{ {}1{} }}", "(".repeat(250), ")".repeat(250)),
        format!("type T = {}u8{};", "Vec<".repeat(400), ">".repeat(400)),
        format!("fn f() {{ {}1 }}", "-".repeat(990)),
        format!("fn f() {{ a{} }}", ".b()".repeat(990)),
        format!("fn f() {{ {}1 }}", "|a| ".repeat(490)),
        format!("fn f() {{ {}x }}", "return ".repeat(990)),
        format!("fn f() {{ {}1{} }}", "{ ".repeat(250), " }".repeat(250)),
        format!("fn f() {{ m!{}1{} }}", "[".repeat(250), "]".repeat(250)),
    ] {
        assert_eq!(told(&text), Vec::<String>::new(), "{}", &text[..30]);
    }
}

#[test]
fn half_written_code_is_told_with_its_place() {
    let program = Project::of("use tch::nn;\nstruct S { a: u8,\nfn f( {}\n");
    program.functions(program.crates()[0]);
    let told = program.diagnostics();
    assert_eq!(told.len(), 1);
    assert!(told[0].message.starts_with("the file cannot be parsed"));
    assert!(!told[0].help.is_empty());
}

#[test]
fn a_mistake_in_a_body_costs_only_that_body() {
    let program = Project::of("fn good() { 1 } fn bad() { let x = ; } fn other() { 2 }");
    assert!(
        program
            .function("bad")
            .body
            .as_ref()
            .unwrap()
            .stmts
            .is_empty()
    );
    assert_eq!(
        program.function("other").body.as_ref().unwrap().stmts.len(),
        1
    );
    let told = program.diagnostics();
    assert_eq!(told.len(), 1);
    let span = told[0].span.unwrap();
    assert_eq!(
        program
            .sources()
            .get(span.file)
            .line_column(span.start as usize),
        (1, 36)
    );
}

#[test]
fn no_piece_of_a_program_panics() {
    let text = "#!/x\n#[path = \"a.rs\"] mod m; macro_rules! q { ($($a:expr),*) => { vec![$($a),*] } }
        impl<T: Fn(A) -> B> S<T> for [u8; N] where T: X { const C: u8 = 1; fn f(&self, (a, b): P) -> R { 'l: loop { break 'l q!(1, 'a', \"é\"); } } }
        fn g() { let S { a, .. } = b else { return }; for (i, x) in v.iter().enumerate() { format!(\"{i}{}\", x); } }";
    for end in 0..text.len() {
        if text.is_char_boundary(end) {
            told(&text[..end]);
            told(&text[end..]);
        }
    }
}

#[test]
fn files_that_cannot_be_read_are_told_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("src");
    fs::create_dir(&at).unwrap();
    fs::write(at.join("lib.rs"), "mod bytes; mod good; mod link;").unwrap();
    fs::write(at.join("bytes.rs"), b"// \xff").unwrap();
    fs::write(at.join("good.rs"), "pub struct Good;").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(at.join("link.rs"), at.join("link.rs")).unwrap();
    let mut project = Project::default().package("p", &[Lib]);
    project.packages[0].targets[0].src_path = at.join("lib.rs");
    let program = project.load();
    assert_eq!(
        program.type_at(program.root(), "good::Good"),
        "struct good::Good"
    );
    let told = program.diagnostics();
    assert!(told[0].path.ends_with(Path::new("bytes.rs")) && told[0].message.contains("UTF-8"));
    #[cfg(unix)]
    assert!(
        told[1].path.ends_with(Path::new("link.rs")) && told[1].message.contains("back to itself")
    );
}

#[test]
fn a_root_that_is_missing_leaves_an_empty_crate() {
    let program = Project::default().package("p", &[Lib]).load();
    assert_eq!(program.type_at(program.root(), "S"), "nothing");
    assert!(program.functions(program.crates()[0]).is_empty());
    assert_eq!(program.diagnostics().len(), 1);
}

#[test]
fn questions_from_many_threads_get_the_same_answers() {
    let text: String = (0..50)
        .map(|i| {
            format!(
                "mod m{i} {{ pub use super::m{}::*; pub struct S{i}; use tch::nn; }}",
                (i + 1) % 50
            )
        })
        .collect();
    let program = Project::of(&text);
    let root = program.root();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for i in 0..50 {
                    let path = format!("m{}::S{i}", (i * 7) % 50);
                    assert_eq!(program.type_at(root, &path), format!("struct m{i}::S{i}"));
                    assert_eq!(program.structs(program.crates()[0]).len(), 50);
                }
            });
        }
    });
}
