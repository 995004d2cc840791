//! Translates between our node ids and libp2p's peer ids and keys.

use libp2p::{PeerId, identity};
use streembit_identity::{NodeId, NodeKey};

/// Returns the libp2p name of `node`.
pub(crate) fn from_node(node: &NodeId) -> Option<PeerId> {
    let key = identity::ed25519::PublicKey::try_from_bytes(node.as_bytes()).ok()?;
    Some(identity::PublicKey::from(key).to_peer_id())
}

/// Returns the node behind `peer`, if its id embeds an Ed25519 key that we accept.
///
/// An id of another key type is a hash and cannot be one of ours; a weak key is refused
/// (libp2p-identity does not look).
pub(crate) fn to_node(peer: &PeerId) -> Option<NodeId> {
    let digest = peer.as_ref().digest();
    let key = identity::PublicKey::try_decode_protobuf(digest).ok()?;
    let key = key.try_into_ed25519().ok()?;
    NodeId::from_bytes(&key.to_bytes()).ok()
}

/// Returns the key pair that libp2p's handshakes use.
pub(crate) fn keypair(key: &NodeKey) -> Option<identity::Keypair> {
    let mut seed = key.seed();
    identity::Keypair::ed25519_from_bytes(seed.as_mut_slice()).ok()
}
