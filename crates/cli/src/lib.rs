//! The headless node.
