//! The session that another node writes in.

use std::fmt;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use streembit_identity::GroupId;
use thiserror::Error;
use vodozemac::megolm::{InboundGroupSession, InboundGroupSessionPickle, SessionConfig};
use zeroize::{Zeroize, Zeroizing};

use super::{GroupKey, GroupSealed, GroupSessionId};
use crate::pickle::{self, PickleError};

/// Messages behind the newest that can still be opened; the keys of older ones are forgotten.
pub const KEPT_BEHIND: u32 = 64;

/// Something cannot be opened because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum HeardError {
    /// it is no message of this session, or was changed on its way.
    #[error("it is no message of this session")]
    Malformed,
    /// its key was forgotten, or never given.
    #[error("there is no key for it any more")]
    Lost,
}

/// The session that another node writes in.
pub struct Inbound {
    group: GroupId,
    session: InboundGroupSession,
}

/// A session, as it is stored.
#[derive(Decode, Encode)]
#[cbor(map)]
struct InboundPickle {
    #[n(1)]
    group: GroupId,
    #[n(2)]
    session: ByteVec,
}

impl Drop for InboundPickle {
    fn drop(&mut self) {
        self.session.zeroize();
    }
}

impl Inbound {
    /// Takes the key that the other node gave.
    pub fn new(key: &GroupKey) -> Option<Self> {
        let session = InboundGroupSession::new(&key.session()?, SessionConfig::version_1());
        Some(Self {
            group: key.group,
            session,
        })
    }

    /// Returns the session's id.
    pub fn id(&self) -> GroupSessionId {
        GroupSessionId::of(&self.session.session_id())
    }

    /// Takes a key of the same session once more, and keeps whatever opens more.
    ///
    /// False if it is not of this session: then nothing has changed.
    pub fn merge(&mut self, key: &GroupKey) -> bool {
        let Some(mut other) = Self::new(key).filter(|other| other.group == self.group) else {
            return false;
        };
        let merged = self.session.merge(&mut other.session);
        merged.map(|session| self.session = session).is_some()
    }

    /// Opens a message.
    ///
    /// # Errors
    ///
    /// See [`HeardError`]; nothing has changed then.
    pub fn open(&mut self, sealed: &GroupSealed) -> Result<Zeroizing<Vec<u8>>, HeardError> {
        if sealed.group != self.group || sealed.session != self.id() {
            return Err(HeardError::Malformed);
        }
        let message = sealed.megolm().ok_or(HeardError::Malformed)?;
        if message.message_index() < self.session.first_known_index() {
            return Err(HeardError::Lost);
        }
        let opened = self.session.decrypt(&message);
        let opened = opened.map_err(|_| HeardError::Malformed)?;
        self.session
            .advance_to(opened.message_index.saturating_sub(KEPT_BEHIND));
        Ok(Zeroizing::new(opened.plaintext))
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// Refuses anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PickleError> {
        let stored: InboundPickle = pickle::decode(bytes)?;
        let session: InboundGroupSessionPickle = pickle::read(&stored.session)?;
        Ok(Self {
            group: stored.group,
            session: InboundGroupSession::from_pickle(session),
        })
    }

    /// Returns the secret state, for the sealed store only.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        pickle::encode(&InboundPickle {
            group: self.group,
            session: pickle::write(&self.session.pickle()),
        })
    }
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbound")
            .field("group", &self.group)
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}
