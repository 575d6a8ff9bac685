//! A lexer that is only as exact as telling code from comments, strings, characters and lifetimes needs.

/// A token, or a comment, as a byte range of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Keywords too; of `r#type` the range leaves out `r#`.
    Ident,
    Lifetime,
    /// A string, byte string or C string, raw or not.
    Str,
    /// A character or byte.
    Char,
    Number,
    /// One character of an operator.
    Punct(u8),
    /// `(`, `[` or `{`.
    Open(u8),
    /// `)`, `]` or `}`.
    Close(u8),
    /// A line or block comment; doc comments too.
    Comment,
}

/// The tokens and comments of a text. What isn't Rust still ends: an open string or comment runs to the end of the text.
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    /// Starts behind the byte order mark and the shebang.
    pub fn new(text: &'a str) -> Self {
        Tokens {
            bytes: text.as_bytes(),
            at: code_start(text),
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn skip_while(&mut self, test: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|byte| test(*byte)) {
            self.at += 1;
        }
    }

    fn line_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n');
        self.at += length.unwrap_or(rest.len());
    }

    fn block_comment(&mut self) {
        let mut depth = 0usize;
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
    }

    /// From the opening quote on.
    fn string(&mut self) {
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
    }

    /// From the first `#` or the opening quote on; false, and nothing is taken, if it isn't a raw string.
    fn raw_string(&mut self) -> bool {
        let hashes = self.bytes[self.at..]
            .iter()
            .take_while(|byte| **byte == b'#')
            .count();
        if self.peek(hashes) != b'"' {
            return false;
        }
        self.at += hashes + 1;
        while self.at < self.bytes.len() {
            let closes = self.bytes[self.at] == b'"'
                && self.bytes[self.at + 1..]
                    .iter()
                    .take(hashes)
                    .filter(|byte| **byte == b'#')
                    .count()
                    == hashes;
            self.at += 1;
            if closes {
                self.at += hashes;
                return true;
            }
        }
        true
    }

    /// From a `'` on: a character, or a lifetime.
    fn quote(&mut self) -> TokenKind {
        if self.peek(1) == b'\\' {
            self.character();
            return TokenKind::Char;
        }
        let width = match self.peek(1) {
            0..0xC0 => 1,
            0xC0..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        if self.peek(1) != b'\'' && self.peek(1 + width) == b'\'' {
            self.at += width + 2;
            return TokenKind::Char;
        }
        self.at += 1;
        self.skip_while(is_ident_byte);
        TokenKind::Lifetime
    }

    /// A character that starts with an escape, or whatever follows `b'`; it ends on its line.
    fn character(&mut self) {
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\\' => self.at += 2,
                b'\'' => {
                    self.at += 1;
                    return;
                }
                b'\n' => return,
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
    }

    fn number(&mut self) {
        self.skip_while(is_ident_byte);
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            self.skip_while(is_ident_byte);
        }
    }

    /// Of an identifier, or of the literal that it is the prefix of: the kind and the start.
    fn word(&mut self) -> (TokenKind, usize) {
        let start = self.at;
        self.skip_while(is_ident_byte);
        let word = &self.bytes[start..self.at];
        match (word, self.peek(0)) {
            (b"b" | b"c", b'"') => {
                self.string();
                (TokenKind::Str, start)
            }
            (b"b", b'\'') => {
                self.character();
                (TokenKind::Char, start)
            }
            (b"r" | b"br" | b"cr", b'"' | b'#') => {
                if self.raw_string() {
                    (TokenKind::Str, start)
                } else if word == b"r" && is_ident_start(self.peek(1)) {
                    self.at += 1;
                    let start = self.at;
                    self.skip_while(is_ident_byte);
                    (TokenKind::Ident, start)
                } else {
                    (TokenKind::Ident, start)
                }
            }
            _ => (TokenKind::Ident, start),
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_while(|byte| byte.is_ascii_whitespace());
        let mut start = self.at;
        let first = *self.bytes.get(start)?;
        let kind = match first {
            b'/' if self.peek(1) == b'/' => {
                self.line_comment();
                TokenKind::Comment
            }
            b'/' if self.peek(1) == b'*' => {
                self.block_comment();
                TokenKind::Comment
            }
            b'"' => {
                self.string();
                TokenKind::Str
            }
            b'\'' => self.quote(),
            b'0'..=b'9' => {
                self.number();
                TokenKind::Number
            }
            byte if is_ident_start(byte) => {
                let (kind, from) = self.word();
                start = from;
                kind
            }
            b'(' | b'[' | b'{' => {
                self.at += 1;
                TokenKind::Open(first)
            }
            b')' | b']' | b'}' => {
                self.at += 1;
                TokenKind::Close(first)
            }
            _ => {
                self.at += 1;
                TokenKind::Punct(first)
            }
        };
        self.at = self.at.min(self.bytes.len());
        Some(Token {
            kind,
            start,
            end: self.at,
        })
    }
}

