//! Stands in for a backend that this workspace never turns on.
