//! Programs that train small models, written at random and the same in every run.

#![allow(dead_code, reason = "each test file uses its own part")]

pub mod burn;
pub mod candle;
pub mod tch;

/// Numbers that look random and are the same in every run.
pub struct Dice(u64);

impl Dice {
    /// A number that depends on the seed alone.
    pub fn of(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1)
    }

    pub fn below(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) % sides
    }

    pub fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len() as u64) as usize]
    }
}
