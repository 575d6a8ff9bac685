//! Writing the right side of an arm with the variables filled in.

use proc_macro2::{Group, Ident, Punct, Spacing, Span as SynSpan, TokenStream, TokenTree};

use super::matcher::{Binding, Bindings, variables};
use super::rules::Part;
use crate::name::Name;
use crate::program::lower::undelimited;

/// Fills in one right side.
pub(super) struct Transcriber<'b> {
    /// Where every token of the definition is said to stand.
    call: SynSpan,
    /// What `$crate` stands for.
    krate: Name,
    budget: &'b mut usize,
}

impl<'b> Transcriber<'b> {
    pub fn new(call: SynSpan, krate: Name, budget: &'b mut usize) -> Self {
        Transcriber {
            call,
            krate,
            budget,
        }
    }

    /// Nothing if the repetitions don't agree or the budget is spent.
    pub fn transcribe(&mut self, parts: &[Part], bindings: &Bindings) -> Option<TokenStream> {
        let mut output = Vec::new();
        self.write(parts, bindings, &mut output)?;
        Some(output.into_iter().collect())
    }

    fn spend(&mut self, tokens: usize) -> Option<()> {
        *self.budget = self.budget.checked_sub(tokens)?;
        Some(())
    }

    fn write(
        &mut self,
        parts: &[Part],
        bindings: &Bindings,
        output: &mut Vec<TokenTree>,
    ) -> Option<()> {
        for part in parts {
            self.spend(1)?;
            match part {
                Part::Token(token) => {
                    let mut token = token.clone();
                    token.set_span(self.call);
                    output.push(token);
                }
                Part::Group(delimiter, inner) => {
                    let mut inside = Vec::new();
                    self.write(inner, bindings, &mut inside)?;
                    let mut group = Group::new(*delimiter, inside.into_iter().collect());
                    group.set_span(self.call);
                    output.push(TokenTree::Group(group));
                }
                Part::Variable { name, .. } => self.variable(name, bindings, output)?,
                Part::Repeat {
                    parts: inner,
                    separator,
                    ..
                } => self.repeat(inner, separator, bindings, output)?,
            }
        }
        Some(())
    }

    fn variable(
        &mut self,
        name: &str,
        bindings: &Bindings,
        output: &mut Vec<TokenTree>,
    ) -> Option<()> {
        match bindings.get(name) {
            Some(Binding::Rounds(_)) => return None,
            Some(Binding::Tokens { tokens, fragment }) => {
                self.spend(tokens.len())?;
                match keeps_together(fragment, tokens) {
                    true => {
                        let inside = tokens.iter().cloned().collect();
                        let span = tokens.first()?.span();
                        output.push(undelimited(inside, span));
                    }
                    false => output.extend(tokens.iter().cloned()),
                }
            }
            None if name == "crate" => {
                output.push(TokenTree::Ident(Ident::new(&self.krate, self.call)));
            }
            None => {
                output.push(TokenTree::Punct(Punct::new('$', Spacing::Alone)));
                output.push(TokenTree::Ident(Ident::new(name, self.call)));
            }
        }
        Some(())
    }

    fn repeat(
        &mut self,
        parts: &[Part],
        separator: &[TokenTree],
        bindings: &Bindings,
        output: &mut Vec<TokenTree>,
    ) -> Option<()> {
        let repeated: Vec<(String, &[Binding])> = variables(parts)
            .into_iter()
            .filter_map(|name| match bindings.get(&name) {
                Some(Binding::Rounds(rounds)) => Some((name, rounds.as_slice())),
                _ => None,
            })
            .collect();
        let count = repeated.first()?.1.len();
        if repeated.iter().any(|(_, rounds)| rounds.len() != count) {
            return None;
        }
        let mut inner = bindings.clone();
        for round in 0..count {
            for (name, rounds) in &repeated {
                inner.insert(name.clone(), rounds[round].clone());
            }
            if round > 0 {
                for token in separator {
                    let mut token = token.clone();
                    token.set_span(self.call);
                    output.push(token);
                }
            }
            self.write(parts, &inner, output)?;
        }
        Some(())
    }
}

/// An expression or a type keeps its precedence, unless it is a plain name or path.
fn keeps_together(fragment: &str, tokens: &[TokenTree]) -> bool {
    let is_expr = matches!(fragment, "expr" | "expr_2021");
    let is_plain = tokens.iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(sign) => sign.as_char() == ':',
        _ => false,
    });
    (is_expr && tokens.len() > 1 && !is_plain) || (fragment == "ty" && !is_plain)
}
