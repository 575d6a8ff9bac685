//! Where a program writes the type of an optimizer.

use std::collections::HashSet;

use super::construction::code_tokens;
use crate::program::Program;
use crate::source::{FileId, Span, TokenKind};
use crate::workspace::TargetKind;

/// A place where the type is written, other than in its construction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub span: Span,
    pub text: String,
}

/// Methods that only the optimizer's own type has.
const OWN_METHODS: [&str; 3] = ["into_inner", "params", "set_params"];

/// Words that ask more of a type than to be an optimizer.
const ASKING_MORE: [&str; 5] = ["Sync", "RwLock", "OnceLock", "rayon", "static"];

/// Every place that has to be changed where the values built at `built` are to have another type. None where other values have the type too, or
/// where something may ask for the type itself.
pub fn type_mentions(program: &Program, built: Span, name: &str) -> Option<Vec<Mention>> {
    let mut mentions = Vec::new();
    for file in files_around(program, built.file) {
        mentions.extend(mentions_in(program, file, built, name)?);
    }
    Some(mentions)
}

/// The files of the programs that a file is part of; of all packages, if it is part of a library.
fn files_around(program: &Program, file: FileId) -> Vec<FileId> {
    let owners = program.owners();
    let own = owners.get(&file).cloned().unwrap_or_default();
    let workspace = program.workspace();
    let is_library = own
        .iter()
        .any(|target| workspace.target(*target).kind == TargetKind::Lib);
    let own: HashSet<_> = own.into_iter().collect();
    let mut files: Vec<FileId> = owners
        .into_iter()
        .filter(|(_, targets)| is_library || targets.iter().any(|target| own.contains(target)))
        .map(|(file, _)| file)
        .collect();
    files.sort_unstable();
    files
}

fn mentions_in(program: &Program, file: FileId, built: Span, name: &str) -> Option<Vec<Mention>> {
    let source = program.sources().get(file);
    let text = source.text.as_str();
    let mut mentions = Vec::new();
    if !source.outline().words.may_have(name) {
        return Some(mentions);
    }
    let tokens = code_tokens(text);
    let word = |at: Option<usize>| {
        let token = at.and_then(|at| tokens.get(at));
        token.map_or("", |token| &text[token.start..token.end])
    };
    let mut in_use = false;
    for (at, token) in tokens.iter().enumerate() {
        let before = |count: usize| word(at.checked_sub(count));
        let after = |count: usize| word(Some(at + count));
        let here = word(Some(at));
        match here {
            "use" => in_use = true,
            ";" => in_use = false,
            _ => {}
        }
        if token.kind != TokenKind::Ident {
            continue;
        }
        let is_own_method = before(1) == "."
            && after(1) == "("
            && (OWN_METHODS.contains(&here) || here == "push" && after(2) == "&");
        if is_own_method || ASKING_MORE.contains(&here) {
            return None;
        }
        if here != name {
            continue;
        }
        if in_use {
            // Under another name it would be missed.
            if after(1) == "as" {
                return None;
            }
            continue;
        }
        if file == built.file && token.end == built.end as usize {
            continue;
        }
        let is_type = match (before(2), before(1)) {
            (":", ":") => return None,
            (_, ":" | "&" | "mut" | "<" | "for") | ("-", ">") => true,
            _ => false,
        };
        // A call of its functions, or a variant that is called so.
        if !is_type || after(1) == ":" || file != built.file {
            return None;
        }
        mentions.push(Mention {
            span: Span {
                file,
                start: token.start as u32,
                end: token.end as u32,
            },
            text: here.to_owned(),
        });
    }
    Some(mentions)
}
