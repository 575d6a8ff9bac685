//! Reads the outline of a file in one pass over its tokens.

use std::ops::Range;

use super::framework::WORDS;
use super::headers::Headers;
use super::nesting::Nesting;
use super::outline::{BodyOutline, MacroOutline, ModuleOutline, Outline};
use super::tokens::{Token, TokenKind, Tokens};
use super::words::WordCollector;

/// What the code between two delimiters can hold.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    /// Items of this inline module, or of the file.
    Items(Option<usize>),
    /// Tokens of a macro in item position, which may be items of this module.
    MacroCall(Option<usize>),
    MacroRules(usize),
    /// The body of a function, by its place in [`Outline::bodies`].
    Body(usize),
    /// Tokens of a macro somewhere else.
    Tokens,
    Code,
}

impl Inside {
    /// The module that a `mod` here would be a child of.
    fn holds_modules(self) -> Option<Option<usize>> {
        match self {
            Inside::Items(module) | Inside::MacroCall(module) => Some(module),
            _ => None,
        }
    }
}

pub(super) fn read(text: &str) -> Outline {
    let mut reader = Reader {
        text,
        tokens: Tokens::new(text),
        words: WordCollector::new(),
        headers: Headers::new(),
        nesting: Nesting::default(),
        levels: Vec::new(),
        outline: Outline::default(),
    };
    reader.read();
    let mut outline = reader.outline;
    outline.bodies.retain(|body| !body.range.is_empty());
    outline.too_deep = reader.nesting.too_deep();
    outline.words = reader.words.finish();
    outline.implemented = reader.headers.words.finish();
    outline.mentions_framework = outline.words.may_have_any(WORDS);
    outline
}

