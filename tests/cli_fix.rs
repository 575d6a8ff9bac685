//! `--fix` and `--diff` as a user meets them: what is written, what is refused, what stays as it was.

mod scratch;

use std::collections::HashSet;
use std::fs;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use cargo_metadata::Message;
use scratch::Scratch;

const MANIFEST: &str = "[package]
name = \"net\"
version = \"0.1.0\"
edition = \"2021\"

[dependencies]
tch = \"0.26\"
";

const NET: &str = r#"use tch::nn::{self, Module, OptimizerConfig};

fn main() -> Result<(), tch::TchError> {
    let vs = nn::VarStore::new(tch::Device::Cpu);
    let p = &vs.root();
    let model = nn::seq()
        .add(nn::linear(p / "body", 10, 20, Default::default())) // the body
        .add_fn(|xs| xs.relu())
        .add(nn::linear(p / "head", 20, 2, Default::default()));
    let mut optimizer = nn::Adam::default().build(&vs, 1e-3)?;
    let inputs = tch::Tensor::randn([8, 10], (tch::Kind::Float, tch::Device::Cpu));
    optimizer.backward_step(&model.forward(&inputs).mean(tch::Kind::Float));
    Ok(())
}
"#;

fn fixed(text: &str) -> String {
    text.replace("p / \"head\"", "p.set_group(1) / \"head\"")
}

fn package(main: &str) -> Scratch {
    Scratch::with(&[("Cargo.toml", MANIFEST), ("src/main.rs", main)])
}

fn git(scratch: &Scratch, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=net", "-c", "user.email=net@example.org"])
        .args(arguments)
        .current_dir(scratch.root())
        .output()
        .unwrap();
    assert!(done.status.success(), "git {arguments:?}: {done:?}");
}

fn repository(main: &str) -> Scratch {
    let scratch = package(main);
    git(&scratch, &["init", "--quiet"]);
    git(&scratch, &["add", "."]);
    git(&scratch, &["commit", "--quiet", "-m", "net"]);
    scratch
}

fn main_rs(scratch: &Scratch) -> String {
    fs::read_to_string(scratch.path("src/main.rs")).unwrap()
}

