//! When copies of what waits for one account are left in its mailboxes: after a while without an
//! answer, and again when a mailbox keeps them no longer.

use std::collections::BTreeMap;
use std::time::Duration;

use streembit_identity::Timestamp;

use crate::backoff::{self, Jitter};

/// Copies being left for one account at once.
pub(crate) const DEPOSITS: usize = 4;

/// How long an item waits for an account that cannot be reached before a copy is left.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3);

/// How long for one that is connected: it may be slow, or gone without a word.
pub(crate) const PATIENCE_CONNECTED: Duration = Duration::from_secs(15);

/// How long leaving one may take before it counts as failed.
const LIMIT: Duration = Duration::from_mins(3);

/// What is to be left for one account, and when.
#[derive(Debug, Default)]
pub(crate) struct Drops {
    /// Since when each item waits for an answer, by its place in the queue.
    waiting: BTreeMap<u64, Timestamp>,
    /// Until when a mailbox keeps it.
    kept: BTreeMap<u64, Timestamp>,
    /// Which are being left, and when they count as failed.
    flights: BTreeMap<u64, Timestamp>,
    failures: u32,
    paused_until: Option<Timestamp>,
}

impl Drops {
    /// Takes in an item; one that is kept already is left again only afterwards.
    pub(crate) fn insert(&mut self, order: u64, kept_until: Option<Timestamp>, now: Timestamp) {
        match kept_until.filter(|until| *until > now) {
            Some(until) => self.kept.insert(order, until),
            None => self.waiting.insert(order, now),
        };
    }

    /// Takes in an item of which a copy is left without waiting for its account to be found.
    pub(crate) fn insert_at_once(&mut self, order: u64, now: Timestamp) {
        self.waiting.insert(order, now.minus(PATIENCE));
    }

    /// Forgets an item.
    pub(crate) fn remove(&mut self, order: u64) {
        self.waiting.remove(&order);
        self.kept.remove(&order);
        self.flights.remove(&order);
    }

    /// A mailbox may be reachable now: nothing waits for another try.
    pub(crate) fn open(&mut self) {
        self.failures = 0;
        self.paused_until = None;
    }

    /// A mailbox keeps the item. An answer that nothing waits for may be to a copy that was left
    /// when the same item was sent before, and collected since: it says nothing.
    pub(crate) fn kept(&mut self, order: u64, until: Timestamp) {
        if self.flights.remove(&order).is_some() || self.kept.contains_key(&order) {
            self.kept.insert(order, until);
        }
        self.open();
    }

    /// No mailbox keeps the item, whatever an earlier answer said.
    pub(crate) fn failed(&mut self, order: u64, now: Timestamp, jitter: Jitter) {
        let was_leaving = self.flights.remove(&order).is_some();
        if !was_leaving && self.kept.remove(&order).is_none() {
            return;
        }
        self.waiting.insert(order, now);
        if self.paused_until.is_none_or(|until| until <= now) {
            let wait = backoff::delay(self.failures, jitter);
            self.paused_until = Some(now.plus(wait));
            self.failures = self.failures.saturating_add(1);
        }
    }

    /// What is kept of the item is of no use: another copy is to be left.
    pub(crate) fn lost(&mut self, order: u64, now: Timestamp) {
        if self.kept.remove(&order).is_some() {
            self.waiting.insert(order, now);
        }
    }

    /// Takes note of what ran out of time.
    pub(crate) fn tick(&mut self, now: Timestamp, jitter: Jitter) {
        for order in ended(&self.flights, now) {
            self.failed(order, now, jitter);
        }
        for order in ended(&self.kept, now) {
            self.kept.remove(&order);
            self.waiting.insert(order, now);
        }
    }

    /// Returns the items of which a copy is to be left now.
    pub(crate) fn start(&mut self, is_reachable: bool, now: Timestamp) -> Vec<u64> {
        if self.paused_until.is_some_and(|until| until <= now) {
            self.paused_until = None;
        }
        if self.paused_until.is_some() {
            return Vec::new();
        }
        let room = DEPOSITS.saturating_sub(self.flights.len());
        let patience = patience(is_reachable);
        let due: Vec<u64> = self
            .waiting
            .iter()
            .filter(|(_, since)| since.plus(patience) <= now)
            .map(|(order, _)| *order)
            .take(room)
            .collect();
        for order in &due {
            self.waiting.remove(order);
            self.flights.insert(*order, now.plus(LIMIT));
        }
        due
    }

    /// When this next needs a tick.
    pub(crate) fn deadline(&self, is_reachable: bool) -> Option<Timestamp> {
        let has_room = self.flights.len() < DEPOSITS;
        let first = self.waiting.values().min().filter(|_| has_room);
        let due = first.map(|since| {
            let due = since.plus(patience(is_reachable));
            self.paused_until.map_or(due, |paused| due.max(paused))
        });
        let flight = self.flights.values().min().copied();
        let end = self.kept.values().min().copied();
        [due, flight, end].into_iter().flatten().min()
    }
}

fn patience(is_reachable: bool) -> Duration {
    if is_reachable {
        PATIENCE_CONNECTED
    } else {
        PATIENCE
    }
}

fn ended(times: &BTreeMap<u64, Timestamp>, now: Timestamp) -> Vec<u64> {
    let ended = times.iter().filter(|(_, until)| **until <= now);
    ended.map(|(order, _)| *order).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::KEPT_FOR;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn an_answer_to_an_earlier_copy_does_not_stand_for_a_new_one() {
        let later = NOW.plus(PATIENCE);
        let mut drops = Drops::default();
        drops.insert(1, None, NOW);

        drops.kept(1, NOW.plus(KEPT_FOR));
        assert_eq!(drops.start(false, later), [1], "it is left all the same");

        drops.kept(1, NOW.plus(KEPT_FOR));
        drops.failed(1, later, 0);
        let again = later.plus(PATIENCE).plus(backoff::delay(1, 0));
        assert_eq!(drops.start(false, again), [1], "its own answer counts");
    }
}
