//! Networks and their connections as the app lists them.

use std::{collections::BTreeSet, time::Duration};

use libp2p::multiaddr::Protocol;
use streembit_gate::{MAX_OPERATIONS, Policy, Role};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};

use super::{Network, NetworkError};
use crate::{
    net::{PeerLink, ip, is_loopback, is_near},
    node::Node,
    reach::full_addresses,
};

/// How a network is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NetworkState {
    /// Listening, and nobody is connected.
    Alone,
    /// Somebody is connected.
    Connected,
    /// Nobody has confirmed the members for too long.
    Stale,
    /// Not listening yet.
    Starting,
}

/// A network as the app lists it.
#[derive(Clone, Debug)]
pub struct NetworkView {
    /// Full addresses at which others may reach this node.
    pub addresses: Vec<String>,
    /// When the members of a private network were confirmed last.
    pub confirmed_at: Option<Timestamp>,
    /// Who confirmed them.
    pub confirmed_by: Option<AccountId>,
    /// How many operations of a private network there are, and may be.
    pub history: Option<(usize, usize)>,
    /// Whether operations are missing here that were here before.
    pub is_behind: bool,
    /// Whether anyone may join.
    pub is_public: bool,
    /// Whether somebody from outside has connected, and from how far.
    pub inbound: Option<Inbound>,
    /// Its name.
    pub name: String,
    /// Its id.
    pub network: NetworkId,
    /// How many accounts are connected.
    pub peers: usize,
    /// How long the members of a private network count as confirmed.
    pub policy: Option<Policy>,
    /// When the own records were last published.
    pub published_at: Option<Timestamp>,
    /// What this account is in it.
    pub role: Option<Role>,
    /// When the members count as stale.
    pub stale_at: Option<Timestamp>,
    /// How it is doing.
    pub state: NetworkState,
    /// Who is to let this account in by its invite.
    pub waiting_for: Option<String>,
}

/// From how far somebody has connected to this node.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Inbound {
    /// From the same machine or local network.
    Local,
    /// From anywhere.
    Anywhere,
}

/// A connection as the app lists it.
#[derive(Clone, Debug)]
pub struct PeerView {
    /// The remote end.
    pub address: String,
    /// What the peer is called here, when it is known.
    pub name: Option<String>,
    /// Its node.
    pub node: NodeId,
    /// Its account.
    pub peer: AccountId,
    /// The last measured round trip.
    pub rtt: Option<Duration>,
    /// Since when.
    pub since: Timestamp,
    /// `quic` or `tcp`.
    pub transport: &'static str,
}

impl Node {
    /// Lists the networks, the public one first.
    #[must_use]
    pub fn networks_list(&self) -> Vec<NetworkView> {
        self.networks()
            .iter()
            .map(|network| self.network_view(network))
            .collect()
    }

    pub(super) fn network_view(&self, network: &Network) -> NetworkView {
        let links = network.net().peers();
        let accounts: BTreeSet<AccountId> = links.iter().map(|link| link.account).collect();
        let standing = network.keeper().standing();
        let policy = standing
            .ledger
            .as_ref()
            .map(|ledger| ledger.roster().policy);
        let role = network.role_of(&self.me().account);
        let freshness = &standing.freshness;
        // Whoever waits to be let in has nothing that could be stale.
        let is_stale = role.is_some()
            && policy.is_some_and(|policy| freshness.is_stale(&policy, network.keeper().now()));
        let state = match (network.net().listening().is_empty(), accounts.is_empty()) {
            _ if is_stale => NetworkState::Stale,
            (_, false) => NetworkState::Connected,
            (true, true) => NetworkState::Starting,
            (false, true) => NetworkState::Alone,
        };
        let role = network.role_of(&self.me().account);
        NetworkView {
            addresses: full_addresses(&self.me().node, &network.net().addresses()),
            confirmed_at: freshness.at(),
            confirmed_by: freshness.by(),
            history: standing
                .ledger
                .as_ref()
                .map(|ledger| (ledger.count(), MAX_OPERATIONS)),
            is_behind: standing
                .ledger
                .as_ref()
                .is_some_and(|ledger| freshness.is_behind(ledger)),
            is_public: network.is_public(),
            inbound: links.iter().filter(|link| link.inbound).map(distance).max(),
            name: network.name().to_owned(),
            network: network.id(),
            peers: accounts.len(),
            policy,
            published_at: network.published_at(),
            role,
            stale_at: policy.and_then(|policy| freshness.stale_at(&policy)),
            state,
            waiting_for: network.awaited().filter(|_| role.is_none()),
        }
    }

    /// Lists the live connections of a network.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn network_peers(&self, id: NetworkId) -> Result<Vec<PeerView>, NetworkError> {
        let network = self
            .network(&id)
            .ok_or(NetworkError::NotFound("no such network"))?;
        let mut views = Vec::new();
        for link in network.net().peers() {
            views.push(PeerView {
                address: link.address.to_string(),
                name: self.known_name(&network, link.account).await,
                node: link.node,
                peer: link.account,
                rtt: link.rtt,
                since: link.since,
                transport: transport(&link),
            });
        }
        Ok(views)
    }

    /// Returns what `account` is called here: as a member, else as a contact.
    pub(crate) async fn known_name(&self, network: &Network, account: AccountId) -> Option<String> {
        if account == self.me().account {
            return Some(self.name().to_string());
        }
        if let Some(ledger) = network.ledger() {
            let member = ledger.roster().member(account)?.name.to_string();
            return Some(member);
        }
        crate::contacts::name_of(self, network.id(), account).await
    }
}

fn transport(link: &PeerLink) -> &'static str {
    let is_quic = link
        .address
        .iter()
        .any(|part| matches!(part, Protocol::QuicV1));
    if is_quic { "quic" } else { "tcp" }
}

fn distance(link: &PeerLink) -> Inbound {
    let is_near = is_loopback(&link.address) || ip(&link.address).is_some_and(is_near);
    if is_near {
        Inbound::Local
    } else {
        Inbound::Anywhere
    }
}
