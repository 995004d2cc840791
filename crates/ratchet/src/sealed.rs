//! What a sealed envelope carries: for which node, in which session, and the Olm message.

use std::fmt;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use streembit_identity::NodeId;
use vodozemac::olm::{OlmMessage, SessionKeys};

/// Names a session, to both of its ends.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
pub struct SessionId([u8; 32]);

impl SessionId {
    /// Takes the bytes of an id.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Olm's id is the hash of the keys that began the session, in base64.
    pub(crate) fn of(keys: SessionKeys) -> Self {
        let hash = vodozemac::base64_decode(keys.session_id()).unwrap_or_default();
        Self(hash.try_into().unwrap_or_default())
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "{a:02x}{b:02x}{c:02x}{d:02x}")
    }
}

impl<C> Encode<C> for SessionId {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for SessionId {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let position = d.position();
        let bytes = d.bytes()?.try_into().map_err(|_| {
            minicbor::decode::Error::message("a session id has 32 bytes").at(position)
        })?;
        Ok(Self(bytes))
    }
}

/// The body of a sealed envelope.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub struct Sealed {
    /// The node that can open it.
    #[n(1)]
    pub to: NodeId,
    /// The session.
    #[n(2)]
    pub session: SessionId,
    /// The sender's signed keys, as long as the session was not answered: then the message is a
    /// pre-key message, otherwise a normal one.
    #[n(3)]
    pub keys: Option<ByteVec>,
    /// The Olm message.
    #[n(4)]
    pub message: ByteVec,
}

impl Sealed {
    /// Reads a body in its one encoding; none for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let sealed: Self = minicbor::decode(bytes).ok()?;
        (sealed.to_bytes() == bytes).then_some(sealed)
    }

    /// Returns the one encoding; writing to memory cannot fail.
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads the Olm message; none unless it is of the type that goes with the rest.
    pub(crate) fn olm(&self) -> Option<OlmMessage> {
        let kind = usize::from(self.keys.is_none());
        let message = OlmMessage::from_parts(kind, &self.message).ok()?;
        let is_of_session = match &message {
            OlmMessage::PreKey(first) => SessionId::of(first.session_keys()) == self.session,
            OlmMessage::Normal(_) => true,
        };
        is_of_session.then_some(message)
    }
}
