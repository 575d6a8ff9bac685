//! Cargo's stream of JSON messages: one `compiler-message` a finding, then `build-finished`.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::Report;
use super::rustc::{Diagnostic, of_file, of_finding};
use crate::source::FileId;
use crate::workspace::{Package, Target, TargetId, TargetKind};

#[derive(Debug, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message<'a> {
    CompilerMessage {
        package_id: &'a str,
        manifest_path: &'a Path,
        target: TargetMessage<'a>,
        message: Box<Diagnostic>,
    },
    BuildFinished {
        success: bool,
    },
}

#[derive(Debug, Serialize)]
struct TargetMessage<'a> {
    kind: [&'static str; 1],
    crate_types: [&'static str; 1],
    name: &'a str,
    src_path: &'a Path,
    edition: &'a str,
    doc: bool,
    doctest: bool,
    test: bool,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        let owner = match diagnostic.span {
            Some(span) => owner(report, span.file),
            None => owner_by_path(report, &diagnostic.path),
        };
        if let Some(owner) = owner {
            line(out, &message(report, owner, of_file(diagnostic, report)))?;
        }
    }
    for finding in &report.findings {
        if let Some(owner) = owner(report, finding.span.file) {
            line(out, &message(report, owner, of_finding(finding, report)))?;
        }
    }
    let success = report.is_success();
    line(out, &Message::BuildFinished { success })
}

fn line(out: &mut dyn Write, message: &Message<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, message)?;
    out.write_all(b"\n")
}

fn message<'a>(report: &'a Report<'_>, owner: TargetId, message: Diagnostic) -> Message<'a> {
    let package = &report.workspace.packages[owner.package];
    let target = report.workspace.target(owner);
    Message::CompilerMessage {
        package_id: &package.id,
        manifest_path: package.manifest_path.as_ref().unwrap_or(&target.src_path),
        target: target_message(package, target),
        message: Box::new(message),
    }
}

fn target_message<'a>(package: &'a Package, target: &'a Target) -> TargetMessage<'a> {
    let kind = match target.kind {
        TargetKind::Lib => "lib",
        TargetKind::Bin => "bin",
        TargetKind::Example => "example",
        TargetKind::Test => "test",
        TargetKind::Bench => "bench",
        TargetKind::BuildScript => "custom-build",
    };
    TargetMessage {
        kind: [kind],
        crate_types: [if kind == "lib" { "lib" } else { "bin" }],
        name: &target.name,
        src_path: &target.src_path,
        edition: &package.edition,
        doc: matches!(kind, "lib" | "bin"),
        doctest: kind == "lib",
        test: matches!(kind, "lib" | "bin" | "test"),
    }
}

/// The first target that the file belongs to.
fn owner(report: &Report<'_>, file: FileId) -> Option<TargetId> {
    let known = report.owners.get(&file).and_then(|owners| owners.first());
    let path = || report.sources.get(file).path.clone();
    known.copied().or_else(|| owner_by_path(report, &path()))
}

/// Where no target is known to reach a file: the target it is the root of, or the first one of the innermost package around it, or any.
fn owner_by_path(report: &Report<'_>, path: &Path) -> Option<TargetId> {
    let packages = &report.workspace.packages;
    let targets = packages.iter().enumerate().flat_map(|(package, owner)| {
        (0..owner.targets.len()).map(move |target| TargetId { package, target })
    });
    // Of equals `max_by_key` takes the last.
    targets.rev().max_by_key(|id| {
        let package = &packages[id.package];
        let around = path.starts_with(&package.root);
        (
            package.targets[id.target].src_path == path,
            around.then(|| package.root.components().count()),
        )
    })
}
