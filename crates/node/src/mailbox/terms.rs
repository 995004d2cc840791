//! For whom this node keeps messages: what it is asked, what its owner decides, and what the others
//! hear of that.

use std::time::Duration;

use streembit_delivery::mailbox::{Agreements, NoRoom, Offer, Terms};
use streembit_gate::ContactState;
use streembit_identity::{AccountId, Kind, NetworkId, NodeId};
use streembit_store::StoreError;
use tracing::{debug, warn};

use super::{
    body::{Ask, Standing, Terms as TermsBody, Wish},
    error::MailboxError,
    is_hub, keep, lock,
};
use crate::{
    chat::{
        body::{decode, encode},
        not_now,
    },
    contacts,
    dispatch::{Arrival, Reply},
    event::Event,
    networks::Network,
    node::{Node, message_id},
    wire::Refusal,
};

/// How long somebody may take to hear new terms.
const NOTICE: Duration = Duration::from_secs(10);

/// Puts back what was agreed before the node stopped.
pub(super) async fn load(node: &Node, network: NetworkId) -> Result<(), StoreError> {
    let stored = node.store().mail_terms(network).await?;
    let agreements = Agreements::new(Offer::default(), stored);
    lock(&node.0.mailboxes.agreements).insert(network, agreements);
    Ok(())
}

/// Works on the agreements of a network.
pub(super) fn with<T>(node: &Node, live: &Network, work: impl FnOnce(&mut Agreements) -> T) -> T {
    let mut all = lock(&node.0.mailboxes.agreements);
    let agreements = all.entry(live.id()).or_default();
    agreements.set_offer(offer(node, live));
    work(agreements)
}

fn offer(node: &Node, live: &Network) -> Offer {
    if is_hub(live, &node.me().account) {
        Offer::Members
    } else if live.is_public() && node.0.config.mailbox_for_all {
        Offer::Everybody
    } else {
        Offer::Chosen
    }
}

/// Whether this node keeps anything for `account`.
pub(super) fn keeps_for(node: &Node, network: NetworkId, account: AccountId) -> bool {
    let Some(live) = node.network(&network) else {
        return false;
    };
    let may_be_kept_for = live.is_public() || live.has_member(&account);
    may_be_kept_for && with(node, &live, |agreements| agreements.keeps_for(account))
}

/// Answers somebody who wants to be kept for, or no longer.
pub(crate) async fn on_ask(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let ask: Ask = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    let (from, live) = (arrival.from, node.network(&arrival.network));
    let live = live.ok_or(Refusal::Busy)?;
    let standing = match ask.wish {
        Wish::Tell => with(node, &live, |agreements| Ok(agreements.with(from))),
        Wish::End => change(node, &live, from, |agreements| {
            agreements.end(from);
            Ok(None)
        })
        .await
        .map_err(not_now)?,
        Wish::Keep => {
            if !may_ask(node, &live, from).await? {
                return Err(Refusal::Denied);
            }
            let asked = change(node, &live, from, |agreements| {
                agreements.ask(from).map(Some)
            });
            asked.await.map_err(not_now)?
        }
    };
    let terms = standing.map_or(Standing::Full, Standing::from);
    Ok(Reply {
        kind: Kind::MailTerms,
        body: encode(&TermsBody { terms }),
    })
}

/// Members and contacts may ask; strangers only a mailbox that is for everybody.
async fn may_ask(node: &Node, live: &Network, from: AccountId) -> Result<bool, Refusal> {
    if !live.is_public() || offer(node, live) == Offer::Everybody {
        return Ok(true);
    }
    let state = contacts::state(node, live.id(), from).await;
    Ok(state.map_err(not_now)? == ContactState::Accepted)
}

/// Changes the terms with `account`: stored before anybody hears of it.
async fn change(
    node: &Node,
    live: &Network,
    account: AccountId,
    work: impl FnOnce(&mut Agreements) -> Result<Option<Terms>, NoRoom>,
) -> Result<Result<Option<Terms>, NoRoom>, StoreError> {
    let network = live.id();
    let (before, after) = with(node, live, |agreements| {
        let before = agreements.with(account);
        (before, work(agreements))
    });
    let Ok(terms) = after else {
        return Ok(after);
    };
    if terms == before {
        return Ok(after);
    }
    let stored = node.store().put_mail_terms(network, account, terms).await;
    if let Err(error) = stored {
        with(node, live, |agreements| {
            agreements.put_back(account, before);
        });
        return Err(error);
    }
    node.emit(Event::Network { network });
    node.emit(Event::Contact {
        network,
        peer: account,
    });
    Ok(after)
}

impl Node {
    /// Is willing to keep messages for `peer` in a network, or no longer.
    ///
    /// What is kept already stays until it is collected.
    ///
    /// # Errors
    /// See [`MailboxError`].
    pub async fn mailbox_offer(
        &self,
        network: NetworkId,
        peer: AccountId,
        is_willing: bool,
    ) -> Result<(), MailboxError> {
        let live = self.network(&network).ok_or(MailboxError::NoNetwork)?;
        if is_willing {
            super::check_partner(self, &live, peer).await?;
        }
        let changed = change(self, &live, peer, |agreements| {
            if is_willing {
                agreements.offer(peer).map(Some)
            } else {
                agreements.end(peer);
                Ok(None)
            }
        });
        changed.await?.map_err(|NoRoom| MailboxError::Full)?;
        for remote in live.net().nodes_of(&peer) {
            tell(self, &live, peer, remote);
        }
        Ok(())
    }
}

/// Tells a connected node how this one stands with its account, if there is anything to tell.
pub(super) fn on_connected(node: &Node, live: &Network, account: AccountId, remote: NodeId) {
    if with(node, live, |agreements| agreements.with(account)).is_some() {
        tell(node, live, account, remote);
    }
}

fn tell(node: &Node, live: &Network, to: AccountId, remote: NodeId) {
    let standing = with(node, live, |agreements| agreements.with(to)).into();
    let (this, network) = (node.clone(), live.id());
    node.spawn(async move {
        let (now, kind) = (this.now(), Kind::MailTerms);
        let body = encode(&TermsBody { terms: standing });
        let Ok(word) = this.seal(network, to, kind, message_id(now), now, body) else {
            return;
        };
        if let Err(error) = this.hand_over(network, remote, word, NOTICE).await {
            // It hears it when it is connected next.
            debug!(node = %remote, %error, "Could not tell the terms of this mailbox");
        }
    });
}

/// Ends whatever there is with those who are no longer wanted, and forgets what is kept for them.
pub(crate) async fn part(node: &Node, network: NetworkId, account: AccountId) {
    let Some(live) = node.network(&network) else {
        return;
    };
    let ended = change(node, &live, account, |agreements| {
        agreements.end(account);
        Ok(None)
    });
    if let Err(error) = ended.await {
        warn!(%error, "Could not end an agreement");
    }
    super::keepers::forget(node, &live, account).await;
    keep::forget(node, network, account);
}
