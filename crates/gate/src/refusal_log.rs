//! Refused attempts, thinned out so that a flood of them fills neither memory nor disk.

use std::collections::BTreeMap;
use std::time::Duration;

use streembit_identity::{AccountId, NodeId, Timestamp};

use crate::RefusalReason;

/// Most kinds of attempts that are told apart at a time.
const MAX_TRACKED: usize = 1_024;

/// How long equal attempts are counted before they are recorded again.
const WINDOW: Duration = Duration::from_mins(1);

/// Most records in one window, whoever the attempts come from.
const MAX_RECORDS: u32 = 30;

/// Which side opened the refused connection.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Direction {
    /// The other one.
    Inbound,
    /// This one.
    Outbound,
}

/// One refused attempt, or several equal ones.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Attempt {
    /// The node, if the transport got as far as proving one.
    pub node: Option<NodeId>,
    /// The account, if a certificate proved one.
    pub account: Option<AccountId>,
    /// From where, or to where.
    pub address: String,
    /// Which side opened the connection.
    pub direction: Direction,
    /// Why it was refused.
    pub reason: RefusalReason,
    /// How many equal attempts this one stands for, itself included.
    pub count: u64,
}

/// Decides which refused attempts are worth a record.
#[derive(Debug, Default)]
pub struct RefusalLog {
    tracked: BTreeMap<(Option<NodeId>, RefusalReason), Tracked>,
    window: Timestamp,
    recorded: u32,
    /// Attempts that nothing else stands for, because there were too many.
    dropped: u64,
}

#[derive(Debug)]
struct Tracked {
    recorded_at: Timestamp,
    suppressed: u64,
}

impl RefusalLog {
    /// Takes an attempt and returns it if it is to be recorded now.
    ///
    /// Equal attempts (same node, same reason) are recorded once a minute, with their count, and
    /// all together thirty times a minute; the rest is counted in [`RefusalLog::dropped`].
    pub fn note(&mut self, mut attempt: Attempt, now: Timestamp) -> Option<Attempt> {
        if self.window == Timestamp::ZERO || now.since(self.window) >= WINDOW || now < self.window {
            self.window = now;
            self.recorded = 0;
            self.tracked.retain(|_, tracked| {
                tracked.suppressed > 0 || now.since(tracked.recorded_at) < WINDOW
            });
        }
        let key = (attempt.node, attempt.reason);
        if let Some(tracked) = self.tracked.get_mut(&key) {
            tracked.suppressed = tracked.suppressed.saturating_add(1);
            let is_due = now.since(tracked.recorded_at) >= WINDOW || now < tracked.recorded_at;
            if !is_due || self.recorded >= MAX_RECORDS {
                return None;
            }
            attempt.count = std::mem::take(&mut tracked.suppressed);
            tracked.recorded_at = now;
        } else {
            if self.recorded >= MAX_RECORDS {
                self.dropped = self.dropped.saturating_add(1);
                return None;
            }
            self.make_room();
            self.tracked.insert(
                key,
                Tracked {
                    recorded_at: now,
                    suppressed: 0,
                },
            );
            attempt.count = 1;
        }
        self.recorded += 1;
        Some(attempt)
    }

    /// Returns how many attempts were neither recorded nor counted with a recorded one.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Forgets the kind of attempt that was recorded longest ago.
    fn make_room(&mut self) {
        if self.tracked.len() < MAX_TRACKED {
            return;
        }
        let oldest = self
            .tracked
            .iter()
            .min_by_key(|(_, tracked)| tracked.recorded_at)
            .map(|(key, _)| *key);
        if let Some(forgotten) = oldest.and_then(|key| self.tracked.remove(&key)) {
            self.dropped = self.dropped.saturating_add(forgotten.suppressed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{NOW, node};

    fn attempt(from: u64, reason: RefusalReason) -> Attempt {
        let node = Some(node(from));
        let address = "/ip4/127.0.0.1/tcp/1".to_owned();
        Attempt {
            node,
            account: None,
            address,
            direction: Direction::Inbound,
            reason,
            count: 0,
        }
    }

    #[test]
    fn records_equal_attempts_once_a_minute_with_their_count() {
        let mut log = RefusalLog::default();

        let first = log
            .note(attempt(1, RefusalReason::NotListed), NOW)
            .map(|attempt| attempt.count);
        let rest = (0..99)
            .filter_map(|_| log.note(attempt(1, RefusalReason::NotListed), NOW))
            .count();
        let later = log.note(attempt(1, RefusalReason::NotListed), NOW.plus(WINDOW));

        assert_eq!((first, rest), (Some(1), 0));
        assert_eq!(later.map(|attempt| attempt.count), Some(100));
    }

    #[test]
    fn tells_reasons_and_nodes_apart() {
        let mut log = RefusalLog::default();

        for (node, reason) in [
            (1, RefusalReason::NotListed),
            (1, RefusalReason::Removed),
            (2, RefusalReason::NotListed),
        ] {
            assert!(log.note(attempt(node, reason), NOW).is_some());
        }
    }

    #[test]
    fn stays_small_under_a_flood_of_strangers() {
        let mut log = RefusalLog::default();

        let recorded = (0..10_000_u64).filter_map(|at| {
            log.note(
                attempt(at % 3_000, RefusalReason::NotListed),
                NOW.plus(Duration::from_millis(at)),
            )
        });

        assert_eq!(recorded.count(), MAX_RECORDS as usize);
        assert!(log.tracked.len() <= MAX_TRACKED);
        assert!(log.dropped() > 9_000);
    }
}
