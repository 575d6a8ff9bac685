//! What a person reads.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::linter::{NotAnalysed, Run, Trees};
use crate::list::Release;
use crate::score::{Judged, Score, Verdict};

/// The most that one crate may take, and all in one run, in bytes.
const PEAK_OF_ONE: u64 = 80_000_000;
const PEAK_TOGETHER: u64 = 300_000_000;

/// One crate's findings, what was not analysed in it, and its cost.
pub fn release(release: &Release, run: &Run, trees: &Trees, every_construct: bool) {
    println!(
        "{release}: {}, {} of {} models complete, {} not analysed, {}",
        counted(run.findings.len(), "finding"),
        trees.complete,
        trees.models,
        counted(trees.not_analysed.len(), "construct"),
        cost(run.wall, run.peak, PEAK_OF_ONE),
    );
    for finding in &run.findings {
        println!(
            "  {}:{}:{}: {} [{}]",
            finding.path, finding.line, finding.column, finding.message, finding.lint
        );
    }
    for problem in &run.problems {
        println!("  problem: {problem}");
    }
    if every_construct {
        for construct in &trees.not_analysed {
            println!(
                "  not analysed: {}:{}: {}",
                construct.path, construct.line, construct.reason
            );
        }
        return;
    }
    for (reason, places) in by_reason(trees) {
        let first = places[0];
        println!(
            "  not analysed: {reason}, {}, first at {}:{}",
            counted(places.len(), "place"),
            first.path,
            first.line
        );
    }
}

/// Why constructs were not followed, the most frequent reason first.
fn by_reason(trees: &Trees) -> Vec<(&str, Vec<&NotAnalysed>)> {
    let mut reasons: BTreeMap<&str, Vec<&NotAnalysed>> = BTreeMap::new();
    for construct in &trees.not_analysed {
        reasons
            .entry(&construct.reason)
            .or_default()
            .push(construct);
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    reasons
}

/// All crates in one run of the linter.
pub fn together(crates: usize, run: &Run) {
    println!(
        "all {crates} crates in one run: {}, {}",
        counted(run.findings.len(), "finding"),
        cost(run.wall, run.peak, PEAK_TOGETHER)
    );
}

/// The score with each row on which linter and reader disagree.
pub fn score(score: &Score<'_>, rows: usize) {
    println!("score over {} of {rows} rows:", score.judged.len());
    println!(
        "  precision {:.3}, recall {:.3}: {} reported and right, {} false, {} missed, {} rightly silent",
        score.precision(),
        score.recall(),
        score.count(Verdict::Hit),
        score.count(Verdict::FalseAlarm),
        score.count(Verdict::Miss),
        score.count(Verdict::Silent),
    );
    for missed in score.with(Verdict::Miss) {
        disagreement("missed", missed);
    }
    for alarm in score.with(Verdict::FalseAlarm) {
        disagreement("false alarm", alarm);
    }
    if score.beside.is_empty() {
        return;
    }
    println!("  in the same files but in no row, for reading:");
    for (release, finding) in &score.beside {
        println!(
            "    {release} {}:{}: {} [{}]",
            finding.path, finding.line, finding.message, finding.lint
        );
    }
}

fn disagreement(what: &str, judged: &Judged<'_>) {
    let row = judged.row;
    println!(
        "  {what}: row {}, {} `{}` ({} confidence): {}",
        row.id,
        judged.place(),
        row.name,
        row.confidence,
        row.why
    );
}

fn cost(wall: Duration, peak: Option<u64>, limit: u64) -> String {
    let time = format!("{} ms", wall.as_millis());
    match peak {
        Some(peak) => {
            let above = match peak > limit {
                true => format!(" (above {} MB)", limit / 1_000_000),
                false => String::new(),
            };
            format!("{time}, {} MB{above}", peak / 1_000_000)
        }
        None => time,
    }
}

pub fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
