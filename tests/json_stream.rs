//! The stream of JSON messages, read back with the crate that reads cargo's.

mod scratch;

use std::collections::HashMap;
use std::fs;
use std::io::BufReader;
use std::path::Path;

use cargo_metadata::diagnostic::{
    Applicability as FoundApplicability, Diagnostic, DiagnosticLevel, DiagnosticSpan,
};
use cargo_metadata::{CompilerMessage, Message};
use modlint::emit::{self, Format, Report};
use modlint::lints::{Applicability, Edit, Finding, Help, Label, Level};
use modlint::source::{FileId, SourceMap, Span};
use modlint::workspace::{Request, TargetId, discover};
use scratch::{ONE_FINDING, Scratch, manifest};

fn messages(stream: &[u8]) -> Vec<Message> {
    Message::parse_stream(BufReader::new(stream))
        .map(|message| message.unwrap())
        .collect()
}

fn compiler_messages(stream: &[u8]) -> Vec<CompilerMessage> {
    messages(stream)
        .into_iter()
        .filter_map(|message| match message {
            Message::CompilerMessage(message) => Some(message),
            _ => None,
        })
        .collect()
}

/// The place of `marked` in a text.
fn span(file: FileId, text: &str, marked: &str) -> Span {
    let start = text.find(marked).unwrap();
    Span {
        file,
        start: start as u32,
        end: (start + marked.len()) as u32,
    }
}

/// One finding at `block`, with a label at `head` and an edit that replaces it, written as JSON and read back.
fn round_trip(text: &str, block: &str, head: &str) -> Diagnostic {
    let scratch = Scratch::with(&[("net.rs", text)]);
    let request = Request {
        current_dir: scratch.root().to_owned(),
        paths: vec!["net.rs".into()],
        ..Request::default()
    };
    let (workspace, _) = discover(&request).unwrap();
    let sources = SourceMap::new();
    let file = sources.load(&scratch.path("net.rs")).unwrap();
    let head = span(file, text, head);
    let finding = Finding {
        lint: "flat_sequential",
        level: Level::Warn,
        span: span(file, text, block),
        primary_label: "all of it".to_owned(),
        message: "two layers fall into one parameter group".to_owned(),
        labels: vec![Label {
            span: head,
            text: "the head".to_owned(),
        }],
        notes: vec!["the group is 0".to_owned()],
        helps: vec![
            Help {
                message: "give the head a group of its own".to_owned(),
                edits: vec![Edit {
                    span: head,
                    replacement: "p.set_group(1)".to_owned(),
                }],
                applicability: Applicability::MachineApplicable,
            },
            Help {
                message: "or allow it".to_owned(),
                edits: Vec::new(),
                applicability: Applicability::Unspecified,
            },
        ],
    };
    let owner = TargetId {
        package: 0,
        target: 0,
    };
    let report = Report {
        workspace: &workspace,
        sources: &sources,
        owners: &HashMap::from([(file, vec![owner])]),
        current_dir: scratch.root(),
        findings: vec![finding],
        diagnostics: Vec::new(),
        not_analysed: Vec::new(),
    };
    let mut stream = Vec::new();
    emit::write(&report, Format::Json, true, &mut stream).unwrap();
    let messages = compiler_messages(&stream);
    assert_eq!(messages.len(), 1);
    for span in &messages[0].message.spans {
        assert!(Path::new(&span.file_name).is_absolute());
        let on_disk = fs::read(&span.file_name).unwrap();
        let lines: Vec<&str> = std::str::from_utf8(&on_disk).unwrap().lines().collect();
        check_against_the_file(span, &on_disk, &lines);
    }
    messages[0].message.clone()
}

