//! How deep a parser would recurse over a token sequence, found without recursion.

use super::tokens::TokenKind;

/// Delimiters that may be open at once.
pub const MAX_DELIMITERS: usize = 256;

/// Operators, `<`, `else`, and the like that may be open at once: those of one statement or list element, and of all that enclose it.
pub const MAX_CHAIN: usize = 1000;

/// Counts what is open while the tokens go by.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    /// For each open delimiter, how long its present statement or list element has become.
    chains: Vec<u32>,
    outermost: u32,
    total: usize,
    after_brace: bool,
    too_deep: Option<usize>,
}

impl Nesting {
    /// The place of the first token that lies too deep.
    pub fn too_deep(&self) -> Option<usize> {
        self.too_deep
    }

    pub fn see(&mut self, kind: TokenKind, at: usize, text: &[u8]) {
        let was_brace = std::mem::replace(&mut self.after_brace, false);
        match kind {
            TokenKind::Open(_) => self.chains.push(0),
            TokenKind::Close(close) => {
                self.restart();
                self.chains.pop();
                self.after_brace = close == b'}';
            }
            TokenKind::Punct(b',' | b';') => self.restart(),
            TokenKind::Punct(b':') => {}
            TokenKind::Punct(_) => self.lengthen(),
            TokenKind::Ident => match text {
                b"else" | b"as" => self.lengthen(),
                b"return" | b"break" | b"yield" | b"if" | b"match" | b"while" | b"in" | b"let" => {
                    if was_brace {
                        self.restart();
                    }
                    self.lengthen();
                }
                _ if was_brace => self.restart(),
                _ => {}
            },
            _ if was_brace => self.restart(),
            _ => {}
        }
        let is_too_deep = self.chains.len() > MAX_DELIMITERS || self.total > MAX_CHAIN;
        if is_too_deep && self.too_deep.is_none() {
            self.too_deep = Some(at);
        }
    }

    fn lengthen(&mut self) {
        *self.chains.last_mut().unwrap_or(&mut self.outermost) += 1;
        self.total += 1;
    }

    fn restart(&mut self) {
        let chain = self.chains.last_mut().unwrap_or(&mut self.outermost);
        self.total -= std::mem::take(chain) as usize;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::Tokens;
    use super::*;

    fn too_deep(text: &str) -> bool {
        let mut nesting = Nesting::default();
        for token in Tokens::new(text) {
            nesting.see(
                token.kind,
                token.start,
                &text.as_bytes()[token.start..token.end],
            );
        }
        nesting.too_deep().is_some()
    }

    #[test]
    fn what_recurses_is_bounded() {
        let many = 5000;
        for text in [
            "(".repeat(many),
            "Vec<".repeat(many),
            "!".repeat(many),
            "a.b".to_owned() + &".c()".repeat(many),
            "x".to_owned() + &" + x".repeat(many),
            "if a {} else ".repeat(many),
            "return ".repeat(many),
            "|a| ".repeat(many),
            "a as ".repeat(many),
            "if a { b } else { c }.d".repeat(many),
        ] {
            assert!(too_deep(&text), "{}", &text[..20]);
        }
    }

    #[test]
    fn long_lists_and_bodies_are_not_deep() {
        let many = 5000;
        for text in [
            "a + b, ".repeat(many),
            "a.b(c).d(); ".repeat(many),
            "fn f(a: &A<B>) -> Vec<B> { a } ".repeat(many),
            "if a == b { c } match d { _ => {} } ".repeat(many),
            "A => { b } ".repeat(many),
            "}".repeat(many),
            "a::".repeat(many),
        ] {
            assert!(!too_deep(&text), "{}", &text[..20]);
        }
    }
}