#[test]
fn a_diff_is_a_patch_and_changes_nothing() {
    let scratch = package(NET);
    let run = scratch.run(&["--diff"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out
            .starts_with("--- a/src/main.rs\n+++ b/src/main.rs\n@@ "),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("\n-        .add(nn::linear(p / \"head\""),
        "{}",
        run.out
    );
    assert!(
        run.out
            .contains("\n+        .add(nn::linear(p.set_group(1) / \"head\""),
        "{}",
        run.out
    );
    assert_eq!(main_rs(&scratch), NET);
    assert_eq!(scratch.run(&["--diff", "-D", "warnings"]).code, 1);
}

#[test]
fn a_fix_is_written_where_the_tree_is_clean() {
    let scratch = repository(NET);
    let run = scratch.run(&["--fix"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(main_rs(&scratch), fixed(NET));
    assert!(run.out.contains("no findings"), "{}", run.out);
    assert!(run.err.contains("1 finding fixed in 1 file"), "{}", run.err);
}

#[test]
fn uncommitted_changes_are_not_mixed_with_fixes() {
    let scratch = repository(NET);
    scratch.write("notes.txt", b"new");
    let run = scratch.run(&["--fix"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("notes.txt (dirty)") && run.err.contains("--allow-dirty"),
        "{}",
        run.err
    );
    git(&scratch, &["add", "."]);
    let run = scratch.run(&["--fix"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("notes.txt (staged)") && run.err.contains("--allow-staged"),
        "{}",
        run.err
    );
    assert_eq!(main_rs(&scratch), NET);
    assert_eq!(scratch.run(&["--fix", "--allow-staged"]).code, 0);
    assert_eq!(main_rs(&scratch), fixed(NET));
}

#[test]
fn a_folder_without_version_control_needs_leave() {
    let scratch = package(NET);
    let run = scratch.run(&["--fix"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--allow-no-vcs"), "{}", run.err);
    assert_eq!(main_rs(&scratch), NET);
    assert_eq!(scratch.run(&["--fix", "--allow-no-vcs"]).code, 0);
    assert_eq!(main_rs(&scratch), fixed(NET));
}

#[test]
fn byte_order_mark_line_ends_tabs_and_comments_stay() {
    let text = format!(
        "\u{feff}{}",
        NET.replace("    ", "\t").replace('\n', "\r\n")
    );
    let scratch = package(&text);
    let run = scratch.run(&["--fix", "--allow-no-vcs"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(main_rs(&scratch), fixed(&text));
}

#[test]
fn fixing_again_changes_nothing() {
    let scratch = package(NET);
    scratch.run(&["--fix", "--allow-no-vcs"]);
    let run = scratch.run(&["--fix", "--allow-no-vcs"]);
    assert!(
        run.err.contains("0 findings fixed in 0 files"),
        "{}",
        run.err
    );
    assert_eq!(main_rs(&scratch), fixed(NET));
}

#[test]
fn only_proved_edits_are_applied_unless_all_are_asked_for() {
    let may_be_wrong = NET.replace(
        "    let p = &vs.root();",
        "    let p = &vs.root();\n    macro_rules! dense { ($p:expr, $n:literal, $i:literal) => { nn::linear(&$p / $n, $i, 20, Default::default()) } }",
    );
    let may_be_wrong = may_be_wrong.replace(
        "nn::linear(p / \"head\", 20, 2, Default::default())",
        "dense!(p, \"head\", 20)",
    );
    let scratch = package(&may_be_wrong);
    scratch.run(&["--fix", "--allow-no-vcs"]);
    assert_eq!(main_rs(&scratch), may_be_wrong);
    scratch.run(&["--fix", "--unsafe-fixes", "--allow-no-vcs"]);
    assert!(main_rs(&scratch).contains("dense!(p.set_group(1), \"head\", 20)"));
}

#[test]
fn what_is_not_shown_is_not_fixed() {
    let scratch = package(NET);
    scratch.run(&["--fix", "--allow-no-vcs", "-A", "flat_sequential"]);
    scratch.run(&["--fix", "--allow-no-vcs", "--lib"]);
    assert_eq!(main_rs(&scratch), NET);
}

#[test]
fn more_groups_are_asked_for_by_number() {
    let scratch = package(NET);
    let run = scratch.run(&["--config", "groups=1"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("a whole number from 2 on"), "{}", run.err);
    let run = scratch.run(&["--config", "groups=2"]);
    assert!(run.out.contains("0 `part 1` (`body."), "{}", run.out);
    assert!(run.out.contains("1 `part 2` (`head."), "{}", run.out);
}

/// What editors and `cargo fix` do with the stream.
#[test]
fn the_suggestion_applied_by_rustfix_is_the_fix() {
    let scratch = package(NET);
    let run = scratch.run(&["--message-format", "json"]);
    let found: Vec<_> = Message::parse_stream(BufReader::new(run.out.as_bytes()))
        .filter_map(|message| match message.unwrap() {
            Message::CompilerMessage(message) => Some(message.message),
            _ => None,
        })
        .collect();
    assert_eq!(found.len(), 1);
    let help = &found[0]
        .children
        .iter()
        .find(|child| !child.spans.is_empty())
        .unwrap();
    assert!(
        help.message.len() < 80,
        "a title is short: {}",
        help.message
    );
    assert_eq!(help.spans[0].byte_start, found[0].spans[0].byte_start);
    let diagnostics: String = found
        .iter()
        .map(|found| format!("{}\n", serde_json::to_string(found).unwrap()))
        .collect();
    let suggestions = rustfix::get_suggestions_from_json(
        &diagnostics,
        &HashSet::new(),
        rustfix::Filter::MachineApplicableOnly,
    )
    .unwrap();
    assert_eq!(
        rustfix::apply_suggestions(NET, &suggestions).unwrap(),
        fixed(NET)
    );
}

/// Whenever a run is killed, each file is whole, old or new.
#[test]
fn a_killed_run_leaves_files_whole() {
    for milliseconds in (0..60).step_by(4) {
        let scratch = package(NET);
        let mut run = scratch
            .command(&["--fix", "--allow-no-vcs"])
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(milliseconds));
        let _ = run.kill();
        let _ = run.wait();
        let text = main_rs(&scratch);
        assert!(
            text == NET || text == fixed(NET),
            "after {milliseconds} ms: {text}"
        );
    }
}

#[cfg(unix)]
#[test]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let scratch = package(NET);
    let path = scratch.path("src/main.rs");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o740)).unwrap();
    scratch.run(&["--fix", "--allow-no-vcs"]);
    assert_eq!((mode(&path), main_rs(&scratch)), (0o740, fixed(NET)));
}
