//! Nodes of one process that meet over real sockets on loopback.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "what a test needs and does not get ends it"
)]

mod devices;
mod peer;
mod private;
mod public;
