//! A file without the bodies of its functions: most of its tokens are in them, and most are never asked for.

use crate::source::BodyOutline;

/// The code of a file in which each body is `{}`.
pub(super) struct Skeleton {
    pub code: String,
    /// Where the code starts in the file.
    pub base: u32,
    pub cuts: Vec<Cut>,
}

/// Something left out.
pub(super) struct Cut {
    /// Where it is missing, in the skeleton.
    pub at: u32,
    /// How many bytes are missing up to here.
    pub missing: u32,
}

impl Skeleton {
    /// `start` is where Rust begins in the text.
    pub fn of(text: &str, start: usize, bodies: &[BodyOutline]) -> Self {
        let mut code = String::with_capacity(text.len() / 4);
        let mut cuts = Vec::with_capacity(bodies.len());
        let mut from = start;
        for body in bodies {
            let (open, close) = (body.range.start + 1, body.range.end - 1);
            code.push_str(&text[from..open]);
            from = close;
            cuts.push(Cut {
                at: code.len() as u32,
                missing: (from - start - code.len()) as u32,
            });
        }
        code.push_str(&text[from..]);
        Skeleton {
            code,
            base: start as u32,
            cuts,
        }
    }
}
