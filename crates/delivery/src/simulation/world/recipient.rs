//! A recipient: stores before it answers, answers a duplicate with the same receipt.

use streembit_identity::{AccountKey, MessageId, NodeKey};
use zeroize::Zeroizing;

use super::Answer;
use crate::Destination;

/// One recipient and its disk.
pub(crate) struct Recipient {
    pub(crate) place: Destination,
    pub(crate) linked: bool,
    pub(crate) busy: bool,
    /// The disk: every message that was stored. Survives crashes.
    disk: Vec<MessageId>,
}

impl Recipient {
    /// A node of the account of `seed`.
    pub(crate) fn new(seed: u8, node: Option<u8>) -> Self {
        let account = AccountKey::from_seed(&Zeroizing::new([seed; 32])).id();
        let node = node.map(|seed| NodeKey::from_seed(&Zeroizing::new([seed; 32])).id());
        let place = Destination { account, node };
        Self {
            place,
            linked: false,
            busy: false,
            disk: Vec::new(),
        }
    }

    /// Takes a message in; none if it crashed on the way.
    pub(crate) fn take(&mut self, id: MessageId, crash: bool) -> Option<Answer> {
        if self.busy {
            return Some(Answer::Busy);
        }
        if !self.disk.contains(&id) {
            self.disk.push(id);
        }
        // A crash after the commit and before the answer: the sender must try again.
        if crash { None } else { Some(Answer::Stored) }
    }

    pub(crate) fn crash(&mut self) {
        self.linked = false;
    }

    /// How often a message was stored.
    pub(crate) fn stored(&self, id: MessageId) -> usize {
        self.disk.iter().filter(|stored| **stored == id).count()
    }
}
