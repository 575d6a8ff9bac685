//! `--fix` on candle programs: the optimizer is built by `paramgroups`, and the manifest is what `cargo add` makes of it.

mod scratch;

use std::fs;
use std::path::Path;
use std::process::Command;

use scratch::Scratch;

const LOCK: &str = "version = 4

[[package]]
name = \"candle-nn\"
version = \"0.11.1\"
source = \"registry+https://github.com/rust-lang/crates.io-index\"
";

const NET: &str = r#"//! A net.

use candle_core::{DType, Device, Module, Result, Tensor};
use candle_nn::{Activation, AdamW, Optimizer, VarBuilder, VarMap, linear, seq};
use std::path::Path;

fn main() -> Result<()> {
    let varmap = VarMap::new();
    let vb = VarBuilder::from_varmap(&varmap, DType::F32, &Device::Cpu);
    let model = seq()
        .add(linear(10, 20, vb.pp("0"))?)
        .add(Activation::Relu)
        .add(linear(20, 2, vb.pp("2"))?);
    let mut optimizer = AdamW::new_lr(varmap.all_vars(), 1e-3)?; // one rate
    let inputs = Tensor::randn(0f32, 1f32, (8, 10), &Device::Cpu)?;
    optimizer.backward_step(&model.forward(&inputs)?.sqr()?.mean_all()?)
}
"#;

fn fixed(text: &str) -> String {
    text.replace(
        "linear, seq};\n",
        "linear, seq};\nuse paramgroups::{Groups, candle::Grouped};\n",
    )
    .replace(
        "AdamW::new_lr(varmap.all_vars(), ",
        "Grouped::<AdamW>::new_lr(&varmap, Groups::new().group(\"body\", \"0\").group(\"head\", \"2\"), ",
    )
}

fn manifest(rest: &str) -> String {
    format!("[package]\nname = \"net\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n{rest}")
}

const PLAIN: &str = "[dependencies]\ncandle-core = \"0.11\"\ncandle-nn = \"0.11\"\n";

fn package(manifest: &str, main: &str) -> Scratch {
    Scratch::with(&[
        ("Cargo.toml", manifest),
        ("Cargo.lock", LOCK),
        ("src/main.rs", main),
        ("src/lib.rs", ""),
    ])
}

fn engine() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("paramgroups")
        .display()
        .to_string()
}

fn fix(scratch: &Scratch) -> scratch::Run {
    let source = format!("paramgroups-source={}", engine());
    scratch.run(&["--fix", "--allow-no-vcs", "--config", &source])
}

fn read(scratch: &Scratch, path: &str) -> String {
    fs::read_to_string(scratch.path(path)).unwrap()
}

#[test]
fn the_optimizer_is_built_by_the_engine() {
    let scratch = package(&manifest(PLAIN), NET);
    let run = fix(&scratch);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        read(&scratch, "src/main.rs"),
        fixed(NET),
        "{}{}",
        run.out,
        run.err
    );
    assert!(
        run.err.contains("1 finding fixed in 2 files"),
        "{}",
        run.err
    );
    let again = fix(&scratch);
    assert!(again.err.contains("0 findings fixed"), "{}", again.err);
}

#[test]
fn a_program_that_is_one_of_several_is_fixed_like_any_other() {
    let program = NET.replace("fn main()", "pub fn run()");
    let main = "mod one;\nmod other;\n\nfn main() -> candle_core::Result<()> {\n    match std::env::args().count() {\n        1 => one::run(),\n        _ => other::run(),\n    }\n}\n";
    let scratch = package(&manifest(PLAIN), main);
    for name in ["src/one.rs", "src/other.rs"] {
        scratch.write(name, program.as_bytes());
    }
    let run = fix(&scratch);
    for name in ["src/one.rs", "src/other.rs"] {
        assert_eq!(read(&scratch, name), fixed(&program), "{}", run.err);
    }
}

