//! Lint, fix, lint: on generated programs it ends after at most three rounds, and what is left is code.

mod generated;
mod scratch;

use std::path::Path;
use std::sync::Arc;

use modlint::config::{EngineSource, LevelFlag, Levels, Settings};
use modlint::fix::{Outcome, Which, fix};
use modlint::lints::Level;
use modlint::workspace::{Request, discover};
use scratch::{Scratch, manifest};

const PROGRAMS: u64 = 80;

/// Programs of one framework.
struct Kind {
    dependencies: &'static str,
    /// A package with its version, as the lock file has it.
    locked: (&'static str, &'static str),
    program: fn(u64) -> String,
}

const CANDLE: Kind = Kind {
    dependencies: "candle-core = \"0.11\"\ncandle-nn = \"0.11\"\n",
    locked: ("candle-nn", "0.11.1"),
    program: generated::candle::program,
};

const TCH: Kind = Kind {
    dependencies: "tch = \"0.26\"\n",
    locked: ("tch", "0.26.0"),
    program: generated::tch::program,
};

const BURN: Kind = Kind {
    dependencies: "burn = \"0.22\"\n",
    locked: ("burn", "0.22.1"),
    program: generated::burn::program,
};

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
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("paramgroups");
    let settings = Settings {
        paramgroups_source: Some(EngineSource::Path(engine)),
        ..Settings::default()
    };
    fix(&Arc::new(workspace), &selection, &settings, &levels, which).unwrap()
}

fn converges(kind: &Kind, which: Which) {
    let manifest = format!(
        "{}[dependencies]\n{}",
        manifest("generated"),
        kind.dependencies
    );
    let (name, version) = kind.locked;
    let lock = format!(
        "version = 4\n\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n"
    );
    let scratch = Scratch::with(&[
        ("Cargo.toml", &manifest),
        ("Cargo.lock", &lock),
        ("src/lib.rs", ""),
    ]);
    for seed in 0..PROGRAMS {
        let text = (kind.program)(seed);
        assert!(syn::parse_file(&text).is_ok(), "{text}");
        scratch.write(&format!("examples/net{seed}.rs"), text.as_bytes());
    }
    let first = fixed(&scratch, which);
    assert_eq!(first.refusals, [], "edits were taken back");
    assert!(first.rounds <= 3, "{} rounds", first.rounds);
    assert!(
        first.changes.len() as u64 > PROGRAMS / 3,
        "{} files",
        first.changes.len()
    );
    for change in &first.changes {
        match change.path.ends_with("Cargo.toml") {
            true => assert!(
                change.after.parse::<toml::Table>().is_ok(),
                "{}",
                change.after
            ),
            false => assert!(syn::parse_file(&change.after).is_ok(), "{}", change.after),
        }
        std::fs::write(&change.path, &change.after).unwrap();
    }
    let second = fixed(&scratch, which);
    assert_eq!(second.changes, [], "fixing again changes something");
}

#[test]
fn proved_fixes_of_candle_programs_converge() {
    converges(&CANDLE, Which::MachineApplicable);
}

#[test]
fn proved_fixes_of_tch_programs_converge() {
    converges(&TCH, Which::MachineApplicable);
}

#[test]
fn proved_fixes_of_burn_programs_converge() {
    converges(&BURN, Which::MachineApplicable);
}

#[test]
fn all_fixes_converge() {
    for kind in [CANDLE, TCH, BURN] {
        converges(&kind, Which::All);
    }
}
