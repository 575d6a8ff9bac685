//! Workspaces that cargo cannot load, and files that cannot be read: a word about each, and the rest is linted.

mod scratch;

use scratch::{ONE_FINDING, Run, Scratch, manifest};

/// Code that the analysis cannot pass over.
const TRAINING: &str = "use candle_nn::{AdamW, Optimizer, VarMap, linear};
fn train(varmap: &VarMap) {
    let mut optimizer = AdamW::new_lr(varmap.all_vars(), 0.1).unwrap();
    optimizer.backward_step(&loss).unwrap();
}
";

fn short(scratch: &Scratch, arguments: &[&str]) -> Run {
    scratch.run(&[&["--message-format", "short"], arguments].concat())
}

#[test]
fn a_missing_path_dependency_does_not_stop_the_run() {
    let manifest = manifest("net") + "[dependencies]\ngone = { path = \"../gone\" }\n";
    let scratch = Scratch::with(&[
        ("net/Cargo.toml", &manifest),
        ("net/src/lib.rs", ONE_FINDING),
    ]);
    let run = short(&scratch, &["net"]);
    assert_eq!(run.places(), ["net/src/lib.rs:1"], "{}", run.err);
    assert_eq!(run.code, 0);
}

#[test]
fn what_cargo_cannot_load_is_read_from_the_manifests_with_a_note() {
    let cases = [
        (
            "a missing member",
            "[workspace]\nmembers = [\"net\", \"gone\"]\n",
            manifest("net"),
        ),
        (
            "an edition of the future",
            "[workspace]\nmembers = [\"net\"]\n",
            manifest("net").replace("2021", "2051"),
        ),
        (
            "a workspace that doesn't know its member",
            "[workspace]\nmembers = []\n",
            manifest("net"),
        ),
    ];
    for (case, root, manifest) in cases {
        let scratch = Scratch::with(&[
            ("Cargo.toml", root),
            ("net/Cargo.toml", &manifest),
            ("net/src/lib.rs", ONE_FINDING),
        ]);
        let run = short(&scratch, &["net"]);
        assert_eq!(run.places(), ["net/src/lib.rs:1"], "{case}: {}", run.err);
        assert!(run.err.contains("cargo cannot load"), "{case}: {}", run.err);
    }
}

#[test]
fn a_toolchain_file_does_not_matter() {
    let scratch = Scratch::with(&[
        ("Cargo.toml", &manifest("net")),
        ("src/lib.rs", ONE_FINDING),
        (
            "rust-toolchain.toml",
            "[toolchain]\nchannel = \"nightly-1999-01-01\"\n",
        ),
        (".cargo/config.toml", "[build]\nrustc = \"no-such-rustc\"\n"),
    ]);
    let run = short(&scratch, &[]);
    assert_eq!((run.places().len(), run.err.as_str()), (1, ""));
}

#[test]
fn without_cargo_the_manifests_do() {
    let scratch = Scratch::with(&[
        ("Cargo.toml", &manifest("net")),
        ("src/lib.rs", ONE_FINDING),
    ]);
    let output = scratch
        .command(&["--message-format", "short"])
        .env("CARGO", scratch.path("no-cargo"))
        .output()
        .unwrap();
    let run = Run::of(output);
    assert_eq!(run.places(), ["src/lib.rs:1"]);
    assert!(run.err.contains("cargo cannot load"), "{}", run.err);
}

#[test]
fn files_that_cannot_be_read_are_warned_of_and_the_rest_is_linted() {
    let scratch = Scratch::with(&[
        ("good.rs", ONE_FINDING),
        ("half.rs", &format!("{TRAINING}fn f( {{\n")),
        (
            "deep.rs",
            &format!("{TRAINING}fn f() {{ {} }}\n", "(".repeat(5000)),
        ),
    ]);
    scratch.write("bytes.rs", b"use candle_nn::linear;\n// \xff\xfe\n");
    let run = short(&scratch, &["."]);
    assert_eq!(run.places(), ["good.rs:1"]);
    for file in ["half.rs", "deep.rs", "bytes.rs"] {
        let warned = |line: &&str| line.starts_with(file) && line.contains(": warning: ");
        assert_eq!(
            run.out.lines().filter(warned).count(),
            1,
            "{file}: {}",
            run.out
        );
    }
    assert_eq!(run.code, 0);
    assert_eq!(short(&scratch, &[".", "-D", "warnings"]).code, 1);
    let only_problems = short(&scratch, &["half.rs", "-D", "warnings"]);
    assert_eq!(only_problems.code, 0, "{}", only_problems.out);
}

#[test]
fn a_huge_file_is_warned_of_and_left_out() {
    let scratch = Scratch::with(&[("good.rs", ONE_FINDING), ("huge.rs", TRAINING)]);
    let huge = std::fs::OpenOptions::new()
        .write(true)
        .open(scratch.path("huge.rs"))
        .unwrap();
    huge.set_len((2 << 20) + 1).unwrap();
    let run = short(&scratch, &["."]);
    assert_eq!(run.places(), ["good.rs:1"]);
    let warned = |line: &str| {
        line.starts_with("huge.rs") && line.contains("2097153 bytes; files of more than 2 MiB")
    };
    assert!(run.out.lines().any(warned), "{}", run.out);
    assert_eq!(run.code, 0);
}

