//! Without features the crate is small.

use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn the_core_is_at_most_six_crates() -> Result<(), Box<dyn std::error::Error>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--manifest-path", manifest])
        .args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .output()?;
    let printed = String::from_utf8(tree.stdout)?;
    let crates: BTreeSet<&str> = printed
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(
        crates.contains("paramgroups"),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    assert!(crates.len() <= 6, "{crates:#?}");
    Ok(())
}
