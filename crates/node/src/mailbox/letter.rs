//! A letter: an envelope with the certificate of its node, covered so that a mailbox sees neither.

use streembit_delivery::mailbox::Token;
use streembit_gate::RefusalReason;
use streembit_identity::{
    Accepted, Certificate, DeviceKeys, Digest, Envelope, Kind, NodeId, Unverified,
};
use tracing::debug;

use super::body::Letter;
use crate::{
    chat::body::{decode, encode},
    networks::Network,
    node::Node,
};

/// Why a letter is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unfit {
    /// Its sender may become known.
    NotYet,
    /// It never will be.
    Never,
}

/// Covers an envelope for the node of `keys`.
pub(super) fn cover(node: &Node, keys: &DeviceKeys, envelope: Vec<u8>) -> Option<Vec<u8>> {
    let letter = Letter {
        certificate: node.me().certificate.bytes().to_vec().into(),
        envelope: envelope.into(),
    };
    streembit_ratchet::cover(keys, &encode(&letter)).ok()
}

/// The word by which `mailbox` knows an envelope that is left twice; to others it says nothing.
pub(super) fn token(mailbox: NodeId, envelope: &[u8]) -> Token {
    let digest = Digest::of(&[b"streembit/1/deposit", mailbox.as_bytes(), envelope]);
    let mut token = Token::default();
    for (to, from) in token.iter_mut().zip(digest.as_bytes()) {
        *to = *from;
    }
    token
}

/// Opens a covered letter and checks who signed it, as if its node had brought it.
pub(super) fn open(
    node: &Node,
    network: &Network,
    copy: &[u8],
) -> Result<(NodeId, Accepted), Unfit> {
    let letter = node.0.ratchets.uncover(copy).map_err(|error| {
        debug!(%error, "Could not open what a mailbox kept");
        Unfit::Never
    })?;
    let letter: Letter = decode(&letter).ok_or(Unfit::Never)?;
    let certificate = Certificate::parse(&letter.certificate).map_err(|_| Unfit::Never)?;
    let admitted = network.keeper().rules().admit(&certificate, node.now());
    admitted.map_err(|reason| {
        debug!(node = %certificate.node(), %reason, "Refused what a mailbox kept");
        // News of a member may still be on its way.
        if matches!(
            reason,
            RefusalReason::NotListed | RefusalReason::RulesUnreadable
        ) {
            Unfit::NotYet
        } else {
            Unfit::Never
        }
    })?;
    let envelope = accept(node, network, &certificate, &letter.envelope);
    envelope
        .map(|envelope| (certificate.node(), envelope))
        .ok_or(Unfit::Never)
}

/// Nothing here speaks against the node that is named: anybody may have covered it.
fn accept(
    node: &Node,
    network: &Network,
    certificate: &Certificate,
    bytes: &[u8],
) -> Option<Accepted> {
    let envelope = Unverified::<Envelope>::parse(bytes).ok()?;
    let envelope = envelope.verify(&network.id()).ok()?;
    let envelope = envelope
        .accept(certificate, node.me().account, node.now())
        .ok()?;
    let is_mail = matches!(
        envelope.kind,
        Kind::Sealed
            | Kind::GroupMessage
            | Kind::MailReceipt
            | Kind::ContactRequest
            | Kind::ContactAnswer
    );
    is_mail.then_some(envelope)
}
