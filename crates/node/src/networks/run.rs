//! Starts and stops networks.

use std::sync::Arc;

use libp2p::Multiaddr;
use streembit_gate::{Certificates, Ledger};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};
use streembit_store::{NetworkKind, StoreError};
use tokio::sync::Notify;
use tracing::{error, warn};

use super::{Network, ports::stays_here};
use crate::{
    claim,
    config::DhtMode,
    contacts,
    net::{
        Net, NetError,
        keeper::{Keeper, Standing},
    },
    node::{Node, StartError},
};

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
        let public = Standing::without_members(rules);
        let ports = stored
            .iter()
            .find(|network| network.network == NetworkId::PUBLIC);
        let ports = ports
            .map(|network| network.listen.clone())
            .unwrap_or_default();
        let public = (public, Timestamp::ZERO);
        self.start_network(NetworkId::PUBLIC, "public", public, Vec::new(), &ports)
    }

    /// Starts a private network from the store. Unreadable membership means nobody gets in.
    pub(crate) async fn start_stored(
        &self,
        network: &streembit_store::Network,
    ) -> Result<Arc<Network>, StartError> {
        let (standing, former) = self.stored_standing(network.network).await?;
        let stored = self.store().confirmation(network.network).await?;
        let clock = stored.map_or(Timestamp::ZERO, |stored| stored.clock);
        let (id, name) = (network.network, &network.name);
        self.start_network(id, name, (standing, clock), former, &network.listen)
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
                return Ok((Standing::nobody(), Vec::new()));
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
        let freshness = self.stored_freshness(&ledger).await?;
        Ok((Standing::private(ledger, certificates, freshness), former))
    }

    /// Starts a network's swarm and its tasks; the rules are in force before it listens.
    pub(crate) fn start_network(
        &self,
        id: NetworkId,
        name: &str,
        (standing, clock): (Standing, Timestamp),
        former: Vec<(NodeId, AccountId)>,
        ports: &[String],
    ) -> Result<Arc<Network>, StartError> {
        let hooks = self.0.config.hooks.clone();
        let kept = (self.store().clone(), Arc::clone(&self.0.marks));
        let (keeper, news) = Keeper::new(self.me(), id, standing, kept, hooks);
        keeper.recall(former);
        keeper.wind(clock);
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
            confirmed: Notify::new(),
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
        if let Some(streams) = network.net.incoming_streams() {
            self.spawn(self.clone().serve_files(network.clone(), streams));
        }
        self.spawn(self.clone().hear(network.clone(), news));
        let guests = network.keeper().guests();
        self.spawn(self.clone().let_guests_in(network.clone(), guests));
        self.spawn(self.clone().connect_forever(network.clone()));
        self.spawn(self.clone().hold_pinned(network.clone()));
        self.spawn(self.clone().publish_forever(network.clone()));
        self.spawn(contacts::forget_sessions_with_strangers(self.clone(), id));
        if id != NetworkId::PUBLIC {
            self.spawn(self.clone().confirm_forever(network.clone()));
        }
        Ok(network)
    }

    /// Stops a network and waits for nothing: its tasks end by its token.
    pub(crate) fn stop_network(&self, id: &NetworkId) {
        if let Some(network) = self.take_network(id) {
            network.stop.cancel();
        }
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
