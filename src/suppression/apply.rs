//! Takes back the findings that comments suppress, and reports the comments that suppress nothing.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::comment::{Comment, Place, comments};
use super::units::{behind_attributes, units};
use crate::config::lints_called;
use crate::lints::{Applicability, Edit, Finding, Help, Level};
use crate::source::{FileId, SourceFile, SourceMap, Span};

/// The findings that no comment suppresses, and one for each comment of `files` that is of no use. In a file of `unparsed` it isn't known what a
/// comment suppresses.
pub fn apply(
    findings: Vec<Finding>,
    files: impl IntoIterator<Item = FileId>,
    unparsed: &HashSet<FileId>,
    sources: &SourceMap,
) -> Vec<Finding> {
    let mut by_file: HashMap<FileId, Vec<Finding>> = HashMap::new();
    for finding in findings {
        by_file.entry(finding.span.file).or_default().push(finding);
    }
    let mut files: HashSet<FileId> = files.into_iter().collect();
    files.extend(by_file.keys());
    let mut kept = Vec::new();
    for id in files {
        let file = sources.get(id);
        let comments = comments(&file.text);
        let findings = by_file.remove(&id).unwrap_or_default();
        if comments.is_empty() {
            kept.extend(findings);
            continue;
        }
        let mut in_file = InFile::new(id, file, comments, !findings.is_empty());
        kept.extend(
            findings
                .into_iter()
                .filter(|finding| !in_file.suppresses(finding)),
        );
        if !unparsed.contains(&id) {
            kept.extend(in_file.useless());
        }
    }
    kept
}

/// The suppressions of one file.
struct InFile {
    id: FileId,
    file: Arc<SourceFile>,
    suppressions: Vec<Suppression>,
    units: Vec<Range<usize>>,
}

struct Suppression {
    comment: Comment,
    lints: HashSet<&'static str>,
    unknown: Vec<(Range<usize>, Option<&'static str>)>,
    used: bool,
}

impl InFile {
    fn new(id: FileId, file: Arc<SourceFile>, comments: Vec<Comment>, has_findings: bool) -> Self {
        let suppressions = comments
            .into_iter()
            .map(|comment| suppression(comment, &file.text))
            .collect();
        InFile {
            id,
            // Where nothing was found there is nothing to find a comment's place for.
            units: match has_findings {
                true => units(&file.text),
                false => Vec::new(),
            },
            suppressions,
            file,
        }
    }

    /// True if a comment covers the finding; all that do are in use.
    fn suppresses(&mut self, finding: &Finding) -> bool {
        let span = finding.span.start as usize..finding.span.end as usize;
        let around: Vec<&Range<usize>> = self
            .units
            .iter()
            .filter(|unit| unit.start <= span.start && span.end <= unit.end)
            .collect();
        let innermost = around.iter().min_by_key(|unit| unit.len()).copied();
        let mut suppressed = false;
        for suppression in &mut self.suppressions {
            let covers = suppression.lints.contains(finding.lint)
                && match suppression.comment.place {
                    Place::Above { next } => around.iter().any(|unit| {
                        unit.start <= next && next <= behind_attributes(&self.file.text, unit)
                    }),
                    Place::Trailing => {
                        let line = |offset: usize| self.file.line_column(offset).0;
                        let own = line(suppression.comment.range.start);
                        let unit = innermost.unwrap_or(&span);
                        [
                            span.start,
                            unit.start,
                            behind_attributes(&self.file.text, unit),
                            unit.end,
                        ]
                        .into_iter()
                        .any(|offset| line(offset) == own)
                    }
                };
            suppression.used |= covers;
            suppressed |= covers;
        }
        suppressed
    }

    fn useless(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for suppression in &self.suppressions {
            if suppression.lints.contains("unused_suppression") {
                continue;
            }
            for (name, meant) in &suppression.unknown {
                found.push(self.unknown_lint(name, *meant));
            }
            if suppression.used || !suppression.unknown.is_empty() {
                continue;
            }
            found.push(match &suppression.comment.names {
                Some(_) => self.finding(
                    &suppression.comment.range,
                    "this suppression suppresses nothing".to_owned(),
                    "no finding of these lints in the statement, field or item here",
                    Help {
                        message: "remove the comment".to_owned(),
                        edits: Vec::new(),
                        applicability: Applicability::Unspecified,
                    },
                ),
                None => self.finding(
                    &suppression.comment.range,
                    "this comment for modlint is not understood".to_owned(),
                    "not of the form that suppresses a lint",
                    Help {
                        message: "write `// modlint: allow(lint_name) reason`".to_owned(),
                        edits: Vec::new(),
                        applicability: Applicability::Unspecified,
                    },
                ),
            });
        }
        found
    }

