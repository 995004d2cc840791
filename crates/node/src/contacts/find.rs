//! Finding people of the public network by the name that they go by.
//!
//! Whoever wants to be found announces a node under the hash of the name. An announcement is only a
//! hint: what counts is the peer record that the node's account signed.

use std::time::Duration;

use streembit_identity::{
    AccountId, Handle, Name, NetworkId, NodeId, PeerRecord, PublicRecord, fingerprint,
};
use streembit_store::StoreError;
use tokio::{
    task::JoinSet,
    time::{Instant, timeout_at},
};

use super::ContactError;
use crate::{networks::Network, node::Node};

/// How long a search may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Most people that one search finds.
const MAX_FOUND: usize = 20;

/// Somebody who goes by a name; several may.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FoundPeer {
    /// What tells it apart from others of that name.
    pub fingerprint: String,
    /// Its name, as it writes it.
    pub name: Name,
    /// Its account.
    pub peer: AccountId,
}

impl Node {
    /// Finds who goes by `name` in the public network and wants to be found by it.
    ///
    /// # Errors
    /// See [`ContactError`]; a search that found somebody in time has not failed.
    pub async fn contact_find(&self, name: &Name) -> Result<Vec<FoundPeer>, ContactError> {
        let network = self.network(&NetworkId::PUBLIC);
        let network = network.ok_or(ContactError::NotFound("the public network does not run"))?;
        let (handle, end) = (Handle::of(name), Instant::now() + DEADLINE);
        let announced = network.net().announced(*handle.key().as_bytes());
        let nodes = timeout_at(end, announced).await;
        let nodes = nodes.map_err(|_| ContactError::Timeout)?;
        let mut looks = JoinSet::new();
        for node in nodes.into_iter().filter(|node| *node != self.me().node) {
            let (this, network, handle) = (self.clone(), network.clone(), handle.clone());
            looks.spawn(async move { this.look_up(&network, node, &handle).await });
        }
        let mut found: Vec<FoundPeer> = Vec::new();
        let mut is_late = false;
        while !looks.is_empty() && !is_late {
            match timeout_at(end, looks.join_next()).await {
                Ok(Some(Ok(Some(peer)))) if found.len() < MAX_FOUND => {
                    if found.iter().all(|known| known.peer != peer.peer) {
                        found.push(peer);
                    }
                }
                Ok(_) => {}
                Err(_) => is_late = true,
            }
        }
        if is_late && found.is_empty() {
            return Err(ContactError::Timeout);
        }
        found.sort_by(|one, other| one.fingerprint.cmp(&other.fingerprint));
        Ok(found)
    }

    /// Returns whose node it is, if that account really goes by the handle.
    async fn look_up(&self, network: &Network, node: NodeId, handle: &Handle) -> Option<FoundPeer> {
        let now = self.now();
        let owner = self.find_addresses(network, node).await?.owner(now)?;
        let key = PeerRecord::key_of(owner.account());
        let record = match self.newest(network, *key.as_bytes()).await? {
            PublicRecord::Peer(record) => record,
            PublicRecord::Address(_) | PublicRecord::Tombstone(_) => return None,
        };
        let certificates = record.live_certificates(now);
        let is_its = certificates.iter().any(|it| it.node() == node);
        let is_other = record.account != self.me().account;
        (is_its && is_other && Handle::of(&record.name) == *handle).then(|| FoundPeer {
            fingerprint: fingerprint(record.account),
            name: record.name.clone(),
            peer: record.account,
        })
    }

    /// Whether this account wants to be found by its name.
    pub(crate) async fn is_findable(&self) -> Result<bool, StoreError> {
        let setting = self.store().setting("findable").await?;
        Ok(setting == Some(true.into()))
    }

    /// Returns what this account is found by.
    pub(crate) fn own_handle(&self) -> Handle {
        let claimed = self.0.config.hooks.handle.as_ref();
        claimed.map_or_else(|| Handle::of(&self.name()), Handle::of)
    }
}
