//! Lists of byte strings in deterministic CBOR.

use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};

/// Most items of one list, so that a short frame cannot announce a long one.
const MAX_ITEMS: u64 = 16_384;

/// Writes the list as an array of byte strings.
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

/// Reads what [`encode()`] writes.
pub(crate) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<Vec<u8>>, decode::Error> {
    let position = d.position();
    match d.array()? {
        Some(len) if len <= MAX_ITEMS => (0..len).map(|_| d.bytes().map(<[u8]>::to_vec)).collect(),
        Some(_) | None => {
            Err(decode::Error::message("list of unknown or excessive length").at(position))
        }
    }
}

/// One byte string, as a field of type `Vec<u8>`.
pub(crate) mod string {
    use minicbor::decode::Decoder;
    use minicbor::encode::{Encoder, Write};

    /// Writes the byte string.
    pub(crate) fn encode<C, W: Write>(
        value: &[u8],
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(value)?.ok()
    }

    /// Reads the byte string.
    pub(crate) fn decode<C>(
        d: &mut Decoder<'_>,
        _: &mut C,
    ) -> Result<Vec<u8>, minicbor::decode::Error> {
        d.bytes().map(<[u8]>::to_vec)
    }
}
