//! Keeps `docs/departures.md` true to what the recordings show.

use crate::verdict::{Departure, Tally};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/departures.md");

const HEAD: &str = "\
# Departures

What the engine does otherwise than the libraries whose meaning it follows: where fastai, timm or
torch go on after a mistake, it returns an error, or does what was meant. Each rule has a recorded
case that shows it. The test `golden` checks this page, and writes it with
`PARAMGROUPS_WRITE_DOCS=1`.

| mistake | the library | the engine | recorded, for example |
| --- | --- | --- | --- |
";

pub fn check(tally: &Tally) -> Result<(), String> {
    let mut page = HEAD.to_owned();
    for rule in Departure::ALL {
        let example = tally
            .departed_by(rule)
            .first()
            .ok_or_else(|| format!("no recorded case departs by {rule:?}"))?;
        let [mistake, library, engine] = rule.rule();
        page.push_str(&format!(
            "| {mistake} | {library} | {engine} | `{example}` |\n"
        ));
    }
    if std::env::var_os("PARAMGROUPS_WRITE_DOCS").is_some() {
        return std::fs::write(PAGE, page).map_err(|error| error.to_string());
    }
    let written = std::fs::read_to_string(PAGE).map_err(|error| error.to_string())?;
    if written == page {
        return Ok(());
    }
    Err("it is out of date: run the test with PARAMGROUPS_WRITE_DOCS=1".to_owned())
}
