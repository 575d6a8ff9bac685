//! Macros of the standard library and their kin.

use std::sync::Arc;

use proc_macro2::{TokenStream, TokenTree};
use syn::Token;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;

use super::Lowerer;
use crate::name::Name;
use crate::program::cfg::{holds, parse_cfg};
use crate::program::hir::{
    Arm, Block, Cfg, Expr, ExprKind, FormatPart, Ident, Item, ItemKind, Lit, MacroCall, MethodCall,
    Pat, PatKind,
};
use crate::source::Span;

/// What a macro that is known by its name means.
#[derive(Clone, Copy)]
enum Known {
    Vec,
    Format,
    Concat,
    Matches,
    Dbg,
    Cfg,
    Stringify,
    Write,
    Ignored,
    Panic,
    Todo,
    Bail,
}

fn known(name: &str) -> Option<Known> {
    Some(match name {
        "vec" => Known::Vec,
        "format" | "format_args" => Known::Format,
        "concat" => Known::Concat,
        "matches" => Known::Matches,
        "dbg" => Known::Dbg,
        "cfg" => Known::Cfg,
        "stringify" => Known::Stringify,
        "write" | "writeln" => Known::Write,
        "println" | "print" | "eprintln" | "eprint" | "assert" | "assert_eq" | "assert_ne"
        | "debug_assert" | "debug_assert_eq" | "debug_assert_ne" | "ensure" | "anyhow" | "eyre" => {
            Known::Ignored
        }
        "panic" | "unreachable" | "compile_error" => Known::Panic,
        "todo" | "unimplemented" => Known::Todo,
        "bail" => Known::Bail,
        _ => return None,
    })
}

/// Macros that only log, unless the program has one of the same name.
fn is_log(name: &str) -> bool {
    matches!(
        name,
        "trace" | "debug" | "info" | "warn" | "error" | "log" | "event"
    )
}

fn last_name(call: &syn::Macro) -> String {
    let last = call.path.segments.last();
    last.map_or(String::new(), |last| last.ident.to_string())
}

pub(super) fn is_known(call: &syn::Macro) -> bool {
    known(&last_name(call)).is_some()
}

pub(super) fn is_cfg_if(call: &syn::Macro) -> bool {
    last_name(call) == "cfg_if"
}

