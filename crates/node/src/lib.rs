//! The running peer.
