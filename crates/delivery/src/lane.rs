//! The queue towards one destination: what waits, what is in flight, when to try again.

use std::collections::BTreeMap;
use std::time::Duration;

use streembit_identity::{MessageId, Timestamp};

use crate::backoff::{self, Jitter};
use crate::drops::Drops;
use crate::{Action, Destination, Item, Mail, Pace, State};

/// Items in flight to one destination at once.
pub const WINDOW: usize = 16;

/// How long an item may be in flight before it counts as failed.
pub const FLIGHT_LIMIT: Duration = Duration::from_secs(60);

/// How long looking for a destination may take before it counts as not found.
pub const SEEK_LIMIT: Duration = Duration::from_secs(60);

/// A new item looks for its destination at once, but not sooner than this after the last look.
const SEEK_PAUSE: Duration = Duration::from_secs(2);

/// The queue towards one destination.
#[derive(Debug)]
pub(crate) struct Lane {
    to: Destination,
    items: BTreeMap<u64, Item>,
    /// Order of each item in flight, and when it counts as failed.
    flights: BTreeMap<u64, Timestamp>,
    failures: u32,
    paused_until: Option<Timestamp>,
    seeking_until: Option<Timestamp>,
    sought_at: Option<Timestamp>,
    pub(crate) drops: Drops,
    is_reachable: bool,
}

impl Lane {
    pub(crate) fn new(to: Destination) -> Self {
        Self {
            to,
            items: BTreeMap::new(),
            flights: BTreeMap::new(),
            failures: 0,
            paused_until: None,
            seeking_until: None,
            sought_at: None,
            drops: Drops::default(),
            is_reachable: false,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Adds `item`; false if its place is taken.
    pub(crate) fn insert(&mut self, item: Item, now: Timestamp) -> bool {
        if self.items.contains_key(&item.order) {
            return false;
        }
        match item.mail {
            Mail::Never => {}
            Mail::Copy(until) => self.drops.insert(item.order, until, now),
            Mail::Instead => self.drops.insert_at_once(item.order, now),
        }
        self.items.insert(item.order, item);
        true
    }

    pub(crate) fn remove(&mut self, order: u64) -> Option<Item> {
        self.flights.remove(&order);
        self.drops.remove(order);
        self.items.remove(&order)
    }

    /// Takes out everything that ran out of time.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<MessageId> {
        let expired: Vec<u64> = self
            .items
            .values()
            .filter(|item| item.until <= now)
            .map(|item| item.order)
            .collect();
        expired
            .into_iter()
            .filter_map(|order| self.remove(order))
            .map(|item| item.id)
            .collect()
    }

    /// Moves an item's state forward; true if it moved.
    pub(crate) fn advance(&mut self, order: u64, next: State) -> bool {
        let Some(item) = self.items.get_mut(&order) else {
            return false;
        };
        let Some(state) = item.state.advance(next) else {
            return false;
        };
        item.state = state;
        true
    }

    /// The destination can be reached now: whatever waited, waits no longer.
    pub(crate) fn open(&mut self) {
        self.failures = 0;
        self.paused_until = None;
        self.seeking_until = None;
    }

    /// The destination cannot be reached: the next look is put off.
    pub(crate) fn close(&mut self, now: Timestamp, jitter: Jitter) {
        self.seeking_until = None;
        self.put_off(now, jitter);
    }

    /// The destination answered, so it is there and works.
    pub(crate) fn answered(&mut self) {
        self.failures = 0;
    }

    /// An item came back without an answer.
    pub(crate) fn failed(&mut self, order: u64, now: Timestamp, jitter: Jitter) {
        // One outage fails a whole window: it counts once.
        if self.flights.remove(&order).is_some() {
            self.put_off(now, jitter);
        }
    }

    /// The destination found an item in a mailbox and could not read it: it is sent and left anew.
    pub(crate) fn unreadable(&mut self, order: u64, now: Timestamp, jitter: Jitter) {
        self.drops.lost(order, now);
        self.failed(order, now, jitter);
    }

    /// Treats as failed what never came back.
    pub(crate) fn time_out(&mut self, now: Timestamp, jitter: Jitter) {
        let lost: Vec<u64> = self
            .flights
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(o, _)| *o)
            .collect();
        for order in lost {
            self.failed(order, now, jitter);
        }
        if self.seeking_until.is_some_and(|until| until <= now) {
            self.close(now, jitter);
        }
        self.drops.tick(now, jitter);
    }

    /// Starts what may start now. `fresh` says that the user just added something.
    pub(crate) fn start(&mut self, reachable: bool, fresh: bool, now: Timestamp) -> Vec<Action> {
        if self.paused_until.is_some_and(|until| until <= now) {
            self.paused_until = None;
        }
        self.is_reachable = reachable;
        let mut actions = if self.items.is_empty() {
            Vec::new()
        } else if reachable {
            self.transmit(now)
        } else {
            self.seek(fresh, now).into_iter().collect()
        };
        actions.extend(self.deposit(now));
        actions
    }

    /// What may be left in mailboxes now.
    fn deposit(&mut self, now: Timestamp) -> Vec<Action> {
        let due = self.drops.start(self.is_reachable, now).into_iter();
        let items = due.filter_map(|order| self.items.get(&order));
        items
            .map(|item| Action::Deposit {
                id: item.id,
                to: self.to,
            })
            .collect()
    }

    /// What mailboxes may do for an item.
    pub(crate) fn mail(&self, order: u64) -> Option<Mail> {
        self.items.get(&order).map(|item| item.mail)
    }

    /// When this lane next needs a tick.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        // Lifetimes are equal, so the first in the queue runs out first.
        let expiry = self.items.values().next().map(|item| item.until);
        let flight = self.flights.values().min().copied();
        let drop = self.drops.deadline(self.is_reachable);
        [expiry, flight, drop, self.paused_until, self.seeking_until]
            .into_iter()
            .flatten()
            .min()
    }

    fn transmit(&mut self, now: Timestamp) -> Vec<Action> {
        let mut actions = Vec::new();
        if self.paused_until.is_some() || self.has_lone_flight() {
            return actions;
        }
        for item in self.items.values() {
            if self.flights.len() >= WINDOW {
                break;
            }
            if self.flights.contains_key(&item.order) {
                continue;
            }
            let alone = item.pace == Pace::Alone;
            if alone && !self.flights.is_empty() {
                break;
            }
            self.flights.insert(item.order, now.plus(FLIGHT_LIMIT));
            actions.push(Action::Transmit {
                id: item.id,
                to: self.to,
            });
            if alone {
                break;
            }
        }
        actions
    }

    fn has_lone_flight(&self) -> bool {
        self.flights
            .keys()
            .filter_map(|order| self.items.get(order))
            .any(|item| item.pace == Pace::Alone)
    }

    fn seek(&mut self, fresh: bool, now: Timestamp) -> Option<Action> {
        let looked_just_now = self.sought_at.is_some_and(|at| now < at.plus(SEEK_PAUSE));
        let waits = self.paused_until.is_some() && (!fresh || looked_just_now);
        if self.seeking_until.is_some() || waits {
            return None;
        }
        self.paused_until = None;
        self.seeking_until = Some(now.plus(SEEK_LIMIT));
        self.sought_at = Some(now);
        Some(Action::Seek { to: self.to })
    }

    fn put_off(&mut self, now: Timestamp, jitter: Jitter) {
        if self.paused_until.is_none_or(|until| until <= now) {
            let wait = backoff::delay(self.failures, jitter);
            self.paused_until = Some(now.plus(wait));
            self.failures = self.failures.saturating_add(1);
        }
    }
}
