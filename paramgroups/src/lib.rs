//! Ordered parameter groups.
