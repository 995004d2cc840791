//! What requests and answers between people say.

use minicbor::{Decode, Encode, bytes::ByteArray};
use streembit_identity::{Name, PeerKind};

/// The body of a contact request.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Request {
    /// What they call themselves.
    #[n(1)]
    pub(crate) name: Name,
    /// What they are.
    #[n(2)]
    pub(crate) kind: PeerKind,
    /// Shows that they hold an invite of ours.
    #[n(3)]
    pub(crate) proof: Option<ByteArray<32>>,
}

/// The body of the answer to a request.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Answer {
    /// Whether they accept.
    #[n(1)]
    pub(crate) accepts: bool,
    /// What they call themselves.
    #[n(2)]
    pub(crate) name: Name,
    /// What they are.
    #[n(3)]
    pub(crate) kind: PeerKind,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::body::{decode, encode};

    #[test]
    fn requests_and_answers_survive_a_round_trip() {
        let name: Name = "Alice".parse().unwrap();
        let plain = Request {
            name: name.clone(),
            kind: PeerKind::Human,
            proof: None,
        };
        let proven = Request {
            proof: Some([7; 32].into()),
            ..plain.clone()
        };
        let answer = Answer {
            accepts: true,
            name,
            kind: PeerKind::Device,
        };

        assert_eq!(decode(&encode(&plain)), Some(plain));
        assert_eq!(decode(&encode(&proven)), Some(proven));
        assert_eq!(decode(&encode(&answer)), Some(answer));
    }

    #[test]
    fn a_proof_of_another_length_is_refused() {
        let name: Name = "Mallory".parse().unwrap();
        let body = Request {
            name,
            kind: PeerKind::Human,
            proof: Some([0; 32].into()),
        };
        let mut bytes = encode(&body);
        bytes.truncate(bytes.len() - 1);

        assert_eq!(decode::<Request>(&bytes), None);
    }
}
