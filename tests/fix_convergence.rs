//! Lint, fix, lint: on generated programs it ends after at most three rounds, and what is left is code.

mod scratch;

use std::fmt::Write;
use std::sync::Arc;

use modlint::config::{LevelFlag, Levels, Settings};
use modlint::fix::{Outcome, Which, fix};
use modlint::lints::Level;
use modlint::workspace::{Request, discover};
use scratch::{Scratch, manifest};

const PROGRAMS: u64 = 80;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) % sides
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len() as u64) as usize]
    }
}

/// A path below `p`, which is a `&nn::Path`, written in one of many ways.
fn path(dice: &mut Dice, number: usize) -> String {
    let name = format!("\"layer{number}\"");
    match dice.below(8) {
        0 => format!("p / {name}"),
        1 => format!("&(p / {name})"),
        2 => format!("p.sub({name})"),
        3 => format!("(p) / {name}"),
        4 => format!("p / \"block\" / {name}"),
        5 => format!("&p.sub(\"block\") / {name}"),
        6 => format!("(&*p) / {name}"),
        _ => format!("{{ let q = p / {name}; q }}"),
    }
}

fn layer(dice: &mut Dice, number: usize) -> String {
    let path = path(dice, number);
    match dice.below(5) {
        0 => format!("nn::layer_norm({path}, vec![8], Default::default())"),
        1 => format!("dense({path})"),
        2 => format!("dense!({path})"),
        _ => format!("nn::linear({path}, 8, 8, Default::default())"),
    }
}

fn program(seed: u64) -> String {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
    let (tab, end) = (dice.one_of(&["    ", "\t"]), dice.one_of(&["\n", "\r\n"]));
    let mut text = String::from(
        "use tch::nn::{self, Module, OptimizerConfig};\n\n\
         macro_rules! dense {\n    ($p:expr) => {\n        nn::linear($p, 8, 8, Default::default())\n    };\n}\n\n\
         fn dense(p: nn::Path) -> nn::Linear {\n    nn::linear(p, 8, 8, Default::default())\n}\n\n",
    );
    let models = 1 + dice.below(2);
    for model in 0..models {
        writeln!(
            text,
            "fn model{model}(p: &nn::Path) -> nn::Sequential {{\n    nn::seq()"
        )
        .unwrap();
        for number in 0..1 + dice.below(5) as usize {
            // A function takes a path of its own.
            let layer = layer(&mut dice, number).replace("dense(&", "dense!(&");
            writeln!(text, "        .add({layer}) // größer {number}").unwrap();
            if dice.below(2) == 0 {
                writeln!(text, "        .add_fn(|xs| xs.relu())").unwrap();
            }
        }
        writeln!(text, "}}\n").unwrap();
    }
    text.push_str("fn main() -> Result<(), tch::TchError> {\n    let mut vs = nn::VarStore::new(tch::Device::Cpu);\n");
    for model in 0..models {
        writeln!(
            text,
            "    let model{model} = model{model}(&(vs.root() / \"model{model}\"));"
        )
        .unwrap();
    }
    if dice.below(3) == 0 {
        text.push_str("    vs.load(\"pretrained.safetensors\")?;\n");
    }
    text.push_str("    let mut optimizer = nn::Adam::default().build(&vs, 1e-3)?;\n");
    for model in 0..models {
        writeln!(
            text,
            "    let xs = tch::Tensor::zeros([2, 8], (tch::Kind::Float, tch::Device::Cpu));\n    optimizer.backward_step(&model{model}.forward(&xs).mean(tch::Kind::Float));"
        )
        .unwrap();
    }
    text.push_str("    Ok(())\n}\n");
    text.replace("    ", tab).replace('\n', end)
}

fn fixed(scratch: &Scratch, which: Which) -> Outcome {
    let request = Request {
        current_dir: scratch.root().to_owned(),
        ..Request::default()
    };
    let (workspace, selection) = discover(&request).unwrap();
    let structure = LevelFlag {
        level: Level::Warn,
        name: "structure".into(),
    };
    let levels = Levels::with_flags(&[structure]).unwrap();
    fix(
        &Arc::new(workspace),
        &selection,
        &Settings::default(),
        &levels,
        which,
    )
    .unwrap()
}

fn converges(which: Which) {
    let manifest = manifest("generated") + "[dependencies]\ntch = \"0.26\"\n";
    let scratch = Scratch::with(&[("Cargo.toml", &manifest), ("src/lib.rs", "")]);
    for seed in 0..PROGRAMS {
        let text = program(seed);
        assert!(syn::parse_file(&text).is_ok(), "{text}");
        scratch.write(&format!("examples/net{seed}.rs"), text.as_bytes());
    }
    let first = fixed(&scratch, which);
    assert_eq!(first.refusals, [], "edits were taken back");
    assert!(first.rounds <= 3, "{} rounds", first.rounds);
    assert!(
        first.changes.len() as u64 > PROGRAMS / 2,
        "{} files",
        first.changes.len()
    );
    for change in &first.changes {
        assert!(syn::parse_file(&change.after).is_ok(), "{}", change.after);
        std::fs::write(&change.path, &change.after).unwrap();
    }
    let second = fixed(&scratch, which);
    assert_eq!(second.changes, [], "fixing again changes something");
}

#[test]
fn proved_fixes_converge() {
    converges(Which::MachineApplicable);
}

#[test]
fn all_fixes_converge() {
    converges(Which::All);
}