#[test]
fn dependencies_that_cannot_be_fetched_and_a_missing_lock_file_do_not_matter() {
    let unreachable = "nets = { git = \"https://127.0.0.1:9/nets\" }\n";
    let manifest = manifest("net") + "[dependencies]\ncandle-nn = \"0.11\"\n" + unreachable;
    let scratch = Scratch::with(&[("Cargo.toml", &manifest), ("src/lib.rs", ONE_FINDING)]);
    let run = short(&scratch, &[]);
    assert_eq!((run.places().len(), run.err.as_str()), (1, ""));
    assert!(!scratch.path("Cargo.lock").exists());

    let lock = "version = 4\n\n[[package]]\nname = \"nets\"\nversion = \"1.0.0\"\nsource = \"git+https://127.0.0.1:9/nets#0123\"\n";
    scratch.write("Cargo.lock", lock.as_bytes());
    let run = short(&scratch, &[]);
    assert_eq!((run.places().len(), run.err.as_str()), (1, ""));
    scratch.write("Cargo.lock", b"<<<<<<< ours\n");
    assert_eq!(short(&scratch, &[]).places().len(), 1);
}

#[cfg(unix)]
#[test]
fn links_in_a_loop_end() {
    let scratch = Scratch::with(&[("in/good.rs", ONE_FINDING)]);
    std::os::unix::fs::symlink(scratch.path("in"), scratch.path("in/again")).unwrap();
    std::os::unix::fs::symlink(scratch.path("in/self.rs"), scratch.path("in/self.rs")).unwrap();
    let run = short(&scratch, &["in"]);
    assert_eq!(run.places(), ["in/good.rs:1"]);
    assert!(run.err.contains("leads back to"), "{}", run.err);
    assert_eq!(run.code, 0);
}

#[test]
fn what_no_parser_takes_is_told_for_people() {
    let scratch = Scratch::with(&[
        ("half.rs", &format!("{TRAINING}fn f() {{\n    g(1,\n")),
        ("nul.rs", &TRAINING.replace("&loss", "\0")),
    ]);
    let run = short(&scratch, &["."]);
    for told in [
        "half.rs:7:6: warning: the file cannot be parsed: `(` is never closed",
        "nul.rs:4:29: warning: the file cannot be parsed: the NUL character (U+0000) cannot stand outside strings and comments",
    ] {
        assert!(run.out.lines().any(|line| line == told), "{}", run.out);
    }
    let person = scratch.run(&["nul.rs"]);
    assert!(person.out.contains("= help: remove it"), "{}", person.out);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_where_it_is_named_and_passed_over_in_a_folder() {
    let scratch = Scratch::with(&[
        ("in/good.rs", ONE_FINDING),
        ("net/Cargo.toml", &manifest("net")),
    ]);
    for pipe in ["in/pipe.rs", "piped/Cargo.toml", "net/src/lib.rs"] {
        let path = scratch.path(pipe);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    }
    for arguments in [
        &["in/pipe.rs"][..],
        &["piped/Cargo.toml"],
        &["--manifest-path", "piped/Cargo.toml"],
        &["tree", "--check", "in/pipe.rs", "in"],
    ] {
        let run = scratch.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains("is a named pipe"), "{}", run.err);
    }
    assert_eq!(short(&scratch, &["in"]).places(), ["in/good.rs:1"]);
    assert_eq!(short(&scratch, &["net"]).places(), Vec::<String>::new());
}

#[test]
fn line_ends_do_not_change_what_a_person_sees() {
    let text = "// first\n// modlint: allow(all)\nuse candle_nn::linear;\n// modlint: allow(all)\nfn last() {}";
    for text in [text.to_owned(), format!("{text}\n\n// end\n")] {
        let scratch = Scratch::with(&[("net.rs", &text)]);
        let unix = scratch.run(&["net.rs"]).out;
        scratch.write("net.rs", text.replace('\n', "\r\n").as_bytes());
        let windows = scratch.run(&["net.rs"]).out;
        let shown = shown_lines(&windows);
        assert_eq!(shown, shown_lines(&unix), "{windows}");
        assert!(!windows.contains('\r'), "{windows:?}");
        for (number, line) in shown {
            let number: usize = number.parse().unwrap();
            assert_eq!(
                text.lines().nth(number - 1),
                Some(line.trim_end()),
                "{windows}"
            );
        }
    }
}

/// The lines of a file that a picture shows, with their numbers.
fn shown_lines(picture: &str) -> Vec<(&str, &str)> {
    picture
        .lines()
        .filter_map(|line| line.trim_start().split_once(" │ "))
        .filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
        .collect()
}
