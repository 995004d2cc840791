//! The keys with which others encrypt for this node, and those of others.

use std::time::Duration;

use minicbor::{Decode, Encode, bytes::ByteVec};
use streembit_identity::{AccountId, DeviceKeys, Kind, NetworkId, NodeId, PeerRecord, seal};
use streembit_ratchet::Device;
use streembit_store::{Store, StoreError};
use tracing::{debug, info, warn};

use super::NotSealed;
use crate::{
    ask::AskError,
    chat::body::{decode, encode},
    dispatch::{Arrival, Reply},
    node::{Node, message_id, nap, now},
    wire::Refusal,
};

/// How long a peer may take to hand over its keys.
const DEADLINE: Duration = Duration::from_secs(10);
/// The pause after a new key could not be stored.
const RETRY: Duration = Duration::from_mins(1);

/// The body of an answer to a request for keys; the request itself says nothing.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Keys {
    /// The keys, signed by their node.
    #[n(1)]
    pub(crate) keys: ByteVec,
}

/// Reads the keys of `own`, or draws and keeps new ones: a restored profile has none.
pub(crate) async fn start(store: &Store, own: NodeId) -> Result<Device, StoreError> {
    let stored = store.device_keys(own).await?;
    let stored = stored.map(|state| Device::from_bytes(&state)).transpose();
    let stored = stored.unwrap_or_else(|error| {
        warn!(%error, "Replaced the keys that others encrypt with");
        None
    });
    let Some(mut device) = stored else {
        let device = Device::new(now());
        store.begin_device_keys(own, device.to_bytes()).await?;
        return Ok(device);
    };
    if device.rotate(now()) {
        store.put_device_keys(own, device.to_bytes()).await?;
    }
    Ok(device)
}

/// Replaces the fallback key whenever it is time.
pub(crate) async fn rotate_forever(node: Node) {
    loop {
        let due = node.0.ratchets.device().due();
        tokio::time::sleep(nap(due)).await;
        match rotate(&node).await {
            Ok(true) => {
                info!("Replaced the key with which others begin to encrypt");
                node.republish();
            }
            Ok(false) => {}
            Err(error) => {
                warn!(%error, "Could not keep a new key");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}

/// Replaces the fallback key if it is time: nobody hears of a new one before it is stored.
async fn rotate(node: &Node) -> Result<bool, StoreError> {
    let before = node.0.ratchets.device().to_bytes();
    let Ok(mut next) = Device::from_bytes(&before) else {
        return Ok(false);
    };
    if !next.rotate(node.now()) {
        return Ok(false);
    }
    let state = next.to_bytes();
    node.store().put_device_keys(node.me().node, state).await?;
    *node.0.ratchets.device() = next;
    Ok(true)
}

/// Returns this node's keys for one network, signed.
pub(crate) fn own_keys(node: &Node, network: NetworkId) -> Option<Vec<u8>> {
    let me = node.me();
    let keys = node.0.ratchets.device().keys(me.node)?;
    seal(&keys, &network, &me.node_key).ok()
}

/// Hands this node's keys over.
pub(crate) fn on_key_request(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    if !arrival.envelope.body.is_empty() {
        return Err(Refusal::Invalid);
    }
    let keys = own_keys(node, arrival.network).ok_or(Refusal::Busy)?;
    Ok(Reply {
        kind: Kind::Keys,
        body: encode(&Keys { keys: keys.into() }),
    })
}

/// Asks a connected node for its keys, or else looks them up in its account's public record.
pub(super) async fn keys_of(
    node: &Node,
    network: NetworkId,
    account: AccountId,
    remote: NodeId,
) -> Result<DeviceKeys, NotSealed> {
    match ask(node, network, account, remote).await {
        Ok(Some(keys)) => Ok(keys),
        // Whoever hands over no keys takes no messages either.
        Err(AskError::Denied) => Err(NotSealed::Denied),
        Ok(None) | Err(_) => look_up(node, network, account, remote)
            .await
            .ok_or(NotSealed::NoKeys),
    }
}

async fn ask(
    node: &Node,
    network: NetworkId,
    account: AccountId,
    remote: NodeId,
) -> Result<Option<DeviceKeys>, AskError> {
    let (now, kind) = (node.now(), Kind::KeyRequest);
    let request = node.seal(network, account, kind, message_id(now), now, Vec::new())?;
    let answer = node.hand_over(network, remote, request, DEADLINE).await;
    let answer = answer.inspect_err(|error| debug!(node = %remote, %error, "Got no keys"))?;
    if answer.kind != Kind::Keys {
        return Ok(None);
    }
    let keys = decode::<Keys>(&answer.body)
        .and_then(|body| DeviceKeys::open(&body.keys, &network, node.now()).ok())
        .filter(|keys| keys.node == remote);
    Ok(keys.map(|keys| (*keys).clone()))
}

pub(super) async fn look_up(
    node: &Node,
    network: NetworkId,
    account: AccountId,
    remote: NodeId,
) -> Option<DeviceKeys> {
    let record = node.record_of(network, account).await?;
    let keys = record.keys_of(remote, &network, node.now());
    keys.map(|keys| (*keys).clone())
}

/// Returns the keys of every live node in a record.
pub(crate) fn keys_in(node: &Node, network: NetworkId, record: &PeerRecord) -> Vec<DeviceKeys> {
    let now = node.now();
    let nodes = record.live_certificates(now).into_iter();
    let keys = nodes.filter_map(|own| record.keys_of(own.node(), &network, now));
    keys.map(|keys| (*keys).clone()).collect()
}
