//! Nodes of one process that meet over real sockets on loopback.

mod peer;
mod private;
mod public;
