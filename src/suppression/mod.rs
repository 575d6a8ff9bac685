//! `// modlint: allow(flat_sequential) reason`: comments that take findings back.

mod apply;
mod comment;
mod units;

pub use apply::apply;
