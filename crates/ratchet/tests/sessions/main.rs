//! Sessions between two nodes, as the store and the wire may treat them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "it is how a test says that something is not as it should be"
)]

mod covered;
mod limits;
mod refused;
mod simulation;
mod support;
mod together;
