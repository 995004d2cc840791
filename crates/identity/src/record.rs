//! Signed public records: what anyone may fetch about an account or a node.
//!
//! Each has one place, under the hash of the key that signs it, and a sequence that only rises.

mod address;
mod handle;
mod keys;
mod peer;
mod public;

use std::time::Duration;

use thiserror::Error;

pub(crate) use self::address::check_addresses;
pub use self::address::{AddressRecord, MAX_ADDRESS_LEN, MAX_ADDRESSES};
pub use self::handle::Handle;
pub use self::keys::DeviceKeys;
pub use self::peer::{MAX_CERTIFICATES, MAX_MAILBOXES, Mailbox, PeerRecord};
pub use self::public::{MAX_RECORD_BYTES, PublicRecord};
use crate::certificate::CLOCK_SKEW;
use crate::{CertificateError, ParseError, SignatureError, Timestamp};

/// Why a record is refused.
#[derive(Debug, Error)]
pub enum RecordError {
    /// A certificate inside is not good.
    #[error("a certificate in the record is refused: {0}")]
    Certificate(#[from] CertificateError),
    /// Its time has passed.
    #[error("the record has expired")]
    Expired,
    /// Not one of the kinds of records.
    #[error("this is no record of a known kind")]
    Kind,
    /// It would live longer than its kind may.
    #[error("the record would live too long")]
    LongLived,
    /// It lies under a key that is not its signer's.
    #[error("the record lies under another key than its signer's")]
    Misplaced,
    /// It is not a record.
    #[error("the record cannot be read: {0}")]
    Parse(#[from] ParseError),
    /// Nobody or somebody else signed it.
    #[error("the record is not signed by its owner")]
    Signature(#[from] SignatureError),
    /// It is above the limit.
    #[error("the record is too large")]
    TooLarge,
}

/// Checks that a record is alive and will not live longer than its kind may.
fn check_lifetime(expires: Timestamp, max: Duration, now: Timestamp) -> Result<(), RecordError> {
    if expires <= now {
        return Err(RecordError::Expired);
    }
    if expires.since(now) > max.saturating_add(CLOCK_SKEW) {
        return Err(RecordError::LongLived);
    }
    Ok(())
}
