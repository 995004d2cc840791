//! The outbox of one network: events and the time in, what to do out.

use std::collections::{BTreeMap, BTreeSet};

use streembit_identity::{AccountId, MessageId, Timestamp};

use crate::lane::Lane;
use crate::{Item, Jitter, Receipt, State};

/// Items in one outbox.
pub const MAX_ITEMS: usize = 16_384;

/// Items waiting for one account.
pub const MAX_ITEMS_PER_ACCOUNT: usize = 4_096;

/// What happened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Event {
    /// An item was stored. Known ids and settled items are ignored.
    Enqueued(Item),
    /// A node of the account is connected.
    Reachable(AccountId),
    /// The last node of the account is gone, or looking for one found none.
    Unreachable(AccountId),
    /// The item left this machine towards a node of its account.
    Transmitted {
        /// Which item.
        id: MessageId,
    },
    /// The account signed a receipt. One from anybody else is ignored.
    Acknowledged {
        /// Which item.
        id: MessageId,
        /// Who signed.
        by: AccountId,
        /// What was signed.
        receipt: Receipt,
    },
    /// The account refused the item.
    Refused {
        /// Which item.
        id: MessageId,
        /// Whether trying again is pointless.
        permanent: bool,
    },
    /// The item came back without an answer; it may or may not have arrived.
    Failed {
        /// Which item.
        id: MessageId,
    },
    /// Everything that waits for the account is given up, as when a contact is removed.
    Abandoned(AccountId),
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
        /// To whom.
        to: AccountId,
    },
    /// Write the state down, and take settled items off the stored queue.
    Record {
        /// Which item.
        id: MessageId,
        /// Whom it is for.
        to: AccountId,
        /// How far it has got.
        state: State,
    },
    /// Look for a node of the account, then report `Reachable` or `Unreachable`.
    Seek {
        /// Whom to look for.
        account: AccountId,
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
    lanes: BTreeMap<AccountId, Lane>,
    places: BTreeMap<MessageId, (AccountId, u64)>,
    reachable: BTreeSet<AccountId>,
    wake_at: Option<Timestamp>,
}

impl Outbox {
    /// Tells whether another item for `account` may be stored.
    ///
    /// Asked before storing; what is stored already is always taken, so that concurrent
    /// callers may exceed the bound by one each.
    ///
    /// # Errors
    /// [`Full`] when the account or the whole outbox has too many waiting.
    pub fn room(&self, account: AccountId) -> Result<(), Full> {
        let waiting = self.lanes.get(&account).map_or(0, Lane::len);
        if waiting >= MAX_ITEMS_PER_ACCOUNT || self.places.len() >= MAX_ITEMS {
            return Err(Full);
        }
        Ok(())
    }

    /// The accounts for whom something is on its way.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
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
            Event::Reachable(account) => self.open(account, now),
            Event::Unreachable(account) => self.close(account, now, jitter),
            Event::Transmitted { id } => self.transmitted(id),
            Event::Acknowledged { id, by, receipt } => self.acknowledge(id, by, receipt, now),
            Event::Refused {
                id,
                permanent: true,
            } => self.settle(id, State::Failed, now),
            Event::Refused {
                id,
                permanent: false,
            }
            | Event::Failed { id } => self.fail(id, now, jitter),
            Event::Abandoned(account) => self.abandon(account),
            Event::Tick => self.tick(now, jitter),
        };
        actions.extend(self.wake());
        actions
    }

    fn enqueue(&mut self, item: Item, now: Timestamp) -> Vec<Action> {
        if item.state.is_settled() || self.places.contains_key(&item.id) {
            return Vec::new();
        }
        let lane = self
            .lanes
            .entry(item.to)
            .or_insert_with(|| Lane::new(item.to));
        if !lane.insert(item) {
            return Vec::new();
        }
        self.places.insert(item.id, (item.to, item.order));
        self.start(item.to, true, now)
    }

    fn open(&mut self, account: AccountId, now: Timestamp) -> Vec<Action> {
        self.reachable.insert(account);
        if let Some(lane) = self.lanes.get_mut(&account) {
            lane.open();
        }
        self.start(account, false, now)
    }

    fn close(&mut self, account: AccountId, now: Timestamp, jitter: Jitter) -> Vec<Action> {
        self.reachable.remove(&account);
        if let Some(lane) = self.lanes.get_mut(&account) {
            lane.close(now, jitter);
        }
        Vec::new()
    }

    fn transmitted(&mut self, id: MessageId) -> Vec<Action> {
        let Some((account, order)) = self.places.get(&id).copied() else {
            return Vec::new();
        };
        let moved = self
            .lanes
            .get_mut(&account)
            .is_some_and(|l| l.advance(order, State::Sent));
        if moved {
            vec![Action::Record {
                id,
                to: account,
                state: State::Sent,
            }]
        } else {
            Vec::new()
        }
    }

    fn acknowledge(
        &mut self,
        id: MessageId,
        by: AccountId,
        receipt: Receipt,
        now: Timestamp,
    ) -> Vec<Action> {
        match self.places.get(&id) {
            Some((account, _)) if *account == by => self.settle(id, receipt.into(), now),
            Some(_) | None => Vec::new(),
        }
    }

    fn settle(&mut self, id: MessageId, state: State, now: Timestamp) -> Vec<Action> {
        let Some((account, order)) = self.places.remove(&id) else {
            return Vec::new();
        };
        if let Some(lane) = self.lanes.get_mut(&account) {
            lane.remove(order);
            lane.answered();
        }
        let mut actions = vec![Action::Record {
            id,
            to: account,
            state,
        }];
        actions.extend(self.start(account, false, now));
        actions
    }

    fn fail(&mut self, id: MessageId, now: Timestamp, jitter: Jitter) -> Vec<Action> {
        let place = self.places.get(&id).copied();
        if let Some((account, order)) = place
            && let Some(lane) = self.lanes.get_mut(&account)
        {
            lane.failed(order, now, jitter);
        }
        Vec::new()
    }

    fn abandon(&mut self, account: AccountId) -> Vec<Action> {
        self.lanes.remove(&account);
        let ids: Vec<MessageId> = self
            .places
            .iter()
            .filter(|(_, (to, _))| *to == account)
            .map(|(id, _)| *id)
            .collect();
        self.give_up(ids)
    }

    fn tick(&mut self, now: Timestamp, jitter: Jitter) -> Vec<Action> {
        self.wake_at = None;
        let mut expired = Vec::new();
        for lane in self.lanes.values_mut() {
            expired.extend(lane.expire(now));
            lane.time_out(now, jitter);
        }
        let mut actions = self.give_up(expired);
        let accounts: Vec<AccountId> = self.lanes.keys().copied().collect();
        for account in accounts {
            actions.extend(self.start(account, false, now));
        }
        actions
    }

    fn give_up(&mut self, ids: Vec<MessageId>) -> Vec<Action> {
        let mut actions = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some((to, _)) = self.places.remove(&id) {
                actions.push(Action::Record {
                    id,
                    to,
                    state: State::Failed,
                });
            }
        }
        actions
    }

    fn start(&mut self, account: AccountId, fresh: bool, now: Timestamp) -> Vec<Action> {
        let reachable = self.reachable.contains(&account);
        let Some(lane) = self.lanes.get_mut(&account) else {
            return Vec::new();
        };
        if lane.is_empty() {
            self.lanes.remove(&account);
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
