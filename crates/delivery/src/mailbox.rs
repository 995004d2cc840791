//! Mailboxes: what one node keeps for others who are away, for whom, and how much of it.
//!
//! The keeping side decides here and stores elsewhere; what it keeps it cannot read.

mod agreement;
mod keepers;
mod quota;
mod shelf;
mod visit;

pub use self::agreement::{Agreements, MAX_AGREEMENTS, NoRoom, Offer, Terms};
pub use self::keepers::{Entry, Keeper, Keepers, MAX_NAMED, Wish};
pub use self::quota::{Amount, Quota};
pub use self::shelf::{Copy, Deposited, Parcel, Shelf, Token};
pub use self::visit::{MAX_PUT_OFF, Visit};

use std::time::Duration;

use thiserror::Error;

/// How long a copy is kept at most.
pub const KEPT_FOR: Duration = Duration::from_hours(14 * 24);

/// Largest copy, in bytes: a page has room for one.
pub const MAX_COPY: usize = 352 * 1024;

/// A mailbox keeps a copy not, because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum Refusal {
    /// its depositor may not leave anything.
    #[error("nothing is kept from this sender")]
    Denied,
    /// there is no more room.
    #[error("the mailbox is full")]
    Full,
    /// it is larger than any copy may be.
    #[error("it is too large for a mailbox")]
    TooLarge,
    /// nothing is kept for its recipient.
    #[error("the mailbox keeps nothing for this recipient")]
    Unknown,
}
