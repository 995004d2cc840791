//! Finds a live connection to an account: connected, remembered addresses, then the DHT.

use std::{str::FromStr, time::Duration};

use libp2p::{Multiaddr, multiaddr::Protocol};
use streembit_delivery::Destination;
use streembit_identity::{AccountId, NetworkId, NodeId};
use thiserror::Error;
use tracing::debug;

use crate::{
    net::{DialError, peer_id},
    networks::Network,
    node::Node,
};

/// Nodes of one account that are tried.
const MAX_NODES: usize = 8;

/// Reaching failed because …
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum ReachError {
    /// a gate refused.
    #[error("the gate refused")]
    Refused,
    /// the network does not run.
    #[error("the network does not run")]
    Stopped,
    /// it took too long.
    #[error("it took too long")]
    Timeout,
    /// nobody knows where the account is.
    #[error("nobody knows where the peer is")]
    Unknown,
    /// nothing answered at the known addresses.
    #[error("nothing answered at the known addresses")]
    Unreachable,
}

/// How much is known of an account's whereabouts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Presence {
    /// Nothing was heard.
    Offline,
    /// Connected now.
    Online,
    /// A fresh signed address is known, without a connection.
    Reachable,
}

impl Node {
    /// Finds a live connection to any node of `account`.
    ///
    /// # Errors
    /// See [`ReachError`].
    pub(crate) async fn reach(
        &self,
        network: NetworkId,
        account: AccountId,
        deadline: Duration,
    ) -> Result<NodeId, ReachError> {
        self.reach_at(network, Destination::any(account), deadline)
            .await
    }

    /// Finds a live connection to the node of `to`, or to any of its account's.
    ///
    /// # Errors
    /// See [`ReachError`].
    pub(crate) async fn reach_at(
        &self,
        network: NetworkId,
        to: Destination,
        deadline: Duration,
    ) -> Result<NodeId, ReachError> {
        let network = self.network(&network).ok_or(ReachError::Stopped)?;
        let mut connected = network.net().nodes_of(&to.account).into_iter();
        if let Some(node) = connected.find(|node| is_at(to, *node)) {
            return Ok(node);
        }
        tokio::time::timeout(deadline, self.seek(&network, to))
            .await
            .unwrap_or(Err(ReachError::Timeout))
    }

    async fn seek(&self, network: &Network, to: Destination) -> Result<NodeId, ReachError> {
        let account = to.account;
        let mut remembered = self.remembered(network, account).await;
        remembered.retain(|(node, _)| is_at(to, *node));
        let first = self.try_all(network, account, &remembered).await;
        if let Ok(node) = first {
            return Ok(node);
        }
        let found = self.find(network, account).await;
        let fresh: Vec<_> = found
            .into_iter()
            .filter(|place| is_at(to, place.0) && !remembered.contains(place))
            .collect();
        if fresh.is_empty() {
            return first;
        }
        self.try_all(network, account, &fresh).await
    }

    /// Dials all places at once; the first connection to a node of `account` wins.
    async fn try_all(
        &self,
        network: &Network,
        account: AccountId,
        places: &[(NodeId, Vec<Multiaddr>)],
    ) -> Result<NodeId, ReachError> {
        let mut attempts = tokio::task::JoinSet::new();
        for (node, addresses) in places.iter().take(MAX_NODES).cloned() {
            let net = network.net().clone();
            attempts.spawn(async move { net.dial(node, addresses).await.map(|()| node) });
        }
        let mut outcome = ReachError::Unknown;
        while let Some(attempt) = attempts.join_next().await {
            match attempt {
                // A certificate may name any node; whose it is, it has shown at the door.
                Ok(Ok(node)) if network.net().nodes_of(&account).contains(&node) => {
                    return Ok(node);
                }
                Ok(Ok(node)) => debug!(%node, "A place is another account's"),
                Ok(Err(DialError::Refused)) => outcome = ReachError::Refused,
                Ok(Err(error)) => {
                    debug!(%error, "A dial failed");
                    if outcome != ReachError::Refused {
                        outcome = ReachError::Unreachable;
                    }
                }
                Err(_) => outcome = ReachError::Stopped,
            }
        }
        Err(outcome)
    }

    /// Returns the places where nodes of `account` were reached before.
    async fn remembered(
        &self,
        network: &Network,
        account: AccountId,
    ) -> Vec<(NodeId, Vec<Multiaddr>)> {
        let rows = match self.store().addresses_of(network.id(), account).await {
            Ok(rows) => rows,
            Err(error) => {
                debug!(%error, "Could not read remembered addresses");
                return Vec::new();
            }
        };
        let mut places: Vec<(NodeId, Vec<Multiaddr>)> = Vec::new();
        for row in rows {
            let Ok(address) = Multiaddr::from_str(&row.address) else {
                continue;
            };
            match places.iter_mut().find(|(known, _)| *known == row.node) {
                Some((_, addresses)) => addresses.push(address),
                None => places.push((row.node, vec![address])),
            }
        }
        places
    }

    /// Returns how much is known of `account`'s whereabouts in a network.
    #[must_use]
    pub fn presence(&self, network: &NetworkId, account: &AccountId) -> Presence {
        let Some(network) = self.network(network) else {
            return Presence::Offline;
        };
        if !network.net().nodes_of(account).is_empty() {
            return Presence::Online;
        }
        if network.has_fresh_address(account, self.now()) {
            Presence::Reachable
        } else {
            Presence::Offline
        }
    }
}

/// Whether something for `to` may go to `node`.
fn is_at(to: Destination, node: NodeId) -> bool {
    to.node.is_none_or(|wanted| wanted == node)
}

/// Splits `…/p2p/<node>` into the node and the address to dial.
#[must_use]
pub fn split_address(text: &str) -> Option<(NodeId, Multiaddr)> {
    let mut address = Multiaddr::from_str(text).ok()?;
    let Some(Protocol::P2p(peer)) = address.pop() else {
        return None;
    };
    Some((peer_id::to_node(&peer)?, address))
}

/// Reads the addresses that a link gives for its own node: bare, so that the link stays short.
///
/// An address that names a node must name this one.
#[must_use]
pub(crate) fn bare_addresses(node: &NodeId, texts: &[String]) -> Vec<Multiaddr> {
    let read = |text: &String| {
        let address = Multiaddr::from_str(text).ok()?;
        match split_address(text) {
            Some((at, bare)) => (at == *node).then_some(bare),
            None if address.iter().any(|part| matches!(part, Protocol::P2p(_))) => None,
            None => Some(address),
        }
    };
    texts.iter().filter_map(read).collect()
}

/// Appends `/p2p/<node>` to each address.
#[must_use]
pub fn full_addresses(node: &NodeId, addresses: &[Multiaddr]) -> Vec<String> {
    addresses
        .iter()
        .map(|address| format!("{address}/p2p/{node}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Person;

    #[test]
    fn addresses_of_a_link_are_those_of_its_own_node() {
        let (own, other) = (Person::new(1).key.id(), Person::new(2).key.id());
        let tcp = "/ip4/192.0.2.7/tcp/4001";
        let texts = [
            tcp.to_owned(),
            format!("{tcp}/p2p/{own}"),
            format!("{tcp}/p2p/{other}"),
            format!("{tcp}/p2p/{other}/p2p-circuit"),
            "not an address".to_owned(),
        ];
        let tcp: Multiaddr = tcp.parse().unwrap();
        assert_eq!(bare_addresses(&own, &texts), [tcp.clone(), tcp]);
    }
}
