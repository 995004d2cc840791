//! Any bytes as a signed object: as they are, or as the payload under a good signature.

use std::marker::PhantomData;

use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use streembit_identity::{NetworkId, Payload, Signer, Timestamp, Unverified, Verified, seal};

/// The time at which everything is judged.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// Reads bytes as a whole signed object, or else as the payload of one that `key` signs.
pub fn signed<P: Payload>(
    data: &[u8],
    network: &NetworkId,
    key: &impl Signer,
) -> Option<Verified<P>> {
    if let Ok(object) = Unverified::<P>::parse(data) {
        let verified = object.verify(network).ok()?;
        assert_eq!(verified.bytes(), data, "one object, one encoding");
        return Some(verified);
    }
    let object = seal(&Raw::<P>(data, PhantomData), network, key).ok()?;
    let parsed = Unverified::<P>::parse(&object).ok()?;
    assert_eq!(
        minicbor::to_vec(parsed.peek()).as_deref().ok(),
        Some(data),
        "one payload, one encoding"
    );
    let verified = parsed.verify(network);
    assert!(verified.is_ok(), "a good signature verifies");
    verified.ok()
}

/// Any bytes in the place of a payload.
struct Raw<'a, P>(&'a [u8], PhantomData<P>);

impl<P: Payload> Payload for Raw<'_, P> {
    const DOMAIN: &'static str = P::DOMAIN;
    const MAX_BYTES: usize = P::MAX_BYTES;
}

impl<P> minicbor::Encode<()> for Raw<'_, P> {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        (): &mut (),
    ) -> Result<(), encode::Error<W::Error>> {
        e.writer_mut()
            .write_all(self.0)
            .map_err(encode::Error::write)
    }
}

impl<'b, P> minicbor::Decode<'b, ()> for Raw<'_, P> {
    fn decode(_: &mut Decoder<'b>, (): &mut ()) -> Result<Self, decode::Error> {
        Err(decode::Error::message("is only written"))
    }
}
