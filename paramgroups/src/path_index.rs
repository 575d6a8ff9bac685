//! Finds a parameter by its path.

use crate::error::{Error, Result};
use crate::parameter::Parameter;

/// An open hash table of parameter indices; the paths stay where they are.
///
/// Probing reads the tags only, which are small enough for the cache.
#[derive(Debug, Clone)]
pub(crate) struct PathIndex {
    /// A byte of each path's hash, or [`FREE`].
    tags: Vec<u8>,
    indices: Vec<usize>,
}

const FREE: u8 = 0;

/// Refuses a path given twice.
///
/// Sorts the hashes: cheaper than filling a table, which is only needed to look paths up.
///
/// # Errors
/// [`Error::DuplicatePath`].
pub(crate) fn check_distinct(parameters: &[Parameter]) -> Result<()> {
    let mut hashes: Vec<u64> = parameters.iter().map(|p| hash(p.path())).collect();
    hashes.sort_unstable();
    if hashes.windows(2).all(|pair| pair[0] != pair[1]) {
        return Ok(());
    }
    let mut seen = std::collections::HashSet::new();
    match parameters.iter().find(|p| !seen.insert(p.path())) {
        Some(parameter) => Err(Error::DuplicatePath {
            path: parameter.path().to_owned(),
        }),
        None => Ok(()),
    }
}

impl PathIndex {
    /// Indexes distinct paths.
    pub(crate) fn new(parameters: &[Parameter]) -> Self {
        let places = (parameters.len() * 2).next_power_of_two();
        let mut table = Self {
            tags: vec![FREE; places],
            indices: vec![0; places],
        };
        for (index, parameter) in parameters.iter().enumerate() {
            let path = parameter.path();
            let hash = hash(path);
            let place = table.place(parameters, path, hash);
            table.tags[place] = tag(hash);
            table.indices[place] = index;
        }
        table
    }

    pub(crate) fn get(&self, parameters: &[Parameter], path: &str) -> Option<usize> {
        let place = self.place(parameters, path, hash(path));
        (self.tags[place] != FREE).then_some(self.indices[place])
    }

    /// The place of the path, or the free one where it would be.
    fn place(&self, parameters: &[Parameter], path: &str, hash: u64) -> usize {
        let mask = self.tags.len() - 1;
        let tag = tag(hash);
        let mut place = hash as usize & mask;
        loop {
            let have = self.tags[place];
            let is_path = || have == tag && parameters[self.indices[place]].path() == path;
            if have == FREE || is_path() {
                return place;
            }
            place = (place + 1) & mask;
        }
    }
}

fn tag(hash: u64) -> u8 {
    ((hash >> 56) as u8).max(FREE + 1)
}

/// Multiplies and folds eight bytes at a time.
fn hash(path: &str) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = path.len() as u64;
    let (words, rest) = path.as_bytes().as_chunks::<8>();
    for word in words {
        state = mix(state ^ u64::from_le_bytes(*word), ODD);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(state ^ u64::from_le_bytes(last), ODD)
}

/// Folds the two halves of the product.
fn mix(word: u64, odd: u64) -> u64 {
    let product = u128::from(word ^ odd) * u128::from(odd);
    (product as u64) ^ ((product >> 64) as u64)
}
