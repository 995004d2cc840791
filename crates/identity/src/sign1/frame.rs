//! The bytes around a payload: tag, protected header, signature.
//!
//! The protected header has a single allowed form, so it is compared, not interpreted.

use minicbor::decode::Decoder;
use minicbor::encode::Encoder;

use super::ParseError;
use crate::NetworkId;

/// Tag 18, an array of four, and a protected header of 38 bytes, `{1: -19, 4: h'…'}`: algorithm
/// Ed25519 (RFC 9864) and the 32 bytes of the signing key, which follow.
const HEAD: [u8; 10] = [0xd2, 0x84, 0x58, 0x26, 0xa2, 0x01, 0x32, 0x04, 0x58, 0x20];

/// Where the protected header begins inside [`HEAD`].
const PROTECTED: usize = 4;

/// The empty unprotected header.
const UNPROTECTED: [u8; 1] = [0xa0];

/// Head of the byte string of 64 bytes that is the signature.
const SIGNATURE: [u8; 2] = [0x58, 0x40];

/// Most that a frame adds to its payload.
pub(super) const MAX_OVERHEAD: usize =
    HEAD.len() + 32 + UNPROTECTED.len() + 9 + SIGNATURE.len() + 64;

/// Version of the protocol, part of every signature.
const VERSION: u8 = 1;

/// The parts of a signed object, borrowed from its bytes.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) signer: &'a [u8; 32],
    pub(super) payload: &'a [u8],
    pub(super) signature: &'a [u8; 64],
}

impl<'a> Frame<'a> {
    /// Reads the one allowed form.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let rest = bytes.strip_prefix(&HEAD).ok_or(ParseError::NotSigned)?;
        let (signer, rest) = rest
            .split_first_chunk::<32>()
            .ok_or(ParseError::NotSigned)?;
        let rest = rest
            .strip_prefix(&UNPROTECTED)
            .ok_or(ParseError::NotSigned)?;
        let (rest, signature) = rest.split_last_chunk::<64>().ok_or(ParseError::NotSigned)?;
        let rest = rest.strip_suffix(&SIGNATURE).ok_or(ParseError::NotSigned)?;

        let mut decoder = Decoder::new(rest);
        let payload = decoder.bytes().map_err(|_| ParseError::NotSigned)?;
        if decoder.position() != rest.len() {
            return Err(ParseError::NotSigned);
        }
        if rest.len() - payload.len() != head_len(payload.len()) {
            return Err(ParseError::NotCanonical);
        }
        Ok(Self {
            signer,
            payload,
            signature,
        })
    }
}

/// Writes the one allowed form.
pub(super) fn write(signer: &[u8; 32], payload: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + MAX_OVERHEAD);
    bytes.extend_from_slice(&HEAD);
    bytes.extend_from_slice(signer);
    bytes.extend_from_slice(&UNPROTECTED);
    put_string(&mut bytes, payload);
    bytes.extend_from_slice(&SIGNATURE);
    bytes.extend_from_slice(signature);
    bytes
}

/// Writes the `Sig_structure` of RFC 9052 §4.4, which is what a signature covers.
///
/// The external data binds protocol, version, type and network.
pub(super) fn to_be_signed(
    signer: &[u8; 32],
    domain: &str,
    network: &NetworkId,
    payload: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + domain.len() + 128);
    put(&mut bytes, |e| e.array(4)?.str("Signature1")?.ok());
    let protected = HEAD.get(PROTECTED..).unwrap_or_default();
    put_string(&mut bytes, &[protected, signer].concat());
    put_string(&mut bytes, &external(domain, network));
    put_string(&mut bytes, payload);
    bytes
}

fn external(domain: &str, network: &NetworkId) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(domain.len() + 64);
    put(&mut bytes, |e| {
        e.array(4)?
            .str("streembit")?
            .u8(VERSION)?
            .str(domain)?
            .bytes(network.as_bytes())?
            .ok()
    });
    bytes
}

fn put_string(bytes: &mut Vec<u8>, string: &[u8]) {
    put(bytes, |e| e.bytes(string)?.ok());
}

type Write<'a> = Encoder<&'a mut Vec<u8>>;
type Never = minicbor::encode::Error<std::convert::Infallible>;

/// Appends to the bytes; writing to memory cannot fail.
fn put(bytes: &mut Vec<u8>, write: impl FnOnce(&mut Write<'_>) -> Result<(), Never>) {
    let written = write(&mut Encoder::new(bytes));
    debug_assert!(written.is_ok(), "a vector takes every byte");
}

/// Length of the shortest head of a byte string.
const fn head_len(len: usize) -> usize {
    match len {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}