struct Reader<'a> {
    text: &'a str,
    tokens: Tokens<'a>,
    words: WordCollector,
    headers: Headers,
    nesting: Nesting,
    levels: Vec<Inside>,
    outline: Outline,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Token> {
        let token = self
            .tokens
            .by_ref()
            .find(|token| token.kind != TokenKind::Comment)?;
        let text = &self.text.as_bytes()[token.start..token.end];
        if token.kind == TokenKind::Ident {
            self.words.add(text);
        }
        self.headers.see(token.kind, text);
        self.nesting.see(token.kind, token.start, text);
        Some(token)
    }

    fn word(&self, token: Token) -> &str {
        match token.kind {
            TokenKind::Ident => &self.text[token.start..token.end],
            _ => "",
        }
    }

    fn read(&mut self) {
        let mut attributes = 0..0;
        let mut next = self.next();
        while let Some(token) = next {
            let mut keep_attributes = false;
            next = match token.kind {
                TokenKind::Punct(b'#') => {
                    let (after, end) = self.attribute();
                    if let Some(end) = end {
                        let start = match attributes.is_empty() {
                            true => token.start,
                            false => attributes.start,
                        };
                        attributes = start..end;
                        keep_attributes = true;
                    }
                    after
                }
                TokenKind::Ident => match self.word(token) {
                    "mod" => self.module(&attributes),
                    "macro_rules" => self.macro_rules(),
                    "fn" => self.function(),
                    "struct" | "enum" | "impl" | "trait" | "type" => {
                        self.item_word();
                        self.next()
                    }
                    "pub" => {
                        keep_attributes = true;
                        self.visibility()
                    }
                    "unsafe" => {
                        keep_attributes = true;
                        self.next()
                    }
                    _ => self.next(),
                },
                TokenKind::Punct(b'!') => self.macro_call(),
                TokenKind::Open(_) => {
                    let inside = match self.levels.last() {
                        None | Some(Inside::Items(_)) => Inside::Code,
                        Some(inside) => *inside,
                    };
                    self.levels.push(inside);
                    self.next()
                }
                TokenKind::Close(_) => {
                    self.close(token);
                    self.next()
                }
                _ => self.next(),
            };
            if !keep_attributes {
                attributes = 0..0;
            }
        }
    }

    fn inside(&self) -> Inside {
        self.levels.last().copied().unwrap_or(Inside::Items(None))
    }

    fn close(&mut self, token: Token) {
        let Some(closed) = self.levels.pop() else {
            return;
        };
        if closed == self.inside() {
            return;
        }
        match closed {
            Inside::MacroRules(place) => self.outline.macros[place].body.end = token.start,
            Inside::Body(place) => self.outline.bodies[place].range.end = token.end,
            _ => {}
        }
    }

    /// At a word that begins an item.
    fn item_word(&mut self) {
        if let Inside::Body(place) = self.inside() {
            self.outline.bodies[place].may_have_items = true;
        }
    }

    /// Behind `fn`: the token after the signature, or the first in the body.
    fn function(&mut self) -> Option<Token> {
        self.item_word();
        let name = self.next()?;
        let is_outermost = matches!(self.inside(), Inside::Items(_) | Inside::Code);
        if name.kind != TokenKind::Ident || !is_outermost {
            return Some(name);
        }
        let mut depth = 0usize;
        let mut angles = 0isize;
        let mut before = b' ';
        loop {
            let token = self.next()?;
            match token.kind {
                TokenKind::Open(b'{') if depth == 0 && angles <= 0 => {
                    self.levels.push(Inside::Body(self.outline.bodies.len()));
                    self.outline.bodies.push(BodyOutline {
                        range: token.start..token.start,
                        may_have_items: false,
                    });
                    return self.next();
                }
                TokenKind::Punct(b';') if depth == 0 => return self.next(),
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) if depth == 0 => return Some(token),
                TokenKind::Close(_) => depth -= 1,
                TokenKind::Punct(b'<') => angles += 1,
                TokenKind::Punct(b'>') if before != b'-' && before != b'=' => angles -= 1,
                _ => {}
            }
            before = match token.kind {
                TokenKind::Punct(sign) => sign,
                _ => b' ',
            };
        }
    }

    /// Behind `#`: the token after the attribute, and, of an outer attribute, its end.
    fn attribute(&mut self) -> (Option<Token>, Option<usize>) {
        let mut next = self.next();
        let inner = next.is_some_and(|token| token.kind == TokenKind::Punct(b'!'));
        if inner {
            next = self.next();
        }
        if next.is_none_or(|token| token.kind != TokenKind::Open(b'[')) {
            return (next, None);
        }
        let end = self.group_end();
        (self.next(), end.filter(|_| !inner))
    }

    /// Behind `pub`: the token after the whole visibility.
    fn visibility(&mut self) -> Option<Token> {
        let next = self.next()?;
        if next.kind != TokenKind::Open(b'(') {
            return Some(next);
        }
        self.group_end()?;
        self.next()
    }

    /// Behind an opening delimiter: where its closing one ends.
    fn group_end(&mut self) -> Option<usize> {
        let mut depth = 1usize;
        loop {
            let token = self.next()?;
            match token.kind {
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(token.end);
            }
        }
    }

    /// Behind `mod`.
    fn module(&mut self, attributes: &Range<usize>) -> Option<Token> {
        let name = self.next()?;
        let Some(parent) = self.inside().holds_modules() else {
            return Some(name);
        };
        if name.kind != TokenKind::Ident {
            return Some(name);
        }
        let after = self.next()?;
        let inline = match after.kind {
            TokenKind::Punct(b';') => false,
            TokenKind::Open(b'{') => true,
            _ => return Some(after),
        };
        if inline {
            let place = Some(self.outline.modules.len());
            self.levels.push(match self.inside() {
                Inside::MacroCall(_) => Inside::MacroCall(place),
                _ => Inside::Items(place),
            });
        }
        self.outline.modules.push(ModuleOutline {
            parent,
            name: name.start..name.end,
            inline,
            attributes: attributes.clone(),
        });
        self.next()
    }

    /// Behind `macro_rules`.
    fn macro_rules(&mut self) -> Option<Token> {
        let bang = self.next()?;
        if bang.kind != TokenKind::Punct(b'!') {
            return Some(bang);
        }
        let name = self.next()?;
        if name.kind != TokenKind::Ident {
            return Some(name);
        }
        let open = self.next()?;
        if !matches!(open.kind, TokenKind::Open(_)) {
            return Some(open);
        }
        if !matches!(self.inside(), Inside::MacroRules(_)) {
            self.levels
                .push(Inside::MacroRules(self.outline.macros.len()));
            self.outline.macros.push(MacroOutline {
                name: name.start..name.end,
                body: open.end..self.text.len(),
            });
            return self.next();
        }
        Some(open)
    }

    /// Behind a `!`, which may be that of a macro call.
    fn macro_call(&mut self) -> Option<Token> {
        let next = self.next()?;
        let inside = match (next.kind, self.inside()) {
            (TokenKind::Open(_), Inside::Items(module)) => Inside::MacroCall(module),
            (TokenKind::Open(_), Inside::Code) => Inside::Tokens,
            _ => return Some(next),
        };
        self.outline.calls_item_macros |= matches!(inside, Inside::MacroCall(_));
        self.levels.push(inside);
        self.next()
    }
}
