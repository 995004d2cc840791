//! Nodes of one process that meet over real sockets on loopback.

mod devices;
mod peer;
mod private;
mod public;
