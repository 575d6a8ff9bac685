//! What the guide shows of the tool is what the tool prints. A block of output follows the command that prints it:
//!
//! ```text
//! <!-- prints: cargo modlint tree Classifier fixtures/candle-0.11/tree -->
//! ```
//!
//! `BLESS=1 cargo test --test guide` writes the blocks anew.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGES: [&str; 1] = ["docs/tree.md"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn output_of(command: &str) -> String {
    let words = command.strip_prefix("cargo ").expect("a cargo command");
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-modlint"))
        .args(words.split_whitespace())
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The page with every block of output as it is printed now.
fn rendered(page: &str) -> String {
    let mut text = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        let command = line
            .strip_prefix("<!-- prints: ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        if let Some(command) = command {
            assert_eq!(lines.next(), Some("```text"), "after {line}");
            while lines.next().expect("the block ends") != "```" {}
            text.push_str(&format!(
                "```text\n{}\n```\n",
                output_of(command).trim_end()
            ));
        }
    }
    text
}

#[test]
fn the_output_in_the_guide_is_fresh() {
    for page in PAGES {
        let path = root().join(page);
        let on_disk = fs::read_to_string(&path).unwrap();
        let fresh = rendered(&on_disk);
        assert!(fresh.contains("<!-- prints: "), "{page} shows no output");
        if env::var_os("BLESS").is_some() {
            fs::write(&path, fresh).unwrap();
        } else {
            assert_eq!(on_disk, fresh, "{page}: BLESS=1 cargo test --test guide");
        }
    }
}
