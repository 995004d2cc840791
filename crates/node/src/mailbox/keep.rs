//! The keeping side: takes what others leave, hands it to whom it is for, and deletes it.

use std::time::Duration;

use streembit_delivery::mailbox::{Copy, Deposited, MAX_COPY, MAX_PUT_OFF, Parcel, Quota, Shelf};
use streembit_identity::{AccountId, Kind, NetworkId, NodeId};
use streembit_store::{Kept, KeptCopy, Store, StoreError};
use tracing::{debug, info, warn};

use super::{
    body::{self, Collect, Deposit, Done, MAX_NAMED, Numbered, Outcome, Page},
    keepers, lock,
    terms::{self, keeps_for},
};
use crate::{
    chat::{
        body::{decode, encode},
        not_now, receipt,
    },
    dispatch::{Arrival, Reply},
    node::{Node, message_id},
    wire::Refusal,
};

/// Longest time between two looks at what was kept long enough.
const LOOK: Duration = Duration::from_mins(10);
/// How long the recipient may take to hear that something is kept for it.
const NOTICE: Duration = Duration::from_secs(10);

/// Puts back what was kept when the node stopped, before anybody can leave more.
pub(crate) async fn load(node: &Node) -> Result<(), StoreError> {
    for network in node.store().networks().await? {
        let id = network.network;
        let shelf = stored(node.store().kept(id).await?, quota(node));
        lock(&node.0.mailboxes.shelves).insert(id, shelf);
        terms::load(node, id).await?;
        keepers::load(node, id).await?;
    }
    Ok(())
}

fn stored(kept: Kept, quota: Quota) -> Shelf {
    let mut shelf = Shelf::new(quota);
    shelf.resume(kept.last);
    for copy in kept.copies {
        shelf.restore(Copy {
            number: copy.number,
            parcel: Parcel {
                to: copy.account,
                node: copy.node,
                from: copy.depositor,
                token: copy.token,
                bytes: copy.bytes,
            },
            until: copy.until,
        });
    }
    shelf
}

/// How much is kept in each network.
fn quota(node: &Node) -> Quota {
    Quota::within(node.0.config.mailbox_bytes)
}

/// Works on what is kept in a network.
pub(super) fn with<T>(node: &Node, network: NetworkId, work: impl FnOnce(&mut Shelf) -> T) -> T {
    let mut shelves = lock(&node.0.mailboxes.shelves);
    let shelf = shelves
        .entry(network)
        .or_insert_with(|| Shelf::new(quota(node)));
    work(shelf)
}

/// Keeps something for somebody, or says why not.
pub(crate) async fn on_deposit(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let deposit: Deposit = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    let (to, remote) = (deposit.to, deposit.node);
    let answer = keep(node, arrival, deposit).await?;
    if answer.outcome == Outcome::Kept {
        debug!(from = %arrival.from, %to, "Kept a copy");
        tell(node, arrival.network, to, remote);
    } else {
        debug!(from = %arrival.from, outcome = ?answer.outcome, "Kept nothing");
    }
    Ok(Reply {
        kind: Kind::MailDeposited,
        body: encode(&answer),
    })
}

async fn keep(
    node: &Node,
    arrival: &Arrival,
    deposit: Deposit,
) -> Result<body::Deposited, Refusal> {
    if !keeps_for(node, arrival.network, deposit.to) {
        return Ok(refused(Outcome::Unknown));
    }
    let parcel = Parcel {
        to: deposit.to,
        node: deposit.node,
        from: arrival.from,
        token: deposit.token,
        bytes: deposit.copy.len(),
    };
    let taken = with(node, arrival.network, |shelf| {
        shelf.deposit(parcel, node.now())
    });
    let copy = match taken {
        Ok(Deposited::New(copy)) => copy,
        Ok(Deposited::Known(copy)) => return known(&arrival.store, arrival.network, copy).await,
        Err(refusal) => return Ok(refused(refusal.into())),
    };
    let kept = arrival
        .store
        .keep_copy(row(arrival.network, &copy), deposit.copy.into())
        .await;
    if let Err(error) = kept {
        with(node, arrival.network, |shelf| shelf.withdraw(copy.number));
        return Err(not_now(error));
    }
    Ok(kept_until(&copy))
}

/// Something that was left before is promised again only once it is stored.
async fn known(store: &Store, network: NetworkId, copy: Copy) -> Result<body::Deposited, Refusal> {
    let stored = store.kept_bytes(network, vec![copy.number]).await;
    if stored.map_err(not_now)?.is_empty() {
        return Err(Refusal::Busy);
    }
    Ok(kept_until(&copy))
}

fn kept_until(copy: &Copy) -> body::Deposited {
    body::Deposited {
        outcome: Outcome::Kept,
        until: Some(copy.until),
    }
}

fn refused(outcome: Outcome) -> body::Deposited {
    body::Deposited {
        outcome,
        until: None,
    }
}

fn row(network: NetworkId, copy: &Copy) -> KeptCopy {
    KeptCopy {
        network,
        number: copy.number,
        account: copy.parcel.to,
        node: copy.parcel.node,
        depositor: copy.parcel.from,
        token: copy.parcel.token,
        until: copy.until,
        bytes: copy.parcel.bytes,
    }
}

