//! What this node says about itself in the DHT, and what it reads there about others.
//!
//! Every value is verified again when it is read, whoever gave it; the highest sequence wins.

pub(crate) mod board;
pub(crate) mod check;
pub(crate) mod shelf;

use std::{str::FromStr, sync::Arc, time::Duration};

use libp2p::Multiaddr;
use minicbor::bytes::ByteVec;
use streembit_gate::ContactState;
use streembit_identity::{
    AccountId, AddressRecord, NetworkId, NodeId, PeerRecord, PublicRecord, SealError, Timestamp,
    Unverified, Verified, seal,
};
use streembit_store::StoreError;
use tracing::{debug, info, warn};

use crate::{
    contacts, event::Event, mailbox, net::PutError, networks::Network, node::Node, own, sealed,
};

/// Life of an address record; it is published again well before.
const ADDRESS_LIFETIME: Duration = Duration::from_secs(2 * 3600);
/// Time between two publications without a reason.
const REFRESH: Duration = Duration::from_secs(45 * 60);
/// Changes within this time are published together.
const SETTLE: Duration = Duration::from_millis(300);
/// Waiting times after a failed publication; the last one repeats.
const RETRIES: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_secs(60),
    Duration::from_secs(300),
];

impl Node {
    /// Pins the record of a member or contact: it is held again after a restart.
    pub(crate) async fn on_held(
        &self,
        network: &Network,
        account: AccountId,
        sequence: u64,
        value: Vec<u8>,
    ) {
        let id = network.id();
        let is_known = network.has_member(&account)
            || contacts::state(self, id, account)
                .await
                .is_ok_and(|state| state == ContactState::Accepted);
        if !is_known {
            return;
        }
        if let Err(error) = self.store().pin_record(id, account, sequence, value).await {
            warn!(%account, %error, "Could not keep a record");
        }
        own::note_computers(self, id, account).await;
    }

    /// Holds the pinned records of a network again.
    pub(crate) async fn hold_pinned(self, network: Arc<Network>) {
        let pinned = match self.store().records(network.id()).await {
            Ok(pinned) => pinned,
            Err(error) => return warn!(%error, "Could not read the records"),
        };
        for value in pinned {
            let owner = PublicRecord::subject_of(&value);
            if let Some(account) = owner {
                let key = *PeerRecord::key_of(account).as_bytes();
                network.net().hold(key, value).await;
            }
        }
    }

    /// Publishes the records of this node in `network` whenever there is a reason, until it stops.
    pub(crate) async fn publish_forever(self, network: Arc<Network>) {
        let mut failures = 0;
        let mut wait = REFRESH;
        loop {
            tokio::select! {
                () = network.stop_token().cancelled() => return,
                () = network.publication().notified() => tokio::time::sleep(SETTLE).await,
                () = tokio::time::sleep(wait) => {}
            }
            if !self.0.config.hooks.publish || network.net().peers().is_empty() {
                wait = REFRESH;
                continue;
            }
            match self.publish(&network).await {
                Ok(()) => {
                    failures = 0;
                    wait = REFRESH;
                }
                Err(error) => {
                    debug!(%error, "Could not publish");
                    wait = RETRIES
                        .get(failures)
                        .copied()
                        .unwrap_or(Duration::from_secs(600));
                    failures += 1;
                }
            }
        }
    }

    /// Asks for a new publication in every network.
    pub(crate) fn republish(&self) {
        for network in self.networks() {
            network.publication().notify_one();
        }
    }

    async fn publish(&self, network: &Network) -> Result<(), PublishError> {
        let now = self.now();
        let peer = self.peer_record(network.id(), now).await?;
        put(network, &peer, PeerRecord::LIFETIME).await?;
        let is_findable = network.is_public() && self.is_findable().await?;
        let addresses = self.address_record(network, now, is_findable)?;
        put(network, &addresses, ADDRESS_LIFETIME).await?;
        let handle = is_findable.then(|| self.own_handle().key());
        network
            .net()
            .announce(handle.map(|key| *key.as_bytes()))
            .await;
        let found = network.net().get(*addresses.key().as_bytes()).await;
        let holders = found.iter().filter(|(from, _)| from.is_some()).count();
        let mailboxes = mailbox::named(self, network.id()).map_or(0, |named| named.len());
        info!(network = %network.id().short(), mailboxes, holders, "Published the own records");
        if holders == 0 {
            return Err(PublishError::NotHeld);
        }
        network.note_publication(now);
        self.emit(Event::Network {
            network: network.id(),
        });
        Ok(())
    }

    async fn peer_record(
        &self,
        network: NetworkId,
        now: Timestamp,
    ) -> Result<PublicRecord, PublishError> {
        let me = self.me();
        let (certificates, revoked) = self.own_record_parts(now).await?;
        let record = PeerRecord {
            account: me.account,
            name: self.name(),
            kind: me.kind,
            certificates,
            revoked,
            sequence: now.0,
            expires: now.plus(PeerRecord::LIFETIME),
            mailboxes: mailbox::named(self, network),
            keys: self.keys_for_record(network).await,
        };
        let bytes = seal(&record, &network, &me.account_key)?;
        Ok(PublicRecord::Peer(own(&bytes, &network)?))
    }

