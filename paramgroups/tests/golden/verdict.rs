//! The verdicts, their rules, and their count.

use std::collections::BTreeMap;
use std::fmt;
use std::process::ExitCode;

/// A verdict, or what does not match.
pub type Outcome = Result<Verdict, String>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    Departed(Departure),
    NotApplicable(Inapplicable),
}

/// Where a library goes on after a mistake, and the engine returns an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Departure {
    RatesOfOneStage,
    ZeroLowEnd,
    RateOutOfRange,
    FreezeOutOfRange,
    FreezeOfOneStage,
    EmptyGroup,
    TakenTwice,
    Unmatched,
    SegmentOfNoLength,
    NothingMatched,
    FrozenButMoved,
}

/// What the engine has no counterpart of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Inapplicable {
    DynamicTyping,
    OtherOptimizer,
    OtherSchedule,
    NothingRecorded,
    Tensors,
}

impl Departure {
    pub const ALL: [Self; 11] = [
        Self::RatesOfOneStage,
        Self::ZeroLowEnd,
        Self::RateOutOfRange,
        Self::FreezeOutOfRange,
        Self::FreezeOfOneStage,
        Self::EmptyGroup,
        Self::TakenTwice,
        Self::Unmatched,
        Self::SegmentOfNoLength,
        Self::NothingMatched,
        Self::FrozenButMoved,
    ];

    /// The mistake, what the library does, what the engine does.
    pub fn rule(self) -> [&'static str; 3] {
        match self {
            Self::RatesOfOneStage => [
                "rates that differ by stage, for one stage",
                "fastai drops the low end of the slice",
                "`Error::OneStage`",
            ],
            Self::ZeroLowEnd => [
                "even multiples from 0",
                "fastai takes `slice(0, hi)` for `slice(hi)`",
                "`Error::OutOfRange`",
            ],
            Self::RateOutOfRange => [
                "even multiples to 0, or from a negative rate",
                "fastai computes them",
                "`Error::OutOfRange`",
            ],
            Self::FreezeOutOfRange => [
                "`freeze_to` with an index that no group has",
                "fastai freezes nothing below, and warns and freezes everything above",
                "`Error::IndexOutOfRange`; `freeze_all` freezes everything on purpose",
            ],
            Self::FreezeOfOneStage => [
                "`freeze` or `fine_tune` with one group",
                "fastai freezes nothing",
                "`Error::NothingToFreeze`",
            ],
            Self::EmptyGroup => [
                "a group without a parameter",
                "fastai and torch keep it and count it",
                "`Error::EmptyGroup`, or `Error::NotAPartition` naming its selector",
            ],
            Self::TakenTwice => [
                "a parameter in two groups",
                "fastai steps it twice, torch warns where it is twice in one group",
                "`Error::NotAPartition`, or `Error::DuplicatePath`",
            ],
            Self::Unmatched => [
                "a parameter in no group",
                "fastai never trains and never freezes it",
                "`Error::NotAPartition`",
            ],
            Self::SegmentOfNoLength => [
                "a schedule's segment of no length, reached",
                "fastai divides 0 by 0 and gives NaN",
                "the end of the segment",
            ],
            Self::NothingMatched => [
                "a layer matcher that matches nothing",
                "timm puts every parameter into one layer",
                "`Error::NothingDivided`",
            ],
            Self::FrozenButMoved => [
                "a frozen parameter whose old gradient tensor is still there, zeroed",
                "fastai goes on stepping it: weight decay shrinks it",
                "a frozen parameter is not stepped",
            ],
        }
    }
}

impl fmt::Display for Inapplicable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DynamicTyping => "input that Rust's types do not let through",
            Self::OtherOptimizer => "an optimizer whose formula is not in `step`",
            Self::OtherSchedule => "a schedule that no plan uses",
            Self::NothingRecorded => "nothing of a grouping was recorded",
            Self::Tensors => "a check of tensors, which are the framework's",
        })
    }
}

#[derive(Debug, Default)]
pub struct Tally {
    passed: usize,
    departed: BTreeMap<Departure, Vec<String>>,
    not_applicable: BTreeMap<Inapplicable, usize>,
    failed: Vec<String>,
}

impl Tally {
    pub fn note(&mut self, file: &str, id: &str, outcome: Outcome) {
        match outcome {
            Ok(Verdict::Passed) => self.passed += 1,
            Ok(Verdict::Departed(rule)) => {
                self.departed.entry(rule).or_default().push(id.to_owned());
            }
            Ok(Verdict::NotApplicable(rule)) => *self.not_applicable.entry(rule).or_default() += 1,
            Err(mismatch) => self.failed.push(format!("{file}: {id}: {mismatch}")),
        }
    }

    pub fn note_failure(&mut self, file: &str, result: Result<(), String>) {
        if let Err(reason) = result {
            self.failed.push(format!("{file}: {reason}"));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.passed + self.departures() + self.inapplicable() + self.failed.len() == 0
    }

    fn departures(&self) -> usize {
        self.departed.values().map(Vec::len).sum()
    }

    fn inapplicable(&self) -> usize {
        self.not_applicable.values().sum()
    }

    /// The cases that departed by a rule.
    pub fn departed_by(&self, rule: Departure) -> &[String] {
        self.departed.get(&rule).map_or(&[], Vec::as_slice)
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        for (rule, ids) in other.departed {
            self.departed.entry(rule).or_default().extend(ids);
        }
        for (rule, count) in other.not_applicable {
            *self.not_applicable.entry(rule).or_default() += count;
        }
        self.failed.extend(other.failed);
    }

    pub fn print_reasons(&self) {
        for (rule, ids) in &self.departed {
            println!("departed, {}: {}", rule.rule()[0], ids.len());
        }
        for (rule, count) in &self.not_applicable {
            println!("not applicable, {rule}: {count}");
        }
    }

    pub fn finish(self) -> ExitCode {
        for failure in &self.failed {
            eprintln!("MISMATCH {failure}");
        }
        if self.failed.is_empty() {
            ExitCode::SUCCESS
        } else {
            eprintln!("{} mismatches", self.failed.len());
            ExitCode::FAILURE
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>6}  {:>8}  {:>14}  {:>6}",
            self.passed,
            self.departures(),
            self.inapplicable(),
            self.failed.len()
        )
    }
}
