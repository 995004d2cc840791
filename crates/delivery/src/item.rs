//! One message on its way to one destination.

use streembit_identity::{AccountId, MessageId, NodeId, Timestamp};

use crate::State;

/// Where an item goes.
///
/// A message for an account with several nodes is one item for each of them.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Destination {
    /// Whom it is for.
    pub account: AccountId,
    /// At which of the account's nodes; none for whichever answers first, while none is known.
    pub node: Option<NodeId>,
}

impl Destination {
    /// Whichever node of `account` answers first.
    pub fn any(account: AccountId) -> Self {
        Self {
            account,
            node: None,
        }
    }

    /// One node of `account`.
    pub fn at(account: AccountId, node: NodeId) -> Self {
        Self {
            account,
            node: Some(node),
        }
    }
}

/// One message on its way to one destination.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Item {
    /// The message's id, the same on every try.
    pub id: MessageId,
    /// Where it goes.
    pub to: Destination,
    /// Its place in the queue: the lower goes first. Unique within an outbox.
    pub order: u64,
    /// How far it had got when it was handed over; after a restart, what the store says.
    pub state: State,
    /// Whether others may be on their way at the same time.
    pub pace: Pace,
    /// When it is given up.
    pub until: Timestamp,
    /// Whether mailboxes may have a part in it.
    pub mail: Mail,
}

/// What mailboxes may do for an item.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mail {
    /// Nothing: it is handed over or given up.
    Never,
    /// Keep a copy, until this time if they do already; only the account's receipt ends it.
    Copy(Option<Timestamp>),
    /// Keep it: nobody answers it, so then it is done.
    Instead,
}

/// Whether an item may share the way with others to the same destination.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pace {
    /// Everything before it is answered first, and nothing after it starts until it is answered:
    /// for what later items depend on, such as the answer to a contact request.
    Alone,
    /// Up to a window of them at once.
    Together,
}
