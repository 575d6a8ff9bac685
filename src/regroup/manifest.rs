//! The dependency on `paramgroups`, written into a manifest as `cargo add` writes it.

use std::path::{Component, Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::config::EngineSource;
use crate::lints::Edit;
use crate::source::Span;
use crate::training::ManifestText;

const NAME: &str = "paramgroups";

/// The version whose adapters the linter knows.
const VERSION: &str = "0.1.0";

/// A key of a table with its value.
type Entry<'t, 'k> = (&'t Spanned<DeString<'k>>, &'t Spanned<DeValue<'k>>);

/// The edits after which a program can use `paramgroups` with this feature: none if it can already. None where nobody said where the crate
/// comes from, or where the manifest is written in a way that isn't edited.
pub fn edits(
    manifest: &ManifestText,
    feature: &str,
    source: Option<&EngineSource>,
) -> Option<Vec<Edit>> {
    let text = manifest.text.as_str();
    let document = parsed(text)?;
    let table = manifest.table;
    let dependencies = entry(document.get_ref(), table).map(|(_, value)| value);
    let dependencies = dependencies.and_then(|value| value.get_ref().as_table());
    if let Some(there) = dependencies.and_then(|table| entry(table, NAME)) {
        let shared = shared(manifest, feature);
        return with_feature(text, there, feature, shared == Some(true)).map(|change| {
            change
                .map(|(start, end, replacement)| edit(manifest, start, end, replacement))
                .into_iter()
                .collect()
        });
    }
    let line = match (shared(manifest, feature), source) {
        (Some(true), _) => format!("{NAME}.workspace = true"),
        (Some(false), _) => format!("{NAME} = {{ workspace = true, features = [\"{feature}\"] }}"),
        (None, source) => format!("{NAME} = {}", value(manifest, source?, feature)?),
    };
    let (at, inserted) = insertion(text, dependencies, table, &line);
    Some(vec![edit(manifest, at, at, inserted)])
}

fn edit(manifest: &ManifestText, start: usize, end: usize, replacement: String) -> Edit {
    Edit {
        span: Span {
            file: manifest.file,
            start: start as u32,
            end: end as u32,
        },
        replacement,
    }
}

fn parsed(text: &str) -> Option<Spanned<DeTable<'_>>> {
    DeTable::parse(text).ok()
}

fn entry<'t, 'k>(table: &'t DeTable<'k>, key: &str) -> Option<Entry<'t, 'k>> {
    table.iter().find(|(known, _)| known.get_ref() == key)
}

/// Whether the workspace's manifest has the dependency for its members, and if so, whether with the feature.
fn shared(manifest: &ManifestText, feature: &str) -> Option<bool> {
    let workspace = parsed(manifest.workspace.as_deref()?)?;
    let (_, workspace) = entry(workspace.get_ref(), "workspace")?;
    let (_, dependencies) = entry(workspace.get_ref().as_table()?, "dependencies")?;
    let (_, value) = entry(dependencies.get_ref().as_table()?, NAME)?;
    Some(has_feature(value.get_ref(), feature))
}

fn has_feature(value: &DeValue<'_>, feature: &str) -> bool {
    let features = value.as_table().and_then(|table| entry(table, "features"));
    let features = features.and_then(|(_, features)| features.get_ref().as_array());
    let mut features = features.into_iter().flatten();
    features.any(|known| known.get_ref().as_str() == Some(feature))
}

/// What stands behind `paramgroups = `.
fn value(manifest: &ManifestText, source: &EngineSource, feature: &str) -> Option<String> {
    let from = match source {
        EngineSource::Registry => format!("version = \"{VERSION}\""),
        EngineSource::Git(url) => format!("git = \"{url}\""),
        EngineSource::Path(folder) => {
            let path = relative(&manifest.folder, folder);
            let path = path.to_str()?.replace('\\', "/");
            if path.contains('"') {
                return None;
            }
            // cargo asks no version of what only tests and examples use.
            match manifest.table {
                "dev-dependencies" => format!("path = \"{path}\""),
                _ => format!("version = \"{VERSION}\", path = \"{path}\""),
            }
        }
    };
    Some(format!("{{ {from}, features = [\"{feature}\"] }}"))
}

/// The way from one folder to another.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(one, other)| one == other)
        .count();
    // On another drive there is no way.
    if shared == 0 {
        return to.to_owned();
    }
    let back = from.components().skip(shared).map(|_| Component::ParentDir);
    back.chain(to.components().skip(shared)).collect()
}