    /// This node's keys, and those of the account's other nodes as they last published them.
    async fn keys_for_record(&self, network: NetworkId) -> Option<Vec<ByteVec>> {
        let me = self.me();
        let own = sealed::own_keys(self, network)?;
        let mut keys = vec![own.into()];
        let siblings = self.siblings(network).await;
        if !siblings.is_empty()
            && let Some(record) = self.record_of(network, me.account).await
        {
            let fresh = |at: &NodeId| record.keys_of(*at, &network, self.now());
            let theirs = siblings.iter().filter_map(fresh);
            keys.extend(theirs.map(|keys| keys.bytes().to_vec().into()));
        }
        Some(keys)
    }

    /// The newest public record of an account.
    pub(crate) async fn record_of(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Option<Verified<PeerRecord>> {
        let live = self.network(&network)?;
        let key = *PeerRecord::key_of(account).as_bytes();
        match self.newest(&live, key).await? {
            PublicRecord::Peer(record) => Some(record),
            PublicRecord::Address(_) | PublicRecord::Tombstone(_) => None,
        }
    }

    fn address_record(
        &self,
        network: &Network,
        now: Timestamp,
        is_findable: bool,
    ) -> Result<PublicRecord, PublishError> {
        let certificate = is_findable.then(|| self.me().certificate.bytes().to_vec().into());
        let addresses = network
            .net()
            .addresses()
            .iter()
            .map(ToString::to_string)
            .collect();
        let record = AddressRecord {
            node: self.me().node,
            addresses,
            sequence: now.0,
            expires: now.plus(ADDRESS_LIFETIME),
            certificate,
        };
        let bytes = seal(&record, &network.id(), &self.me().node_key)?;
        Ok(PublicRecord::Address(own(&bytes, &network.id())?))
    }

    /// Finds where the nodes of `account` are, by the DHT alone.
    pub async fn locate(
        &self,
        network: &NetworkId,
        account: AccountId,
    ) -> Vec<(NodeId, Vec<Multiaddr>)> {
        match self.network(network) {
            Some(network) => self.find(&network, account).await,
            None => Vec::new(),
        }
    }

    pub(crate) async fn find(
        &self,
        network: &Network,
        account: AccountId,
    ) -> Vec<(NodeId, Vec<Multiaddr>)> {
        let nodes = self.find_nodes(network, account).await;
        let mut places = Vec::new();
        for node in nodes {
            let Some(record) = self.find_addresses(network, node).await else {
                continue;
            };
            network.note_address(account, record.expires);
            let addresses: Vec<Multiaddr> = record
                .addresses
                .iter()
                .filter_map(|address| Multiaddr::from_str(address).ok())
                .collect();
            places.push((node, addresses));
        }
        places
    }

    /// Returns the live nodes of `account`: from the members' certificates and its peer record.
    async fn find_nodes(&self, network: &Network, account: AccountId) -> Vec<NodeId> {
        let standing = network.keeper().standing();
        let mut nodes: Vec<NodeId> = standing.certificates.nodes_of(account).collect();
        let key = PeerRecord::key_of(account);
        match self.newest(network, *key.as_bytes()).await {
            Some(PublicRecord::Peer(record)) => {
                for certificate in record.live_certificates(self.now()) {
                    let node = certificate.node();
                    if !nodes.contains(&node) {
                        nodes.push(node);
                    }
                }
            }
            Some(PublicRecord::Tombstone(farewell)) => {
                contacts::on_tombstone(self, account, &farewell).await;
            }
            Some(PublicRecord::Address(_)) | None => {}
        }
        nodes
    }

    pub(crate) async fn find_addresses(
        &self,
        network: &Network,
        node: NodeId,
    ) -> Option<Verified<AddressRecord>> {
        let key = AddressRecord::key_of(node);
        match self.newest(network, *key.as_bytes()).await? {
            PublicRecord::Address(record) => Some(record),
            PublicRecord::Peer(_) | PublicRecord::Tombstone(_) => None,
        }
    }

    pub(crate) async fn newest(&self, network: &Network, key: [u8; 32]) -> Option<PublicRecord> {
        let found = network.net().get(key).await;
        let (now, id) = (self.now(), network.id());
        found
            .iter()
            .filter_map(|(_, value)| PublicRecord::open(&key, value, &id, now).ok())
            .max_by_key(PublicRecord::sequence)
    }
}

async fn put(
    network: &Network,
    record: &PublicRecord,
    lifetime: Duration,
) -> Result<(), PublishError> {
    let key = *record.key().as_bytes();
    Ok(network.net().put(key, record.to_bytes(), lifetime).await?)
}

/// Turns bytes that this node has just sealed into their verified form.
fn own<P: streembit_identity::Payload>(
    bytes: &[u8],
    network: &NetworkId,
) -> Result<Verified<P>, PublishError> {
    Unverified::parse(bytes)
        .ok()
        .and_then(|record| record.verify(network).ok())
        .ok_or(PublishError::Own)
}

/// Publishing failed because …
#[derive(Debug, thiserror::Error)]
enum PublishError {
    /// no other peer holds the record.
    #[error("no other peer holds the record")]
    NotHeld,
    /// this node's own record did not verify.
    #[error("the own record does not verify")]
    Own,
    /// the DHT did not take it.
    #[error(transparent)]
    Put(#[from] PutError),
    /// it could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// the settings could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}