impl Lowerer<'_> {
    /// From the macro's path to its closing delimiter.
    pub fn macro_span(&self, call: &syn::Macro) -> Span {
        let close = call.delimiter.span().close();
        match call.path.segments.first() {
            Some(first) => self.between(first.ident.span(), close),
            None => self.span(close),
        }
    }

    pub fn macro_expr(&mut self, call: &syn::Macro) -> Expr {
        let span = self.macro_span(call);
        let name = last_name(call);
        let kind = known(&name).and_then(|known| self.known_macro(known, call, span));
        let kind = match kind {
            Some(kind) => kind,
            None => match self.expand_expr(call) {
                None => self.unexpanded(call),
                expanded => self.unknown_macro(call, expanded),
            },
        };
        Expr { kind, span }
    }

    /// A call that no rule in reach fits.
    pub fn unexpanded(&mut self, call: &syn::Macro) -> ExprKind {
        match is_log(&last_name(call)) {
            true => ExprKind::Ignored(self.args(&call.tokens)),
            false => self.unknown_macro(call, None),
        }
    }

    fn unknown_macro(&mut self, call: &syn::Macro, expanded: Option<Block>) -> ExprKind {
        let inside = self.span(call.delimiter.span().join());
        ExprKind::Macro(Box::new(MacroCall {
            path: self.path(None, &call.path),
            tokens: self.tokens_text(&call.tokens, inside),
            expanded,
        }))
    }

    fn known_macro(&mut self, known: Known, call: &syn::Macro, span: Span) -> Option<ExprKind> {
        let tokens = &call.tokens;
        Some(match known {
            Known::Vec => return self.vec(tokens),
            Known::Format => return self.format(tokens, span),
            Known::Concat => self.concat(tokens),
            Known::Matches => return self.matches(tokens, span),
            Known::Dbg => {
                let mut args = self.args(tokens);
                match args.len() {
                    1 => args.remove(0).kind,
                    _ => ExprKind::Tuple(args),
                }
            }
            Known::Cfg => {
                let on = holds(&parse_cfg(tokens.clone()), self.features, false);
                ExprKind::Lit(Lit::Bool(on))
            }
            Known::Stringify => return single_token(tokens),
            Known::Write => {
                return self
                    .write(tokens, last_name(call) == "writeln", span)
                    .or_else(|| Some(ExprKind::Ignored(self.args(tokens))));
            }
            Known::Ignored => ExprKind::Ignored(self.args(tokens)),
            Known::Panic => ExprKind::Diverge {
                returns_error: false,
                todo: false,
            },
            Known::Todo => ExprKind::Diverge {
                returns_error: false,
                todo: true,
            },
            Known::Bail => ExprKind::Diverge {
                returns_error: true,
                todo: false,
            },
        })
    }

    /// The arguments of a call as far as they are expressions, the value of `name = value`.
    pub fn args(&mut self, tokens: &TokenStream) -> Vec<Expr> {
        let all = Punctuated::<syn::Expr, Token![,]>::parse_terminated;
        let exprs: Vec<syn::Expr> = match all.parse2(tokens.clone()) {
            Ok(exprs) => exprs.into_iter().collect(),
            Err(_) => single_args(tokens),
        };
        let values = exprs.iter().map(|expr| match expr {
            syn::Expr::Assign(assign) => &*assign.right,
            other => other,
        });
        self.exprs(values)
    }

    fn vec(&mut self, tokens: &TokenStream) -> Option<ExprKind> {
        let repeat = |input: ParseStream| {
            let element = input.parse::<syn::Expr>()?;
            input.parse::<Token![;]>()?;
            Ok((element, input.parse::<syn::Expr>()?))
        };
        let is_vec = true;
        if let Ok((element, count)) = repeat.parse2(tokens.clone()) {
            return Some(ExprKind::Repeat {
                element: self.boxed(&element),
                count: self.boxed(&count),
                is_vec,
            });
        }
        let all = Punctuated::<syn::Expr, Token![,]>::parse_terminated;
        let elements = all.parse2(tokens.clone()).ok()?;
        let elements = self.exprs(&elements);
        Some(ExprKind::Array { elements, is_vec })
    }

    /// `write!(to, "{}", x)` is `to.write_fmt(format_args!("{}", x))`.
    fn write(&mut self, tokens: &TokenStream, line: bool, span: Span) -> Option<ExprKind> {
        let split = |input: ParseStream| {
            let to = input.parse::<syn::Expr>()?;
            input.parse::<Option<Token![,]>>()?;
            Ok((to, input.parse::<TokenStream>()?))
        };
        let (to, rest) = split.parse2(tokens.clone()).ok()?;
        let mut parts = match rest.is_empty() {
            true => Vec::new(),
            false => match self.format(&rest, span)? {
                ExprKind::Format(parts) => parts,
                _ => return None,
            },
        };
        if line {
            parts.push(FormatPart::Text("\n".into()));
        }
        let text = Expr {
            kind: ExprKind::Format(parts),
            span,
        };
        Some(ExprKind::MethodCall(Box::new(MethodCall {
            receiver: self.expr(&to),
            method: Ident {
                name: Name::new("write_fmt"),
                span,
            },
            generics: Vec::new(),
            args: vec![text],
        })))
    }

    /// Literals are joined; anything else stays a part of its own.
    fn concat(&mut self, tokens: &TokenStream) -> ExprKind {
        let parts: Vec<FormatPart> = self
            .args(tokens)
            .into_iter()
            .map(|expr| match literal_text(&expr) {
                Some(text) => FormatPart::Text(text),
                None => FormatPart::Arg { expr, spec: None },
            })
            .collect();
        let texts = parts.iter().map(|part| match part {
            FormatPart::Text(text) => Some(&**text),
            FormatPart::Arg { .. } => None,
        });
        match texts.collect::<Option<String>>() {
            Some(text) => ExprKind::Lit(Lit::Str(text.into())),
            None => ExprKind::Format(parts),
        }
    }

    fn matches(&mut self, tokens: &TokenStream, span: Span) -> Option<ExprKind> {
        let parse = |input: ParseStream| {
            let value = input.parse::<syn::Expr>()?;
            input.parse::<Token![,]>()?;
            let pat = syn::Pat::parse_multi_with_leading_vert(input)?;
            let guard = match input.parse::<Option<Token![if]>>()? {
                Some(_) => Some(input.parse::<syn::Expr>()?),
                None => None,
            };
            input.parse::<Option<Token![,]>>()?;
            Ok((value, pat, guard))
        };
        let (value, pat, guard) = parse.parse2(tokens.clone()).ok()?;
        let truth = |value: bool| Expr {
            kind: ExprKind::Lit(Lit::Bool(value)),
            span,
        };
        let yes = Arm {
            pat: self.pat(&pat),
            guard: guard.map(|guard| self.expr(&guard)),
            body: truth(true),
        };
        let no = Arm {
            pat: Pat {
                kind: PatKind::Wild,
                span,
            },
            guard: None,
            body: truth(false),
        };
        Some(ExprKind::Match(self.boxed(&value), vec![yes, no]))
    }

    pub fn item_macro(&mut self, call: &syn::Macro) -> ItemKind {
        let expanded = match is_cfg_if(call) {
            true => Some(self.cfg_if_items(call)),
            false => self.expand_items(call),
        };
        let inside = self.span(call.delimiter.span().join());
        ItemKind::Macro {
            path: self.path(None, &call.path),
            tokens: self.tokens_text(&call.tokens, inside),
            expanded,
        }
    }

    /// The items of all branches, each under the condition of its branch.
    fn cfg_if_items(&mut self, call: &syn::Macro) -> Vec<Arc<Item>> {
        let mut items = Vec::new();
        for (condition, tokens) in cfg_if_branches(&call.tokens) {
            let Ok(file) = syn::parse2::<syn::File>(tokens) else {
                continue;
            };
            for item in self.items(&file.items) {
                let own = item.cfg.clone();
                let cfg = Cfg::All(std::iter::once(condition.clone()).chain(own).collect());
                items.push(Arc::new(Item {
                    kind: item.kind.clone(),
                    cfg: Some(cfg),
                    span: item.span,
                }));
            }
        }
        items
    }

    /// The branch of `cfg_if!` that the default build has.
    pub fn built_branch(&self, call: &syn::Macro) -> Option<TokenStream> {
        let mut branches = cfg_if_branches(&call.tokens).into_iter();
        let built = branches.find(|(condition, _)| holds(condition, self.features, false));
        built.map(|(_, tokens)| tokens)
    }
}

