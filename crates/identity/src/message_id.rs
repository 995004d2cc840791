//! Message ids: version 7 UUIDs, ordered by the time they were made.

use std::fmt;
use std::str::FromStr;

use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};
use thiserror::Error;
use uuid::{Builder, Uuid, Variant};

use crate::Timestamp;

/// The id of one message, the same across every resend.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct MessageId(Uuid);

/// Why something is not a message id.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a message id is a version 7 UUID")]
pub struct MessageIdError;

impl MessageId {
    /// Makes the id of a message from its time and ten random bytes.
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        Self(Builder::from_unix_timestamp_millis(now.0, &random).into_uuid())
    }

    /// Takes the 16 bytes of an id.
    ///
    /// # Errors
    ///
    /// Refuses UUIDs of other versions.
    pub fn from_bytes(bytes: [u8; 16]) -> Result<Self, MessageIdError> {
        Self::checked(Uuid::from_bytes(bytes))
    }

    /// Returns the 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    fn checked(uuid: Uuid) -> Result<Self, MessageIdError> {
        let is_v7 = uuid.get_version_num() == 7 && uuid.get_variant() == Variant::RFC4122;
        is_v7.then_some(Self(uuid)).ok_or(MessageIdError)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId({self})")
    }
}

impl FromStr for MessageId {
    type Err = MessageIdError;

    fn from_str(text: &str) -> Result<Self, MessageIdError> {
        Self::checked(Uuid::try_parse(text).map_err(|_| MessageIdError)?)
    }
}

impl<C> Encode<C> for MessageId {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.bytes(self.as_bytes())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for MessageId {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let position = d.position();
        Self::from_bytes(crate::bytes::fixed(d)?)
            .map_err(|error| decode::Error::custom(error).at(position))
    }
}
