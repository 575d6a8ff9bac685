//! Which identifiers a file has, small enough to keep for every file.

/// The identifiers of a text. May claim a word that isn't there, about once in a million times; never misses one.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Sorted.
    hashes: Box<[u32]>,
}

/// A word to ask many texts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordKey(u32);

impl WordKey {
    pub fn of(word: &str) -> WordKey {
        WordKey::of_bytes(word.as_bytes())
    }

    pub(super) fn of_bytes(word: &[u8]) -> WordKey {
        WordKey(hash(word))
    }
}

impl Words {
    pub fn may_have(&self, word: &str) -> bool {
        self.may_have_key(WordKey::of(word))
    }

    pub fn may_have_key(&self, word: WordKey) -> bool {
        self.hashes.binary_search(&word.0).is_ok()
    }

    /// The identifiers of all these texts.
    pub fn of_all<'w>(all: impl Iterator<Item = &'w Words>) -> Words {
        let mut hashes: Vec<u32> = Vec::new();
        for words in all {
            hashes.extend(&words.hashes);
            if hashes.len() > 1 << 16 {
                hashes.sort_unstable();
                hashes.dedup();
            }
        }
        hashes.sort_unstable();
        hashes.dedup();
        Words {
            hashes: hashes.into(),
        }
    }

    pub fn may_have_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.may_have(word))
    }
}

/// Collects the identifiers of one text.
#[derive(Debug)]
pub(super) struct WordCollector {
    /// Open addressing; 0 is an empty slot. The length is a power of two.
    slots: Vec<u32>,
    taken: usize,
}

impl WordCollector {
    pub fn new() -> Self {
        WordCollector {
            slots: vec![0; 1024],
            taken: 0,
        }
    }

    pub fn add(&mut self, word: &[u8]) {
        self.insert(hash(word));
    }

    pub fn add_key(&mut self, word: WordKey) {
        self.insert(word.0);
    }

    fn insert(&mut self, hash: u32) {
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            match self.slots[place] {
                0 => break,
                found if found == hash => return,
                _ => place = (place + 1) & mask,
            }
        }
        self.slots[place] = hash;
        self.taken += 1;
        if self.taken * 2 > self.slots.len() {
            let doubled = vec![0; self.slots.len() * 2];
            let old = std::mem::replace(&mut self.slots, doubled);
            self.taken = 0;
            for hash in old.into_iter().filter(|hash| *hash != 0) {
                self.insert(hash);
            }
        }
    }

    pub fn finish(self) -> Words {
        let mut hashes: Vec<u32> = self.slots.into_iter().filter(|hash| *hash != 0).collect();
        hashes.sort_unstable();
        Words {
            hashes: hashes.into(),
        }
    }
}

/// FNV-1a; never 0.
fn hash(word: &[u8]) -> u32 {
    let hash = word.iter().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    hash.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_again_and_others_are_not() {
        let mut collector = WordCollector::new();
        for number in 0..5000 {
            collector.add(format!("word{number}").as_bytes());
        }
        let words = collector.finish();
        assert!((0..5000).all(|number| words.may_have(&format!("word{number}"))));
        assert!(!words.may_have("word"));
        assert!(!words.may_have_any(&["match", "tch"]));
    }

    #[test]
    fn the_words_of_many_texts_are_those_of_each() {
        let of = |word: &str| {
            let mut collector = WordCollector::new();
            collector.add(word.as_bytes());
            collector.finish()
        };
        let all = Words::of_all([of("left"), of("right"), of("left")].iter());
        assert_eq!(all.hashes.len(), 2);
        assert!(all.may_have("left") && all.may_have("right") && !all.may_have("middle"));
    }
}