#[test]
fn without_a_source_the_way_out_is_in_words() {
    let scratch = package(&manifest(PLAIN), NET);
    let run = scratch.run(&["--fix", "--allow-no-vcs", "--unsafe-fixes"]);
    assert_eq!(read(&scratch, "src/main.rs"), NET);
    assert_eq!(read(&scratch, "Cargo.toml"), manifest(PLAIN));
    assert!(run.out.contains("paramgroups-source"), "{}", run.out);
}

#[test]
fn another_candle_than_the_adapters_is_not_edited() {
    let scratch = package(&manifest(&PLAIN.replace("0.11", "0.10")), NET);
    scratch.write("Cargo.lock", LOCK.replace("0.11.1", "0.10.2").as_bytes());
    fix(&scratch);
    assert_eq!(read(&scratch, "src/main.rs"), NET);
}

#[test]
fn names_that_the_file_has_already_are_not_taken() {
    let own = format!("{NET}\nstruct Groups;\n");
    let scratch = package(&manifest(PLAIN), &own);
    fix(&scratch);
    let text = read(&scratch, "src/main.rs");
    assert!(!text.contains("use paramgroups"), "{text}");
    assert!(
        text.contains(
            "paramgroups::candle::Grouped::<AdamW>::new_lr(&varmap, paramgroups::Groups::new()"
        ),
        "{text}"
    );
}

#[test]
fn a_field_that_holds_the_optimizer_gets_its_type() {
    let in_a_struct = NET
        .replace(
            "fn main()",
            "struct Trainer {\n    optimizer: AdamW,\n}\n\nfn main()",
        )
        .replace(
            "let mut optimizer = AdamW::new_lr(varmap.all_vars(), 1e-3)?;",
            "let mut trainer = Trainer { optimizer: AdamW::new_lr(varmap.all_vars(), 1e-3)? };",
        )
        .replace("optimizer.backward_step", "trainer.optimizer.backward_step");
    let scratch = package(&manifest(PLAIN), &in_a_struct);
    fix(&scratch);
    let text = read(&scratch, "src/main.rs");
    assert!(text.contains("optimizer: Grouped<AdamW>,"), "{text}");
    assert!(
        text.contains("optimizer: Grouped::<AdamW>::new_lr(&varmap, "),
        "{text}"
    );
}

#[test]
fn where_the_type_matters_to_other_code_nothing_is_edited() {
    let asks = NET.replace(
        "    let inputs",
        "    println!(\"{:?}\", optimizer.params());\n    let inputs",
    );
    let scratch = package(&manifest(PLAIN), &asks);
    fix(&scratch);
    assert_eq!(read(&scratch, "src/main.rs"), asks);
    let given = NET.replace(
        "    let inputs",
        "    train(&mut optimizer);\n    let inputs",
    ) + "\nfn train(_: &mut AdamW) {}\nfn other(vars: Vec<candle_core::Var>) -> Result<AdamW> {\n    AdamW::new_lr(vars, 1.0)\n}\n";
    let scratch = package(&manifest(PLAIN), &given);
    fix(&scratch);
    assert_eq!(read(&scratch, "src/main.rs"), given);
}

#[test]
fn sources_and_manifest_change_together_or_not_at_all() {
    let scratch = package(&manifest(PLAIN), NET);
    let path = scratch.path("Cargo.toml");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let run = fix(&scratch);
    assert_eq!(run.code, 2, "{}", run.err);
    assert_eq!(read(&scratch, "src/main.rs"), NET);
    assert_eq!(read(&scratch, "Cargo.toml"), manifest(PLAIN));
}

