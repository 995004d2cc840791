//! The outbox of one network: events and the time in, what to do out.

use std::collections::{BTreeMap, BTreeSet};

use streembit_identity::{AccountId, MessageId, NodeId, Timestamp};

use crate::lane::Lane;
use crate::{Destination, Item, Jitter, Mail, Receipt, State};

/// Items in one outbox.
pub const MAX_ITEMS: usize = 8_192;

/// Items waiting for one account, at all of its nodes together.
pub const MAX_ITEMS_PER_ACCOUNT: usize = 4_096;

/// What happened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Event {
    /// An item was stored. Known items and settled ones are ignored.
    Enqueued(Item),
    /// The destination is connected. A node that is makes its account reachable too.
    Reachable(Destination),
    /// The destination is gone, or looking for it found nothing. Without its last node, an account
    /// is unreachable too.
    Unreachable(Destination),
    /// The item left this machine.
    Transmitted {
        /// Which item.
        id: MessageId,
        /// Where it went.
        to: Destination,
    },
    /// The account signed a receipt. One from anybody else is ignored.
    Acknowledged {
        /// Which item.
        id: MessageId,
        /// Where it went.
        to: Destination,
        /// Who signed.
        by: AccountId,
        /// What was signed.
        receipt: Receipt,
    },
    /// The destination refused the item.
    Refused {
        /// Which item.
        id: MessageId,
        /// Where it went.
        to: Destination,
        /// Whether trying again is pointless.
        permanent: bool,
    },
    /// A mailbox keeps the item.
    Kept {
        /// Which item.
        id: MessageId,
        /// Where it goes.
        to: Destination,
        /// Until when.
        until: Timestamp,
    },
    /// No mailbox keeps the item.
    NotKept {
        /// Which item.
        id: MessageId,
        /// Where it goes.
        to: Destination,
    },
    /// The destination found the item in a mailbox and could not read it.
    Unreadable {
        /// Which item.
        id: MessageId,
        /// Where it went.
        to: Destination,
    },
    /// A mailbox may be reachable that was not.
    MailboxFound,
    /// The item came back without an answer; it may or may not have arrived.
    Failed {
        /// Which item.
        id: MessageId,
        /// Where it went.
        to: Destination,
    },
    /// Everything that waits for the account is given up, as when a contact is removed.
    Abandoned(AccountId),
    /// Everything that waits for the node is given up: it is nobody's any more.
    Revoked(NodeId),
    /// The time of [`Action::WakeAt`] has come.
    Tick,
}

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// Send the item, then report `Acknowledged`, `Refused` or `Failed`.
    Transmit {
        /// Which item.
        id: MessageId,
        /// Where to.
        to: Destination,
    },
    /// Leave a copy in the account's mailboxes, then report `Kept` or `NotKept`.
    Deposit {
        /// Which item.
        id: MessageId,
        /// For whom.
        to: Destination,
    },
    /// Write the item's state down, and take settled items off the stored queue. A message is as
    /// far as the furthest of its items.
    Record {
        /// Which item.
        id: MessageId,
        /// Where it goes.
        to: Destination,
        /// How far it has got.
        state: State,
    },
    /// Look for the destination, then report `Reachable` or `Unreachable`.
    Seek {
        /// What to look for.
        to: Destination,
    },
    /// Call with [`Event::Tick`] at this time; replaces the previous one.
    WakeAt(Timestamp),
}

/// The outbox holds as much as it may.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("too many messages are waiting to be sent")]
pub struct Full;

/// Everything on its way in one network.
#[derive(Debug, Default)]
pub struct Outbox {
    lanes: BTreeMap<Destination, Lane>,
    places: BTreeMap<(MessageId, Destination), u64>,
    reachable: BTreeSet<Destination>,
    wake_at: Option<Timestamp>,
}

impl Outbox {
    /// The number of items on their way to an account, whichever of its nodes they are for.
    pub fn waiting_for(&self, account: &AccountId) -> usize {
        let lanes = self.lanes.iter().filter(|(to, _)| to.account == *account);
        lanes.map(|(_, lane)| lane.len()).sum()
    }

