//! Coming into a private network by a one-time invite, now or whenever its issuer is back.

use std::sync::Arc;

use libp2p::Multiaddr;
use streembit_gate::{Ledger, RefusalReason, exchange::Ticket};
use streembit_identity::{
    NetworkId, NodeId, Redemption,
    link::{JoinLink, Link},
};
use streembit_store::{NetworkKind, StoreError};
use tracing::{info, warn};
use zeroize::Zeroizing;

use super::{
    JoinedNetwork, Network, NetworkError,
    create::{JOIN_WAIT, hue},
    error::why_not,
};
use crate::{
    event::Event,
    net::keeper::{Fate, Held},
    node::Node,
    reach::{bare_addresses, full_addresses},
};

impl Node {
    /// Joins the network that an invite leads into: now, or as soon as its issuer can be reached.
    pub(super) async fn join_invited(&self, link: JoinLink) -> Result<JoinedNetwork, NetworkError> {
        let ledger = Ledger::from_genesis(&link.genesis)?;
        let id = ledger.network();
        let known = self.network(&id);
        if known
            .as_ref()
            .is_some_and(|network| network.has_member(&self.me().account))
        {
            return Ok(joined(&link, id, true));
        }
        if !link.is_live(self.now()) {
            return Err(NetworkError::InviteRefused(RefusalReason::InviteExpired));
        }
        let is_new = known.is_none();
        let network = match known {
            Some(network) => {
                let text = Some(text(&link));
                self.store().set_network_redeem(id, text).await?;
                network
            }
            None => self.add_invited(ledger, &link).await?,
        };
        self.hold(&network, &link, true)?;
        let entry = enter(&network, link.node, addresses(&link));
        // Whoever has not answered by then is tried again in the background.
        let _ = tokio::time::timeout(JOIN_WAIT, entry).await;
        network.keeper().unwatch();
        let is_joined = network.has_member(&self.me().account);
        match network.keeper().held().map(|held| held.fate) {
            Some(Fate::Refused(reason)) if !is_joined => {
                if is_new {
                    self.stop_network(&id);
                    self.store().remove_network(id).await?;
                    self.emit(Event::Network { network: id });
                }
                Err(NetworkError::InviteRefused(reason))
            }
            Some(Fate::Open | Fate::Redeemed | Fate::Refused(_)) | None => {
                network.wake();
                Ok(joined(&link, id, is_joined))
            }
        }
    }

    /// Keeps and starts a network that is to be entered by an invite.
    async fn add_invited(
        &self,
        ledger: Ledger,
        link: &JoinLink,
    ) -> Result<Arc<Network>, NetworkError> {
        let id = ledger.network();
        let row = streembit_store::Network {
            network: id,
            name: link.name.to_string(),
            kind: NetworkKind::Private,
            genesis: Some(link.genesis.clone()),
            listen: Vec::new(),
            bootstrap: full_addresses(&link.node, &addresses(link)),
            joined_at: self.now(),
            is_waiting: true,
            waiting_for: Some(link.issuer),
            hue: Some(hue(&id)),
        };
        let operations = ledger
            .operations()
            .map(|(id, operation)| (*id.as_bytes(), operation.bytes().to_vec()))
            .collect();
        let stored = row.clone();
        self.store()
            .put_network_invited(row, operations, text(link))
            .await?;
        match self.start_stored(&stored).await {
            Ok(network) => {
                self.emit(Event::Network { network: id });
                Ok(network)
            }
            Err(error) => {
                self.store().remove_network(id).await?;
                Err(error.into())
            }
        }
    }

    /// Shows an invite at the door of its issuer from now on.
    fn hold(
        &self,
        network: &Network,
        link: &JoinLink,
        is_watched: bool,
    ) -> Result<(), NetworkError> {
        let redemption = Redemption {
            invite: link.key.id(),
            account: self.me().account,
            node: self.me().node,
            name: self.name(),
        };
        let (id, account) = (network.id(), &self.me().account_key);
        let ticket = Ticket::sign(&redemption, &id, &link.key, account);
        let ticket = ticket.map_err(|error| NetworkError::Invalid(error.to_string()))?;
        network.keeper().expect(link.node);
        network.keeper().hold(Held {
            addresses: addresses(link),
            expires: link.expires,
            fate: Fate::Open,
            is_watched,
            issuer: link.issuer_name.to_string(),
            node: link.node,
            ticket,
        });
        Ok(())
    }

    /// Takes up the invite that is stored for a network which has not let this account in yet.
    pub(super) async fn take_invite_up(&self, network: &Network) -> Result<(), StoreError> {
        if network.is_public() || network.has_member(&self.me().account) {
            return Ok(());
        }
        if let Some(held) = network.keeper().held() {
            if held.expires <= self.now() {
                let reason = RefusalReason::InviteExpired;
                network.keeper().invite_failed(&held.node, reason);
            }
            return Ok(());
        }
        let Some(text) = self.store().network_redeem(network.id()).await? else {
            return Ok(());
        };
        match Link::parse(&text) {
            Ok(Link::Join(link)) => {
                if let Err(error) = self.hold(network, &link, false) {
                    warn!(%error, "Could not take the invite up");
                }
            }
            Ok(
                Link::Claim(_) | Link::Invite(_) | Link::Network(_) | Link::Node(_) | Link::Seed(_),
            )
            | Err(_) => {
                warn!("The stored invite is unreadable");
            }
        }
        Ok(())
    }

    /// Forgets an invite that is worth nothing any more; its secret goes too.
    pub(super) async fn on_invite_failed(
        &self,
        network: &Arc<Network>,
        reason: RefusalReason,
        is_watched: bool,
    ) {
        info!(%reason, "The invite was refused for good");
        if let Err(error) = self.store().set_network_redeem(network.id(), None).await {
            warn!(%error, "Could not forget an invite");
        }
        if !is_watched {
            let text = format!("\u{201c}{}\u{201d}: {}.", network.name(), why_not(reason));
            self.emit(Event::Notice {
                code: "invite_refused",
                text,
            });
        }
        self.emit(Event::Network {
            network: network.id(),
        });
    }
}

impl Network {
    /// Returns the name of whoever is to let this account in by an invite.
    pub(super) fn awaited(&self) -> Option<String> {
        let held = self.keeper.held()?;
        match held.fate {
            Fate::Open | Fate::Redeemed => Some(held.issuer),
            Fate::Refused(_) => None,
        }
    }
}

/// Connects to `node`; where an invite has just served there, the door opens at the second knock.
pub(super) async fn enter(network: &Network, node: NodeId, addresses: Vec<Multiaddr>) -> bool {
    if network.net().dial(node, addresses.clone()).await.is_ok() {
        return true;
    }
    network.keeper().is_redeemed(&node) && network.net().dial(node, addresses).await.is_ok()
}

fn joined(link: &JoinLink, network: NetworkId, is_joined: bool) -> JoinedNetwork {
    JoinedNetwork {
        is_joined,
        name: link.name.to_string(),
        network,
        waiting_for: (!is_joined).then(|| link.issuer_name.to_string()),
    }
}

fn addresses(link: &JoinLink) -> Vec<Multiaddr> {
    bare_addresses(&link.node, &link.addresses)
}

/// The link as it is kept until it has served.
fn text(link: &JoinLink) -> Zeroizing<String> {
    Zeroizing::new(Link::Join(Box::new(link.clone())).to_string())
}