#[test]
fn windows_line_ends_stay_in_both_files() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let scratch = package(&crlf(&manifest(PLAIN)), &crlf(NET));
    fix(&scratch);
    assert_eq!(read(&scratch, "src/main.rs"), crlf(&fixed(NET)));
    let text = read(&scratch, "Cargo.toml");
    assert!(text.ends_with("features = [\"candle\"] }\r\n"), "{text:?}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

/// Packages without code, in place of a registry's.
const STANDING_IN: [(&str, &str, &str); 6] = [
    ("candle-core", "0.11.1", ""),
    ("candle-nn", "0.11.1", "cuda = []"),
    ("tracing", "0.1.0", ""),
    ("zip", "2.0.0", ""),
    ("tempfile", "3.0.0", ""),
    ("paramgroups", "0.1.0", "candle = []"),
];

/// A program of several packages, and folders of packages that stand in for a registry's.
struct Stage {
    scratch: Scratch,
}

impl Stage {
    /// `root` is the manifest of the workspace above, if there is one.
    fn with(manifest: &str, root: Option<&str>) -> Stage {
        let scratch = Scratch::with(&[]);
        let mut patch = String::from("[patch.crates-io]\n");
        for (name, version, features) in STANDING_IN {
            let text = format!(
                "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\n\n[features]\n{features}\n"
            );
            scratch.write(&format!("engines/{name}/Cargo.toml"), text.as_bytes());
            scratch.write(&format!("engines/{name}/src/lib.rs"), b"");
            let path = scratch.path(&format!("engines/{name}"));
            if name != "paramgroups" {
                patch += &format!("{name} = {{ path = {path:?} }}\n");
            }
        }
        scratch.write(".cargo/config.toml", patch.as_bytes());
        if let Some(root) = root {
            scratch.write("all/Cargo.toml", root.as_bytes());
        }
        scratch.write("all/net/Cargo.toml", manifest.as_bytes());
        scratch.write("all/net/src/lib.rs", b"");
        Stage { scratch }
    }

    fn engine(&self) -> String {
        self.scratch
            .path("engines/paramgroups")
            .display()
            .to_string()
    }

    fn manifest(&self) -> String {
        read(&self.scratch, "all/net/Cargo.toml")
    }

    /// What `cargo add` makes of the manifest.
    fn added_by_cargo(self, arguments: &[&str]) -> String {
        let done = Command::new("cargo")
            .args(["add", "paramgroups", "--offline", "--quiet"])
            .args(arguments)
            .current_dir(self.scratch.path("all/net"))
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        self.manifest()
    }

    /// What the fix makes of it.
    fn fixed(self, program: &str) -> String {
        self.scratch.write("all/net/Cargo.lock", LOCK.as_bytes());
        self.scratch.write("all/Cargo.lock", LOCK.as_bytes());
        self.scratch
            .write(&format!("all/net/{program}"), NET.as_bytes());
        let source = format!("paramgroups-source={}", self.engine());
        let run = self
            .scratch
            .command(&["--fix", "--allow-no-vcs", "--config", &source])
            .current_dir(self.scratch.path("all/net"))
            .output()
            .unwrap();
        let text = read(&self.scratch, &format!("all/net/{program}"));
        assert_eq!(text, fixed(NET), "{}", String::from_utf8_lossy(&run.stderr));
        self.manifest()
    }
}

#[test]
fn the_manifest_is_what_cargo_add_makes_of_it() {
    let manifests = [
        PLAIN.to_owned(),
        "[dependencies]\n# tensors\ncandle-nn = \"0.11\" # layers\ncandle-core = \"0.11\"\n\n# for tests\n[dev-dependencies]\ntempfile = \"3\"\n".into(),
        "[dependencies]\ncandle-core = \"0.11\"\ncandle-nn = { version = \"0.11\", features = [\n  \"cuda\",\n] } # layers\n# the rest\ntracing = \"0.1\"\n\n[features]\nnone = []\n".into(),
        "[dependencies]\ncandle-nn.default-features = false\ncandle-nn.version = \"0.11\"\nzip = \"2\"\n".into(),
        "[dependencies]\ncandle-nn = \"0.11\"".into(),
        "[dependencies.candle-core]\nversion = \"0.11\"\n\n# layers\n[dependencies.candle-nn]\nversion = \"0.11\"\n\n[features]\nnone = []\n".into(),
    ];
    for rest in manifests {
        let text = manifest(&rest);
        let stage = Stage::with(&text, None);
        let path = stage.engine();
        let wanted = stage.added_by_cargo(&["--features", "candle", "--path", &path]);
        let got = Stage::with(&text, None).fixed("src/main.rs");
        assert_eq!(got.trim_end(), wanted.trim_end());
    }
}

#[test]
fn the_table_that_names_the_framework_gets_the_dependency() {
    let text = manifest("[dev-dependencies]\ncandle-core = \"0.11\"\ncandle-nn = \"0.11\"\n");
    let stage = Stage::with(&text, None);
    let path = stage.engine();
    let wanted = stage.added_by_cargo(&["--dev", "--features", "candle", "--path", &path]);
    assert_eq!(Stage::with(&text, None).fixed("examples/net.rs"), wanted);
}

#[test]
fn an_entry_that_is_there_keeps_its_version_and_features() {
    let entries = [
        "paramgroups = \"0.1.0\"",
        "paramgroups = { version = \"0.1.0\", default-features = false } # groups",
        "paramgroups = { version = \"0.1.0\", features = [\"serde\"] }",
    ];
    for entry in entries {
        let text = manifest(&format!("{PLAIN}{entry}\n"));
        let scratch = package(&text, NET);
        scratch.run(&["--fix", "--allow-no-vcs"]);
        assert_eq!(read(&scratch, "src/main.rs"), fixed(NET), "{entry}");
        let written = read(&scratch, "Cargo.toml");
        let table: toml::Table = written.parse().unwrap();
        let engine = &table["dependencies"]["paramgroups"];
        assert_eq!(engine["version"].as_str(), Some("0.1.0"), "{written}");
        let features = engine["features"].as_array().unwrap();
        assert!(
            features
                .iter()
                .any(|feature| feature.as_str() == Some("candle")),
            "{written}"
        );
        assert_eq!(
            features.len(),
            1 + usize::from(entry.contains("serde")),
            "{written}"
        );
        assert_eq!(written.contains("# groups"), entry.contains("# groups"));
    }
    let ready = manifest(&format!(
        "{PLAIN}paramgroups = {{ version = \"0.1.0\", features = [\"candle\"] }}\n"
    ));
    let scratch = package(&ready, NET);
    scratch.run(&["--fix", "--allow-no-vcs"]);
    assert_eq!(read(&scratch, "Cargo.toml"), ready);
    assert_eq!(read(&scratch, "src/main.rs"), fixed(NET));
}

#[test]
fn what_the_workspace_has_is_inherited() {
    let shared = "paramgroups = { version = \"0.1.0\", path = \"../engines/paramgroups\" }";
    let with_feature = shared.replace(" }", ", features = [\"candle\"] }");
    let cases: [(&str, &[&str]); 2] = [(shared, &["--features", "candle"]), (&with_feature, &[])];
    for (shared, arguments) in cases {
        let root = format!(
            "[workspace]\nmembers = [\"net\"]\nresolver = \"2\"\n\n[workspace.dependencies]\n{shared}\n"
        );
        let text = manifest(PLAIN);
        let wanted = Stage::with(&text, Some(&root)).added_by_cargo(arguments);
        assert_eq!(Stage::with(&text, Some(&root)).fixed("src/main.rs"), wanted);
    }
}

#[test]
fn a_repository_and_the_registry_are_sources_too() {
    for (source, wanted) in [
        (
            "registry",
            "paramgroups = { version = \"0.1.0\", features = [\"candle\"] }",
        ),
        (
            "https://example.org/engine.git",
            "paramgroups = { git = \"https://example.org/engine.git\", features = [\"candle\"] }",
        ),
    ] {
        let scratch = package(&manifest(PLAIN), NET);
        let source = format!("paramgroups-source={source}");
        scratch.run(&["--fix", "--allow-no-vcs", "--config", &source]);
        let text = read(&scratch, "Cargo.toml");
        assert!(text.ends_with(&format!("{wanted}\n")), "{text}");
    }
}
