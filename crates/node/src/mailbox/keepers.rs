//! Who keeps messages for this account: asked, heard, and named in its record once both agree.

use std::time::Duration;

use streembit_delivery::mailbox::{Keeper, Keepers, Terms, Wish};
use streembit_gate::ContactState;
use streembit_identity::{AccountId, Kind, Mailbox, NetworkId, NodeId};
use streembit_store::StoreError;
use tracing::{debug, warn};

use super::{
    body::{Ask, Terms as TermsBody},
    error::MailboxError,
    lock,
};
use crate::{
    ask::AskError,
    chat::{
        body::{decode, encode},
        not_now, receipt,
    },
    contacts,
    dispatch::{Arrival, Reply},
    event::Event,
    networks::Network,
    node::{Node, message_id},
    own::copies,
    reach::split_address,
    wire::Refusal,
};

/// How long a mailbox may take to answer.
const ANSWER: Duration = Duration::from_secs(15);

/// Puts back what was agreed before the node stopped.
pub(super) async fn load(node: &Node, network: NetworkId) -> Result<(), StoreError> {
    let stored = node.store().mail_keepers(network).await?;
    lock(&node.0.mailboxes.keepers).insert(network, Keepers::new(stored));
    Ok(())
}

/// Works on the mailboxes of a network.
pub(super) fn with<T>(node: &Node, network: NetworkId, work: impl FnOnce(&mut Keepers) -> T) -> T {
    work(lock(&node.0.mailboxes.keepers).entry(network).or_default())
}

/// The mailboxes that the record of this account names.
pub(crate) fn named(node: &Node, network: NetworkId) -> Option<Vec<Mailbox>> {
    let named: Vec<Mailbox> = with(node, network, |keepers| {
        let named = keepers.named();
        named
            .map(|(account, node)| Mailbox { account, node })
            .collect()
    });
    (!named.is_empty()).then_some(named)
}

/// Whether a node of `account` may have something for this one.
pub(super) fn may_keep(node: &Node, network: NetworkId, account: AccountId, at: NodeId) -> bool {
    let entry = with(node, network, |keepers| keepers.with(account));
    entry.is_some_and(|entry| {
        entry.node == Some(at) && matches!(entry.keeper, Keeper::Agreed | Keeper::Ending)
    })
}

/// Changes what is with a mailbox; true if anything did.
async fn change(
    node: &Node,
    live: &Network,
    mailbox: AccountId,
    work: impl FnOnce(&mut Keepers),
) -> Result<bool, StoreError> {
    let network = live.id();
    let (before, after) = with(node, network, |keepers| {
        let before = keepers.with(mailbox);
        work(keepers);
        (before, keepers.with(mailbox))
    });
    if before == after {
        return Ok(false);
    }
    let stored = node.store().put_mail_keeper(network, mailbox, after).await;
    if let Err(error) = stored {
        with(node, network, |keepers| keepers.put_back(mailbox, before));
        return Err(error);
    }
    let is_named = |entry: Option<_>| {
        entry.is_some_and(|it: streembit_delivery::mailbox::Entry| it.keeper == Keeper::Agreed)
    };
    if is_named(before) != is_named(after) {
        live.publication().notify_one();
    }
    node.emit(Event::Network { network });
    node.emit(Event::Contact {
        network,
        peer: mailbox,
    });
    Ok(true)
}

/// Takes in how a mailbox stands with this account.
pub(crate) async fn on_terms(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: TermsBody = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    let (from, remote) = (arrival.from, arrival.node);
    let live = node.network(&arrival.network).ok_or(Refusal::Busy)?;
    let is_known = with(node, live.id(), |keepers| keepers.with(from).is_some());
    if !is_known && live.is_public() {
        let state = contacts::state(node, live.id(), from).await;
        if state.map_err(not_now)? != ContactState::Accepted {
            return Err(Refusal::Denied);
        }
    }
    let heard = hear(node, &live, from, remote, body.terms.terms(), None).await;
    if heard.map_err(not_now)? {
        begin(node, &live, from, remote);
    }
    Ok(receipt(arrival.envelope.id))
}

async fn hear(
    node: &Node,
    live: &Network,
    mailbox: AccountId,
    remote: NodeId,
    terms: Option<Terms>,
    heard: Option<Wish>,
) -> Result<bool, StoreError> {
    change(node, live, mailbox, |keepers| {
        keepers.hear(mailbox, remote, terms, heard);
    })
    .await
}

/// A node is connected: it hears what this account wants of it.
pub(super) async fn on_connected(node: &Node, live: &Network, account: AccountId, remote: NodeId) {
    if let Err(error) = want_seed(node, live, account, remote).await {
        warn!(%error, "Could not ask a seed to keep messages");
    }
    begin(node, live, account, remote);
}

/// A seed that offers it keeps messages for whoever started from it, unless that is not wanted.
async fn want_seed(
    node: &Node,
    live: &Network,
    account: AccountId,
    remote: NodeId,
) -> Result<(), StoreError> {
    let is_open = with(node, live.id(), |keepers| {
        keepers.with(account).is_none() && keepers.has_room()
    });
    if !live.is_public() || !is_open {
        return Ok(());
    }
    let stored = node.store().seeds().await?.into_iter();
    let given = node.0.config.bootstrap.iter().map(ToString::to_string);
    let mut seeds = stored.map(|seed| seed.address).chain(given);
    if seeds.any(|seed| split_address(&seed).is_some_and(|(at, _)| at == remote)) {
        change(node, live, account, |keepers| {
            keepers.want(account);
        })
        .await?;
    }
    Ok(())
}