fn is_ident_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_ident_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Where Rust begins: behind the byte order mark and the shebang line, whose line end still belongs to the code.
pub fn code_start(text: &str) -> usize {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = &text[bom..];
    let is_shebang = rest
        .strip_prefix("#!")
        .is_some_and(|after| !first_code(after).starts_with('['));
    match is_shebang {
        true => bom + rest.find('\n').unwrap_or(rest.len()),
        false => bom,
    }
}

/// The text from its first token on.
fn first_code(text: &str) -> &str {
    let mut tokens = Tokens {
        bytes: text.as_bytes(),
        at: 0,
    };
    let first = tokens.find(|token| token.kind != TokenKind::Comment);
    first.map_or("", |token| &text[token.start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        Tokens::new(text)
            .filter(|token| token.kind == TokenKind::Ident)
            .map(|token| &text[token.start..token.end])
            .collect()
    }

    fn kinds(text: &str) -> Vec<TokenKind> {
        Tokens::new(text).map(|token| token.kind).collect()
    }

    #[test]
    fn words_in_comments_and_literals_are_not_identifiers() {
        let text = r##"a // b
            /* c /* d */ e */ f "g \" h" r#"i " j"# b"k" br"l" 'm' b'n' '\'' c"o" 'p z"##;
        assert_eq!(words(text), ["a", "f", "z"]);
    }

    #[test]
    fn a_raw_identifier_is_the_word_without_its_mark() {
        assert_eq!(words("r#type r r#\"x\"# br"), ["type", "r", "br"]);
    }

    #[test]
    fn lifetimes_and_characters_differ() {
        use TokenKind::*;
        assert_eq!(
            kinds("'a 'b' 'é' '_ '\\u{1}'"),
            [Lifetime, Char, Char, Lifetime, Char]
        );
        assert_eq!(
            kinds("<'a>(')')"),
            [
                Punct(b'<'),
                Lifetime,
                Punct(b'>'),
                Open(b'('),
                Char,
                Close(b')')
            ]
        );
    }

    #[test]
    fn a_range_is_two_numbers_and_a_float_is_one() {
        use TokenKind::*;
        assert_eq!(kinds("0..2"), [Number, Punct(b'.'), Punct(b'.'), Number]);
        assert_eq!(kinds("1.5e3 2.max"), [Number, Number, Punct(b'.'), Ident]);
    }

    #[test]
    fn what_is_left_open_runs_to_the_end() {
        for text in ["\"abc", "/* /* */", "r##\"x\"#", "'\\", "\"\\", "b'", "'"] {
            let last = Tokens::new(text).last().map(|token| token.end);
            assert_eq!(last, Some(text.len()), "{text}");
        }
    }

    #[test]
    fn code_starts_behind_byte_order_mark_and_shebang() {
        assert_eq!(code_start("\u{feff}#!/bin/run\nfn"), 3 + 10);
        assert_eq!(code_start("#![allow(x)]"), 0);
        assert_eq!(code_start("#! /* c */ [allow(x)]"), 0);
        assert_eq!(code_start("#!run"), 5);
    }
}
