//! One message on its way to one account.

use streembit_identity::{AccountId, MessageId, Timestamp};

use crate::State;

/// One message on its way to one account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Item {
    /// The message's id, the same on every try.
    pub id: MessageId,
    /// Whom it is for.
    pub to: AccountId,
    /// Its place in the queue: the lower goes first. Unique within an outbox.
    pub order: u64,
    /// How far it had got when it was handed over; after a restart, what the store says.
    pub state: State,
    /// Whether others may be on their way at the same time.
    pub pace: Pace,
    /// When it is given up.
    pub until: Timestamp,
}

/// Whether an item may share the way with others to the same account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pace {
    /// Everything before it is answered first, and nothing after it starts until it is answered:
    /// for what later items depend on, such as the answer to a contact request.
    Alone,
    /// Up to a window of them at once.
    Together,
}
