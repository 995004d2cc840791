//! The nodes of accounts: our own other installations, those of others, and which were revoked.
//!
//! Every installation of an account holds the account key (decision 0008). What tells them apart is
//! the node key; a node that its account revoked is refused for ever by whoever has heard of it.

pub(crate) mod copies;
pub(crate) mod link;

mod news;
mod revoke;
mod set;

use std::{collections::BTreeSet, time::Duration};

use streembit_delivery::Destination;
use streembit_identity::{
    AccountId, Certificate, NetworkId, NodeId, PeerRecord, Timestamp, Unverified,
};
use streembit_store::{OwnNode, StoreError};
use tracing::{debug, info, warn};

pub use self::revoke::RevokeError;
pub(crate) use self::{
    news::{note_computers, on_removed},
    set::on_own_nodes,
};
use crate::{event::Event, networks::Network, node::Node};

/// Nodes of one account that something is sent to; of more, those certified last.
const MAX_NODES: usize = 16;

/// How long one look for an own node may take.
const SEARCH: Duration = Duration::from_secs(30);

/// How often own nodes that are not connected are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// One of the account's own installations.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Installation {
    /// Its node.
    pub node: NodeId,
    /// Whether it is this one.
    pub is_this: bool,
    /// When it was certified.
    pub since: Timestamp,
    /// When its certificate ends.
    pub expires: Timestamp,
    /// When it was last connected to this one.
    pub last_seen: Option<Timestamp>,
    /// Whether it is connected now.
    pub is_connected: bool,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Looks for the account's other nodes, and tells the contacts about all of them.
pub(crate) fn start(node: &Node) {
    let this = node.clone();
    node.spawn(async move {
        loop {
            this.look_for_own().await;
            tokio::time::sleep(LOOK_EVERY).await;
        }
    });
}

