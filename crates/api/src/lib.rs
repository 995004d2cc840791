//! The command table, events and error codes.
//!
//! Everything that the window, the headless node's socket and other people's programs may ask
//! is declared here once.

pub mod error;
pub mod types;

pub use error::{Code, Error};
pub mod table;
#[cfg(test)]
mod typescript;
