//! Options, levels, exit codes and colour of the command line.

mod scratch;

use std::process::Stdio;

use scratch::{ONE_FINDING, Run, Scratch, manifest};

fn loose() -> Scratch {
    Scratch::with(&[("net.rs", ONE_FINDING)])
}

#[test]
fn warnings_leave_the_exit_code_at_0_and_denied_findings_set_it_to_1() {
    let scratch = loose();
    assert_eq!(scratch.run(&["net.rs"]).code, 0);
    assert_eq!(scratch.run(&["net.rs", "-D", "warnings"]).code, 1);
    assert_eq!(scratch.run(&["net.rs", "-D", "unused_suppression"]).code, 1);
    assert_eq!(scratch.run(&["net.rs", "-D", "structure"]).code, 0);
}

#[test]
fn both_spellings_are_one_command() {
    let scratch = loose();
    let own = scratch.run(&["net.rs"]);
    let by_cargo = scratch.run(&["modlint", "net.rs"]);
    assert_eq!((own.code, own.out), (by_cargo.code, by_cargo.out));
}

#[test]
fn of_two_levels_the_later_wins() {
    let scratch = loose();
    let run = |arguments: &[&str]| scratch.run(&[&["net.rs"], arguments].concat());
    let denied_then_allowed = run(&["-D", "all", "-A", "unused-suppression"]);
    assert_eq!(denied_then_allowed.code, 0);
    assert_eq!(denied_then_allowed.out, "no findings\n");
    assert_eq!(run(&["-A", "unused_suppression", "-D", "all"]).code, 1);
}

#[test]
fn a_person_sees_the_snippet_the_help_and_a_summary() {
    let run = loose().run(&["net.rs"]);
    for part in [
        "modlint::unused_suppression",
        "[net.rs:1:1]",
        "// modlint: allow(all)",
        "= help: remove the comment",
        "\n1 warning\n",
    ] {
        assert!(run.out.contains(part), "{part:?} is not in:\n{}", run.out);
    }
}

#[test]
fn short_gives_one_line_a_finding() {
    let run = loose().run(&["net.rs", "--message-format", "short"]);
    assert_eq!(
        run.out,
        "net.rs:1:1: warning: this suppression suppresses nothing [modlint::unused_suppression]\n1 warning\n"
    );
}

#[test]
fn a_suppression_can_allow_its_own_report() {
    let scratch = Scratch::with(&[(
        "net.rs",
        "// modlint: allow(unused_suppression)\nuse candle_nn::linear;\n",
    )]);
    assert_eq!(scratch.run(&["net.rs"]).out, "no findings\n");
}

