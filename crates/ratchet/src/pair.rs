//! The sessions with one node: few, and one of them is used for what goes out.

use std::fmt;

use streembit_identity::{DeviceKeys, NodeId};
use thiserror::Error;
use vodozemac::olm::{OlmMessage, PreKeyMessage, Session};
use zeroize::Zeroizing;

use crate::pickle::{self, HeldPickle, PairPickle, PickleError};
use crate::{Device, Sealed, SessionId};

/// Sessions kept for one pair of nodes; the one that was of no use for longest makes room.
pub const MAX_SESSIONS: usize = 4;

/// A session cannot be begun with these keys.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("no session can be begun with these keys")]
pub struct BeginError;

/// Nothing can be sealed because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum SealError {
    /// there is no session: one has to be begun.
    #[error("there is no session")]
    NoSession,
    /// the session is of no use.
    #[error("the session is of no use")]
    Useless,
}

/// Something cannot be opened because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum OpenError {
    /// the keys in it are not those of the node that signed.
    #[error("it was begun with keys that its signer does not have")]
    Forged,
    /// there is no session for it, or none that still has its key.
    #[error("there is no key for it any more")]
    Lost,
    /// it is no Olm message.
    #[error("it is no message of a session")]
    Malformed,
}

/// The sessions with one node, in one network.
#[derive(Default)]
pub struct Pair {
    sessions: Vec<Held>,
    turn: u64,
}

/// A session, and when it was last of use.
struct Held {
    session: Session,
    /// The turn in which it began or last opened something; 0 once it is retired.
    rank: u64,
}

impl Held {
    fn id(&self) -> SessionId {
        SessionId::of(self.session.session_keys())
    }
}

impl Pair {
    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// Refuses anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PickleError> {
        let stored: PairPickle = pickle::decode(bytes)?;
        if stored.sessions.len() > MAX_SESSIONS {
            return Err(PickleError);
        }
        let sessions = stored.sessions.iter().map(|held| {
            Ok(Held {
                session: pickle::read_session(&held.session)?,
                rank: held.rank,
            })
        });
        Ok(Self {
            sessions: sessions.collect::<Result<_, _>>()?,
            turn: stored.turn,
        })
    }

    /// Returns the secret state, for the sealed store only.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let sessions = self.sessions.iter().map(|held| HeldPickle {
            rank: held.rank,
            session: pickle::session(&held.session),
        });
        pickle::encode(&PairPickle {
            turn: self.turn,
            sessions: sessions.collect(),
        })
    }

    /// Returns the session that the next message is sealed in: the one that last began or opened
    /// something.
    pub fn current(&self) -> Option<SessionId> {
        self.best().map(Held::id)
    }

    /// Begins a session with the node of `keys` and uses it from now on.
    ///
    /// # Errors
    ///
    /// Refuses keys that make no secret.
    pub fn begin(&mut self, device: &Device, keys: &DeviceKeys) -> Result<(), BeginError> {
        let session = device.begin(keys)?;
        self.take_in(session);
        Ok(())
    }

    /// Seals `plain` for the node `to`; `own_keys` are this node's, signed.
    ///
    /// # Errors
    ///
    /// See [`SealError`].
    pub fn seal(
        &mut self,
        to: NodeId,
        own_keys: impl FnOnce() -> Vec<u8>,
        plain: &[u8],
    ) -> Result<Sealed, SealError> {
        let held = self.best_mut().ok_or(SealError::NoSession)?;
        let message = held
            .session
            .encrypt(plain)
            .map_err(|_| SealError::Useless)?;
        let keys = match &message {
            OlmMessage::PreKey(_) => Some(own_keys().into()),
            OlmMessage::Normal(_) => None,
        };
        Ok(Sealed {
            to,
            session: held.id(),
            keys,
            message: message.to_parts().1.into(),
        })
    }

    /// Opens what the other node sealed; `keys` are those that came with it, verified.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]; nothing has changed then.
    pub fn open(
        &mut self,
        device: &mut Device,
        keys: Option<&DeviceKeys>,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let message = sealed.olm().ok_or(OpenError::Malformed)?;
        let first = match &message {
            OlmMessage::PreKey(first) => Some(first),
            OlmMessage::Normal(_) => None,
        };
        if let Some(first) = first {
            let identity = keys.ok_or(OpenError::Malformed)?.identity;
            if first.identity_key().to_bytes() != identity {
                return Err(OpenError::Forged);
            }
        }
        let turn = self.turn.saturating_add(1);
        if let Some(held) = self
            .sessions
            .iter_mut()
            .find(|held| held.id() == sealed.session)
        {
            let plain = held
                .session
                .decrypt(&message)
                .map_err(|_| OpenError::Lost)?;
            if held.rank > 0 {
                held.rank = turn;
                self.turn = turn;
            }
            return Ok(Zeroizing::new(plain));
        }
        self.enter(device, first.ok_or(OpenError::Lost)?)
    }

    /// Uses a session no longer for what goes out, because the other side cannot read it.
    ///
    /// False if it was not in use.
    pub fn retire(&mut self, session: SessionId) -> bool {
        let mut sessions = self.sessions.iter_mut();
        let held = sessions.find(|held| held.id() == session && held.rank > 0);
        held.map(|held| held.rank = 0).is_some()
    }

    fn enter(
        &mut self,
        device: &mut Device,
        first: &PreKeyMessage,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let entered = device.enter(first.identity_key().to_bytes(), first)?;
        self.take_in(entered.session);
        Ok(Zeroizing::new(entered.plaintext))
    }

    fn take_in(&mut self, session: Session) {
        if self.sessions.len() >= MAX_SESSIONS {
            let idle = self
                .sessions
                .iter()
                .map(|held| (held.rank, held.id()))
                .min();
            self.sessions
                .retain(|held| Some((held.rank, held.id())) != idle);
        }
        self.turn = self.turn.saturating_add(1);
        self.sessions.push(Held {
            session,
            rank: self.turn,
        });
    }

    fn best(&self) -> Option<&Held> {
        let usable = self.sessions.iter().filter(|held| held.rank > 0);
        usable.max_by_key(|held| held.rank)
    }

    fn best_mut(&mut self) -> Option<&mut Held> {
        let usable = self.sessions.iter_mut().filter(|held| held.rank > 0);
        usable.max_by_key(|held| held.rank)
    }
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sessions = self.sessions.iter().map(|held| (held.id(), held.rank));
        f.debug_map().entries(sessions).finish()
    }
}
