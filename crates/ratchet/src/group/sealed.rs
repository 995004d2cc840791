//! What travels: the key of a session, a message in it, and what is read once it is opened.

use std::fmt;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use streembit_identity::{AccountId, GroupId, Kind, MessageId, NetworkId, NodeId};
use thiserror::Error;
use vodozemac::megolm::{MegolmMessage, SessionKey};
use zeroize::{Zeroize, Zeroizing};

/// Names a session of a group: the public key that its messages are signed with.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub struct GroupSessionId([u8; 32]);

impl GroupSessionId {
    /// Takes the bytes of an id.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Megolm writes it in base64.
    pub(super) fn of(text: &str) -> Self {
        let bytes = vodozemac::base64_decode(text).unwrap_or_default();
        Self(bytes.try_into().unwrap_or_default())
    }
}

impl fmt::Debug for GroupSessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "{a:02x}{b:02x}{c:02x}{d:02x}")
    }
}

impl<C> Encode<C> for GroupSessionId {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for GroupSessionId {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let position = d.position();
        let bytes = d.bytes()?.try_into().map_err(|_| {
            minicbor::decode::Error::message("a session id has 32 bytes").at(position)
        })?;
        Ok(Self(bytes))
    }
}

/// The key of a session, as it is given to one reader inside a pairwise session.
#[derive(Decode, Encode)]
#[cbor(map)]
pub struct GroupKey {
    /// The group.
    #[n(1)]
    pub group: GroupId,
    /// Megolm's session key: version, index, ratchet and public key, signed with that key.
    #[n(2)]
    key: ByteVec,
}

impl GroupKey {
    pub(super) fn new(group: GroupId, key: &SessionKey) -> Self {
        Self {
            group,
            key: key.to_bytes().into(),
        }
    }

    /// Reads a key in its one encoding; none for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let key: Self = minicbor::decode(bytes).ok()?;
        (*key.to_bytes() == bytes && key.session().is_some()).then_some(key)
    }

    /// Returns the one encoding; writing to memory cannot fail.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(minicbor::to_vec(self).unwrap_or_default())
    }

    pub(super) fn session(&self) -> Option<SessionKey> {
        SessionKey::from_bytes(&self.key).ok()
    }
}

impl Drop for GroupKey {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl fmt::Debug for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupKey")
            .field("group", &self.group)
            .finish_non_exhaustive()
    }
}

/// A message in a session.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub struct GroupSealed {
    /// The group.
    #[n(1)]
    pub group: GroupId,
    /// The session.
    #[n(2)]
    pub session: GroupSessionId,
    /// The Megolm message.
    #[n(3)]
    message: ByteVec,
}

impl GroupSealed {
    pub(super) fn new(group: GroupId, session: GroupSessionId, message: &MegolmMessage) -> Self {
        Self {
            group,
            session,
            message: message.to_bytes().into(),
        }
    }

    /// Reads a message in its one encoding; none for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let sealed: Self = minicbor::decode(bytes).ok()?;
        (sealed.to_bytes() == bytes).then_some(sealed)
    }

    /// Returns the one encoding; writing to memory cannot fail.
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads the Megolm message in its one encoding: the signature covers only what was understood.
    pub(super) fn megolm(&self) -> Option<MegolmMessage> {
        let message = MegolmMessage::from_bytes(&self.message).ok()?;
        (message.to_bytes() == *self.message).then_some(message)
    }
}

/// Who writes where.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub struct GroupRoute {
    /// The network.
    #[n(1)]
    pub network: NetworkId,
    /// The group.
    #[n(2)]
    pub group: GroupId,
    /// The sender.
    #[n(3)]
    pub from: AccountId,
    /// The sender's node.
    #[n(4)]
    pub from_node: NodeId,
}

/// What is sealed for a group.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub struct GroupInside {
    /// Repeats who writes where, so that nothing opens anywhere else.
    #[n(1)]
    pub route: GroupRoute,
    /// Repeats the id of the envelope.
    #[n(2)]
    pub id: MessageId,
    /// What it is.
    #[n(3)]
    pub kind: Kind,
    /// What it says, in the form of its kind.
    #[n(4)]
    pub body: ByteVec,
}

/// What was opened is not for this place.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum GroupAstray {
    /// It is of a kind that does not travel sealed.
    #[error("this kind does not travel sealed")]
    Kind,
    /// It was sealed for another envelope.
    #[error("it was sealed for another envelope")]
    Message,
    /// It is somebody else's, or for another group.
    #[error("it is somebody else's, or for another group")]
    Route,
    /// It cannot be read.
    #[error("what was opened cannot be read")]
    Unreadable,
}

impl GroupInside {
    /// Returns the one encoding; writing to memory cannot fail.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(minicbor::to_vec(self).unwrap_or_default())
    }

    /// Reads what was opened, and checks that it is for this place.
    ///
    /// # Errors
    ///
    /// Names the first rule that it breaks.
    pub fn open(bytes: &[u8], route: &GroupRoute, id: MessageId) -> Result<Self, GroupAstray> {
        let inside: Self = minicbor::decode(bytes).map_err(|_| GroupAstray::Unreadable)?;
        if *inside.to_bytes() != bytes {
            return Err(GroupAstray::Unreadable);
        }
        if inside.route != *route {
            return Err(GroupAstray::Route);
        }
        if inside.id != id {
            return Err(GroupAstray::Message);
        }
        if !inside.kind.is_sealed() {
            return Err(GroupAstray::Kind);
        }
        Ok(inside)
    }
}
