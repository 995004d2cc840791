//! What an account signs about its nodes and about itself.

use std::time::Duration;

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::{
    AccountId, AccountKey, NetworkId, NodeId, ParseError, Payload, SealError, SignatureError,
    Timestamp, Unverified, Verified, seal,
};

/// How far clocks may disagree.
pub(crate) const CLOCK_SKEW: Duration = Duration::from_mins(10);

/// What a node may do for its account.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Purpose {
    /// Everything the account may do.
    #[default]
    #[n(1)]
    Full,
}

/// The claim that a node belongs to the account that signs it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct NodeCertificate {
    /// The node.
    #[n(1)]
    pub node: NodeId,
    /// What it may do.
    #[n(2)]
    pub purpose: Purpose,
    /// When it became valid.
    #[n(3)]
    pub since: Timestamp,
    /// When it stops being valid.
    #[n(4)]
    pub expires: Timestamp,
}

impl Payload for NodeCertificate {
    const DOMAIN: &'static str = "node-certificate";
    const MAX_BYTES: usize = 128;

    fn check(&self) -> Result<(), &'static str> {
        if self.since < self.expires {
            Ok(())
        } else {
            Err("a certificate expires after it begins")
        }
    }
}

/// The withdrawal of a node's certificates, for good.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct NodeRevocation {
    /// The node.
    #[n(1)]
    pub node: NodeId,
    /// When it was revoked.
    #[n(2)]
    pub revoked_at: Timestamp,
}

impl Payload for NodeRevocation {
    const DOMAIN: &'static str = "node-revocation";
    const MAX_BYTES: usize = 128;
}

/// The end of the account that signs it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Tombstone {
    /// When the account was deleted.
    #[n(1)]
    pub at: Timestamp,
}

impl Payload for Tombstone {
    const DOMAIN: &'static str = "tombstone";
    const MAX_BYTES: usize = 32;
}

/// Why a certificate is refused.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// It is not one.
    #[error("the certificate cannot be read: {0}")]
    Parse(#[from] ParseError),
    /// The account did not sign it.
    #[error("the certificate is not signed by its account")]
    Signature(#[from] SignatureError),
}

/// A node certificate that its account really signed.
///
/// It may have expired, and it may have been revoked elsewhere.
#[derive(Clone, Debug)]
pub struct Certificate(Verified<NodeCertificate>);

impl Certificate {
    /// Largest encoding, in bytes.
    pub const MAX_BYTES: usize = 256;

    /// How long certificates are issued for by default.
    pub const LIFETIME: Duration = Duration::from_hours(365 * 24);

    /// Signs a certificate for a node.
    ///
    /// # Errors
    ///
    /// Refuses one that would expire before it begins.
    pub fn issue(
        account: &AccountKey,
        node: NodeId,
        purpose: Purpose,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Self, IssueError> {
        let certificate = NodeCertificate {
            node,
            purpose,
            since: now,
            expires,
        };
        let bytes = seal(&certificate, &NetworkId::NONE, account)?;
        Ok(Self::parse(&bytes)?)
    }

    /// Reads a certificate and checks its signature.
    ///
    /// # Errors
    ///
    /// Refuses what its account did not sign.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateError> {
        Ok(Self(Unverified::parse(bytes)?.verify(&NetworkId::NONE)?))
    }

    /// Returns the account that signed it.
    pub fn account(&self) -> AccountId {
        self.0.signer().into()
    }

    /// Returns the node that it is about.
    pub fn node(&self) -> NodeId {
        self.0.node
    }

    /// Returns what the node may do.
    pub fn purpose(&self) -> Purpose {
        self.0.purpose
    }

    /// Returns when it becomes valid.
    pub fn since(&self) -> Timestamp {
        self.0.since
    }

    /// Returns when it stops being valid.
    pub fn expires(&self) -> Timestamp {
        self.0.expires
    }

    /// Returns whether it is valid at `now`, with some grace for clocks that disagree at its start.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.0.since <= now.plus(CLOCK_SKEW) && now < self.0.expires
    }

    /// Returns the signed bytes.
    pub fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Certificate {}

/// Why a certificate cannot be issued.
#[derive(Debug, Error)]
pub enum IssueError {
    /// What was signed cannot be read back.
    #[error("the certificate cannot be read back: {0}")]
    Certificate(#[from] CertificateError),
    /// It cannot be signed.
    #[error("the certificate cannot be signed: {0}")]
    Seal(#[from] SealError),
}
