//! The cover of a copy that lies in a mailbox: whoever keeps it sees neither who signed what is
//! inside nor in which session it was sealed, and the copies of one sender look like anybody's.

use streembit_identity::DeviceKeys;
use thiserror::Error;
use vodozemac::olm::OlmMessage;
use zeroize::Zeroizing;

use crate::{BeginError, Device};

/// What is inside is filled up to a multiple of this, so that its size tells little.
const STEP: usize = 512;

/// Ends what is inside; zeros follow.
const END: u8 = 0x80;

/// A cover cannot be opened because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum UncoverError {
    /// there is no key for it, or none any more.
    #[error("there is no key for it")]
    Lost,
    /// it is no cover.
    #[error("it is no cover")]
    Malformed,
}

/// Covers a signed envelope for the node of `keys`, with keys that are used once and forgotten.
///
/// # Errors
///
/// Refuses keys that make no secret.
pub fn cover(keys: &DeviceKeys, envelope: &[u8]) -> Result<Vec<u8>, BeginError> {
    let mut filled = Zeroizing::new(Vec::with_capacity(envelope.len() + STEP + 1));
    filled.extend_from_slice(envelope);
    filled.push(END);
    let whole = filled.len().next_multiple_of(STEP);
    filled.resize(whole, 0);
    let nobody = Device::passing();
    let mut session = nobody.begin(keys)?;
    let message = session.encrypt(&*filled).map_err(|_| BeginError)?;
    Ok(message.to_parts().1)
}

impl Device {
    /// Opens a cover that was made for this node.
    ///
    /// # Errors
    ///
    /// See [`UncoverError`].
    pub fn uncover(&mut self, cover: &[u8]) -> Result<Vec<u8>, UncoverError> {
        let message = OlmMessage::from_parts(0, cover).map_err(|_| UncoverError::Malformed)?;
        let OlmMessage::PreKey(first) = message else {
            return Err(UncoverError::Malformed);
        };
        if first.to_bytes() != cover {
            return Err(UncoverError::Malformed);
        }
        let identity = first.identity_key().to_bytes();
        let entered = self
            .enter(identity, &first)
            .map_err(|_| UncoverError::Lost)?;
        let filled = Zeroizing::new(entered.plaintext);
        let end = filled.iter().rposition(|byte| *byte != 0);
        match end.and_then(|end| filled.split_at_checked(end)) {
            Some((envelope, [END, ..])) => Ok(envelope.to_vec()),
            Some(_) | None => Err(UncoverError::Malformed),
        }
    }
}
