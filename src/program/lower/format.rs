//! `format!` and its format strings.

use std::sync::Arc;

use proc_macro2::TokenStream;
use syn::Token;
use syn::parse::Parser;
use syn::punctuated::Punctuated;

use super::Lowerer;
use crate::name::Name;
use crate::program::hir::{
    Expr, ExprKind, FormatCount, FormatPart, FormatSpec, Lit, Path, Segment,
};
use crate::source::Span;

/// A piece of a format string.
#[derive(Debug, PartialEq)]
enum Piece<'t> {
    Text(String),
    Hole { arg: &'t str, spec: &'t str },
}

impl Lowerer<'_> {
    pub fn format(&mut self, tokens: &TokenStream, span: Span) -> Option<ExprKind> {
        let all = Punctuated::<syn::Expr, Token![,]>::parse_terminated;
        let args = all.parse2(tokens.clone()).ok()?;
        let mut args = args.iter();
        let text = self.expr(args.next()?);
        let ExprKind::Lit(Lit::Str(template)) = text.kind else {
            return None;
        };
        let mut positional = Vec::new();
        let mut named = Vec::new();
        for arg in args {
            match arg {
                syn::Expr::Assign(assign) => {
                    let syn::Expr::Path(path) = &*assign.left else {
                        return None;
                    };
                    let name = self.name(path.path.get_ident()?);
                    named.push((name, self.expr(&assign.right)));
                }
                other => positional.push(self.expr(other)),
            }
        }
        let args = Args {
            positional,
            named,
            next: 0,
            at: Span {
                end: text.span.end.max(span.start),
                ..text.span
            },
        };
        args.fill(&template).map(ExprKind::Format)
    }
}

struct Args {
    positional: Vec<Expr>,
    named: Vec<(Name, Expr)>,
    /// The place of the argument that the next `{}` takes.
    next: usize,
    /// Where the format string stands.
    at: Span,
}

impl Args {
    fn fill(mut self, template: &str) -> Option<Vec<FormatPart>> {
        let mut parts = Vec::new();
        for piece in pieces(template)? {
            parts.push(match piece {
                Piece::Text(text) => FormatPart::Text(Arc::from(text)),
                Piece::Hole { arg, spec } => {
                    let precision = match spec.contains(".*") {
                        true => Some(FormatCount::Of(self.arg("")?)),
                        false => None,
                    };
                    let expr = self.arg(arg)?;
                    let spec = match changes_nothing(spec) {
                        true => None,
                        false => Some(Box::new(self.spec(spec, precision)?)),
                    };
                    FormatPart::Arg { expr, spec }
                }
            });
        }
        Some(parts)
    }

    /// What stands behind the colon.
    fn spec(&mut self, written: &str, precision: Option<FormatCount>) -> Option<FormatSpec> {
        let mut spec = FormatSpec {
            precision,
            ..FormatSpec::default()
        };
        let is_align = |c: char| matches!(c, '<' | '^' | '>');
        let mut rest = written;
        let mut chars = written.chars();
        match (chars.next(), chars.next()) {
            (Some(fill), Some(align)) if is_align(align) => {
                spec.fill = Some(fill);
                spec.align = Some(align);
                rest = &rest[fill.len_utf8() + 1..];
            }
            (Some(align), _) if is_align(align) => {
                spec.align = Some(align);
                rest = &rest[1..];
            }
            _ => {}
        }
        for (sign, flag) in [
            ('+', &mut spec.plus),
            ('-', &mut false),
            ('#', &mut spec.alternate),
        ] {
            if let Some(after) = rest.strip_prefix(sign) {
                *flag = true;
                rest = after;
            }
        }
        if let Some(after) = rest.strip_prefix('0')
            && !after.starts_with('$')
        {
            spec.zero = true;
            rest = after;
        }
        (spec.width, rest) = self.count(rest)?;
        if let Some(after) = rest.strip_prefix('.') {
            if let Some(after) = after.strip_prefix('*') {
                rest = after;
            } else {
                (spec.precision, rest) = self.count(after)?;
            }
        }
        spec.kind = rest.into();
        Some(spec)
    }

    /// `3`, `name$` or nothing at the beginning, and what follows.
    fn count<'t>(&mut self, text: &'t str) -> Option<(Option<FormatCount>, &'t str)> {
        let end = text
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        if let Some(after) = text[end..].strip_prefix('$') {
            return Some((Some(FormatCount::Of(self.arg(&text[..end])?)), after));
        }
        let digits = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (number, after) = text.split_at(digits);
        Some((number.parse().ok().map(FormatCount::Known), after))
    }

    fn arg(&mut self, arg: &str) -> Option<Expr> {
        if arg.is_empty() {
            self.next += 1;
            return self.positional.get(self.next - 1).cloned();
        }
        if let Ok(place) = arg.parse::<usize>() {
            return self.positional.get(place).cloned();
        }
        let name = Name::new(arg);
        if let Some((_, value)) = self.named.iter().find(|(given, _)| *given == name) {
            return Some(value.clone());
        }
        let segment = Segment {
            name,
            args: Vec::new(),
            span: self.at,
        };
        let path = Path {
            qself: None,
            global: false,
            segments: vec![segment],
            span: self.at,
        };
        Some(Expr {
            kind: ExprKind::Path(path),
            span: self.at,
        })
    }
}

/// True for a specification that leaves a whole number as it is.
fn changes_nothing(spec: &str) -> bool {
    matches!(spec, "" | "0" | "1" | "01")
}

fn pieces(template: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let (sign, after) = rest[at..].split_at(1);
        if let Some(escaped) = after.strip_prefix(sign) {
            text.push_str(sign);
            rest = escaped;
            continue;
        }
        if sign == "}" {
            return None;
        }
        let (hole, after) = after.split_once('}')?;
        let (arg, spec) = hole.split_once(':').unwrap_or((hole, ""));
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(Piece::Hole {
            arg: arg.trim(),
            spec: spec.trim(),
        });
        rest = after;
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_cut_at_its_holes() {
        let found = pieces("a{}.{x:>2}{{}}{0}").unwrap();
        let hole = |arg, spec| Piece::Hole { arg, spec };
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            found,
            [
                text("a"),
                hole("", ""),
                text("."),
                hole("x", ">2"),
                text("{}"),
                hole("0", "")
            ]
        );
    }

    #[test]
    fn a_broken_template_is_refused() {
        assert!(pieces("a{").is_none());
        assert!(pieces("}b").is_none());
    }
}