/// `stringify!` of one word or number; of more, how it is spaced is the compiler's business.
fn single_token(tokens: &TokenStream) -> Option<ExprKind> {
    let mut tokens = tokens.clone();
    loop {
        let mut all = tokens.into_iter();
        let (first, rest) = (all.next()?, all.next());
        if rest.is_some() {
            return None;
        }
        match first {
            // What a macro's variable stood for.
            TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::None => {
                tokens = group.stream();
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                return Some(ExprKind::Lit(Lit::Str(first.to_string().into())));
            }
            _ => return None,
        }
    }
}

/// Arguments that can't be parsed together, each on its own.
fn single_args(tokens: &TokenStream) -> Vec<syn::Expr> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    tokens
        .split(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ','))
        .filter_map(|part| {
            let part: TokenStream = part.iter().cloned().collect();
            syn::parse2::<syn::Expr>(part).ok()
        })
        .collect()
}

/// Each branch of `if #[cfg(a)] { … } else if #[cfg(b)] { … } else { … }` with its whole condition.
fn cfg_if_branches(tokens: &TokenStream) -> Vec<(Cfg, TokenStream)> {
    let mut branches = Vec::new();
    let mut before: Vec<Cfg> = Vec::new();
    let mut own = None;
    for token in tokens.clone() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        match group.delimiter() {
            proc_macro2::Delimiter::Bracket => {
                let inside = group.stream().into_iter().find_map(|token| match token {
                    TokenTree::Group(group) => Some(group.stream()),
                    _ => None,
                });
                own = Some(inside.map_or(Cfg::Other, parse_cfg));
            }
            _ => {
                let mut all = before.clone();
                if let Some(own) = own.take() {
                    before.push(Cfg::Not(Box::new(own.clone())));
                    all.push(own);
                }
                branches.push((Cfg::All(all), group.stream()));
            }
        }
    }
    branches
}

/// What `concat!` writes for a literal.
fn literal_text(expr: &Expr) -> Option<Arc<str>> {
    match &expr.kind {
        ExprKind::Lit(Lit::Str(text)) => Some(text.clone()),
        ExprKind::Lit(Lit::Int(int)) => Some(int.to_string().into()),
        ExprKind::Lit(Lit::Bool(bool)) => Some(bool.to_string().into()),
        ExprKind::Lit(Lit::Char(char)) => Some(char.to_string().into()),
        _ => None,
    }
}
