//! The first byte of an answer: a signed envelope follows, or one of a few words of refusal.
//!
//! Peers are told little on purpose; the reasons are in this node's own log.

use thiserror::Error;

const ANSWER: u8 = 0;
const REFUSAL: u8 = 1;

/// The few words a peer gets when its request is not carried out.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub(crate) enum Refusal {
    /// Try again later.
    #[error("the peer is busy")]
    Busy,
    /// Not allowed.
    #[error("the peer refused")]
    Denied,
    /// Not understood, not signed as it should be, or too old.
    #[error("the peer found the request invalid")]
    Invalid,
    /// Nothing here answers such requests.
    #[error("the peer does not support this")]
    Unsupported,
}

/// A frame could not be read because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("the answer has no known form")]
pub(crate) struct UnknownAnswer;

/// Wraps a signed envelope as an answer.
pub(crate) fn answer(envelope: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(envelope.len() + 1);
    frame.push(ANSWER);
    frame.extend_from_slice(envelope);
    frame
}

/// Wraps a refusal as an answer.
pub(crate) fn refusal(refusal: Refusal) -> Vec<u8> {
    let code = match refusal {
        Refusal::Busy => 0,
        Refusal::Denied => 1,
        Refusal::Invalid => 2,
        Refusal::Unsupported => 3,
    };
    vec![REFUSAL, code]
}

/// Splits an answer into the envelope's bytes or the refusal.
pub(crate) fn open(frame: &[u8]) -> Result<Result<&[u8], Refusal>, UnknownAnswer> {
    match frame {
        [ANSWER, envelope @ ..] => Ok(Ok(envelope)),
        [REFUSAL, 0] => Ok(Err(Refusal::Busy)),
        [REFUSAL, 1] => Ok(Err(Refusal::Denied)),
        [REFUSAL, 2] => Ok(Err(Refusal::Invalid)),
        [REFUSAL, 3] => Ok(Err(Refusal::Unsupported)),
        [] | [_, ..] => Err(UnknownAnswer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_survive_the_wire() {
        for word in [
            Refusal::Busy,
            Refusal::Denied,
            Refusal::Invalid,
            Refusal::Unsupported,
        ] {
            assert_eq!(
                open(&refusal(word)),
                Ok(Err(word)),
                "each word has one code"
            );
        }
    }

    #[test]
    fn unknown_answers_are_refused() {
        for frame in [&[][..], &[2], &[1], &[1, 9], &[1, 0, 0]] {
            assert_eq!(open(frame), Err(UnknownAnswer), "{frame:?} has no meaning");
        }
    }
}
