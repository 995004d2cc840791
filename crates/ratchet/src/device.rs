//! The keys of one node: what stands for it in every session, and what begins sessions for a while.

use std::fmt;
use std::time::Duration;

use streembit_identity::{DeviceKeys, NodeId, Timestamp};
use vodozemac::Curve25519PublicKey;
use vodozemac::olm::{Account, InboundCreationResult, PreKeyMessage, Session, SessionConfig};
use zeroize::Zeroizing;

use crate::pickle::{self, DevicePickle, FormerPickle, PickleError};
use crate::{BeginError, OpenError};

/// The Olm account of a node.
pub struct Device {
    account: Account,
    since: Timestamp,
    former: Vec<Former>,
}

/// A fallback key that is published no longer.
struct Former {
    until: Timestamp,
    /// The account with this key alone.
    account: Account,
}

/// Keys of before that are kept, whatever the clock did: more than are ever replaced in their time.
const MAX_FORMER: usize = 8;

impl Device {
    /// How long a fallback key is published before another takes its place.
    pub const ROTATION: Duration = Duration::from_hours(7 * 24);

    /// How long a message may lie in a mailbox.
    const IN_MAILBOX: Duration = Duration::from_hours(14 * 24);

    /// How long the secret half of a fallback key is kept; then it is deleted.
    ///
    /// Whoever found it published begins sessions with it as long as it lives, and what it was
    /// begun for may lie in a mailbox after that.
    pub const KEPT: Duration = DeviceKeys::LIFETIME.saturating_add(Self::IN_MAILBOX);

    /// Draws new keys at `now`.
    pub fn new(now: Timestamp) -> Self {
        let mut account = Account::new();
        account.generate_fallback_key();
        Self {
            account,
            since: now,
            former: Vec::new(),
        }
    }

    /// Draws keys that begin one session and are forgotten then.
    pub(crate) fn passing() -> Self {
        Self {
            account: Account::new(),
            since: Timestamp::ZERO,
            former: Vec::new(),
        }
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// Refuses anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PickleError> {
        let stored: DevicePickle = pickle::decode(bytes)?;
        let device = Self {
            account: pickle::read_account(&stored.account)?,
            since: stored.since,
            former: read_former(&stored)?,
        };
        device.fallback().map(|_| device).ok_or(PickleError)
    }

    /// Returns the secret state, for the sealed store only.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        pickle::encode(&DevicePickle {
            since: self.since,
            account: pickle::account(&self.account),
            former: Some(self.former.iter().map(Former::pickle).collect()),
        })
    }

    /// Returns the key that stands for this node in every session.
    pub fn identity(&self) -> [u8; 32] {
        self.account.curve25519_key().to_bytes()
    }

    /// Returns what others need to begin a session, for `node` to sign.
    pub fn keys(&self, node: NodeId) -> Option<DeviceKeys> {
        Some(DeviceKeys {
            node,
            identity: self.identity(),
            fallback: self.fallback()?.to_bytes(),
            expires: self.since.plus(DeviceKeys::LIFETIME),
        })
    }

    /// Returns when the fallback key is to be replaced, or one of before to be deleted.
    pub fn due(&self) -> Timestamp {
        let ends = self.former.iter().map(|former| former.until).min();
        let renewal = self.since.plus(Self::ROTATION);
        ends.map_or(renewal, |end| end.min(renewal))
    }

    /// Replaces the fallback key if it is time, and deletes those of before whose time is over;
    /// true if anything changed.
    ///
    /// One from the future, which a wrong clock made, is replaced too: others would find that it
    /// lives too long.
    pub fn rotate(&mut self, now: Timestamp) -> bool {
        let before = self.former.len();
        self.former.retain(|former| former.until > now);
        let is_due = now >= self.since.plus(Self::ROTATION) || self.since > now;
        if is_due {
            self.put_aside(now);
            self.account.generate_fallback_key();
            self.account.forget_fallback_key();
            self.since = now;
        }
        is_due || self.former.len() < before
    }

    /// Keeps the key that is about to be replaced, for what was begun with it.
    fn put_aside(&mut self, now: Timestamp) {
        let until = self.since.min(now).plus(Self::KEPT);
        if until <= now {
            return;
        }
        if self.former.len() >= MAX_FORMER {
            self.former.remove(0);
        }
        let mut account = Account::from_pickle(self.account.pickle());
        account.forget_fallback_key();
        self.former.push(Former { until, account });
    }

    /// Begins a session with the node of `keys`.
    pub(crate) fn begin(&self, keys: &DeviceKeys) -> Result<Session, BeginError> {
        self.account
            .create_outbound_session(
                SessionConfig::version_1(),
                Curve25519PublicKey::from_bytes(keys.identity),
                Curve25519PublicKey::from_bytes(keys.fallback),
            )
            .map_err(|_| BeginError)
    }

    /// Enters a session that another node began.
    pub(crate) fn enter(
        &mut self,
        identity: [u8; 32],
        message: &PreKeyMessage,
    ) -> Result<InboundCreationResult, OpenError> {
        let identity = Curve25519PublicKey::from_bytes(identity);
        let former = self.former.iter_mut().map(|former| &mut former.account);
        std::iter::once(&mut self.account)
            .chain(former)
            .find_map(|account| {
                let config = SessionConfig::version_1();
                account
                    .create_inbound_session(config, identity, message)
                    .ok()
            })
            .ok_or(OpenError::Lost)
    }

    /// It is never marked as published, because vodozemac shows only what was not.
    fn fallback(&self) -> Option<Curve25519PublicKey> {
        self.account.fallback_key().into_values().next()
    }
}

impl Former {
    fn pickle(&self) -> FormerPickle {
        FormerPickle {
            until: self.until,
            account: pickle::account(&self.account),
        }
    }
}

/// Reads the keys of before; earlier releases stored none.
fn read_former(stored: &DevicePickle) -> Result<Vec<Former>, PickleError> {
    let stored = stored.former.as_deref().unwrap_or_default();
    if stored.len() > MAX_FORMER {
        return Err(PickleError);
    }
    let former = stored.iter().map(|former| {
        Ok(Former {
            until: former.until,
            account: pickle::read_account(&former.account)?,
        })
    });
    former.collect()
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device").finish_non_exhaustive()
    }
}
