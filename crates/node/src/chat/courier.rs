//! Carries what waits in the outboxes: obeys the pure state machine, one for each network.

mod alarm;
pub(super) mod carry;
mod parcel;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use streembit_delivery::{Action, Destination, Event, Full, Item, Outbox, Receipt, State};
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Timestamp};
use streembit_store::{OutboxEntry, OutboxItem};
use tokio::sync::{Semaphore, watch};
use tracing::warn;

use self::parcel::Parcel;
use super::{gaps::Gaps, typing::Typing};
use crate::node::{Node, fill};

/// Searches under way at once.
const MAX_SEARCHES: usize = 8;
/// Everything on its way, in all networks.
#[derive(Debug)]
pub(crate) struct Chat {
    couriers: Mutex<BTreeMap<NetworkId, Courier>>,
    searches: Arc<Semaphore>,
    sought: Mutex<BTreeSet<(NetworkId, Destination)>>,
    pub(super) typing: Typing,
    pub(super) gaps: Gaps,
}

impl Default for Chat {
    fn default() -> Self {
        Self {
            couriers: Mutex::default(),
            searches: Arc::new(Semaphore::new(MAX_SEARCHES)),
            sought: Mutex::default(),
            typing: Typing::default(),
            gaps: Gaps::default(),
        }
    }
}

/// What is on its way in one network.
#[derive(Debug)]
struct Courier {
    outbox: Outbox,
    /// The place of the next parcel.
    next: u64,
    alarm: watch::Sender<Option<Timestamp>>,
}

impl Chat {
    /// Tells whether something more may wait for `to`.
    pub(crate) fn room(&self, network: NetworkId, to: AccountId) -> Result<(), Full> {
        self.peek(network, |courier| courier.outbox.room(&to))
            .unwrap_or(Ok(()))
    }

    /// How many items wait for an account.
    pub(super) fn waiting_for(&self, network: NetworkId, account: AccountId) -> usize {
        self.peek(network, |courier| courier.outbox.waiting_for(&account))
            .unwrap_or_default()
    }

    /// Everyone for whom something waits.
    pub(super) fn recipients(&self, network: NetworkId) -> BTreeSet<AccountId> {
        self.peek(network, |courier| {
            let destinations = courier.outbox.destinations();
            destinations.map(|to| to.account).collect()
        })
        .unwrap_or_default()
    }

    fn peek<T>(&self, network: NetworkId, look: impl FnOnce(&Courier) -> T) -> Option<T> {
        let couriers = self.couriers.lock().unwrap_or_else(PoisonError::into_inner);
        couriers.get(&network).map(look)
    }

    pub(super) fn forget(&self, network: NetworkId) {
        self.couriers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&network);
    }

    /// False when such a search is under way already.
    fn begin_search(&self, network: NetworkId, to: Destination) -> bool {
        let mut sought = self.sought.lock().unwrap_or_else(PoisonError::into_inner);
        sought.insert((network, to))
    }

    fn end_search(&self, network: NetworkId, to: Destination) {
        let mut sought = self.sought.lock().unwrap_or_else(PoisonError::into_inner);
        sought.remove(&(network, to));
    }

    /// Works on a network's courier, and returns its alarm when it is new.
    fn with<T>(
        &self,
        network: NetworkId,
        work: impl FnOnce(&mut Courier) -> T,
    ) -> (T, Option<watch::Receiver<Option<Timestamp>>>) {
        let mut couriers = self.couriers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut alarm = None;
        let courier = couriers.entry(network).or_insert_with(|| {
            let (sender, receiver) = watch::channel(None);
            alarm = Some(receiver);
            Courier {
                outbox: Outbox::default(),
                next: 0,
                alarm: sender,
            }
        });
        (work(courier), alarm)
    }
}

impl Courier {
    fn handle(&mut self, event: Event, now: Timestamp) -> Vec<Action> {
        if event == Event::Tick {
            self.alarm.send_replace(None);
        }
        let actions = self.outbox.handle(event, now, jitter());
        for action in &actions {
            if let Action::WakeAt(at) = action {
                self.alarm.send_replace(Some(*at));
            }
        }
        actions
    }

    /// Makes an item of a parcel, behind all others.
    fn item(&mut self, parcel: &Parcel, state: State) -> Item {
        let order = self.next;
        self.next = order.saturating_add(1);
        parcel.item(order, state)
    }
}

fn jitter() -> u32 {
    let mut random = [0; 4];
    fill(&mut random);
    u32::from_be_bytes(random)
}

/// Takes up what the store says is on its way.
pub(super) async fn reload(node: &Node, network: NetworkId) {
    match node.store().outbox(network).await {
        Ok(entries) => take_up(node, network, &entries),
        Err(error) => warn!(%network, %error, "Could not read what waits to be sent"),
    }
    // Whoever was revoked while this node was about to stop gets nothing either.
    match node.store().revoked_nodes().await {
        Ok(all) => all.iter().for_each(|one| revoke(node, network, one.node)),
        Err(error) => warn!(%error, "Could not read who was revoked"),
    }
}

