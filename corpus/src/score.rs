//! Findings against blocks that were read by hand: `tests/data/truth/flat_blocks.json`.

use serde::Deserialize;

use crate::linter::Finding;
use crate::list::Release;

/// The lints that a row without a lint of its own speaks of.
const BLOCK_LINTS: [&str; 2] = ["flat_sequential", "flat_struct"];

/// What a reader found, row by row.
#[derive(Debug, Deserialize)]
pub struct Truth {
    entries: Vec<Row>,
}

/// One definition, and whether the linter is to report it.
#[derive(Debug, Deserialize)]
pub struct Row {
    pub id: u32,
    /// `crates.io:NAME`.
    repo: String,
    commit_or_version: String,
    pub path: String,
    line: usize,
    line_end: usize,
    pub name: String,
    pub should_flag: bool,
    /// How sure the reading was.
    pub confidence: String,
    pub why: String,
    /// Only this lint; without it, the lints about flat blocks together.
    lint: Option<String>,
}

impl Row {
    fn is_of(&self, release: &Release) -> bool {
        self.repo.strip_prefix("crates.io:") == Some(&release.name)
            && self.commit_or_version == release.version
    }

    fn speaks_of(&self, lint: &str) -> bool {
        match &self.lint {
            Some(own) => own == lint,
            None => BLOCK_LINTS.contains(&lint),
        }
    }

    /// True if the finding's primary span begins within the row's lines.
    fn is_met_by(&self, finding: &Finding) -> bool {
        self.speaks_of(&finding.lint)
            && finding.path == self.path
            && (self.line..=self.line_end).contains(&finding.line)
    }
}

/// How a row and the findings agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Hit,
    Miss,
    FalseAlarm,
    Silent,
}

/// A row with what became of it.
#[derive(Debug)]
pub struct Judged<'a> {
    pub release: Release,
    pub row: &'a Row,
    pub verdict: Verdict,
}

impl Judged<'_> {
    /// Where the row's definition begins: `tch 0.26.0 examples/gan/main.rs:25`.
    pub fn place(&self) -> String {
        format!("{} {}:{}", self.release, self.row.path, self.row.line)
    }
}

/// Rows judged so far, and findings that only a reader can judge.
#[derive(Debug, Default)]
pub struct Score<'a> {
    pub judged: Vec<Judged<'a>>,
    /// In files that have rows, but in no row's lines.
    pub beside: Vec<(Release, Finding)>,
}

impl Truth {
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("the truth cannot be read: {error}"))
    }

    pub fn rows(&self) -> usize {
        self.entries.len()
    }

    /// Judges the rows of one release.
    pub fn judge<'a>(&'a self, release: &Release, findings: &[Finding], score: &mut Score<'a>) {
        let rows: Vec<&Row> = self
            .entries
            .iter()
            .filter(|row| row.is_of(release))
            .collect();
        score.judged.extend(rows.iter().map(|row| Judged {
            release: release.clone(),
            row,
            verdict: match (
                row.should_flag,
                findings.iter().any(|finding| row.is_met_by(finding)),
            ) {
                (true, true) => Verdict::Hit,
                (true, false) => Verdict::Miss,
                (false, true) => Verdict::FalseAlarm,
                (false, false) => Verdict::Silent,
            },
        }));
        let beside = findings.iter().filter(|finding| {
            rows.iter().any(|row| row.path == finding.path)
                && !rows.iter().any(|row| row.is_met_by(finding))
        });
        score
            .beside
            .extend(beside.map(|finding| (release.clone(), finding.clone())));
    }
}

impl Score<'_> {
    pub fn count(&self, verdict: Verdict) -> usize {
        self.with(verdict).count()
    }

    pub fn with(&self, verdict: Verdict) -> impl Iterator<Item = &Judged<'_>> {
        self.judged
            .iter()
            .filter(move |judged| judged.verdict == verdict)
    }

    /// The share of reported rows that were to be reported; 1 where none was reported.
    pub fn precision(&self) -> f64 {
        share(self.count(Verdict::Hit), self.count(Verdict::FalseAlarm))
    }

    /// The share of rows to be reported that were; 1 where none is to be.
    pub fn recall(&self) -> f64 {
        share(self.count(Verdict::Hit), self.count(Verdict::Miss))
    }
}

