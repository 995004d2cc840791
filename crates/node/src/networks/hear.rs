//! What happens in a network, and whom it concerns.

use std::sync::Arc;

use libp2p::Multiaddr;
use streembit_identity::{AccountId, NodeId};
use streembit_store::{CachedAddress, StoreError};
use tokio::sync::mpsc;
use tracing::warn;

use super::Network;
use crate::{chat, contacts, devices, event::Event, mailbox, net::keeper::News, node::Node, own};

impl Node {
    /// Takes the gate's news until the network stops.
    pub(super) async fn hear(self, network: Arc<Network>, mut news: mpsc::Receiver<News>) {
        loop {
            let item = tokio::select! {
                () = network.stop.cancelled() => return,
                item = news.recv() => item,
            };
            match item {
                Some(News::Held {
                    account,
                    sequence,
                    value,
                }) => self.on_held(&network, account, sequence, value).await,
                Some(News::InviteFailed { is_watched, reason }) => {
                    self.on_invite_failed(&network, reason, is_watched).await;
                }
                Some(News::Learned(news)) => self.on_learned(&network, news).await,
                Some(News::Refused(refused)) => self.on_refused(&network, refused).await,
                Some(News::Removed(by)) => own::on_removed(&self, by).await,
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
            own::on_connected(&this, &network, account, node).await;
            own::note_computers(&this, network.id(), account).await;
            contacts::on_connected(&this, network.id(), account).await;
            chat::on_connected(&this, network.id(), account, node);
            mailbox::on_connected(&this, network.id(), account, node).await;
            devices::on_connected(&this, network.id(), account).await;
        });
    }

    /// Remembers where a member says that it listens: whoever only ever dialled us is found again.
    pub(crate) fn on_identified(
        &self,
        network: &Arc<Network>,
        account: AccountId,
        node: NodeId,
        addresses: Vec<Multiaddr>,
    ) {
        if network.is_public() {
            // Strangers come and go; contacts are found by their records.
            return;
        }
        let (this, network) = (self.clone(), network.clone());
        self.spawn(async move {
            for address in addresses {
                this.remember(&network, account, node, &address).await;
            }
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
            chat::on_disconnected(&this, network.id(), account, node);
            contacts::on_disconnected(&this, network.id(), account).await;
            devices::on_disconnected(&this, network.id(), account, node).await;
        });
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

    pub(crate) fn on_routable(&self, network: &Arc<Network>) {
        network.publication().notify_one();
        network.wake();
        self.emit(Event::Network {
            network: network.id(),
        });
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
}