    fn unknown_lint(&self, name: &Range<usize>, meant: Option<&'static str>) -> Finding {
        let help = match meant {
            Some(meant) => Help {
                message: format!("did you mean `{meant}`?"),
                edits: vec![Edit {
                    span: self.span(name),
                    replacement: meant.to_owned(),
                }],
                applicability: Applicability::MaybeIncorrect,
            },
            None => Help {
                message: "`cargo modlint lints` lists the lints".to_owned(),
                edits: Vec::new(),
                applicability: Applicability::Unspecified,
            },
        };
        let message = format!(
            "unknown lint `{}` in a suppression",
            &self.file.text[name.clone()]
        );
        self.finding(name, message, "no lint or group has this name", help)
    }

    fn finding(&self, range: &Range<usize>, message: String, label: &str, help: Help) -> Finding {
        Finding {
            lint: "unused_suppression",
            level: Level::Warn,
            span: self.span(range),
            primary_label: label.to_owned(),
            message,
            labels: Vec::new(),
            notes: Vec::new(),
            helps: vec![help],
        }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span {
            file: self.id,
            start: range.start as u32,
            end: range.end as u32,
        }
    }
}

fn suppression(comment: Comment, text: &str) -> Suppression {
    let mut lints = HashSet::new();
    let mut unknown = Vec::new();
    for name in comment.names.iter().flatten() {
        match lints_called(&text[name.clone()]) {
            Ok(called) => lints.extend(called),
            Err(error) => unknown.push((name.clone(), error.meant)),
        }
    }
    // A group speaks of models, and `all` of everything but the comments themselves.
    if lints.len() > 1 {
        lints.remove("unused_suppression");
    }
    Suppression {
        comment,
        lints,
        unknown,
        used: false,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// What remains of one finding of `flat_sequential` at each `seq()`, by line.
    fn remaining(text: &str) -> Vec<String> {
        let sources = SourceMap::new();
        let file = sources.insert(Path::new("/net.rs"), text.to_owned());
        let findings = text
            .match_indices("seq()")
            .map(|(start, _)| Finding {
                lint: "flat_sequential",
                level: Level::Warn,
                span: Span {
                    file,
                    start: start as u32,
                    end: start as u32 + 5,
                },
                primary_label: String::new(),
                message: "flat".to_owned(),
                labels: Vec::new(),
                notes: Vec::new(),
                helps: Vec::new(),
            })
            .collect();
        let mut kept = apply(findings, [file], &HashSet::new(), &sources);
        kept.sort_by_key(|finding| finding.span.start);
        let file = sources.get(file);
        kept.iter()
            .map(|finding| {
                let line = file.line_column(finding.span.start as usize).0;
                format!("{line}: {}", finding.message)
            })
            .collect()
    }

    #[test]
    fn a_comment_above_covers_its_statement_only() {
        let text = "fn f() {
            // modlint: allow(flat_sequential) small
            let a = pad()
                .then(seq());
            let b = seq();
        }";
        assert_eq!(remaining(text), ["5: flat"]);
    }

    #[test]
    fn a_comment_above_a_field_or_item_covers_it() {
        let text = "fn f() -> Net {
            Net {
                // modlint: allow(flat_sequential)
                body: seq(),
                head: seq(),
            }
        }
        // modlint: allow(structure)
        impl Net { fn g() { seq(); } }
        /// Docs.
        // modlint: allow(all)
        #[inline]
        fn h() { seq() }";
        assert_eq!(remaining(text), ["5: flat"]);
    }

    #[test]
    fn a_trailing_comment_covers_the_statement_on_its_line() {
        let text = "fn f() {
            let a = seq() // modlint: allow(flat_sequential)
                .add(1);
            let b = seq()
                .add(2); // modlint: allow(flat_sequential)
            let c = seq(); /* modlint: allow(flat_sequential) */
            let d = seq();
        }";
        assert_eq!(remaining(text), ["7: flat"]);
    }

    #[test]
    fn a_comment_of_no_use_is_reported() {
        let text = "fn f() {
            // modlint: allow(flat_struct)
            let a = seq();
            // modlint: allow(flat_sequental)
            let b = seq();
            // modlint: please
            g();
        }";
        assert_eq!(
            remaining(text),
            [
                "2: this suppression suppresses nothing",
                "3: flat",
                "4: unknown lint `flat_sequental` in a suppression",
                "5: flat",
                "6: this comment for modlint is not understood",
            ]
        );
    }

    #[test]
    fn positions_count_byte_order_mark_and_shebang() {
        let text = "\u{feff}#!/usr/bin/env run\nfn f() {\n// modlint: allow(flat_sequential)\nseq();\nseq();\n}";
        assert_eq!(remaining(text), ["5: flat"]);
    }

    #[test]
    fn a_comment_in_a_file_that_does_not_parse_is_left_alone() {
        let sources = SourceMap::new();
        let text = "// modlint: allow(all)\nfn f( {".to_owned();
        let file = sources.insert(Path::new("/net.rs"), text);
        assert!(apply(Vec::new(), [file], &HashSet::from([file]), &sources).is_empty());
    }
}
