//! Finds a parameter by its path.

use crate::error::{Error, Result};
use crate::parameter::Parameter;

/// An open hash table of parameter indices; the paths stay where they are.
#[derive(Debug, Clone)]
pub(crate) struct PathIndex {
    slots: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl PathIndex {
    /// # Errors
    /// [`Error::DuplicatePath`].
    pub(crate) fn new(parameters: &[Parameter]) -> Result<Self> {
        if parameters.len() >= FREE as usize {
            return Err(Error::BadAssignment {
                reason: format!("{} parameters are too many", parameters.len()),
            });
        }
        let mut index = Self {
            slots: vec![FREE; (parameters.len() * 2).next_power_of_two()],
        };
        for (number, parameter) in (0..).zip(parameters) {
            let slot = index.slot(parameters, parameter.path());
            if index.slots[slot] != FREE {
                return Err(Error::DuplicatePath {
                    path: parameter.path().to_owned(),
                });
            }
            index.slots[slot] = number;
        }
        Ok(index)
    }

    pub(crate) fn get(&self, parameters: &[Parameter], path: &str) -> Option<usize> {
        let number = self.slots[self.slot(parameters, path)];
        (number != FREE).then_some(number as usize)
    }

    /// The slot that holds the path, or the free one where it would be.
    fn slot(&self, parameters: &[Parameter], path: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(path) as usize & mask;
        loop {
            let number = self.slots[slot];
            if number == FREE || parameters[number as usize].path() == path {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }
}

/// Multiplies and folds eight bytes at a time.
fn hash(path: &str) -> u64 {
    let mut state = path.len() as u64;
    for chunk in path.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = (state ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        state ^= state >> 29;
    }
    state ^ (state >> 32)
}
