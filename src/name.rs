//! Interned identifiers.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Deref;
use std::sync::{LazyLock, PoisonError, RwLock};

/// An identifier, interned for the life of the process: copying is free, equality is by pointer.
#[derive(Clone, Copy)]
pub struct Name(&'static str);

static INTERNED: LazyLock<RwLock<Names>> = LazyLock::new(Default::default);

type Names = HashSet<&'static str, BuildHasherDefault<Fnv>>;

thread_local! {
    /// What this thread has asked for before, without a lock.
    static KNOWN: RefCell<Names> = RefCell::default();
}

/// FNV-1a: names are short, and come from the code that is read.
#[derive(Clone, Copy)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Name {
    pub fn new(text: &str) -> Self {
        KNOWN.with_borrow_mut(|known| match known.get(text) {
            Some(found) => Name(found),
            None => {
                let name = Name::interned(text);
                known.insert(name.0);
                name
            }
        })
    }

    fn interned(text: &str) -> Self {
        if let Some(found) = INTERNED
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(text)
        {
            return Name(found);
        }
        let mut interned = INTERNED.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = interned.get(text) {
            return Name(found);
        }
        let kept: &'static str = Box::leak(text.into());
        interned.insert(kept);
        Name(kept)
    }

    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        self.0
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl std::hash::Hash for Name {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.0.as_ptr() as usize).hash(state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(other.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}
