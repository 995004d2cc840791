//! Messages between accounts, signed by the node that sends them.

mod accept;
mod kind;

use std::time::Duration;

use minicbor::{Decode, Encode};

pub use self::accept::{AcceptError, Accepted};
pub use self::kind::Kind;
use crate::{AccountId, MessageId, Payload, Timestamp, sign1};

/// One message from account to account.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Envelope {
    /// The same across every resend.
    #[n(1)]
    pub id: MessageId,
    /// Who sends it.
    #[n(2)]
    pub from: AccountId,
    /// Whom it is for.
    #[n(3)]
    pub to: AccountId,
    /// When it was made.
    #[n(4)]
    pub sent_at: Timestamp,
    /// When it stops being valid; requests have it, stored messages do not.
    #[n(5)]
    pub expires_at: Option<Timestamp>,
    /// What it is.
    #[n(6)]
    pub kind: Kind,
    /// What it says, in the form of its kind.
    #[cbor(n(7), with = "crate::bytes::string")]
    pub body: Vec<u8>,
}

/// The kind of an envelope, whatever else it says.
#[derive(Decode)]
#[cbor(map)]
struct KindOnly {
    #[n(6)]
    kind: u32,
}

impl Envelope {
    /// Longest validity of a request.
    pub const REQUEST_LIFETIME: Duration = Duration::from_secs(30);

    /// Oldest stored message that is still accepted.
    pub const MAX_AGE: Duration = Duration::from_hours(30 * 24);

    /// Largest body, in bytes.
    pub const MAX_BODY: usize = 384 * 1024;

    /// Tells whether bytes claim to be an envelope of a kind that this version does not know.
    ///
    /// Nobody has checked that claim; it only chooses the word of the refusal.
    pub fn is_of_unknown_kind(bytes: &[u8]) -> bool {
        sign1::payload_of(bytes)
            .and_then(|payload| minicbor::decode::<KindOnly>(payload).ok())
            .is_some_and(|claim| {
                let written = minicbor::to_vec(claim.kind).unwrap_or_default();
                minicbor::decode::<Kind>(&written).is_err()
            })
    }

    /// Makes an envelope with the expiry that its kind asks for.
    pub fn new(
        id: MessageId,
        from: AccountId,
        to: AccountId,
        sent_at: Timestamp,
        kind: Kind,
        body: Vec<u8>,
    ) -> Self {
        let expires_at = kind
            .is_request()
            .then(|| sent_at.plus(Self::REQUEST_LIFETIME));
        Self {
            id,
            from,
            to,
            sent_at,
            expires_at,
            kind,
            body,
        }
    }
}

impl Payload for Envelope {
    const DOMAIN: &'static str = "envelope";
    const MAX_BYTES: usize = Self::MAX_BODY + 256;

    fn check(&self) -> Result<(), &'static str> {
        if self.body.len() > Self::MAX_BODY {
            return Err("the body is too large");
        }
        match (self.kind.is_request(), self.expires_at) {
            (false, None) => Ok(()),
            (false, Some(_)) => Err("a stored message has no expiry"),
            (true, None) => Err("a request has an expiry"),
            (true, Some(expiry)) if expiry <= self.sent_at => {
                Err("a request expires after it is sent")
            }
            (true, Some(expiry)) if expiry.since(self.sent_at) > Self::REQUEST_LIFETIME => {
                Err("a request expires within 30 seconds")
            }
            (true, Some(_)) => Ok(()),
        }
    }
}
