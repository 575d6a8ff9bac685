//! Suppression comments without effect.

/// ## What it does
/// Reports a suppression comment that suppresses nothing, or that names a lint which doesn't exist.
///
/// ## Why is this bad?
/// The comment claims a problem that is not there, and would hide the next one that appears at its place. Mostly the code was repaired and the
/// comment forgotten, or the name is misspelt and the finding is still reported.
///
/// ## Example
/// ```rust
/// // modlint: allow(flat_sequental) trained from scratch
/// let model = seq().add(first).add(second);
/// ```
/// Write the name as `cargo modlint lints` shows it, or remove the comment:
/// ```rust
/// // modlint: allow(flat_sequential) trained from scratch
/// let model = seq().add(first).add(second);
/// ```
///
/// ## When it stays silent
/// - At least one of the comment's lints found something at this place, at whatever level: a lint that is set to `allow` counts.
/// - The file could not be parsed, so it isn't known what the comment suppresses.
///
/// ## Fix
/// Remove the comment. For a misspelt name the help names the lint that was probably meant.
pub struct UnusedSuppression;
