//! The order of one node's texts in a conversation: each has a number and names the one before it.

use sha2::{Digest, Sha256};
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Party};

/// Numbers that may be missing at once between two texts; a wider jump is no gap but a break.
pub const MAX_MISSING: u32 = 65_535;

/// A chain that is not known yet began with 1 if the first text to come has no higher number than
/// this; otherwise it is taken up where it is: what was before belongs to other nodes' histories.
pub const MAX_FIRST: u32 = 64;

const DOMAIN: &[u8] = b"streembit/chain/1";

/// The texts of one node to one account: what is numbered together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Chain {
    /// The network of the conversation.
    pub network: NetworkId,
    /// The author.
    pub from: AccountId,
    /// The author's node.
    pub node: NodeId,
    /// The other side.
    pub to: Party,
}

/// The hash of a text as it was written, whomever and however often it was encrypted for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LinkHash([u8; 32]);

/// Where a text stands in its chain.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Link {
    /// Its number, from 1.
    pub sequence: u32,
    /// The hash of the one before it; none for the first.
    pub previous: Option<LinkHash>,
}

/// The place of a message is none that it can have.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the message has no place that a message can have")]
pub struct NoLink;

/// The last link of a chain.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tail {
    /// Its number.
    pub sequence: u32,
    /// Its hash.
    pub hash: LinkHash,
}

/// A known text behind the place of one that comes late.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Later {
    /// Its number.
    pub sequence: u32,
    /// What it says is before it; known while that is missing.
    pub previous: Option<LinkHash>,
    /// How many are missing directly before it.
    pub missing: u32,
}

/// What is known around the place of a text that comes late.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Around {
    /// Whether another text has its number.
    pub is_taken: bool,
    /// The hash of the text with the number before.
    pub before: Option<LinkHash>,
    /// The nearest one with a higher number.
    pub later: Option<Later>,
}

/// What to make of a text that comes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// At the end, with so many missing before it.
    End {
        /// How many.
        missing: u32,
    },
    /// So far before the next one known.
    Before {
        /// By how many numbers.
        distance: u32,
        /// How many are missing directly before it.
        missing: u32,
    },
    /// At the end, apart from the others: those behind its place are not here any more.
    Apart,
    /// At the end, and it contradicts what its author's node said before.
    Conflict {
        /// Whether the chain goes on from here.
        is_tail: bool,
    },
}

impl Chain {
    /// Returns the hash of a text of this chain: of its id and its body.
    #[must_use]
    pub fn hash(&self, id: MessageId, body: &[u8]) -> LinkHash {
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        hash.update(self.network.as_bytes());
        hash.update(self.from.as_bytes());
        hash.update(self.node.as_bytes());
        hash.update(self.to.as_bytes());
        hash.update(id.as_bytes());
        hash.update(body);
        LinkHash(hash.finalize().into())
    }
}

impl LinkHash {
    /// Takes the bytes of a hash.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Link {
    /// The link after `tail`; none after four thousand million texts.
    #[must_use]
    pub fn after(tail: Option<Tail>) -> Option<Self> {
        match tail {
            None => Some(Self {
                sequence: 1,
                previous: None,
            }),
            Some(tail) => Some(Self {
                sequence: tail.sequence.checked_add(1)?,
                previous: Some(tail.hash),
            }),
        }
    }

    /// Reads a link from the two parts in which it travels; none where neither is there.
    ///
    /// # Errors
    /// When it can be in no chain.
    pub fn read(sequence: Option<u32>, previous: Option<[u8; 32]>) -> Result<Option<Self>, NoLink> {
        let previous = previous.map(LinkHash);
        match (sequence, previous) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(NoLink),
            (Some(sequence), previous) => {
                let link = Self { sequence, previous };
                link.is_sound().then_some(Some(link)).ok_or(NoLink)
            }
        }
    }

    /// Tells whether a link can be in any chain: only the first has none before it.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.sequence > 0 && (self.sequence == 1) == self.previous.is_none()
    }

    /// Tells where a text goes whose number is above the last; none if it is not.
    #[must_use]
    pub fn at_end(&self, tail: Option<Tail>) -> Option<Place> {
        let Some(tail) = tail else {
            let before = self.sequence.saturating_sub(1);
            let missing = if self.sequence > MAX_FIRST { 0 } else { before };
            return Some(Place::End { missing });
        };
        let missing = self.sequence.checked_sub(tail.sequence)?.checked_sub(1)?;
        let follows = missing > 0 || self.previous == Some(tail.hash);
        Some(if follows && missing <= MAX_MISSING {
            Place::End { missing }
        } else {
            Place::Conflict { is_tail: true }
        })
    }

    /// Tells where a text with the hash `hash` goes whose number is not above the last.
    #[must_use]
    pub fn in_between(&self, hash: LinkHash, around: Around) -> Place {
        let Some(later) = around.later.filter(|_| !around.is_taken) else {
            return match around.is_taken {
                true => Place::Conflict { is_tail: false },
                false => Place::Apart,
            };
        };
        let distance = later.sequence.saturating_sub(self.sequence);
        let contradicts_before = around
            .before
            .is_some_and(|before| self.previous != Some(before));
        let contradicts_later =
            distance == 1 && later.previous.is_some_and(|previous| previous != hash);
        if contradicts_before || contradicts_later || distance > MAX_MISSING {
            return Place::Conflict { is_tail: false };
        }
        Place::Before {
            distance,
            missing: later.missing.saturating_sub(distance),
        }
    }
}

#[cfg(test)]
mod tests;