/// What an entry that is there becomes: nothing if it has the feature. None if it is written in a way that isn't edited.
fn with_feature(
    text: &str,
    (key, value): Entry<'_, '_>,
    feature: &str,
    is_shared: bool,
) -> Option<Option<(usize, usize, String)>> {
    if is_shared || has_feature(value.get_ref(), feature) {
        return Some(None);
    }
    let (start, end) = (value.span().start, value.span().end);
    let change = match value.get_ref() {
        DeValue::String(_) => {
            let version = text.get(start..end)?;
            let table = format!("{{ version = {version}, features = [\"{feature}\"] }}");
            (start, end, table)
        }
        DeValue::Table(table) => {
            if let Some((_, features)) = entry(table, "features") {
                match features.get_ref().as_array()?.iter().last() {
                    Some(last) => {
                        let behind = last.span().end;
                        (behind, behind, format!(", \"{feature}\""))
                    }
                    None => {
                        let inside = features.span().end.checked_sub(1)?;
                        (inside, inside, format!("\"{feature}\""))
                    }
                }
            } else if text.get(start..end)?.starts_with('{') {
                let inside = text.get(start..end - 1)?.trim_end().len() + start;
                (inside, inside, format!(", features = [\"{feature}\"]"))
            } else if let Some((_, inherits)) = entry(table, "workspace")
                && table.iter().count() == 1
                && is_one_line(text, key.span().start, inherits.span().end)
            {
                let table = format!("{NAME} = {{ workspace = true, features = [\"{feature}\"] }}");
                (key.span().start, inherits.span().end, table)
            } else {
                return None;
            }
        }
        _ => return None,
    };
    Some(Some(change))
}

fn is_one_line(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].rsplit('\n').next().unwrap_or("");
    before.trim().is_empty()
        && text
            .get(start..end)
            .is_some_and(|line| !line.contains('\n'))
}

/// Where the line goes, and what goes there: to its place among sorted entries, else behind the last.
fn insertion(
    text: &str,
    dependencies: Option<&DeTable<'_>>,
    table: &str,
    line: &str,
) -> (usize, String) {
    let mut lines: Vec<(usize, usize, &str)> = dependencies
        .into_iter()
        .flatten()
        .filter(|(key, _)| {
            let first = text[line_start(text, key.span().start)..].trim_start();
            !first.starts_with('[') && !is_in_an_inline_table(text, key.span().start)
        })
        .map(|(key, value)| (key.span().start, end_of(value), key.get_ref().as_ref()))
        .collect();
    lines.sort_unstable();
    let before = match lines.is_sorted_by_key(|(.., key)| *key) {
        true => lines.iter().rfind(|(.., key)| *key < NAME),
        false => lines.last(),
    };
    let after = before.map(|(_, end, _)| *end);
    match after.or_else(|| header(text, table)) {
        Some(after) => {
            let at = after + text[after..].find('\n').unwrap_or(text.len() - after);
            let at = at - usize::from(text[..at].ends_with('\r'));
            (at, format!("\n{line}"))
        }
        None => match first_of_its_own(text, table) {
            Some(at) => (at, format!("[{table}]\n{line}\n\n")),
            None => {
                let gap = if text.ends_with('\n') { "" } else { "\n" };
                (text.len(), format!("{gap}\n[{table}]\n{line}\n"))
            }
        },
    }
}

/// Where `[dependencies.candle-nn]` starts, the first of its kind, with the comment above it.
fn first_of_its_own(text: &str, table: &str) -> Option<usize> {
    let mut at = 0;
    let mut comment = None;
    for line in text.split_inclusive('\n') {
        let code = line.trim();
        match code
            .strip_prefix('[')
            .and_then(|code| code.strip_prefix(table))
        {
            Some(rest) if rest.starts_with('.') => return Some(comment.unwrap_or(at)),
            _ if code.starts_with('#') => comment = comment.or(Some(at)),
            _ => comment = None,
        }
        at += line.len();
    }
    None
}

fn is_in_an_inline_table(text: &str, key: usize) -> bool {
    text[line_start(text, key)..key].contains('{')
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Where a value's last part ends: one that is written with dots has its parts elsewhere.
fn end_of(value: &Spanned<DeValue<'_>>) -> usize {
    let parts = value.get_ref().as_table().into_iter().flatten();
    let last = parts.map(|(_, part)| end_of(part)).max().unwrap_or(0);
    last.max(value.span().end)
}

/// The end of `[dependencies]`.
fn header(text: &str, table: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or("").trim();
        let name = code
            .strip_prefix('[')
            .and_then(|code| code.strip_suffix(']'));
        if name.is_some_and(|name| name.trim() == table) {
            return Some(at + line.trim_end().len());
        }
        at += line.len();
    }
    None
}
