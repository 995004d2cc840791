//! End-to-end encryption: the pure sessions of `streembit-ratchet`, with keys, store and peers.
//!
//! What a session says moves on only in the store, in one step with what was sent or received by it.

mod keys;
mod open;
mod outgoing;
mod reset;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use streembit_identity::{AccountId, NetworkId, NodeId};
use streembit_ratchet::{Device, Route, UncoverError};
use streembit_store::RatchetKey;

pub(crate) use self::keys::{Keys, keys_in, on_key_request, own_keys, rotate_forever, start};
pub(crate) use self::open::{Opened, open};
pub(crate) use self::outgoing::{NotSealed, envelope_for};
use self::reset::Resets;
pub(crate) use self::reset::{Reset, body as reset_body, on_reset, retire};
use crate::node::Node;

/// What this node needs to encrypt, in all networks.
#[derive(Debug)]
pub(crate) struct Ratchets {
    device: Arc<Mutex<Device>>,
    resets: Mutex<Resets>,
}

impl Ratchets {
    pub(crate) fn new(device: Device) -> Self {
        Self {
            device: Arc::new(Mutex::new(device)),
            resets: Mutex::default(),
        }
    }

    /// Opens the cover of something that lay in a mailbox.
    pub(crate) fn uncover(&self, cover: &[u8]) -> Result<Vec<u8>, UncoverError> {
        self.device().uncover(cover)
    }

    fn device(&self) -> MutexGuard<'_, Device> {
        lock(&self.device)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn key(node: &Node, network: NetworkId, account: AccountId, remote: NodeId) -> RatchetKey {
    RatchetKey {
        network,
        own: node.me().node,
        node: remote,
        account,
    }
}

/// From this node to one of `account`.
fn outward(node: &Node, network: NetworkId, account: AccountId, remote: NodeId) -> Route {
    Route {
        network,
        from: node.me().account,
        from_node: node.me().node,
        to: account,
        to_node: remote,
    }
}

/// From a node of `account` to this one.
fn inward(node: &Node, network: NetworkId, account: AccountId, remote: NodeId) -> Route {
    Route {
        network,
        from: account,
        from_node: remote,
        to: node.me().account,
        to_node: node.me().node,
    }
}

#[cfg(test)]
mod tests;