/// Hands out what is kept for the asking node.
pub(crate) async fn on_collect(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let collect: Collect = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    let skip = collect.skip.unwrap_or_default();
    if skip.len() > MAX_PUT_OFF {
        return Err(Refusal::Invalid);
    }
    let skip = skip.into_iter().collect();
    let (from, remote) = (arrival.from, arrival.node);
    let has_some = with(node, arrival.network, |shelf| shelf.has_for(from, remote));
    // What was left before an agreement ended is still its recipient's.
    if !has_some && !keeps_for(node, arrival.network, from) {
        return Err(Refusal::Denied);
    }
    let (copies, has_more) = with(node, arrival.network, |shelf| {
        shelf.page(from, remote, collect.after, MAX_COPY, &skip)
    });
    let last = copies.last().map(|copy| copy.number);
    let numbers = copies.iter().map(|copy| copy.number).collect();
    let stored = arrival.store.kept_bytes(arrival.network, numbers).await;
    let copies = stored.map_err(not_now)?.into_iter();
    let page = Page {
        copies: copies
            .map(|(number, copy)| Numbered {
                number,
                copy: copy.into(),
            })
            .collect(),
        next: last.filter(|_| has_more),
    };
    Ok(Reply {
        kind: Kind::MailPage,
        body: encode(&page),
    })
}

/// Deletes what its recipient has.
pub(crate) async fn on_done(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let done: Done = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    if done.numbers.len() > MAX_NAMED {
        return Err(Refusal::Invalid);
    }
    let (network, from, remote) = (arrival.network, arrival.from, arrival.node);
    let gone = with(node, network, |shelf| {
        shelf.acknowledge(from, remote, &done.numbers)
    });
    remove(node, network, gone).await.map_err(not_now)?;
    Ok(receipt(arrival.envelope.id))
}

/// Deletes what the shelf has given up. What fails is found again at the next start, and expires.
async fn remove(node: &Node, network: NetworkId, gone: Vec<u64>) -> Result<(), StoreError> {
    if gone.is_empty() {
        return Ok(());
    }
    node.store().drop_copies(network, gone).await
}

/// Tells a connected recipient that something waits for it; once, however much it is.
fn tell(node: &Node, network: NetworkId, to: AccountId, remote: NodeId) {
    let is_connected = node
        .network(&network)
        .is_some_and(|live| live.net().nodes_of(&to).contains(&remote));
    if !is_connected || !lock(&node.0.mailboxes.notices).insert((network, remote)) {
        return;
    }
    let this = node.clone();
    node.spawn(async move {
        let (now, kind) = (this.now(), Kind::MailWaits);
        lock(&this.0.mailboxes.notices).remove(&(network, remote));
        let Ok(notice) = this.seal(network, to, kind, message_id(now), now, Vec::new()) else {
            return;
        };
        if let Err(error) = this.hand_over(network, remote, notice, NOTICE).await {
            // It asks by itself when it is connected next.
            debug!(node = %remote, %error, "Could not tell that something waits");
        }
    });
}

/// Keeps nothing more for those who are no members, or from them, nor for nodes that were revoked.
pub(crate) fn on_members_changed(node: &Node, network: NetworkId) {
    let Some(live) = node.network(&network) else {
        return;
    };
    // Letters of whoever has become known may be taken now.
    super::look_again(node, network);
    let standing = live.keeper().standing();
    let gone = with(node, network, |shelf| {
        shelf.retain(|parcel| {
            let is_revoked = standing.certificates.is_revoked(parcel.to, parcel.node);
            live.has_member(&parcel.to) && live.has_member(&parcel.from) && !is_revoked
        })
    });
    delete(node, network, gone);
    let agreed = terms::with(node, &live, |all| {
        all.all().map(|(one, _)| one).collect::<Vec<_>>()
    });
    let asked = keepers::with(node, network, |all| {
        all.all().map(|(one, _)| one).collect::<Vec<_>>()
    });
    for account in agreed.into_iter().chain(asked) {
        if !live.has_member(&account) {
            let this = node.clone();
            node.spawn_to_end(async move { terms::part(&this, network, account).await });
        }
    }
}

/// Keeps nothing more for an account, or from it.
pub(super) fn forget(node: &Node, network: NetworkId, account: AccountId) {
    let gone = with(node, network, |shelf| {
        shelf.retain(|parcel| parcel.to != account && parcel.from != account)
    });
    delete(node, network, gone);
}

fn delete(node: &Node, network: NetworkId, gone: Vec<u64>) {
    if gone.is_empty() {
        return;
    }
    info!(
        copies = gone.len(),
        "Deleted what was kept for, or from, those who are gone"
    );
    let this = node.clone();
    node.spawn_to_end(async move {
        if let Err(error) = remove(&this, network, gone).await {
            warn!(%error, "Could not delete copies");
        }
    });
}

/// Deletes what was kept long enough, until the node stops.
pub(crate) async fn tidy_forever(node: Node) {
    loop {
        let mut next = node.now().plus(LOOK);
        for network in node.networks() {
            let (gone, end) = with(&node, network.id(), |shelf| {
                (shelf.expire(node.now()), shelf.next_end())
            });
            if let Err(error) = remove(&node, network.id(), gone).await {
                warn!(%error, "Could not delete what was kept long enough");
            }
            next = end.map_or(next, |end| end.min(next));
        }
        let wait = next.since(node.now()).max(Duration::from_secs(1));
        tokio::time::sleep(wait).await;
    }
}
