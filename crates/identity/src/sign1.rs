//! Signed objects: COSE_Sign1 (RFC 9052) in the one form that this protocol allows.
//!
//! Bytes become [`Unverified`], and only a good signature for the right network makes them
//! [`Verified`]. There is exactly one encoding of an object; anything else is refused.

mod frame;

use std::fmt;
use std::ops::Deref;

use minicbor::{Decode, Encode};
use thiserror::Error;

use self::frame::Frame;
use crate::{Digest, NetworkId, PublicKey, Signer};

/// Something that can be signed: it has a name of its own and a limit.
pub trait Payload: Encode<()> + for<'b> Decode<'b, ()> {
    /// Names the type in the signature, so that no signature serves two types.
    const DOMAIN: &'static str;

    /// Largest encoding, in bytes.
    const MAX_BYTES: usize;

    /// Checks what the types of the fields cannot say, before signing and after decoding.
    ///
    /// # Errors
    ///
    /// Names the rule that is broken.
    fn check(&self) -> Result<(), &'static str> {
        Ok(())
    }
}

/// Why something cannot be signed.
#[derive(Debug, Error)]
pub enum SealError {
    /// It cannot be encoded.
    #[error("the payload cannot be encoded")]
    Encode(#[source] minicbor::encode::Error<std::convert::Infallible>),
    /// It breaks a rule of its type.
    #[error("the payload is invalid: {0}")]
    Invalid(&'static str),
    /// It is above the limit of its type.
    #[error("the payload is too large")]
    TooLarge,
}

/// Why bytes are not a signed object.
#[derive(Debug, Error)]
pub enum ParseError {
    /// It breaks a rule of its type.
    #[error("the payload is invalid: {0}")]
    Invalid(&'static str),
    /// The key that it names cannot be used.
    #[error("the signing key is unusable")]
    Key(#[from] crate::KeyError),
    /// It is not the one encoding of what it says.
    #[error("the encoding is not canonical")]
    NotCanonical,
    /// It is not a signed object.
    #[error("it is not a signed object")]
    NotSigned,
    /// The payload is not of the expected type.
    #[error("the payload cannot be read")]
    Payload(#[source] minicbor::decode::Error),
    /// It is above the limit of its type.
    #[error("it is too large")]
    TooLarge,
}

/// The signature is not the named key's over these bytes in this network.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("the signature does not verify")]
pub struct SignatureError;

/// Encodes the payload and signs it for the network.
///
/// # Errors
///
/// Refuses what its own [`Unverified::parse`] would refuse.
pub fn seal<P: Payload>(
    payload: &P,
    network: &NetworkId,
    key: &impl Signer,
) -> Result<Vec<u8>, SealError> {
    payload.check().map_err(SealError::Invalid)?;
    let payload = minicbor::to_vec(payload).map_err(SealError::Encode)?;
    if payload.len() > P::MAX_BYTES {
        return Err(SealError::TooLarge);
    }
    let signer = key.public();
    let message = frame::to_be_signed(signer.as_bytes(), P::DOMAIN, network, &payload);
    Ok(frame::write(
        signer.as_bytes(),
        &payload,
        &key.sign(&message),
    ))
}

/// Encodes into a vector that has room for as many bytes as are expected.
fn encode<P: Payload>(
    payload: &P,
    expected: usize,
) -> Result<Vec<u8>, minicbor::encode::Error<std::convert::Infallible>> {
    let mut bytes = Vec::with_capacity(expected);
    minicbor::encode(payload, &mut bytes)?;
    Ok(bytes)
}

/// Returns the payload of something that has the form of a signed object.
pub(crate) fn payload_of(bytes: &[u8]) -> Option<&[u8]> {
    Frame::read(bytes).ok().map(|frame| frame.payload)
}

/// A well-formed signed object whose signature nobody has checked.
#[derive(Clone, Debug)]
pub struct Unverified<P> {
    bytes: Vec<u8>,
    signer: PublicKey,
    payload: P,
}

impl<P: Payload> Unverified<P> {
    /// Reads a signed object.
    ///
    /// # Errors
    ///
    /// Refuses what is too large, malformed, or encoded in any other than the one allowed way.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        if bytes.len() > P::MAX_BYTES.saturating_add(frame::MAX_OVERHEAD) {
            return Err(ParseError::TooLarge);
        }
        let frame = Frame::read(bytes)?;
        if frame.payload.len() > P::MAX_BYTES {
            return Err(ParseError::TooLarge);
        }
        let payload: P = minicbor::decode(frame.payload).map_err(ParseError::Payload)?;
        let again = encode(&payload, frame.payload.len()).map_err(|_| ParseError::NotCanonical)?;
        if again != frame.payload {
            return Err(ParseError::NotCanonical);
        }
        payload.check().map_err(ParseError::Invalid)?;
        Ok(Self {
            bytes: bytes.to_vec(),
            signer: PublicKey::from_bytes(frame.signer)?,
            payload,
        })
    }

    /// Returns the key that the object claims to be signed by.
    pub fn signer(&self) -> PublicKey {
        self.signer
    }

    /// Looks at the claims; nothing may be decided on them.
    pub fn peek(&self) -> &P {
        &self.payload
    }

    /// Checks the signature for the network.
    ///
    /// # Errors
    ///
    /// Fails unless the named key signed exactly these bytes for exactly this network and type.
    pub fn verify(self, network: &NetworkId) -> Result<Verified<P>, SignatureError> {
        let frame = Frame::read(&self.bytes).map_err(|_| SignatureError)?;
        let message = frame::to_be_signed(frame.signer, P::DOMAIN, network, frame.payload);
        if !self.signer.is_signature(&message, frame.signature) {
            return Err(SignatureError);
        }
        Ok(Verified {
            bytes: self.bytes,
            signer: self.signer,
            network: *network,
            payload: self.payload,
        })
    }
}

/// A signed object whose signature was checked.
#[derive(Clone)]
pub struct Verified<P> {
    bytes: Vec<u8>,
    signer: PublicKey,
    network: NetworkId,
    payload: P,
}

impl<P> Verified<P> {
    /// Returns the key that signed it.
    pub fn signer(&self) -> PublicKey {
        self.signer
    }

    /// Returns the network that it was signed for.
    pub fn network(&self) -> NetworkId {
        self.network
    }

    /// Returns the exact bytes of the signed object.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<P: Payload> Verified<P> {
    /// Returns the hash of what was signed, which does not change with the signature.
    pub fn digest(&self) -> Digest {
        let frame = Frame::read(&self.bytes);
        let message = frame.map_or_else(
            |_| Vec::new(),
            |frame| frame::to_be_signed(frame.signer, P::DOMAIN, &self.network, frame.payload),
        );
        Digest::of(&[&message])
    }
}

impl<P> Deref for Verified<P> {
    type Target = P;

    fn deref(&self) -> &P {
        &self.payload
    }
}

impl<P: fmt::Debug> fmt::Debug for Verified<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("signer", &self.signer)
            .field("payload", &self.payload)
            .finish_non_exhaustive()
    }
}
