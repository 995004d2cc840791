//! Claiming a host: being written.
