//! The encryption of a file's groups: ChaCha20-Poly1305 (RFC 8439) under the key of the offer.
//!
//! A key is drawn for each offer. The nonce is the number of the group, so it never stands for two
//! plain texts as long as nothing but the offered file is encrypted: whoever sends checks each
//! group against the offer's tree first.

use std::fmt;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use thiserror::Error;

/// What encryption adds to each piece, in bytes.
pub const TAG: usize = 16;

/// The number of the list of leaves, which is no group.
pub const LEAVES: u32 = u32::MAX;

/// Encrypts and decrypts the pieces of one file.
#[derive(Clone)]
pub struct Cipher(LessSafeKey);

/// It was not encrypted with this key as this piece.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("the bytes were not encrypted for this file")]
pub struct Forged;

impl Cipher {
    /// Takes the key of an offer.
    ///
    /// # Errors
    /// Never for 32 bytes; the cipher asks for them.
    pub fn new(key: &[u8; 32]) -> Result<Self, Forged> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key).map_err(|_| Forged)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Encrypts piece `number` where it lies, and returns its tag, which stands behind it.
    ///
    /// # Errors
    /// [`Forged`] for more than the cipher takes, which is no group.
    pub fn seal(&self, number: u32, piece: &mut [u8]) -> Result<[u8; TAG], Forged> {
        let sealed = self
            .0
            .seal_in_place_separate_tag(nonce(number), Aad::empty(), piece);
        sealed
            .ok()
            .and_then(|tag| tag.as_ref().try_into().ok())
            .ok_or(Forged)
    }

    /// Decrypts piece `number` where it lies, and returns it without its tag.
    ///
    /// # Errors
    /// [`Forged`] for anything that was not encrypted as that piece.
    pub fn open<'a>(&self, number: u32, buffer: &'a mut [u8]) -> Result<&'a mut [u8], Forged> {
        self.0
            .open_in_place(nonce(number), Aad::empty(), buffer)
            .map_err(|_| Forged)
    }
}

impl fmt::Debug for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cipher(..)")
    }
}

fn nonce(number: u32) -> Nonce {
    let mut nonce = [0; 12];
    for (byte, of) in nonce.iter_mut().skip(8).zip(number.to_be_bytes()) {
        *byte = of;
    }
    Nonce::assume_unique_for_key(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_opens_as_itself_only() {
        let cipher = Cipher::new(&[7; 32]).unwrap();
        let mut sealed = b"group".to_vec();
        let tag = cipher.seal(3, &mut sealed).unwrap();
        sealed.extend_from_slice(&tag);
        assert_eq!(sealed.len(), 5 + TAG);

        assert_eq!(cipher.open(4, &mut sealed.clone()), Err(Forged));
        let other = Cipher::new(&[8; 32]).unwrap();
        assert_eq!(other.open(3, &mut sealed.clone()), Err(Forged));
        for at in 0..sealed.len() {
            let mut wrong = sealed.clone();
            wrong[at] ^= 1;
            assert_eq!(cipher.open(3, &mut wrong), Err(Forged));
        }
        assert_eq!(cipher.open(3, &mut sealed).unwrap(), b"group");
    }
}
