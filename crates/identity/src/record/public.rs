//! A record as it lies in the distributed table: with its kind, under its key.

use minicbor::decode::Decoder;
use minicbor::encode::Encoder;

use super::{AddressRecord, PeerRecord, RecordError};
use crate::{AccountId, Digest, NetworkId, PublicKey, Timestamp, Tombstone, Unverified, Verified};

/// Largest record, in bytes.
pub const MAX_RECORD_BYTES: usize = 8 * 1024;

const PEER: u8 = 1;
const ADDRESS: u8 = 2;
const TOMBSTONE: u8 = 3;

/// A verified public record of any kind.
#[derive(Clone, Debug)]
pub enum PublicRecord {
    /// Where a node is.
    Address(Verified<AddressRecord>),
    /// Who an account is.
    Peer(Verified<PeerRecord>),
    /// That an account is no more; it takes the place of the peer record for good.
    Tombstone(Verified<Tombstone>),
}

impl PublicRecord {
    /// Reads what was found under `key`.
    ///
    /// # Errors
    ///
    /// Refuses what is too large, unsigned, expired, too long-lived, or under another's key.
    pub fn open(
        key: &[u8],
        value: &[u8],
        network: &NetworkId,
        now: Timestamp,
    ) -> Result<Self, RecordError> {
        if value.len() > MAX_RECORD_BYTES {
            return Err(RecordError::TooLarge);
        }
        let record = Self::read(value, network, now)?;
        // One encoding only, so that equal records are equal bytes.
        if record.to_bytes() != value {
            return Err(RecordError::Kind);
        }
        if key != record.key().as_bytes() {
            return Err(RecordError::Misplaced);
        }
        Ok(record)
    }

    fn read(value: &[u8], network: &NetworkId, now: Timestamp) -> Result<Self, RecordError> {
        let (kind, signed) = split(value).ok_or(RecordError::Kind)?;
        match kind {
            PEER => PeerRecord::open(signed, network, now).map(Self::Peer),
            ADDRESS => AddressRecord::open(signed, network, now).map(Self::Address),
            TOMBSTONE => Ok(Self::Tombstone(
                Unverified::parse(signed)?.verify(&NetworkId::NONE)?,
            )),
            _ => Err(RecordError::Kind),
        }
    }

    /// Returns whose peer record these bytes claim to be; nothing of it is checked.
    pub fn subject_of(value: &[u8]) -> Option<AccountId> {
        let (_, signed) = split(value).filter(|(kind, _)| *kind == PEER)?;
        let record = Unverified::<PeerRecord>::parse(signed).ok()?;
        Some(record.peek().account)
    }

    /// Returns the bytes to lay into the table.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, signed) = match self {
            Self::Address(record) => (ADDRESS, record.bytes()),
            Self::Peer(record) => (PEER, record.bytes()),
            Self::Tombstone(record) => (TOMBSTONE, record.bytes()),
        };
        let mut bytes = Vec::with_capacity(signed.len() + 8);
        let written = Encoder::new(&mut bytes)
            .array(2)
            .and_then(|e| e.u8(kind))
            .and_then(|e| e.bytes(signed))
            .map(|_| ());
        debug_assert!(written.is_ok(), "a vector takes every byte");
        bytes
    }

    /// Returns the key under which the record lies.
    pub fn key(&self) -> Digest {
        match self {
            Self::Address(record) => record.key(),
            Self::Peer(record) => record.key(),
            Self::Tombstone(record) => PeerRecord::key_of(record.signer().into()),
        }
    }

    /// Returns the key that signed it.
    pub fn signer(&self) -> PublicKey {
        match self {
            Self::Address(record) => record.signer(),
            Self::Peer(record) => record.signer(),
            Self::Tombstone(record) => record.signer(),
        }
    }

    /// Returns the edition; nothing follows a tombstone.
    pub fn sequence(&self) -> u64 {
        match self {
            Self::Address(record) => record.sequence,
            Self::Peer(record) => record.sequence,
            Self::Tombstone(_) => u64::MAX,
        }
    }

    /// Returns when it stops being valid; a tombstone never does.
    pub fn expires(&self) -> Option<Timestamp> {
        match self {
            Self::Address(record) => Some(record.expires),
            Self::Peer(record) => Some(record.expires),
            Self::Tombstone(_) => None,
        }
    }
}

fn split(value: &[u8]) -> Option<(u8, &[u8])> {
    let mut d = Decoder::new(value);
    if d.array().ok()? != Some(2) {
        return None;
    }
    let kind = d.u8().ok()?;
    let signed = d.bytes().ok()?;
    (d.position() == value.len()).then_some((kind, signed))
}
