//! Starts and stops networks, and hears what happens in them.

use std::{str::FromStr, sync::Arc};

use libp2p::{Multiaddr, multiaddr::Protocol};
use streembit_gate::{Certificates, Ledger, Rules};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};
use streembit_store::{CachedAddress, NetworkKind, StoreError};
use tokio::sync::{Notify, mpsc};
use tracing::{error, warn};

use super::Network;
use crate::{
    chat, claim,
    config::DhtMode,
    contacts, devices,
    event::Event,
    net::{
        Net, NetError, ip, is_loopback,
        keeper::{Keeper, News, Standing},
        port,
    },
    node::{Node, StartError},
};

/// Where a node listens when nobody said otherwise.
const ANYWHERE: [&str; 4] = [
    "/ip4/0.0.0.0/udp/0/quic-v1",
    "/ip4/0.0.0.0/tcp/0",
    "/ip6/::/udp/0/quic-v1",
    "/ip6/::/tcp/0",
];

impl Node {
    /// Starts the public network, unless this host lives elsewhere, and every stored private one.
    pub(crate) async fn start_networks(&self) -> Result<(), StartError> {
        if claim::lives_in_public(self).await? {
            self.start_public().await?;
        }
        let stored = self.store().networks().await?;
        for network in stored
            .iter()
            .filter(|network| network.kind == NetworkKind::Private)
        {
            self.start_stored(network).await?;
        }
        Ok(())
    }

    /// Starts the public network, under the blocks of this account.
    pub(crate) async fn start_public(&self) -> Result<Arc<Network>, StartError> {
        let stored = self.store().networks().await?;
        if !stored
            .iter()
            .any(|network| network.network == NetworkId::PUBLIC)
        {
            self.store().put_network(public_row(self.now())).await?;
        }
        // A block that is made meanwhile waits, and finds the network.
        let _order = contacts::order(self).await;
        let rules = contacts::rules(self).await?;
        let public = Standing {
            certificates: Arc::default(),
            ledger: None,
            rules: Arc::new(rules),
        };
        let ports = stored
            .iter()
            .find(|network| network.network == NetworkId::PUBLIC);
        let ports = ports
            .map(|network| network.listen.clone())
            .unwrap_or_default();
        self.start_network(NetworkId::PUBLIC, "public", public, Vec::new(), &ports)
    }

    /// Starts a private network from the store. Unreadable membership means nobody gets in.
    pub(crate) async fn start_stored(
        &self,
        network: &streembit_store::Network,
    ) -> Result<Arc<Network>, StartError> {
        let (standing, former) = self.stored_standing(network.network).await?;
        let (id, name) = (network.network, &network.name);
        self.start_network(id, name, standing, former, &network.listen)
    }

    /// Returns what a network's rules are made from, and the nodes of those who were removed.
    async fn stored_standing(
        &self,
        network: NetworkId,
    ) -> Result<(Standing, Vec<(NodeId, AccountId)>), StoreError> {
        let operations = self.store().operations(network).await?;
        let ledger = match Ledger::load(&operations) {
            Ok(ledger) if ledger.network() == network => ledger,
            Ok(_) | Err(_) => {
                error!(%network, "The stored membership is unreadable; nobody may connect");
                let nobody = Standing {
                    certificates: Arc::default(),
                    ledger: None,
                    rules: Arc::new(Rules::nobody()),
                };
                return Ok((nobody, Vec::new()));
            }
        };
        let mut certificates = Certificates::default();
        let mut former = Vec::new();
        for stored in self.store().certificates(network).await? {
            let inserted = certificates.insert(&stored.bytes, ledger.roster(), self.now());
            if inserted.is_err() {
                // Either a revocation, or of somebody who is no member any more.
                let _ = certificates.revoke(&stored.bytes, ledger.roster());
            }
            if ledger.roster().removed.contains_key(&stored.account) {
                former.push((stored.node, stored.account));
            }
        }
        let rules = Arc::new(Rules::private(&ledger, &certificates));
        let standing = Standing {
            certificates: Arc::new(certificates),
            ledger: Some(Arc::new(ledger)),
            rules,
        };
        Ok((standing, former))
    }

