//! How a host of things gets its owner: the claim, as two state machines and their messages.
//!
//! Claimer and host speak in a swarm of their own, and nothing else is spoken there:
//!
//! 1. *Request*: the claimer proves the secret of the link. The host reserves itself for it.
//! 2. *Offer*: the host names its things.
//! 3. *Commit*: the claimer hands over all that the host needs in the chosen network. The host
//!    persists it in one transaction, or nothing.
//! 4. *Done*: only now the claimer's side takes effect, from what it persisted before step 3.
//!
//! Whoever loses power or the connection after step 3 asks again with the same attempt: a host
//! that committed answers *done* however often, one that did not never will. So in the end both
//! sides hold the claim or neither does.

mod claimer;
mod message;
mod window;

pub use claimer::{ClaimAnswer, Claimer, ClaimerError};
pub use message::{
    Attempt, ClaimCommit, ClaimDone, ClaimOffer, ClaimRefusal, ClaimRequest, Destination, Offer,
    decode, encode,
};
pub use window::{ClaimWindow, MAX_OPEN, MIN_OPEN, OPEN};

#[cfg(test)]
mod simulation;