impl Node {
    /// Lists the installations of this account, this one first; revoked ones last.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn installations(&self) -> Result<Vec<Installation>, StoreError> {
        let me = self.me();
        let revoked = self.store().revoked_nodes().await?;
        let mut all = vec![Installation {
            node: me.node,
            is_this: true,
            since: me.certificate.since(),
            expires: me.certificate.expires(),
            last_seen: None,
            is_connected: true,
            revoked_at: revoked
                .iter()
                .find(|one| one.account == me.account && one.node == me.node)
                .map(|one| one.at)
                .or_else(|| self.0.removed.get().copied()),
        }];
        for own in self.store().own_nodes().await? {
            let Ok(certificate) = Certificate::parse(&own.certificate) else {
                continue;
            };
            all.push(Installation {
                node: own.node,
                is_this: false,
                since: certificate.since(),
                expires: certificate.expires(),
                last_seen: own.last_seen,
                is_connected: self.is_own_connected(own.node),
                revoked_at: None,
            });
        }
        let gone = revoked.into_iter();
        let gone = gone.filter(|one| one.account == me.account && one.node != me.node);
        all.extend(gone.map(|one| Installation {
            node: one.node,
            is_this: false,
            since: one.at,
            expires: one.at,
            last_seen: None,
            is_connected: false,
            revoked_at: Some(one.at),
        }));
        Ok(all)
    }

    /// What the account's public record says of its nodes: certificates and revocations.
    pub(crate) async fn own_record_parts(
        &self,
        now: Timestamp,
    ) -> Result<(Vec<Vec<u8>>, Vec<Vec<u8>>), StoreError> {
        let me = self.me();
        let live = self.store().own_nodes().await?.into_iter().filter(|own| {
            Certificate::parse(&own.certificate).is_ok_and(|certificate| certificate.is_live(now))
        });
        let mut certificates = vec![me.certificate.bytes().to_vec()];
        certificates.extend(live.map(|own| own.certificate).take(MAX_NODES - 1));
        let revoked = self.store().revoked_nodes().await?.into_iter().rev();
        let own = revoked.filter(|one| one.account == me.account && one.node != me.node);
        Ok((
            certificates,
            own.map(|one| one.bytes).take(MAX_NODES).collect(),
        ))
    }

    fn is_own_connected(&self, own: NodeId) -> bool {
        let account = self.me().account;
        let mut networks = self.networks().into_iter();
        networks.any(|network| network.net().nodes_of(&account).contains(&own))
    }

    /// Returns the live nodes of an account that are known in a network, without this one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn nodes_of(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Result<Vec<NodeId>, StoreError> {
        let Some(live) = self.network(&network) else {
            return Ok(Vec::new());
        };
        let now = self.now();
        let known = self.store().known_nodes(network, account).await?;
        let mut certificates: Vec<Certificate> = if live.is_public() {
            self.public_certificates(&known, account).await?
        } else {
            let standing = live.keeper().standing();
            standing
                .certificates
                .certificates_of(account)
                .cloned()
                .collect()
        };
        certificates.retain(|one| one.account() == account && one.is_live(now));
        certificates.sort_by_key(|one| std::cmp::Reverse(one.since()));
        let certified = certificates.iter().map(Certificate::node);
        let mut seen = BTreeSet::from([self.me().node]);
        seen.extend(known.revoked.iter().copied());
        let all = certified.chain(live.net().nodes_of(&account));
        let fresh = all.filter(|node| seen.insert(*node));
        Ok(fresh.take(MAX_NODES).collect())
    }

    async fn public_certificates(
        &self,
        known: &streembit_store::KnownNodes,
        account: AccountId,
    ) -> Result<Vec<Certificate>, StoreError> {
        let mut certificates: Vec<Certificate> = known
            .certificates
            .iter()
            .filter_map(|bytes| Certificate::parse(bytes).ok())
            .collect();
        let record = known.record.as_deref();
        let record = record.and_then(|bytes| Unverified::<PeerRecord>::parse(bytes).ok());
        if let Some(record) = record.and_then(|record| record.verify(&NetworkId::PUBLIC).ok()) {
            certificates.extend(record.live_certificates(self.now()));
        }
        if account == self.me().account {
            let own = self.store().own_nodes().await?.into_iter();
            certificates.extend(own.filter_map(|own| Certificate::parse(&own.certificate).ok()));
        }
        Ok(certificates)
    }

    /// The account's other nodes in a network; none when they cannot be read.
    pub(crate) async fn siblings(&self, network: NetworkId) -> Vec<NodeId> {
        self.nodes_of(network, self.me().account)
            .await
            .unwrap_or_else(|error| {
                warn!(%error, "Could not read the own nodes");
                Vec::new()
            })
    }

    async fn look_for_own(&self) {
        for network in self.networks() {
            for own in self.siblings(network.id()).await {
                let to = Destination::at(self.me().account, own);
                if let Err(error) = self.reach_at(network.id(), to, SEARCH).await {
                    debug!(node = %own, %error, "Another computer of this account is not there");
                }
            }
        }
    }
}

/// A node that shows a certificate of this account is connected.
pub(crate) async fn on_connected(
    node: &Node,
    network: &Network,
    account: AccountId,
    remote: NodeId,
) {
    if account != node.me().account {
        return;
    }
    let Some(certificate) = network.keeper().certificate_of(&remote) else {
        return;
    };
    let (own, now) = (certificate.node(), node.now());
    let kept = node.store().put_own_node(OwnNode {
        node: own,
        certificate: certificate.bytes().to_vec(),
        since: certificate.since(),
        last_seen: Some(now),
    });
    match kept.await {
        Ok(is_new) => {
            node.emit(Event::Account);
            if is_new {
                info!(node = %own, "Met another computer of this account");
                set::tell_contacts(node).await;
                crate::mailbox::tell_own(node).await;
                node.republish();
            }
        }
        Err(error) => warn!(%error, "Could not keep an own node"),
    }
}
