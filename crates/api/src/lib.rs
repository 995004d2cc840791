//! The command table, events and error codes.
//!
//! Everything that the window, the headless node's socket and other people's programs may ask
//! is declared here once.

mod calls;
pub mod control;
pub mod error;
pub mod events;
#[doc(hidden)]
pub mod fuzzing;
mod host;
mod practice;
mod rights;
pub mod table;
pub mod types;
#[cfg(test)]
mod typescript;
mod view;

pub use error::{Code, Error};
pub use events::Events;
pub use host::{Host, Window};
pub use streembit_node::{self as node, profile};
