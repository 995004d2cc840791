//! Files on their way: what is offered, which parts are there, which are asked for next.
//!
//! Pure like the rest of this crate. The recipient pulls: a [`Fetch`] says which groups of the file
//! to ask for and what to do with what comes; a [`Serve`] says what may be sent. Everything that
//! arrives is checked against the BLAKE3 tree of the offer before it counts.

mod cipher;
mod fetch;
mod frame;
mod have;
mod layout;
mod name;
mod offer;
mod rate;
mod serve;
#[cfg(test)]
mod simulation;
mod tree;

pub use cipher::{Cipher, Forged, LEAVES, TAG};
pub use fetch::{Action, Event, Failure, Fetch, STALL};
pub use frame::{ANSWER, ASK, Answer, Ask, GROUP, Hello, STOP, Stop};
pub use have::Have;
pub use layout::{Layout, MAX_GROUPS, MAX_SIZE};
pub use name::{FileName, MAX_NAME};
pub use offer::{End, Media, Offer, Outcome};
pub use rate::Rate;
pub use serve::{Overdrawn, Serve};
pub use tree::{Leaf, Leaves, WrongTree, leaf};
