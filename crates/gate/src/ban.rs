//! Whoever keeps sending what cannot be verified stays outside for a while.
//!
//! Goes by the node's key, not by where it comes from: the key is what the transport has proved.

use std::collections::BTreeMap;
use std::time::Duration;

use streembit_identity::{NodeId, Timestamp};

/// What cannot be verified and is forgiven within [`WINDOW`].
const FORGIVEN: u32 = 7;

/// How long a fault counts.
const WINDOW: Duration = Duration::from_mins(1);

/// How long the first ban lasts; each further one lasts twice as long, up to [`LONGEST`].
const FIRST: Duration = Duration::from_mins(10);

/// The longest ban, and how long a node has to behave until the next ban counts as the first.
const LONGEST: Duration = Duration::from_hours(24);

/// Most nodes that are remembered.
const MAX_NODES: usize = 1_024;

/// The nodes that sent what cannot be verified.
#[derive(Debug, Default)]
pub struct Bans(BTreeMap<NodeId, Record>);

#[derive(Debug)]
struct Record {
    faults: u32,
    /// When the first of them was noted.
    since: Timestamp,
    /// When the last ban ends or ended.
    until: Timestamp,
    /// How often it was banned.
    bans: u32,
}

impl Bans {
    /// Notes that `node` sent something that cannot be verified; tells whether it is out now.
    pub fn note(&mut self, node: NodeId, now: Timestamp) -> bool {
        if !self.0.contains_key(&node) {
            self.make_room(now);
        }
        let record = self.0.entry(node).or_insert(Record {
            faults: 0,
            since: now,
            until: Timestamp::ZERO,
            bans: 0,
        });
        if record.until > now {
            // What was on its way already makes nothing worse.
            return true;
        }
        if now.since(record.since) > WINDOW {
            (record.faults, record.since) = (0, now);
        }
        if now.since(record.until) > LONGEST {
            record.bans = 0;
        }
        record.faults = record.faults.saturating_add(1);
        if record.faults > FORGIVEN {
            let length = FIRST.saturating_mul(1 << record.bans.min(16)).min(LONGEST);
            record.until = now.plus(length);
            record.bans = record.bans.saturating_add(1);
            record.faults = 0;
        }
        record.until > now
    }

    /// Returns whether `node` has to stay outside.
    pub fn is_out(&self, node: NodeId, now: Timestamp) -> bool {
        self.0.get(&node).is_some_and(|record| record.until > now)
    }

    /// Forgets what is long past; else whoever may come in again first.
    fn make_room(&mut self, now: Timestamp) {
        if self.0.len() < MAX_NODES {
            return;
        }
        self.0.retain(|_, record| {
            now.since(record.since) <= WINDOW || now.since(record.until) <= LONGEST
        });
        if self.0.len() < MAX_NODES {
            return;
        }
        let first = self
            .0
            .iter()
            .min_by_key(|(_, record)| (record.until, record.since))
            .map(|(node, _)| *node);
        if let Some(first) = first {
            self.0.remove(&first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{NOW, node};

    /// Notes so many faults at once; tells whether the node is out afterwards.
    fn fault(bans: &mut Bans, of: u64, times: u32, now: Timestamp) -> bool {
        (0..times).fold(false, |_, _| bans.note(node(of), now))
    }

    #[test]
    fn a_few_faults_are_forgiven_and_many_at_once_are_not() {
        let mut bans = Bans::default();

        assert!(!fault(&mut bans, 1, FORGIVEN, NOW));
        let later = NOW.plus(WINDOW + Duration::from_secs(1));
        assert!(!fault(&mut bans, 1, FORGIVEN, later));
        assert!(!bans.is_out(node(1), later));

        assert!(fault(&mut bans, 1, 1, later));
        assert!(bans.is_out(node(1), later) && !bans.is_out(node(2), later));
    }

    #[test]
    fn each_ban_is_twice_as_long_as_the_one_before_up_to_a_day() {
        let (mut bans, mut now) = (Bans::default(), NOW);

        for minutes in [10, 20, 40, 80, 160, 320, 640, 1_280, 1_440, 1_440] {
            assert!(fault(&mut bans, 1, FORGIVEN + 1, now));
            let end = now.plus(Duration::from_mins(minutes));
            let before = end.minus(Duration::from_millis(1));
            assert!(bans.is_out(node(1), before), "{minutes} minutes");
            assert!(!bans.is_out(node(1), end), "{minutes} minutes");
            now = end;
        }
        now = now.plus(LONGEST + Duration::from_secs(1));
        assert!(fault(&mut bans, 1, FORGIVEN + 1, now));
        assert!(
            !bans.is_out(node(1), now.plus(FIRST)),
            "after a good day it is the first one again"
        );
    }

    #[test]
    fn very_many_nodes_take_bounded_room_and_those_banned_longest_stay_out() {
        let mut bans = Bans::default();
        for _ in 0..3 {
            fault(&mut bans, 0, FORGIVEN + 1, NOW);
        }

        for number in 1..3_000 {
            fault(&mut bans, number, 1, NOW);
        }

        assert!(bans.0.len() <= MAX_NODES);
        assert!(bans.is_out(node(0), NOW));
    }
}
