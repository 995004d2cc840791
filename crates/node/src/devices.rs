//! Devices: the things this node hosts, and those of others that it may use.
//!
//! The host decides by itself about every request; the consumer's side only keeps what it heard.

mod consumer;
mod error;
mod host;
mod local;
mod view;

use std::sync::{Arc, OnceLock};

use streembit_identity::{AccountId, Kind, NetworkId, NodeId, PeerKind};
use tracing::warn;

use self::consumer::Consumer;
pub use self::consumer::GrantWish;
pub use self::error::DeviceError;
pub(crate) use self::host::Host;
pub use self::view::{AuditView, DeviceState, DeviceView, GrantView};
use crate::{
    claim,
    dispatch::{Arrival, Reply},
    node::Node,
    wire::Refusal,
};

/// What devices keep in memory.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    claims: claim::Claims,
    consumer: Consumer,
    host: OnceLock<Arc<Host>>,
}

impl Devices {
    pub(crate) fn claims(&self) -> &claim::Claims {
        &self.claims
    }

    pub(crate) fn consumer(&self) -> &Consumer {
        &self.consumer
    }

    /// The things that this node hosts, if it hosts any.
    pub(crate) fn host(&self) -> Option<&Arc<Host>> {
        self.host.get()
    }
}

/// Begins to serve what the configuration names, and to take up claims.
pub(crate) async fn start(node: &Node) {
    if node.me().kind != PeerKind::Human || !node.0.config.things.is_empty() {
        match host::start(node).await {
            Ok(host) => {
                node.spawn(host::end_in_time(node.clone(), host.clone()));
                // Set once, here.
                let _ = node.0.devices.host.set(host);
            }
            Err(error) => warn!(%error, "Could not serve the things"),
        }
    }
    claim::start(node).await;
}

/// An account is connected: it may host things.
pub(crate) async fn on_connected(node: &Node, network: NetworkId, account: AccountId) {
    consumer::on_connected(node, network, account).await;
}

/// A node is gone, and what it observed with it.
pub(crate) async fn on_disconnected(
    node: &Node,
    network: NetworkId,
    account: AccountId,
    gone: NodeId,
) {
    if let Some(host) = node.0.devices.host() {
        host.forget_observer(network, gone);
    }
    consumer::on_disconnected(node, network, account).await;
}

/// Somebody asks something of the things here.
pub(crate) async fn on_device_request(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let host = node.0.devices.host().ok_or(Refusal::Unsupported)?;
    let body = host::answer(node, host, arrival).await?;
    claim::on_request(node, arrival.from).await;
    Ok(Reply {
        kind: Kind::DeviceResponse,
        body,
    })
}

/// A host tells what happened to its things.
pub(crate) async fn on_device_notification(
    node: &Node,
    arrival: &Arrival,
) -> Result<Reply, Refusal> {
    consumer::on_notification(node, arrival).await?;
    Ok(Reply {
        kind: Kind::DeviceResponse,
        body: b"{}".to_vec(),
    })
}

#[cfg(test)]
mod tests;
