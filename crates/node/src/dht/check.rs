//! Decides whether bytes may stand under a DHT key: signed, unexpired, and under the signer's own.

use streembit_identity::{AccountId, NetworkId, ParseError, PublicRecord, RecordError, Timestamp};

/// A tombstone has no expiry; holders keep it this long and whoever still knows it lays it again.
const TOMBSTONE_KEPT_MS: u64 = 30 * 24 * 3600 * 1000;

/// A record that may be held.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) expires: Timestamp,
    pub(crate) sequence: u64,
    /// Whose peer record it is, if it is one.
    pub(crate) subject: Option<AccountId>,
}

/// Checks any record under `key`.
///
/// # Errors
/// Whatever is not a valid record of this network under its own key.
pub(crate) fn record(
    key: &[u8],
    value: &[u8],
    network: &NetworkId,
    now: Timestamp,
) -> Result<Checked, RecordError> {
    let record = PublicRecord::open(key, value, network, now)?;
    let kept = Timestamp(now.0.saturating_add(TOMBSTONE_KEPT_MS));
    Ok(Checked {
        expires: record.expires().unwrap_or(kept),
        sequence: record.sequence(),
        subject: match &record {
            PublicRecord::Peer(peer) => Some(peer.account),
            PublicRecord::Address(_) | PublicRecord::Tombstone(_) => None,
        },
    })
}

/// Whether no honest node hands such a record over: neither one whose clock is wrong, nor a later
/// version.
pub(crate) fn is_fault(error: &RecordError) -> bool {
    match error {
        RecordError::Certificate(_)
        | RecordError::Misplaced
        | RecordError::Signature(_)
        | RecordError::Parse(
            ParseError::Key(_)
            | ParseError::NotCanonical
            | ParseError::NotSigned
            | ParseError::TooLarge,
        )
        | RecordError::TooLarge => true,
        RecordError::Expired
        | RecordError::Kind
        | RecordError::LongLived
        | RecordError::Parse(ParseError::Invalid(_) | ParseError::Payload(_)) => false,
    }
}