fn begin(node: &Node, live: &Network, mailbox: AccountId, remote: NodeId) {
    if with(node, live.id(), |keepers| keepers.wish(mailbox, remote)).is_none() {
        return;
    }
    let (this, network) = (node.clone(), live.id());
    node.spawn(async move {
        if let Some(live) = this.network(&network) {
            ask(&this, &live, mailbox, remote).await;
        }
    });
}

/// Tells a mailbox what is wanted of it, and once more when its answer changes that.
async fn ask(node: &Node, live: &Network, mailbox: AccountId, remote: NodeId) {
    for _ in 0..2 {
        let Some(wish) = with(node, live.id(), |keepers| keepers.wish(mailbox, remote)) else {
            return;
        };
        let terms = match request(node, live, mailbox, remote, wish).await {
            Ok(terms) => terms,
            Err(AskError::Denied | AskError::Unsupported) => None,
            Err(error) => return debug!(%mailbox, %error, "A mailbox did not answer"),
        };
        if let Err(error) = hear(node, live, mailbox, remote, terms, Some(wish)).await {
            return warn!(%error, "Could not keep what a mailbox answered");
        }
        if wish != Wish::Tell {
            return;
        }
    }
}

async fn request(
    node: &Node,
    live: &Network,
    mailbox: AccountId,
    remote: NodeId,
    wish: Wish,
) -> Result<Option<Terms>, AskError> {
    let (now, kind, network) = (node.now(), Kind::MailAsk, live.id());
    let body = encode(&Ask { wish: wish.into() });
    let request = node.seal(network, mailbox, kind, message_id(now), now, body)?;
    let answer = node.hand_over(network, remote, request, ANSWER).await?;
    let terms = decode::<TermsBody>(&answer.body).filter(|_| answer.kind == Kind::MailTerms);
    Ok(terms.ok_or(AskError::Invalid)?.terms.terms())
}

impl Node {
    /// Has `peer` keep messages for this account, or no longer; whoever is away hears it when it is
    /// back.
    ///
    /// # Errors
    /// See [`MailboxError`].
    pub async fn mailbox_ask(
        &self,
        network: NetworkId,
        peer: AccountId,
        is_wanted: bool,
    ) -> Result<(), MailboxError> {
        let live = self.network(&network).ok_or(MailboxError::NoNetwork)?;
        if is_wanted {
            super::check_partner(self, &live, peer).await?;
        }
        wish(self, &live, peer, is_wanted).await?;
        copies::tell_mailbox(self, network, peer, is_wanted).await;
        let nodes = live.net().nodes_of(&peer);
        let is_there = !nodes.is_empty();
        for remote in nodes {
            ask(self, &live, peer, remote).await;
        }
        let is_refused = with(self, network, |keepers| keepers.with(peer).is_none());
        if is_wanted && is_there && is_refused {
            return Err(MailboxError::Denied);
        }
        Ok(())
    }
}

async fn wish(
    node: &Node,
    live: &Network,
    peer: AccountId,
    is_wanted: bool,
) -> Result<(), MailboxError> {
    let mut has_room = true;
    change(node, live, peer, |keepers| {
        if is_wanted {
            has_room = keepers.want(peer);
        } else {
            keepers.decline(peer);
        }
    })
    .await?;
    if has_room {
        Ok(())
    } else {
        Err(MailboxError::Full)
    }
}

/// Another computer of this account wants a mailbox, or no longer.
pub(crate) async fn on_copy(
    node: &Node,
    network: NetworkId,
    peer: AccountId,
    body: &[u8],
) -> Result<(), Refusal> {
    let ask: Ask = decode(body).ok_or(Refusal::Invalid)?;
    let live = node.network(&network).ok_or(Refusal::Busy)?;
    let is_wanted = match ask.wish {
        super::body::Wish::Keep => true,
        super::body::Wish::End => false,
        super::body::Wish::Tell => return Err(Refusal::Invalid),
    };
    match wish(node, &live, peer, is_wanted).await {
        Ok(()) => {}
        Err(MailboxError::Store(error)) => return Err(not_now(error)),
        // What has no room here stays as it is.
        Err(error) => debug!(%error, "Could not follow another computer"),
    }
    for remote in live.net().nodes_of(&peer) {
        begin(node, &live, peer, remote);
    }
    Ok(())
}

/// Tells the own other computers of every mailbox that is wanted: one of them is new.
pub(crate) async fn tell_own(node: &Node) {
    for live in node.networks() {
        let network = live.id();
        let wanted: Vec<AccountId> = with(node, network, |keepers| {
            let wanted = |keeper| matches!(keeper, Keeper::Agreed | Keeper::Wanted);
            let all = keepers.all().filter(|(_, entry)| wanted(entry.keeper));
            all.map(|(account, _)| account).collect()
        });
        for peer in wanted {
            copies::tell_mailbox(node, network, peer, true).await;
        }
    }
}

/// Forgets a mailbox: it is a contact or a member no longer.
pub(super) async fn forget(node: &Node, live: &Network, mailbox: AccountId) {
    let forgotten = change(node, live, mailbox, |keepers| {
        keepers.forget(mailbox);
    });
    if let Err(error) = forgotten.await {
        warn!(%error, "Could not forget a mailbox");
    }
}
