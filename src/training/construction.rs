//! How the construction of a candle optimizer is written, and whether another type can take the optimizer's place.

use std::sync::Arc;

use super::type_mentions::{Mention, type_mentions};
use super::uses::is_used_as_optimizer_only;
use crate::eval::{Machine, OptimizerEvent};
use crate::source::{SourceFile, Span, Token, TokenKind, Tokens};

/// `AdamW::new(varmap.all_vars(), params)`, taken apart.
#[derive(Clone, Debug)]
pub struct Construction {
    /// `AdamW`, as it is written.
    pub ty: Span,
    pub ty_text: String,
    /// `new`
    pub function: String,
    /// `varmap.all_vars()`
    pub vars: Span,
    /// `varmap`
    pub store: String,
    pub names: Names,
    /// Where else the type is written; None where it can't be told what else would have to change.
    pub mentions: Option<Vec<Mention>>,
}

/// How the file can call things of another crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// By a `use` item, which goes here if it isn't there yet.
    Imported(Option<Span>),
    /// Only by whole paths.
    ByPath,
}

/// The names that an edit brings into the file.
pub const IMPORTED: [&str; 2] = ["Groups", "Grouped"];

/// None where the construction is written in another way.
pub fn construction(machine: &Machine<'_>, optimizer: &OptimizerEvent) -> Option<Construction> {
    let program = machine.program;
    let file = program.sources().get(optimizer.span.file);
    let call = Call::read(&file, optimizer.span)?;
    let layout = Layout::of(&file.text, call.ty.start as usize);
    if layout.is_in_macro {
        return None;
    }
    let contained = optimizer
        .function
        .as_ref()
        .is_some_and(|function| is_used_as_optimizer_only(function, optimizer.span));
    let mentions = match contained {
        true => Some(Vec::new()),
        false => type_mentions(program, call.ty, &call.last_segment),
    };
    Some(Construction {
        ty_text: file.text[range(call.ty)].to_owned(),
        names: layout.names(&file, optimizer.span),
        ty: call.ty,
        function: call.function,
        vars: call.vars,
        store: call.store,
        mentions,
    })
}

/// The tokens of a text without its comments.
pub fn code_tokens(text: &str) -> Vec<Token> {
    Tokens::new(text)
        .filter(|token| token.kind != TokenKind::Comment)
        .collect()
}

fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}

/// What is written at the site.
struct Call {
    ty: Span,
    last_segment: String,
    function: String,
    vars: Span,
    store: String,
}

impl Call {
    fn read(file: &Arc<SourceFile>, span: Span) -> Option<Call> {
        let text = file.text.get(range(span))?;
        let tokens = code_tokens(text);
        let written = |token: &Token| &text[token.start..token.end];
        let open = tokens
            .iter()
            .position(|token| token.kind == TokenKind::Open(b'('))?;
        let path = &tokens[..open];
        // `a::B::new` has an odd number of words and pairs of colons between them.
        let is_path = path
            .iter()
            .enumerate()
            .all(|(place, token)| match place % 3 {
                0 => token.kind == TokenKind::Ident,
                _ => token.kind == TokenKind::Punct(b':'),
            });
        let [.., ty, _, _, function] = path else {
            return None;
        };
        if !is_path || path.len() % 3 != 1 {
            return None;
        }
        let arguments = &tokens[open + 1..];
        let mut depth = 0;
        let end = arguments.iter().position(|token| {
            match token.kind {
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) => depth -= 1,
                _ => {}
            }
            depth < 0 || depth == 0 && token.kind == TokenKind::Punct(b',')
        })?;
        let [first, .., last] = &arguments[..end] else {
            return None;
        };
        let vars = &text[first.start..last.end];
        let store = vars.strip_suffix(".all_vars()")?;
        let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        if store.is_empty() || !store.chars().all(is_plain) {
            return None;
        }
        let at = |start: usize, end: usize| Span {
            start: span.start + start as u32,
            end: span.start + end as u32,
            ..span
        };
        Some(Call {
            ty: at(path[0].start, ty.end),
            last_segment: written(ty).to_owned(),
            function: written(function).to_owned(),
            vars: at(first.start, last.end),
            store: store.to_owned(),
        })
    }
}

/// What lies around a place of a file.
struct Layout {
    /// `use` items of the file's own module: first word, end.
    uses: Vec<(String, usize)>,
    is_in_macro: bool,
    is_in_inline_module: bool,
    has_names: bool,
    has_import: bool,
}

impl Layout {
    fn of(text: &str, place: usize) -> Layout {
        let mut layout = Layout {
            uses: Vec::new(),
            is_in_macro: false,
            is_in_inline_module: false,
            has_names: false,
            has_import: false,
        };
        let tokens = code_tokens(text);
        let word = |at: usize| {
            tokens
                .get(at)
                .map_or("", |token| &text[token.start..token.end])
        };
        // Of each open bracket, whether it is a macro's, and whether it is an inline module's.
        let mut open: Vec<(bool, bool)> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if token.start == place {
                layout.is_in_macro = open.iter().any(|(of_macro, _)| *of_macro);
                layout.is_in_inline_module = open.iter().any(|(_, of_module)| *of_module);
            }
            match token.kind {
                TokenKind::Open(_) => {
                    let of_macro = at >= 1 && word(at - 1) == "!"
                        || at >= 2
                            && word(at - 2) == "!"
                            && word(at.saturating_sub(3)) == "macro_rules";
                    open.push((of_macro, at >= 2 && word(at - 2) == "mod"));
                }
                TokenKind::Close(_) => {
                    open.pop();
                }
                TokenKind::Ident => {
                    layout.has_names |= IMPORTED.contains(&word(at));
                    if open.is_empty() && word(at) == "use" {
                        let end = tokens[at..]
                            .iter()
                            .find(|token| token.kind == TokenKind::Punct(b';'));
                        if let Some(end) = end {
                            layout.has_import |= &text[token.start..end.end] == IMPORT;
                            layout.uses.push((word(at + 1).to_owned(), end.end));
                        }
                    }
                }
                _ => {}
            }
        }
        layout
    }

    fn names(&self, file: &SourceFile, site: Span) -> Names {
        if self.is_in_inline_module {
            return Names::ByPath;
        }
        let at = |place: usize| Span {
            start: place as u32,
            end: place as u32,
            ..site
        };
        let of_candle = |(first, _): &&(String, usize)| first.starts_with("candle");
        let after = self.uses.iter().rfind(of_candle).or(self.uses.last());
        match after {
            _ if self.has_import => Names::Imported(None),
            Some((_, end)) if !self.has_names => {
                Names::Imported(Some(at(end_of_line(&file.text, *end))))
            }
            _ => Names::ByPath,
        }
    }
}

/// The `use` item of an edit.
pub const IMPORT: &str = "use paramgroups::{Groups, candle::Grouped};";

/// Behind the comment that ends the line, if nothing else follows on it.
fn end_of_line(text: &str, place: usize) -> usize {
    let rest = &text[place..];
    let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let rest = rest.trim_end();
    match rest.trim_start() {
        "" => place,
        comment if comment.starts_with("//") => place + rest.len(),
        _ => place,
    }
}
