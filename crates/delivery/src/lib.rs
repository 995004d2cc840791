//! How a message gets there: what is on its way, in which order, when it is tried again.
//!
//! Pure: no I/O, no clock, no randomness of its own. The node stores a message first, then tells
//! the [`Outbox`] about it, and does what the outbox answers. Nothing here knows what a message
//! says; it knows ids, destinations and times.

mod backoff;
mod chain;
mod drops;
pub mod gap;
mod item;
mod lane;
pub mod mailbox;
mod outbox;
#[cfg(test)]
mod simulation;
mod state;
pub mod transfer;

pub use backoff::{Jitter, delay};
pub use chain::{
    Around, Chain, Later, Link, LinkHash, MAX_FIRST, MAX_MISSING, NoLink, Place, Tail,
};
pub use gap::Range;
pub use item::{Destination, Item, Mail, Pace};
pub use lane::{FLIGHT_LIMIT, SEEK_LIMIT, WINDOW};
pub use outbox::{Action, Event, Full, MAX_ITEMS, MAX_ITEMS_PER_ACCOUNT, Outbox};
pub use state::{Receipt, State, UnknownState};