fn take_up(node: &Node, network: NetworkId, entries: &[OutboxEntry]) {
    for entry in entries {
        if let Some(parcel) = Parcel::stored(entry) {
            enqueue(node, network, parcel, carry::state_of(entry.state));
        }
    }
}

/// Takes an item that was just stored.
pub(super) fn post(node: &Node, item: &OutboxItem) {
    for parcel in Parcel::of(item) {
        enqueue(node, item.network, parcel, State::Queued);
    }
}

fn enqueue(node: &Node, network: NetworkId, parcel: Parcel, state: State) {
    let now = node.now();
    step(node, network, None, |courier| {
        let item = courier.item(&parcel, state);
        courier.handle(Event::Enqueued(item), now)
    });
}

/// A node is connected.
pub(super) fn found(node: &Node, network: NetworkId, to: Destination) {
    feed(node, network, Event::Reachable(to), None);
}

/// A connection is gone, or nothing was found.
pub(super) fn lost(node: &Node, network: NetworkId, to: Destination) {
    if connected(node, network, to).is_none() {
        feed(node, network, Event::Unreachable(to), None);
    }
}

/// The connected node that something for `to` can be handed to.
fn connected(node: &Node, network: NetworkId, to: Destination) -> Option<NodeId> {
    let nodes = node.network(&network)?.net().nodes_of(&to.account);
    nodes
        .into_iter()
        .find(|one| to.node.is_none_or(|wanted| wanted == *one))
}

/// Gives up whatever waits for a node.
pub(super) fn revoke(node: &Node, network: NetworkId, revoked: NodeId) {
    feed(node, network, Event::Revoked(revoked), Some("removed"));
}

/// Sends a node also what waits for others of its account and has reached none of them: it may be
/// the only one left.
pub(super) fn spread(node: &Node, network: NetworkId, to: Destination) {
    let waits_elsewhere = node.0.chat.peek(network, |courier| {
        let mut all = courier.outbox.destinations();
        all.any(|it| it.account == to.account && it.node.is_some() && it.node != to.node)
    });
    let (Some(true), Some(remote)) = (waits_elsewhere, to.node) else {
        return;
    };
    let this = node.clone();
    node.spawn(async move {
        match this.store().spread(network, to.account, remote).await {
            Ok(entries) => take_up(&this, network, &entries),
            Err(error) => warn!(%network, %error, "Could not send to another node what waits"),
        }
    });
}

/// Gives up whatever waits for `account`.
pub(super) fn abandon(node: &Node, network: NetworkId, account: AccountId) {
    feed(node, network, Event::Abandoned(account), Some("removed"));
}

/// A node signed that it has `id`; it may have gone to whichever node answers first.
pub(super) fn acknowledged(node: &Node, network: NetworkId, by: Destination, id: MessageId) {
    for to in [by, Destination::any(by.account)] {
        let event = Event::Acknowledged {
            id,
            to,
            by: by.account,
            receipt: Receipt::Delivered,
        };
        feed(node, network, event, None);
    }
}

/// A node could not read the copy of `id` that it found.
pub(super) fn came_back(node: &Node, network: NetworkId, by: Destination, id: MessageId) {
    for to in [by, Destination::any(by.account)] {
        feed(node, network, Event::Unreadable { id, to }, None);
    }
}

/// A mailbox may be reachable that was not.
pub(super) fn mailbox_found(node: &Node, network: NetworkId) {
    feed(node, network, Event::MailboxFound, None);
}

/// Tells the outbox what happened and does what it says. `failure` explains what fails by it.
fn feed(node: &Node, network: NetworkId, event: Event, failure: Option<&'static str>) {
    let now = node.now();
    step(node, network, failure, |courier| courier.handle(event, now));
}

fn step(
    node: &Node,
    network: NetworkId,
    failure: Option<&'static str>,
    work: impl FnOnce(&mut Courier) -> Vec<Action>,
) {
    if node.network(&network).is_none() {
        // Left: its outbox went with it.
        node.0.chat.forget(network);
        return;
    }
    let (actions, alarm) = node.0.chat.with(network, work);
    if let Some(receiver) = alarm {
        node.spawn(alarm::keep_time(node.clone(), network, receiver));
    }
    for action in actions {
        match action {
            Action::Transmit { id, to } => node.spawn(carry::carry(node.clone(), network, id, to)),
            Action::Deposit { id, to } => {
                node.spawn(carry::deposit(node.clone(), network, id, to));
            }
            Action::Record { id, to, state } => {
                node.spawn(carry::record(node.clone(), network, id, to, state, failure));
            }
            Action::Seek { to } => {
                if node.0.chat.begin_search(network, to) {
                    node.spawn(carry::seek(node.clone(), network, to));
                }
            }
            Action::WakeAt(_) => {} // the alarm is set already
        }
    }
}
