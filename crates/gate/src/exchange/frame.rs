//! The frames of the exchange, in their one encoding.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use streembit_identity::{Digest, NetworkId, Timestamp};

use super::{MAX_FRAME_BYTES, Session};
use crate::{OperationId, RefusalReason};

/// The one version of the exchange; any other is refused, older ones included.
pub(super) const VERSION: u16 = 2;

/// What one side sends to the other.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) enum Frame {
    #[n(0)]
    Hello(#[n(0)] Hello),
    #[n(1)]
    Learn(#[n(0)] Learn),
    #[n(2)]
    Admitted,
    #[n(3)]
    Refused(#[n(0)] RefusalReason),
    #[n(4)]
    Redeem(#[n(0)] Redeem),
    #[n(5)]
    Redeemed,
}

/// Somebody who holds a one-time invite, in the place of a greeting.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Redeem {
    #[n(0)]
    pub(super) version: u16,
    #[n(1)]
    pub(super) network: NetworkId,
    #[cbor(n(2), with = "crate::bytes::string")]
    pub(super) certificate: Vec<u8>,
    /// The redemption, signed by the invite's key.
    #[cbor(n(3), with = "crate::bytes::string")]
    pub(super) by_invite: Vec<u8>,
    /// The same, signed by the account.
    #[cbor(n(4), with = "crate::bytes::string")]
    pub(super) by_account: Vec<u8>,
}

/// Who one side is and what it knows.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Hello {
    #[n(0)]
    pub(super) version: u16,
    #[n(1)]
    pub(super) network: NetworkId,
    #[cbor(n(2), with = "crate::bytes::string")]
    pub(super) certificate: Vec<u8>,
    /// The heads of its operations; none in networks without.
    #[n(3)]
    pub(super) heads: Vec<OperationId>,
    /// Older operations of its own, by which to tell where the two sets part.
    #[n(4)]
    pub(super) landmarks: Vec<OperationId>,
    /// Of the certificates and revocations that it knows.
    #[n(5)]
    pub(super) certificates: Option<Digest>,
    /// How many frames of what the other side lacks come next.
    #[n(6)]
    pub(super) parts: u8,
    /// Whether it lacks nothing itself, so that no answer is needed.
    #[n(7)]
    pub(super) is_settled: bool,
    /// Since when it runs without a break.
    #[n(8)]
    pub(super) session: Session,
    /// The time of the newest statement that it knows.
    #[n(9)]
    pub(super) confirmed: Option<Timestamp>,
    /// The operation by which the recovery key made its account an admin: who was appointed just
    /// now is on no list yet.
    #[n(10)]
    pub(super) appointment: Option<ByteVec>,
}

/// A part of what the other side lacks.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Learn {
    /// How many more parts follow.
    #[n(0)]
    pub(super) left: u8,
    #[cbor(n(1), with = "crate::bytes")]
    pub(super) operations: Vec<Vec<u8>>,
    #[cbor(n(2), with = "crate::bytes")]
    pub(super) certificates: Vec<Vec<u8>>,
    #[cbor(n(3), with = "crate::bytes")]
    pub(super) revocations: Vec<Vec<u8>>,
    /// The newest statement, in the last part.
    #[n(4)]
    pub(super) statement: Option<ByteVec>,
}

impl Frame {
    /// Reads a frame; the version comes before everything else that may be wrong with it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, RefusalReason> {
        if bytes.len() > MAX_FRAME_BYTES {
            return Err(RefusalReason::BadFrame);
        }
        let frame: Self = minicbor::decode(bytes).map_err(|_| RefusalReason::BadFrame)?;
        let version = match &frame {
            Self::Hello(hello) => hello.version,
            Self::Redeem(redeem) => redeem.version,
            Self::Learn(_) | Self::Admitted | Self::Refused(_) | Self::Redeemed => VERSION,
        };
        if version != VERSION {
            return Err(RefusalReason::Version);
        }
        if frame.to_bytes() == bytes {
            Ok(frame)
        } else {
            Err(RefusalReason::BadFrame)
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Writing to memory fails for no frame; an empty one would be refused by the other side.
        minicbor::to_vec(self).unwrap_or_default()
    }
}