#[test]
fn what_is_misspelt_is_an_error_with_a_suggestion() {
    let scratch = loose();
    let cases = [
        (
            &["-D", "flat_sequental"][..],
            "unknown lint `flat_sequental`; did you mean `flat_sequential`?",
        ),
        (
            &["-W", "warning"],
            "unknown lint `warning`; did you mean `warnings`?",
        ),
        (
            &["--config", "min-layer=3"],
            "unknown key `min-layer`; did you mean `min-layers`?",
        ),
        (
            &["--config", "min-layers=none"],
            "`min-layers` is a whole number from 1 on, not `none`",
        ),
        (
            &["explain", "flat-sequentiall"],
            "unknown lint `flat-sequentiall`; did you mean `flat_sequential`?",
        ),
    ];
    for (arguments, message) in cases {
        let run = scratch.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(run.err, format!("error: {message}\n"), "{arguments:?}");
    }
    let run = scratch.run(&["--message-formt", "json"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--message-format"), "{}", run.err);
}

#[test]
fn what_is_missing_or_no_manifest_is_an_error_with_the_reason() {
    let scratch = Scratch::with(&[
        ("broken/Cargo.toml", "[package]\nname = \n"),
        ("empty/notes.md", ""),
        ("net/Cargo.toml", &manifest("net")),
        ("net/src/lib.rs", ""),
    ]);
    let cases = [
        (&["gone.rs"][..], "gone.rs` does not exist"),
        (&["--manifest-path", "gone/Cargo.toml"], "does not exist"),
        (
            &["--manifest-path", "broken/Cargo.toml"],
            "is not TOML: line 2: ",
        ),
        (&["broken"], "is not TOML: line 2: "),
        (
            &["--manifest-path", "net"],
            "cannot be read: it is a folder",
        ),
        (&["empty"], "there is no Rust file in"),
        (&["empty/notes.md"], "is not a Rust file"),
        (
            &["net", "-p", "nett"],
            "no package `nett` here; did you mean `net`?",
        ),
    ];
    for (arguments, reason) in cases {
        let run = scratch.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(reason), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn colour_follows_the_flag_then_the_environment() {
    let scratch = loose();
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["net.rs"], arguments].concat();
        let mut command = scratch.command(&arguments);
        command.envs(variables.iter().copied());
        Run::of(command.output().unwrap()).out.contains("\u{1b}[")
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(
        &[],
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]
    ));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color=never"], &[("CLICOLOR_FORCE", "1")]));
    let json = ["--message-format", "json", "--color", "always"];
    assert!(!coloured(&json, &[]));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let scratch = Scratch::with(&[("net.rs", &ONE_FINDING.repeat(2000))]);
    let mut child = scratch
        .command(&["net.rs"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn the_lints_are_listed_and_explained() {
    let scratch = loose();
    let list = scratch.run(&["lints"]);
    assert_eq!(list.code, 0);
    for name in modlint::lints::lints().iter().map(|lint| lint.name) {
        assert!(list.out.contains(name), "{name} is not listed");
        let page = scratch.run(&["explain", name]);
        assert_eq!(page.code, 0);
        assert!(page.out.contains("## What it does"), "{}", page.out);
    }
}

#[test]
fn a_checkpoint_that_cannot_be_read_is_an_error() {
    let scratch = loose();
    scratch.write("cut.safetensors", b"\xff\0\0\0\0\0\0\0{");
    scratch.write("short.safetensors", b"abc");
    let cases = [
        ("cut.safetensors", "its header should have 255 bytes"),
        ("short.safetensors", "it has 3 bytes"),
        ("gone.safetensors", "cannot be read"),
    ];
    for (file, reason) in cases {
        let run = scratch.run(&["tree", "net.rs", "--check", file]);
        assert_eq!(run.code, 2, "{file}");
        assert!(run.err.contains(reason), "{file}: {}", run.err);
    }
}

#[test]
fn a_tree_of_nothing_says_why() {
    const MODEL: &str = "use candle_nn::{Linear, VarBuilder, linear};
struct Net { only: Linear }
impl Net {
    fn new(vb: VarBuilder) -> Net { Net { only: linear(2, 3, vb.pp(\"only\")).unwrap() } }
}
";
    let scratch = Scratch::with(&[
        ("none/a.rs", "fn f() {}\n"),
        (
            "unmade/a.rs",
            "use candle_nn::Linear;\nfn f(a: Linear) {}\n",
        ),
        ("net/Cargo.toml", &manifest("net")),
        ("net/src/lib.rs", &format!("mod other;\n{MODEL}")),
        ("net/src/other.rs", "use candle_nn::linear;\nfn f( {}\n"),
    ]);
    for (path, why) in [
        ("none", "no file here uses burn"),
        ("unmade", "no function here makes layers"),
        (
            "net/src/other.rs",
            "the one model of the workspace stands outside",
        ),
        ("net/src/other.rs", "other.rs: the file cannot be parsed"),
    ] {
        let run = scratch.run(&["tree", path]);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{path}");
        assert!(
            run.err.starts_with("note: no model was found"),
            "{}",
            run.err
        );
        assert!(run.err.contains(why), "{path}: {}", run.err);
    }
    let run = scratch.run(&["tree", "net"]);
    assert_eq!(run.err, "", "{}", run.out);
}