/// What a span says by lines and columns is what it says by bytes.
fn check_against_the_file(span: &DiagnosticSpan, on_disk: &[u8], lines: &[&str]) {
    let by_bytes =
        std::str::from_utf8(&on_disk[span.byte_start as usize..span.byte_end as usize]).unwrap();
    let mut by_columns = Vec::new();
    for (number, text) in (span.line_start..=span.line_end).zip(&span.text) {
        let line = lines[number - 1].trim_start_matches('\u{feff}');
        assert_eq!(text.text, line);
        let marked: String = line
            .chars()
            .take(text.highlight_end - 1)
            .skip(text.highlight_start - 1)
            .collect();
        by_columns.push(marked);
    }
    assert_eq!(by_columns.join("\n"), by_bytes.replace("\r\n", "\n"));
    let (first, last) = (&span.text[0], &span.text[span.text.len() - 1]);
    assert_eq!(first.highlight_start, span.column_start);
    assert_eq!(last.highlight_end, span.column_end);
}

fn place(span: &DiagnosticSpan) -> [usize; 4] {
    [
        span.line_start,
        span.column_start,
        span.line_end,
        span.column_end,
    ]
}

#[test]
fn a_finding_has_the_form_of_rustcs_diagnostics() {
    let text = "fn f() {\n    seq(p, head);\n}\n";
    let found = round_trip(text, "seq(p, head)", "head");
    assert_eq!(found.message, "two layers fall into one parameter group");
    assert_eq!(found.code.unwrap().code, "modlint::flat_sequential");
    assert_eq!(found.level, DiagnosticLevel::Warning);
    assert!(found.spans[0].is_primary && !found.spans[1].is_primary);
    assert_eq!(found.spans[0].label.as_deref(), Some("all of it"));
    assert_eq!(found.spans[1].label.as_deref(), Some("the head"));
    let rendered = found.rendered.unwrap();
    for part in ["net.rs:2:5", "the head", "the group is 0", "or allow it"] {
        assert!(rendered.contains(part), "{part:?} is not in:\n{rendered}");
    }
    assert!(!rendered.contains('\u{1b}'), "{rendered}");
    let levels: Vec<DiagnosticLevel> = found.children.iter().map(|child| child.level).collect();
    use DiagnosticLevel::{Help, Note};
    assert_eq!(levels, [Note, Help, Help]);
}

#[test]
fn a_suggestion_starts_with_the_squiggle_and_then_edits() {
    let text = "fn f() {\n    seq(p, head);\n}\n";
    let found = round_trip(text, "seq(p, head)", "head");
    let help = &found.children[1];
    assert!(help.spans.iter().all(|span| span.is_primary));
    assert_eq!(place(&help.spans[0]), place(&found.spans[0]));
    assert_eq!(help.spans[0].suggested_replacement, None);
    let edit = &help.spans[1];
    assert_eq!(place(edit), [2, 12, 2, 16]);
    assert_eq!(
        edit.suggested_replacement.as_deref(),
        Some("p.set_group(1)")
    );
    assert_eq!(
        edit.suggestion_applicability,
        Some(FoundApplicability::MachineApplicable)
    );
    assert!(found.children[2].spans.is_empty());
}

#[test]
fn columns_count_chars_from_1() {
    let cases = [
        ("tabs", "fn f() {\n\t\tseq(p,\thead);\n}\n", [2, 3, 2, 15]),
        (
            "non-ASCII",
            "fn f() { /* größer 模 */ seq(p,\thead); }\n",
            [1, 25, 1, 37],
        ),
        (
            "CRLF",
            "fn f() {\r\n  seq(p,\thead);\r\n}\r\n",
            [2, 3, 2, 15],
        ),
        ("byte order mark", "\u{feff}seq(p,\thead);\n", [1, 1, 1, 13]),
        (
            "byte order mark and shebang",
            "\u{feff}#!/usr/bin/env run\nseq(p,\thead);\n",
            [2, 1, 2, 13],
        ),
        ("no line end", "seq(p,\thead)", [1, 1, 1, 13]),
    ];
    for (case, text, expected) in cases {
        let found = round_trip(text, "seq(p,\thead)", "head");
        assert_eq!(place(&found.spans[0]), expected, "{case}");
    }
}

#[test]
fn a_block_of_many_lines_keeps_all_of_them() {
    let text = "\u{feff}// ä\r\nlet x = seq()\r\n\t.add(p)\r\n\r\n\t.add(head);\r\n";
    let found = round_trip(text, "seq()\r\n\t.add(p)\r\n\r\n\t.add(head)", "head");
    assert_eq!(place(&found.spans[0]), [2, 9, 5, 12]);
    let lines: Vec<&str> = found.spans[0]
        .text
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(lines, ["let x = seq()", "\t.add(p)", "", "\t.add(head);"]);
}