    /// Starts a network's swarm and its tasks; the rules are in force before it listens.
    pub(crate) fn start_network(
        &self,
        id: NetworkId,
        name: &str,
        standing: Standing,
        former: Vec<(NodeId, AccountId)>,
        ports: &[String],
    ) -> Result<Arc<Network>, StartError> {
        let hooks = self.0.config.hooks.clone();
        let (keeper, news) = Keeper::new(self.me(), id, standing, self.store().clone(), hooks);
        keeper.recall(former);
        let stop = self.stop_token();
        let config = &self.0.config;
        let serve = id != NetworkId::PUBLIC || config.seed || config.dht == DhtMode::Server;
        let start = |listen: &[Multiaddr]| {
            Net::start(
                &self.me().node_key,
                keeper.clone(),
                listen,
                serve,
                stop.clone(),
            )
        };
        let is_local = stays_here(ports);
        let listen = self.listen_addresses(id, ports);
        let (net, events, actor) = start(&listen).or_else(|error| match error {
            // The ports of the last run are taken: any others will do.
            NetError::Listen { .. } if !ports.is_empty() && !is_local => {
                warn!(%error, "Taking other ports");
                start(&self.listen_addresses(id, &[]))
            }
            NetError::Listen { .. } | NetError::Transport(_) => Err(error),
        })?;
        let network = Arc::new(Network {
            fresh: std::sync::RwLock::default(),
            id,
            is_local,
            keeper,
            look: Notify::new(),
            name: name.to_owned(),
            net,
            publication: Notify::new(),
            published: std::sync::atomic::AtomicU64::default(),
            refusals: super::refusals::Refusals::default(),
            stop,
            wake: Notify::new(),
        });
        self.add_network(network.clone());
        self.spawn_to_end(actor);
        self.spawn(self.clone().serve(network.clone(), events));
        self.spawn(self.clone().hear(network.clone(), news));
        self.spawn(self.clone().connect_forever(network.clone()));
        self.spawn(self.clone().publish_forever(network.clone()));
        Ok(network)
    }

    /// Stops a network and waits for nothing: its tasks end by its token.
    pub(crate) fn stop_network(&self, id: &NetworkId) {
        if let Some(network) = self.take_network(id) {
            network.stop.cancel();
        }
    }

    pub(crate) fn listen_addresses(&self, id: NetworkId, ports: &[String]) -> Vec<Multiaddr> {
        let asked = &self.0.config.listen;
        if id == NetworkId::PUBLIC && !asked.is_empty() {
            return asked.clone();
        }
        let stored: Vec<Multiaddr> = ports
            .iter()
            .filter_map(|port| Multiaddr::from_str(port).ok())
            .collect();
        if !stored.is_empty() {
            return stored;
        }
        if asked.is_empty() {
            return ANYWHERE
                .iter()
                .filter_map(|text| Multiaddr::from_str(text).ok())
                .collect();
        }
        asked
            .iter()
            .map(|address| with_port(address, None))
            .collect()
    }

    async fn hear(self, network: Arc<Network>, mut news: mpsc::Receiver<News>) {
        loop {
            let item = tokio::select! {
                () = network.stop.cancelled() => return,
                item = news.recv() => item,
            };
            match item {
                Some(News::Learned(news)) => self.on_learned(&network, news).await,
                Some(News::Refused(refused)) => self.on_refused(&network, refused).await,
                None => return,
            }
        }
    }

    pub(crate) fn on_connected(
        &self,
        network: &Arc<Network>,
        account: AccountId,
        node: NodeId,
        address: Multiaddr,
        inbound: bool,
    ) {
        let (this, network) = (self.clone(), network.clone());
        self.spawn(async move {
            if !inbound {
                this.remember(&network, account, node, &address).await;
            }
            network.look();
            network.publication().notify_one();
            this.emit(Event::Presence {
                network: network.id(),
                peer: account,
            });
            this.emit(Event::Network {
                network: network.id(),
            });
            contacts::on_connected(&this, network.id(), account).await;
            chat::on_connected(&this, network.id(), account);
            devices::on_connected(&this, network.id(), account).await;
        });
    }

    pub(crate) fn on_disconnected(&self, network: &Arc<Network>, account: AccountId, node: NodeId) {
        network.look();
        self.emit(Event::Presence {
            network: network.id(),
            peer: account,
        });
        self.emit(Event::Network {
            network: network.id(),
        });
        let (this, network) = (self.clone(), network.clone());
        self.spawn(async move {
            chat::on_disconnected(&this, network.id(), account);
            contacts::on_disconnected(&this, network.id(), account).await;
            devices::on_disconnected(&this, network.id(), account, node).await;
        });
    }

    /// Returns the full addresses of the public network, once every asked-for listener is up.
    ///
    /// A host that lives elsewhere has none.
    #[must_use]
    pub fn public_addresses(&self) -> Option<Vec<String>> {
        let Some(network) = self.network(&NetworkId::PUBLIC) else {
            return Some(Vec::new());
        };
        let listening = network.net().listening();
        let is_up = |template: &Multiaddr| {
            listening
                .iter()
                .any(|address| port_for(template, address).is_some())
        };
        let asked = self.listen_addresses(NetworkId::PUBLIC, &[]);
        let addresses = crate::reach::full_addresses(&self.me().node, &network.net().addresses());
        asked.iter().all(is_up).then_some(addresses)
    }

