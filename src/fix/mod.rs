//! Applying the edits that findings offer. Nothing is decided about code here: what is edited, the lints say.
//!
//! Edits are tried on texts in memory. A trial counts if the workspace, linted again with the new texts, no longer has the findings that
//! were to go, has no other finding that it hadn't before, and is followed as far as before. Only then files are written.

mod apply;
mod diff;
mod rounds;
mod vcs;
mod write;

pub use apply::{Edited, edited};
pub use diff::unified;
pub use rounds::{Change, Outcome, Refusal, Which, fix};
pub use vcs::{Permissions, VcsError, check as check_vcs};
pub use write::{WriteError, write_all};
