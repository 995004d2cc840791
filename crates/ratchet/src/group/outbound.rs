//! The session that one node writes in, and who has its key.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use streembit_identity::{GroupId, NodeId, Timestamp};
use vodozemac::megolm::{GroupSession, GroupSessionPickle, SessionConfig};
use zeroize::{Zeroize, Zeroizing};

use super::{GroupInside, GroupKey, GroupSealed, GroupSessionId};
use crate::pickle::{self, PickleError};

/// Messages in one session at most.
pub const ROTATION_MESSAGES: u32 = 100;

/// How long one session is used at most.
pub const ROTATION_TIME: Duration = Duration::from_hours(7 * 24);

/// Nodes that may have the key of one session: those of 50 members.
pub const MAX_READERS: usize = 50 * 32;

/// The session that one node writes in.
pub struct Outbound {
    group: GroupId,
    session: GroupSession,
    since: Timestamp,
    readers: BTreeSet<NodeId>,
}

/// A session, as it is stored.
#[derive(Decode, Encode)]
#[cbor(map)]
struct OutboundPickle {
    #[n(1)]
    group: GroupId,
    #[n(2)]
    session: ByteVec,
    #[n(3)]
    since: Timestamp,
    #[n(4)]
    readers: Vec<NodeId>,
}

impl Drop for OutboundPickle {
    fn drop(&mut self) {
        self.session.zeroize();
    }
}

impl Outbound {
    /// Draws a session that nobody has the key of.
    pub fn new(group: GroupId, now: Timestamp) -> Self {
        Self {
            group,
            session: GroupSession::new(SessionConfig::version_1()),
            since: now,
            readers: BTreeSet::new(),
        }
    }

    /// Returns a session to write in for `readers`: `self`, unless it was used for long enough or
    /// somebody has its key who is to read no longer.
    #[must_use]
    pub fn for_readers(self, readers: &BTreeSet<NodeId>, now: Timestamp) -> Self {
        let is_old = self.session.message_index() >= ROTATION_MESSAGES
            || now.since(self.since) >= ROTATION_TIME
            || self.since > now;
        if is_old || !self.readers.is_subset(readers) {
            Self::new(self.group, now)
        } else {
            self
        }
    }

    /// Returns the session's id.
    pub fn id(&self) -> GroupSessionId {
        GroupSessionId::of(&self.session.session_id())
    }

    /// Returns those of `readers` that lack the key.
    pub fn lacking(&self, readers: &BTreeSet<NodeId>) -> Vec<NodeId> {
        readers.difference(&self.readers).copied().collect()
    }

    /// Returns the key for `reader`, which opens what is written from now on, and notes that it has it.
    ///
    /// None when as many have it as may.
    pub fn key_for(&mut self, reader: NodeId) -> Option<GroupKey> {
        if self.readers.len() >= MAX_READERS && !self.readers.contains(&reader) {
            return None;
        }
        self.readers.insert(reader);
        Some(GroupKey::new(self.group, &self.session.session_key()))
    }

    /// Notes that `reader` lost the key.
    pub fn lost(&mut self, reader: NodeId) {
        self.readers.remove(&reader);
    }

    /// Seals a message for everybody who has the key.
    pub fn seal(&mut self, inside: &GroupInside) -> GroupSealed {
        let message = self.session.encrypt(inside.to_bytes());
        GroupSealed::new(self.group, self.id(), &message)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// Refuses anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PickleError> {
        let stored: OutboundPickle = pickle::decode(bytes)?;
        if stored.readers.len() > MAX_READERS {
            return Err(PickleError);
        }
        let session: GroupSessionPickle = pickle::read(&stored.session)?;
        Ok(Self {
            group: stored.group,
            session: GroupSession::from_pickle(session),
            since: stored.since,
            readers: stored.readers.iter().copied().collect(),
        })
    }

    /// Returns the secret state, for the sealed store only.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        pickle::encode(&OutboundPickle {
            group: self.group,
            session: pickle::write(&self.session.pickle()),
            since: self.since,
            readers: self.readers.iter().copied().collect(),
        })
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("group", &self.group)
            .field("id", &self.id())
            .field("readers", &self.readers.len())
            .finish_non_exhaustive()
    }
}
