//! Message ids: version 7 UUIDs, ordered by the time they were made.

use std::fmt;
use std::str::FromStr;

use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};
use thiserror::Error;
use uuid::{Builder, Uuid, Variant};

use crate::{AccountId, Digest, Timestamp};

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

    /// Makes the id of a message that several others get: nobody but its author can use it.
    ///
    /// The last six bytes are those of a hash of the author and of all before them, so that no other
    /// member of a group can give a message of their own the id of one that they have seen.
    pub fn of_author(author: &AccountId, now: Timestamp, random: [u8; 10]) -> Self {
        let mut bytes = *Self::new(now, random).as_bytes();
        let tag = tag(author, &bytes);
        let end = bytes.iter_mut().skip(TAGGED);
        end.zip(tag).for_each(|(to, from)| *to = from);
        Self(Uuid::from_bytes(bytes))
    }

    /// Whether [`Self::of_author`] made it for `author`.
    pub fn is_of(&self, author: &AccountId) -> bool {
        let bytes = self.as_bytes();
        bytes.iter().skip(TAGGED).copied().eq(tag(author, bytes))
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

/// The bytes before the tag: the time, the version, and 26 random bits.
const TAGGED: usize = 10;

/// What an id of `author` that begins like `bytes` ends with.
fn tag(author: &AccountId, bytes: &[u8; 16]) -> [u8; 6] {
    let (begin, _) = bytes.split_at(TAGGED);
    let digest = Digest::of(&[b"streembit/1/message-id", author.as_bytes(), begin]);
    let mut tag = [0; 6];
    let all = tag.iter_mut().zip(digest.as_bytes());
    all.for_each(|(to, from)| *to = *from);
    tag
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

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::AccountKey;

    fn account(seed: u8) -> AccountId {
        AccountKey::from_seed(&Zeroizing::new([seed; 32])).id()
    }

    #[test]
    fn an_id_of_an_author_is_nobody_elses() {
        let (alice, mallory) = (account(1), account(2));
        let now = Timestamp(1_800_000_000_000);

        let id = MessageId::of_author(&alice, now, [7; 10]);

        assert!(id.is_of(&alice));
        assert!(!id.is_of(&mallory));
        assert_eq!(
            MessageId::from_bytes(*id.as_bytes()),
            Ok(id),
            "a version 7 UUID"
        );
        assert_ne!(
            id,
            MessageId::of_author(&alice, now, [8; 10]),
            "26 bits are random"
        );
        assert!(!MessageId::new(now, [7; 10]).is_of(&alice));
    }
}