fn share(part: usize, rest: usize) -> f64 {
    match part + rest {
        0 => 1.0,
        whole => part as f64 / whole as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release() -> Release {
        Release {
            name: "tch".to_owned(),
            version: "0.26.0".to_owned(),
        }
    }

    fn row(id: u32, lines: (usize, usize), should_flag: bool, lint: Option<&str>) -> Row {
        Row {
            id,
            repo: "crates.io:tch".to_owned(),
            commit_or_version: "0.26.0".to_owned(),
            path: "examples/gan.rs".to_owned(),
            line: lines.0,
            line_end: lines.1,
            name: "generator".to_owned(),
            should_flag,
            confidence: "high".to_owned(),
            why: String::new(),
            lint: lint.map(str::to_owned),
        }
    }

    fn finding(line: usize, lint: &str) -> Finding {
        Finding {
            path: "examples/gan.rs".to_owned(),
            line,
            column: 5,
            lint: lint.to_owned(),
            message: String::new(),
        }
    }

    fn verdicts(rows: Vec<Row>, findings: &[Finding]) -> (Vec<Verdict>, usize) {
        let truth = Truth { entries: rows };
        let mut score = Score::default();
        truth.judge(&release(), findings, &mut score);
        let verdicts = score.judged.iter().map(|judged| judged.verdict).collect();
        (verdicts, score.beside.len())
    }

    #[test]
    fn a_finding_meets_a_row_from_its_first_line_to_its_last() {
        for (line, verdict, beside) in [
            (9, Verdict::Miss, 1),
            (10, Verdict::Hit, 0),
            (20, Verdict::Hit, 0),
            (21, Verdict::Miss, 1),
        ] {
            let findings = [finding(line, "flat_sequential")];
            let found = verdicts(vec![row(1, (10, 20), true, None)], &findings);
            assert_eq!(found, (vec![verdict], beside), "line {line}");
        }
    }

    #[test]
    fn a_row_without_a_lint_takes_both_lints_about_blocks_and_no_other() {
        let verdict = |lint| verdicts(vec![row(1, (1, 9), true, None)], &[finding(5, lint)]).0[0];
        assert_eq!(verdict("flat_sequential"), Verdict::Hit);
        assert_eq!(verdict("flat_struct"), Verdict::Hit);
        assert_eq!(verdict("collapsed_fine_tune"), Verdict::Miss);
    }

    #[test]
    fn a_row_with_a_lint_takes_only_that() {
        let rows = || vec![row(1, (1, 9), true, Some("collapsed_fine_tune"))];
        let verdict = |lint| verdicts(rows(), &[finding(5, lint)]).0[0];
        assert_eq!(verdict("flat_sequential"), Verdict::Miss);
        assert_eq!(verdict("collapsed_fine_tune"), Verdict::Hit);
    }

    #[test]
    fn other_versions_have_no_rows() {
        let truth = Truth {
            entries: vec![row(1, (1, 9), true, None)],
        };
        let mut score = Score::default();
        let older = Release {
            version: "0.25.0".to_owned(),
            ..release()
        };
        truth.judge(&older, &[finding(5, "flat_struct")], &mut score);
        assert!(score.judged.is_empty() && score.beside.is_empty());
    }

    #[test]
    fn precision_and_recall_count_rows() {
        let truth = Truth {
            entries: vec![
                row(1, (1, 2), true, None),
                row(2, (3, 4), true, None),
                row(3, (5, 6), true, None),
                row(4, (7, 8), false, None),
                row(5, (9, 9), false, None),
            ],
        };
        let findings = [1, 2, 3, 7].map(|line| finding(line, "flat_struct"));
        let mut score = Score::default();
        truth.judge(&release(), &findings, &mut score);
        assert_eq!(score.count(Verdict::Hit), 2);
        assert_eq!(score.precision(), 2.0 / 3.0);
        assert_eq!(score.recall(), 2.0 / 3.0);
        assert_eq!(Score::default().precision(), 1.0);
    }

    #[test]
    fn the_rows_of_this_project_are_all_of_listed_releases() {
        let truth = Truth::parse(include_str!("../../tests/data/truth/flat_blocks.json")).unwrap();
        let releases = crate::list::releases(include_str!("../crates.toml"), &[]).unwrap();
        for row in &truth.entries {
            let known = releases.iter().any(|release| row.is_of(release));
            assert!(known, "row {} of {}", row.id, row.repo);
        }
    }
}