    /// Tells whether another item for `account` may be stored.
    ///
    /// Asked before storing; what is stored already is always taken, so that concurrent
    /// callers may exceed the bound by one each.
    ///
    /// # Errors
    /// [`Full`] when the account or the whole outbox has too many waiting.
    pub fn room(&self, account: &AccountId) -> Result<(), Full> {
        let waiting = self.waiting_for(account);
        if waiting >= MAX_ITEMS_PER_ACCOUNT || self.places.len() >= MAX_ITEMS {
            return Err(Full);
        }
        Ok(())
    }

    /// The destinations for which something is on its way.
    pub fn destinations(&self) -> impl Iterator<Item = Destination> {
        self.lanes.keys().copied()
    }

    /// The number of items on their way.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Tells whether nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Takes in what happened and answers with what to do, in order.
    pub fn handle(&mut self, event: Event, now: Timestamp, jitter: Jitter) -> Vec<Action> {
        let mut actions = match event {
            Event::Enqueued(item) => self.enqueue(item, now),
            Event::Reachable(to) => self.open(to, now),
            Event::Unreachable(to) => self.close(to, now, jitter),
            Event::Transmitted { id, to } => self.transmitted(id, to),
            Event::Acknowledged {
                id,
                to,
                by,
                receipt,
            } if by == to.account => self.settle(id, to, receipt.into(), now),
            Event::Acknowledged { .. } => Vec::new(),
            Event::Refused {
                id,
                to,
                permanent: true,
            } => self.settle(id, to, State::Failed, now),
            Event::Refused {
                id,
                to,
                permanent: false,
            }
            | Event::Failed { id, to } => {
                self.at(id, to, |lane, order| lane.failed(order, now, jitter))
            }
            Event::Kept { id, to, until } => self.kept(id, to, until, now),
            Event::NotKept { id, to } => {
                self.at(id, to, |lane, order| lane.drops.failed(order, now, jitter))
            }
            Event::Unreadable { id, to } => {
                self.at(id, to, |lane, order| lane.unreadable(order, now, jitter))
            }
            Event::MailboxFound => self.mailbox_found(now),
            Event::Abandoned(account) => self.abandon(|to| to.account == account),
            Event::Revoked(node) => self.abandon(|to| to.node == Some(node)),
            Event::Tick => self.tick(now, jitter),
        };
        actions.extend(self.wake());
        actions
    }

    fn enqueue(&mut self, item: Item, now: Timestamp) -> Vec<Action> {
        if item.state.is_settled() || self.places.contains_key(&(item.id, item.to)) {
            return Vec::new();
        }
        let lane = self
            .lanes
            .entry(item.to)
            .or_insert_with(|| Lane::new(item.to));
        if !lane.insert(item, now) {
            return Vec::new();
        }
        self.places.insert((item.id, item.to), item.order);
        self.start(item.to, true, now)
    }

    fn open(&mut self, to: Destination, now: Timestamp) -> Vec<Action> {
        self.reachable.insert(to);
        let mut actions = Vec::new();
        for to in BTreeSet::from([to, Destination::any(to.account)]) {
            if let Some(lane) = self.lanes.get_mut(&to) {
                lane.open();
            }
            actions.extend(self.start(to, false, now));
        }
        actions
    }

    fn close(&mut self, to: Destination, now: Timestamp, jitter: Jitter) -> Vec<Action> {
        self.reachable.remove(&to);
        for to in BTreeSet::from([to, Destination::any(to.account)]) {
            if !self.reaches(to)
                && let Some(lane) = self.lanes.get_mut(&to)
            {
                lane.close(now, jitter);
            }
        }
        Vec::new()
    }

    /// Whether something can go to `to` now.
    fn reaches(&self, to: Destination) -> bool {
        match to.node {
            Some(_) => self.reachable.contains(&to),
            // Without a node, a destination sorts before all of its account.
            None => self
                .reachable
                .range(to..)
                .next()
                .is_some_and(|first| first.account == to.account),
        }
    }

    fn transmitted(&mut self, id: MessageId, to: Destination) -> Vec<Action> {
        let Some(order) = self.places.get(&(id, to)).copied() else {
            return Vec::new();
        };
        let state = State::Sent;
        let moved = self
            .lanes
            .get_mut(&to)
            .is_some_and(|lane| lane.advance(order, state));
        if moved {
            vec![Action::Record { id, to, state }]
        } else {
            Vec::new()
        }
    }