#[test]
fn the_stream_names_package_and_target_and_ends_with_the_result() {
    let scratch = Scratch::with(&[
        ("Cargo.toml", &manifest("net")),
        ("src/lib.rs", "mod layers;\n"),
        ("src/layers.rs", ONE_FINDING),
        ("examples/mnist.rs", ONE_FINDING),
    ]);
    let run = scratch.run(&["--message-format", "json"]);
    let found = compiler_messages(run.out.as_bytes());
    let places: Vec<(&str, &str)> = found
        .iter()
        .map(|message| {
            let file = Path::new(&message.message.spans[0].file_name);
            let file = file.strip_prefix(scratch.root()).unwrap();
            (file.to_str().unwrap(), message.target.name.as_str())
        })
        .collect();
    assert_eq!(
        places,
        [("examples/mnist.rs", "mnist"), ("src/layers.rs", "net")]
    );
    assert!(found[0].target.is_example() && found[1].target.is_lib());
    for message in &found {
        assert!(message.package_id.repr.contains("#net@0.1.0"));
    }
    let result = |run: &scratch::Run| match messages(run.out.as_bytes()).last() {
        Some(Message::BuildFinished(finished)) => finished.success,
        other => panic!("the stream ends with {other:?}"),
    };
    assert!(result(&run));
    let denied = scratch.run(&["--message-format", "json", "-D", "warnings"]);
    assert!(!result(&denied));
    assert_eq!(
        compiler_messages(denied.out.as_bytes())[0].message.level,
        DiagnosticLevel::Error
    );
}

#[test]
fn a_block_has_its_place_in_a_file_with_all_that_shifts_columns() {
    let text = "\u{feff}#!/usr/bin/env run
use candle_nn::{AdamW, Optimizer, VarBuilder, VarMap, linear, seq};
fn main() {
\tlet varmap = VarMap::new();
\tlet vb = VarBuilder::from_varmap(&varmap, DType::F32, &Device::Cpu);
\tlet größe = 20; /* 模型 */ let net = seq().add(linear(10, größe, vb.pp(\"body\")).unwrap()).add(linear(größe, 2, vb.pp(\"head\")).unwrap());
\tlet mut optimizer = AdamW::new_lr(varmap.all_vars(), 0.1).unwrap();
\toptimizer.backward_step(&net.forward(&inputs).unwrap()).unwrap();
}
"
    .replace('\n', "\r\n");
    let scratch = Scratch::with(&[("net.rs", &text)]);
    let run = scratch.run(&["net.rs", "--message-format", "json"]);
    let found = compiler_messages(run.out.as_bytes());
    assert_eq!(found.len(), 1, "{}", run.out);
    let spans = &found[0].message.spans;
    for span in spans {
        let lines: Vec<&str> = text.lines().collect();
        check_against_the_file(span, text.as_bytes(), &lines);
    }
    let primary = spans.iter().find(|span| span.is_primary).unwrap();
    let line = text.lines().nth(5).unwrap();
    let column = |at: &str| line.chars().count() - line.split_once(at).unwrap().1.chars().count();
    let begin = column("let net = ") + 1;
    assert_eq!(place(primary), [6, begin, 6, line.chars().count()]);
    assert_eq!(spans.len(), 3, "the block and its two layers");
}

#[test]
fn a_loose_file_is_a_package_by_its_url() {
    let scratch = Scratch::with(&[("my net.rs", ONE_FINDING)]);
    let run = scratch.run(&["my net.rs", "--message-format", "json"]);
    let found = &compiler_messages(run.out.as_bytes())[0];
    assert!(found.package_id.repr.starts_with("file:///"));
    assert!(found.package_id.repr.ends_with("/my%20net.rs"));
    assert!(found.target.is_bin());
    assert_eq!(found.target.src_path, scratch.path("my net.rs"));
}
