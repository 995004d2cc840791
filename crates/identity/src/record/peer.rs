//! What an account says about itself to everyone.

use std::time::Duration;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{DeviceKeys, RecordError, check_lifetime};
use crate::{
    AccountId, Certificate, CertificateError, Digest, Name, NetworkId, NodeId, NodeRevocation,
    Payload, PeerKind, SignatureError, Timestamp, Unverified, Verified,
};

/// Most certificates, and most revocations, in one record.
pub const MAX_CERTIFICATES: usize = 16;

/// Most mailboxes in one record.
pub const MAX_MAILBOXES: usize = 4;

/// A node that keeps messages for an account while it is away, and has agreed to do so.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Mailbox {
    /// Whose it is.
    #[n(1)]
    pub account: AccountId,
    /// The node.
    #[n(2)]
    pub node: NodeId,
}

/// Name, kind and nodes of an account, signed by it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct PeerRecord {
    /// The account, which signs.
    #[n(1)]
    pub account: AccountId,
    /// What it calls itself.
    #[n(2)]
    pub name: Name,
    /// What it is.
    #[n(3)]
    pub kind: PeerKind,
    /// The certificates of its nodes.
    #[cbor(n(4), with = "crate::bytes::strings")]
    pub certificates: Vec<Vec<u8>>,
    /// The revocations of its former nodes.
    #[cbor(n(5), with = "crate::bytes::strings")]
    pub revoked: Vec<Vec<u8>>,
    /// Rises with every edition.
    #[n(6)]
    pub sequence: u64,
    /// When it stops being valid.
    #[n(7)]
    pub expires: Timestamp,
    /// Where what is written to it while it is away may be left.
    #[n(8)]
    pub mailboxes: Option<Vec<Mailbox>>,
    /// The keys of its nodes, each signed by its node: at most one for each certificate.
    #[n(9)]
    pub keys: Option<Vec<ByteVec>>,
}

impl PeerRecord {
    /// Longest life of a record.
    pub const LIFETIME: Duration = Duration::from_hours(30 * 24);

    /// Returns the key under which the record of `account` lies.
    pub fn key_of(account: AccountId) -> Digest {
        Digest::of(&[b"streembit/1/peer", account.as_bytes()])
    }

    /// Returns the key under which this record lies.
    pub fn key(&self) -> Digest {
        Self::key_of(self.account)
    }

    /// Reads a record and checks owner, signature, life, and every certificate in it.
    ///
    /// # Errors
    ///
    /// Names the first rule that it breaks.
    pub fn open(
        bytes: &[u8],
        network: &NetworkId,
        now: Timestamp,
    ) -> Result<Verified<Self>, RecordError> {
        let record = Unverified::<Self>::parse(bytes)?;
        check_lifetime(record.peek().expires, Self::LIFETIME, now)?;
        if record.peek().account != record.signer() {
            return Err(SignatureError.into());
        }
        let record = record.verify(network)?;
        record.parsed_certificates()?;
        record.parsed_revocations()?;
        record.check_keys(network)?;
        Ok(record)
    }

    /// Returns the keys of one of its live nodes, if they may still be used at `now`.
    pub fn keys_of(
        &self,
        node: NodeId,
        network: &NetworkId,
        now: Timestamp,
    ) -> Option<Verified<DeviceKeys>> {
        let mut live = self.live_certificates(now).into_iter();
        live.find(|certificate| certificate.node() == node)?;
        let keys = self.keys.iter().flatten();
        keys.filter_map(|bytes| DeviceKeys::open(bytes, network, now).ok())
            .find(|keys| keys.node == node)
    }

    /// Every node in it signs for its own keys.
    fn check_keys(&self, network: &NetworkId) -> Result<(), RecordError> {
        let certificates = self.parsed_certificates()?;
        for bytes in self.keys.iter().flatten() {
            let keys = DeviceKeys::verified(bytes, network)?;
            if certificates.iter().all(|own| own.node() != keys.node) {
                return Err(SignatureError.into());
            }
        }
        Ok(())
    }

    /// Returns the certificates that are valid at `now` and not revoked.
    pub fn live_certificates(&self, now: Timestamp) -> Vec<Certificate> {
        let (Ok(certificates), Ok(revoked)) =
            (self.parsed_certificates(), self.parsed_revocations())
        else {
            return Vec::new();
        };
        certificates
            .into_iter()
            .filter(|certificate| certificate.is_live(now))
            .filter(|certificate| revoked.iter().all(|gone| gone.node != certificate.node()))
            .collect()
    }

    fn parsed_certificates(&self) -> Result<Vec<Certificate>, CertificateError> {
        let parse = |bytes: &Vec<u8>| {
            let certificate = Certificate::parse(bytes)?;
            if certificate.account() == self.account {
                Ok(certificate)
            } else {
                Err(SignatureError.into())
            }
        };
        self.certificates.iter().map(parse).collect()
    }

    fn parsed_revocations(&self) -> Result<Vec<Verified<NodeRevocation>>, CertificateError> {
        let parse = |bytes: &Vec<u8>| {
            let revocation =
                Unverified::<NodeRevocation>::parse(bytes)?.verify(&NetworkId::NONE)?;
            if self.account == revocation.signer() {
                Ok(revocation)
            } else {
                Err(SignatureError.into())
            }
        };
        self.revoked.iter().map(parse).collect()
    }
}

impl Payload for PeerRecord {
    const DOMAIN: &'static str = "peer-record";
    const MAX_BYTES: usize = 7 * 1024;

    fn check(&self) -> Result<(), &'static str> {
        if self.certificates.len() > MAX_CERTIFICATES || self.revoked.len() > MAX_CERTIFICATES {
            return Err("there are too many certificates");
        }
        if let Some(keys) = &self.keys
            && (keys.is_empty() || keys.len() > self.certificates.len())
        {
            return Err("there are keys for each node at most");
        }
        if let Some(mailboxes) = &self.mailboxes
            && (mailboxes.is_empty() || mailboxes.len() > MAX_MAILBOXES)
        {
            return Err("there are too many mailboxes");
        }
        Ok(())
    }
}
