//! End-to-end encryption: Olm sessions between two nodes, Megolm sessions for a group, and what
//! travels in them.
//!
//! Pure: no I/O, no clock. vodozemac draws the randomness of keys by itself, which is the one
//! exception to the rule that randomness is an argument: a session whose keys a caller could choose
//! would be a session that a caller could spoil. Whoever calls stores what comes out, in one step
//! with what was sent or received.

mod cover;
mod device;
pub mod group;
mod inside;
mod pair;
mod pickle;
mod sealed;

pub use cover::{UncoverError, cover};
pub use device::Device;
pub use inside::{Astray, Inside, Route};
pub use pair::{BeginError, MAX_SESSIONS, OpenError, Pair, SealError};
pub use pickle::PickleError;
pub use sealed::{Sealed, SessionId};
