//! The keys of one node: what stands for it in every session, and what begins sessions for a while.

use std::fmt;
use std::time::Duration;

use streembit_identity::{DeviceKeys, NodeId, Timestamp};
use vodozemac::Curve25519PublicKey;
use vodozemac::olm::{Account, InboundCreationResult, PreKeyMessage, Session, SessionConfig};
use zeroize::Zeroizing;

use crate::pickle::{self, DevicePickle, PickleError};
use crate::{BeginError, OpenError};

/// The Olm account of a node.
pub struct Device {
    account: Account,
    since: Timestamp,
}

impl Device {
    /// How long a fallback key is published before another takes its place.
    ///
    /// It is kept for as long again, for what is on its way; then it is deleted.
    pub const ROTATION: Duration = Duration::from_hours(7 * 24);

    /// Draws new keys at `now`.
    pub fn new(now: Timestamp) -> Self {
        let mut account = Account::new();
        account.generate_fallback_key();
        Self {
            account,
            since: now,
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
        };
        device.fallback().map(|_| device).ok_or(PickleError)
    }

    /// Returns the secret state, for the sealed store only.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        pickle::encode(&DevicePickle {
            since: self.since,
            account: pickle::account(&self.account),
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

    /// Returns when the fallback key is to be replaced.
    pub fn due(&self) -> Timestamp {
        self.since.plus(Self::ROTATION)
    }

    /// Replaces the fallback key if it is time, and deletes the one before the last.
    ///
    /// So is one from the future, which a wrong clock made: others would find that it lives too long.
    pub fn rotate(&mut self, now: Timestamp) -> bool {
        let is_due = now >= self.due() || self.since > now;
        if is_due {
            self.account.generate_fallback_key();
            self.since = now;
        }
        is_due
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
        self.account
            .create_inbound_session(SessionConfig::version_1(), identity, message)
            .map_err(|_| OpenError::Lost)
    }

    /// It is never marked as published, because vodozemac shows only what was not.
    fn fallback(&self) -> Option<Curve25519PublicKey> {
        self.account.fallback_key().into_values().next()
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device").finish_non_exhaustive()
    }
}