    fn settle(
        &mut self,
        id: MessageId,
        to: Destination,
        state: State,
        now: Timestamp,
    ) -> Vec<Action> {
        let Some(order) = self.places.remove(&(id, to)) else {
            return Vec::new();
        };
        if let Some(lane) = self.lanes.get_mut(&to) {
            lane.remove(order);
            lane.answered();
        }
        let mut actions = vec![Action::Record { id, to, state }];
        actions.extend(self.start(to, false, now));
        actions
    }

    /// A mailbox keeps the item: it has left this machine, and what nobody answers is done.
    fn kept(
        &mut self,
        id: MessageId,
        to: Destination,
        until: Timestamp,
        now: Timestamp,
    ) -> Vec<Action> {
        let Some(order) = self.places.get(&(id, to)).copied() else {
            return Vec::new();
        };
        let mail = self.lanes.get_mut(&to).and_then(|lane| {
            lane.drops.kept(order, until);
            lane.mail(order)
        });
        if mail == Some(Mail::Instead) {
            return self.settle(id, to, State::Delivered, now);
        }
        let mut actions = self.transmitted(id, to);
        actions.extend(self.start(to, false, now));
        actions
    }

    fn mailbox_found(&mut self, now: Timestamp) -> Vec<Action> {
        let all: Vec<Destination> = self.lanes.keys().copied().collect();
        let mut actions = Vec::new();
        for to in all {
            if let Some(lane) = self.lanes.get_mut(&to) {
                lane.drops.open();
            }
            actions.extend(self.start(to, false, now));
        }
        actions
    }

    /// Notes something about an item, if it is on its way.
    fn at(
        &mut self,
        id: MessageId,
        to: Destination,
        note: impl FnOnce(&mut Lane, u64),
    ) -> Vec<Action> {
        if let Some(order) = self.places.get(&(id, to)).copied()
            && let Some(lane) = self.lanes.get_mut(&to)
        {
            note(lane, order);
        }
        Vec::new()
    }

    fn abandon(&mut self, is_concerned: impl Fn(&Destination) -> bool) -> Vec<Action> {
        self.lanes.retain(|to, _| !is_concerned(to));
        let places = self.places.keys().filter(|(_, to)| is_concerned(to));
        let places = places.copied().collect();
        self.give_up(places)
    }

    fn tick(&mut self, now: Timestamp, jitter: Jitter) -> Vec<Action> {
        self.wake_at = None;
        let mut expired = Vec::new();
        for (to, lane) in &mut self.lanes {
            expired.extend(lane.expire(now).into_iter().map(|id| (id, *to)));
            lane.time_out(now, jitter);
        }
        let mut actions = self.give_up(expired);
        let all: Vec<Destination> = self.lanes.keys().copied().collect();
        for to in all {
            actions.extend(self.start(to, false, now));
        }
        actions
    }

    fn give_up(&mut self, places: Vec<(MessageId, Destination)>) -> Vec<Action> {
        let mut actions = Vec::with_capacity(places.len());
        for (id, to) in places {
            if self.places.remove(&(id, to)).is_some() {
                actions.push(Action::Record {
                    id,
                    to,
                    state: State::Failed,
                });
            }
        }
        actions
    }

    fn start(&mut self, to: Destination, fresh: bool, now: Timestamp) -> Vec<Action> {
        let reachable = self.reaches(to);
        let Some(lane) = self.lanes.get_mut(&to) else {
            return Vec::new();
        };
        if lane.is_empty() {
            self.lanes.remove(&to);
            return Vec::new();
        }
        lane.start(reachable, fresh, now)
    }

    /// The next wake-up, when it is not the one already asked for.
    fn wake(&mut self) -> Option<Action> {
        let next = self.lanes.values().filter_map(Lane::deadline).min();
        if next.is_none() || next == self.wake_at {
            return None;
        }
        self.wake_at = next;
        next.map(Action::WakeAt)
    }
}

#[cfg(test)]
mod tests;