    /// Forgets every remembered address of every network; peers are found anew.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn addresses_forget(&self) -> Result<(), StoreError> {
        for network in self.networks() {
            for cached in self.store().addresses(network.id()).await? {
                self.store()
                    .remove_addresses(network.id(), cached.node)
                    .await?;
            }
        }
        Ok(())
    }

    /// Keeps the address at which `node` was reached.
    async fn remember(
        &self,
        network: &Network,
        account: AccountId,
        node: NodeId,
        address: &Multiaddr,
    ) {
        let cached = CachedAddress {
            node,
            account: Some(account),
            address: address.to_string(),
            last_ok: self.now(),
        };
        if let Err(error) = self.store().put_address(network.id(), cached).await {
            warn!(%error, "Could not remember an address");
        }
    }

    pub(crate) fn on_listening(&self, network: &Arc<Network>) {
        network.publication().notify_one();
        self.emit(Event::Network {
            network: network.id(),
        });
        if network.is_local {
            // It may take other ports each time: whoever lives here too is told anew.
            return;
        }
        let (this, network) = (self.clone(), network.clone());
        self.spawn(async move {
            let addresses = this.with_own_ports(&network);
            if let Err(error) = this
                .store()
                .set_network_listen(network.id(), addresses)
                .await
            {
                warn!(%error, "Could not keep the ports");
            }
        });
    }

    /// Returns what this network was told to listen at, with the ports that it got.
    fn with_own_ports(&self, network: &Network) -> Vec<String> {
        let listening = network.net().listening();
        self.listen_addresses(network.id(), &[])
            .iter()
            .map(|template| {
                let port = listening
                    .iter()
                    .find_map(|address| port_for(template, address));
                with_port(template, port).to_string()
            })
            .collect()
    }

    pub(crate) fn on_routable(&self, network: &Arc<Network>) {
        network.publication().notify_one();
        network.wake();
        self.emit(Event::Network {
            network: network.id(),
        });
    }
}

pub(crate) fn public_row(now: Timestamp) -> streembit_store::Network {
    streembit_store::Network {
        network: NetworkId::PUBLIC,
        name: "public".to_owned(),
        kind: NetworkKind::Public,
        genesis: None,
        listen: Vec::new(),
        bootstrap: Vec::new(),
        joined_at: now,
        is_waiting: false,
        waiting_for: None,
        hue: None,
    }
}

/// Returns the port of `address` when it is of the same family and transport as `template`.
fn port_for(template: &Multiaddr, address: &Multiaddr) -> Option<u16> {
    let family = |address| ip(address).map(|ip| ip.is_ipv4());
    let (transport, _) = port(template)?;
    let (found_transport, port) = port(address)?;
    (family(address) == family(template) && transport == found_transport).then_some(port)
}

/// Whether a network was told to stay on this computer: at loopback, at any ports.
fn stays_here(listen: &[String]) -> bool {
    let is_here = |text: &String| {
        Multiaddr::from_str(text).is_ok_and(|address| {
            is_loopback(&address) && port(&address).is_some_and(|(_, port)| port == 0)
        })
    };
    !listen.is_empty() && listen.iter().all(is_here)
}

/// Returns `address` with another port; `None` means any.
fn with_port(address: &Multiaddr, port: Option<u16>) -> Multiaddr {
    address
        .iter()
        .map(|part| {
            if matches!(part, Protocol::Tcp(_)) {
                Protocol::Tcp(port.unwrap_or(0))
            } else if matches!(part, Protocol::Udp(_)) {
                Protocol::Udp(port.unwrap_or(0))
            } else {
                part
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_port_of_the_same_transport() {
        let template: Multiaddr = "/ip4/0.0.0.0/tcp/0".parse().expect("a multiaddress");
        let tcp: Multiaddr = "/ip4/192.0.2.1/tcp/4001".parse().expect("a multiaddress");
        let quic: Multiaddr = "/ip4/192.0.2.1/udp/4002/quic-v1"
            .parse()
            .expect("a multiaddress");

        assert_eq!(port_for(&template, &tcp), Some(4001), "same transport");
        assert_eq!(port_for(&template, &quic), None, "another transport");
        assert_eq!(
            with_port(&template, Some(4001)).to_string(),
            "/ip4/0.0.0.0/tcp/4001"
        );
    }

    #[test]
    fn stays_on_this_computer_only_when_told_so() {
        let told =
            |texts: &[&str]| stays_here(&texts.iter().map(ToString::to_string).collect::<Vec<_>>());

        assert!(told(&["/ip4/127.0.0.1/tcp/0"]));
        assert!(!told(&[]), "nobody said anything");
        assert!(!told(&["/ip4/127.0.0.1/tcp/4001"]), "ports of the last run");
        assert!(!told(&["/ip4/127.0.0.1/tcp/0", "/ip4/0.0.0.0/tcp/0"]));
        assert!(!told(&["nonsense"]));
    }
}
