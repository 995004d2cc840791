//! Fixed and bounded byte strings in deterministic CBOR.

use minicbor::decode::{Decoder, Error};

/// Reads a definite byte string of exactly `N` bytes.
pub(crate) fn fixed<const N: usize>(d: &mut Decoder<'_>) -> Result<[u8; N], Error> {
    let position = d.position();
    <[u8; N]>::try_from(d.bytes()?)
        .map_err(|_| Error::message("byte string of the wrong length").at(position))
}

/// Number of items that one list may have; types narrow it further in their own check.
const MAX_ITEMS: u64 = 4_096;

/// Reads the head of a definite array and returns its length.
fn array_len(d: &mut Decoder<'_>) -> Result<u64, Error> {
    let position = d.position();
    match d.array()? {
        Some(len) if len <= MAX_ITEMS => Ok(len),
        Some(_) | None => Err(Error::message("array too long or of unknown length").at(position)),
    }
}

/// One definite byte string, as a field of type `Vec<u8>` or `[u8; N]`.
pub(crate) mod string {
    use minicbor::decode::{self, Decoder};
    use minicbor::encode::{self, Encoder, Write};

    pub(crate) fn encode<C, T: AsRef<[u8]>, W: Write>(
        value: &T,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.bytes(value.as_ref())?.ok()
    }

    pub(crate) fn decode<C, T: for<'a> TryFrom<&'a [u8]>>(
        d: &mut Decoder<'_>,
        _: &mut C,
    ) -> Result<T, decode::Error> {
        let position = d.position();
        T::try_from(d.bytes()?)
            .map_err(|_| decode::Error::message("byte string of the wrong length").at(position))
    }
}

/// A list of byte strings, as a field of type `Vec<Vec<u8>>`.
pub(crate) mod strings {
    use minicbor::decode::{self, Decoder};
    use minicbor::encode::{self, Encoder, Write};

    pub(crate) fn encode<C, W: Write>(
        values: &[Vec<u8>],
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.array(values.len() as u64)?;
        for value in values {
            e.bytes(value)?;
        }
        Ok(())
    }

    pub(crate) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<Vec<u8>>, decode::Error> {
        (0..super::array_len(d)?)
            .map(|_| d.bytes().map(<[u8]>::to_vec))
            .collect()
    }
}
