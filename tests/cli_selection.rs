//! Which findings a command line shows: the analysis covers more.

mod scratch;

use scratch::{ONE_FINDING, Scratch, manifest};

/// A workspace of two packages with a finding in each target.
fn workspace() -> Scratch {
    Scratch::with(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"net\", \"app\"]\n"),
        ("net/Cargo.toml", &manifest("net")),
        ("net/src/lib.rs", &format!("{ONE_FINDING}mod layers;\n")),
        ("net/src/layers.rs", ONE_FINDING),
        ("net/src/dead.rs", ONE_FINDING),
        ("net/src/main.rs", ONE_FINDING),
        ("net/examples/mnist.rs", ONE_FINDING),
        ("net/tests/all.rs", ONE_FINDING),
        ("net/benches/speed.rs", ONE_FINDING),
        ("app/Cargo.toml", &manifest("app")),
        ("app/src/main.rs", ONE_FINDING),
    ])
}

fn shown(scratch: &Scratch, arguments: &[&str]) -> Vec<String> {
    let run = scratch.run(&[&["--message-format", "short"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let first_line = |place: &String| place.strip_suffix(":1").unwrap().to_owned();
    run.places().iter().map(first_line).collect()
}

const ALL: [&str; 7] = [
    "app/src/main.rs",
    "net/benches/speed.rs",
    "net/examples/mnist.rs",
    "net/src/layers.rs",
    "net/src/lib.rs",
    "net/src/main.rs",
    "net/tests/all.rs",
];

#[test]
fn without_arguments_the_workspace_around_is_shown() {
    assert_eq!(shown(&workspace(), &[]), ALL);
}

#[test]
fn in_a_member_the_member_is_shown() {
    let scratch = workspace();
    let output = scratch
        .command(&["--message-format", "short"])
        .current_dir(scratch.path("net/src"))
        .output()
        .unwrap();
    let run = scratch::Run::of(output);
    assert_eq!(run.places().len(), 6, "{}", run.out);
    assert!(!run.out.contains("app"), "{}", run.out);
}

#[test]
fn a_manifest_chooses_its_package_or_workspace() {
    let scratch = workspace();
    let by_manifest = |path: &str| shown(&scratch, &["--manifest-path", path]);
    assert_eq!(by_manifest("Cargo.toml"), ALL);
    assert_eq!(by_manifest("app/Cargo.toml"), ["app/src/main.rs"]);
}

#[test]
fn packages_are_chosen_by_name() {
    let scratch = workspace();
    assert_eq!(shown(&scratch, &["-p", "app"]), ["app/src/main.rs"]);
    assert_eq!(shown(&scratch, &["-p", "app@0.1.0", "-p", "net"]), ALL);
}

#[test]
fn targets_are_chosen_by_kind() {
    let scratch = workspace();
    let cases = [
        (&["--lib"][..], &["net/src/layers.rs", "net/src/lib.rs"][..]),
        (&["--bins"], &["app/src/main.rs", "net/src/main.rs"]),
        (
            &["--examples", "--tests"],
            &["net/examples/mnist.rs", "net/tests/all.rs"],
        ),
        (&["--benches", "-p", "net"], &["net/benches/speed.rs"]),
        (&["--lib", "-p", "app"], &[]),
    ];
    for (arguments, expected) in cases {
        assert_eq!(shown(&scratch, arguments), expected, "{arguments:?}");
    }
}

#[test]
fn paths_choose_files_and_folders() {
    let scratch = workspace();
    assert_eq!(
        shown(&scratch, &["net/src/layers.rs"]),
        ["net/src/layers.rs"]
    );
    assert_eq!(
        shown(&scratch, &["net/src", "./app/../app"]),
        [
            "app/src/main.rs",
            "net/src/layers.rs",
            "net/src/lib.rs",
            "net/src/main.rs"
        ]
    );
    assert_eq!(shown(&scratch, &["net/Cargo.toml"]).len(), 6);
}

#[test]
fn a_dead_file_is_shown_only_when_it_is_named() {
    let scratch = workspace();
    assert_eq!(shown(&scratch, &["net/src/dead.rs"]), ["net/src/dead.rs"]);
}

#[test]
fn loose_files_are_programs_of_their_own() {
    let scratch = Scratch::with(&[
        ("train.rs", &format!("{ONE_FINDING}mod net;\n")),
        ("net.rs", ONE_FINDING),
        ("deep/other.rs", ONE_FINDING),
    ]);
    let all = ["deep/other.rs", "net.rs", "train.rs"];
    assert_eq!(shown(&scratch, &[]), all);
    assert_eq!(shown(&scratch, &["."]), all);
    assert_eq!(shown(&scratch, &["train.rs"]), ["net.rs", "train.rs"]);
    assert_eq!(shown(&scratch, &["deep"]), ["deep/other.rs"]);
}

#[test]
fn a_folder_with_packages_in_it_shows_them_and_the_files_around() {
    let scratch = Scratch::with(&[
        ("a/Cargo.toml", &manifest("a")),
        ("a/src/lib.rs", ONE_FINDING),
        ("a/src/dead.rs", ONE_FINDING),
        ("b/Cargo.toml", &manifest("b")),
        ("b/src/main.rs", ONE_FINDING),
        ("broken/Cargo.toml", "name ="),
        ("broken/src/lib.rs", ONE_FINDING),
        ("loose.rs", ONE_FINDING),
    ]);
    assert_eq!(
        shown(&scratch, &["."]),
        ["a/src/lib.rs", "b/src/main.rs", "loose.rs"]
    );
    let run = scratch.run(&["."]);
    assert!(
        run.err.contains("is not TOML: line 1"),
        "the broken manifest is not spoken of: {}",
        run.err
    );
}
