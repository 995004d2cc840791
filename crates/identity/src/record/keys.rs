//! The keys with which others begin to encrypt for a node.

use std::time::Duration;

use minicbor::{Decode, Encode};

use super::{RecordError, check_lifetime};
use crate::{NetworkId, NodeId, Payload, SignatureError, Timestamp, Unverified, Verified};

/// The Curve25519 keys of a node, signed by it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceKeys {
    /// The node, which signs.
    #[n(1)]
    pub node: NodeId,
    /// Stands for the node in every session.
    #[cbor(n(2), with = "crate::bytes::string")]
    pub identity: [u8; 32],
    /// Begins sessions until it is replaced.
    #[cbor(n(3), with = "crate::bytes::string")]
    pub fallback: [u8; 32],
    /// When nobody may begin a session with it any more.
    #[n(4)]
    pub expires: Timestamp,
}

impl DeviceKeys {
    /// How long sessions may be begun with a fallback key.
    pub const LIFETIME: Duration = Duration::from_hours(21 * 24);

    /// Reads keys that their node signed, whether or not they may still be used.
    ///
    /// # Errors
    ///
    /// Names the first rule that they break.
    pub fn verified(bytes: &[u8], network: &NetworkId) -> Result<Verified<Self>, RecordError> {
        let keys = Unverified::<Self>::parse(bytes)?;
        if keys.peek().node != keys.signer() {
            return Err(SignatureError.into());
        }
        Ok(keys.verify(network)?)
    }

    /// Reads keys with which a session may be begun at `now`.
    ///
    /// # Errors
    ///
    /// Names the first rule that they break.
    pub fn open(
        bytes: &[u8],
        network: &NetworkId,
        now: Timestamp,
    ) -> Result<Verified<Self>, RecordError> {
        let keys = Self::verified(bytes, network)?;
        check_lifetime(keys.expires, Self::LIFETIME, now)?;
        Ok(keys)
    }
}

impl Payload for DeviceKeys {
    const DOMAIN: &'static str = "device-keys";
    const MAX_BYTES: usize = 128;
}
