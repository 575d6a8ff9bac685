//! The identifiers that name what impls are for, seen token by token.

use super::tokens::TokenKind;
use super::words::{WordCollector, WordKey};

/// Where the last tokens stand.
#[derive(Clone, Copy, Debug, Default)]
enum Place {
    #[default]
    Elsewhere,
    /// Behind `impl`, before the block; `impl Trait` of a signature counts too.
    Impl,
    /// Behind `type`, before the semicolon.
    Alias,
    /// Behind `use`, with the last identifier.
    Use(Option<WordKey>),
}

/// Collects the words of impl headers, and those that get another name.
#[derive(Debug)]
pub(super) struct Headers {
    place: Place,
    pub words: WordCollector,
}

impl Headers {
    pub fn new() -> Headers {
        Headers {
            place: Place::default(),
            words: WordCollector::new(),
        }
    }

    pub fn see(&mut self, kind: TokenKind, text: &[u8]) {
        match (self.place, kind) {
            (Place::Elsewhere, TokenKind::Ident) => {
                self.place = match text {
                    b"impl" => Place::Impl,
                    b"type" => Place::Alias,
                    b"use" => Place::Use(None),
                    _ => Place::Elsewhere,
                };
            }
            (Place::Use(Some(renamed)), TokenKind::Ident) if text == b"as" => {
                self.words.add_key(renamed);
            }
            (Place::Use(_), TokenKind::Ident) => {
                self.place = Place::Use(Some(WordKey::of_bytes(text)));
            }
            (Place::Impl | Place::Alias, TokenKind::Ident) => self.words.add(text),
            (Place::Impl, TokenKind::Open(b'{')) | (_, TokenKind::Punct(b';')) => {
                self.place = Place::Elsewhere;
            }
            _ => {}
        }
    }
}
