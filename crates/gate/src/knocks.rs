//! Who keeps trying although it is refused, so that people are told once and not each time.

use std::collections::BTreeMap;
use std::time::Duration;

use streembit_identity::{NodeId, Timestamp};

/// Attempts within a [`WINDOW`] that are worth a word.
const MANY: u32 = 10;

/// Within which attempts are counted together.
const WINDOW: Duration = Duration::from_hours(1);

/// How long nothing more is said about the same node.
const SILENCE: Duration = Duration::from_hours(24);

/// Most nodes that are told apart; further ones are not counted until others are forgotten.
const MAX_NODES: usize = 256;

/// Counts refused attempts by node.
#[derive(Debug, Default)]
pub struct Knocks(BTreeMap<NodeId, Knock>);

#[derive(Debug)]
struct Knock {
    since: Timestamp,
    count: u32,
    told: Option<Timestamp>,
}

impl Knocks {
    /// Counts an attempt and returns how many there were, when people should be told now.
    pub fn note(&mut self, node: NodeId, now: Timestamp) -> Option<u32> {
        if self.0.len() >= MAX_NODES && !self.0.contains_key(&node) {
            self.0.retain(|_, knock| !knock.is_over(now));
        }
        if self.0.len() >= MAX_NODES && !self.0.contains_key(&node) {
            return None;
        }
        let knock = self.0.entry(node).or_insert(Knock {
            since: now,
            count: 0,
            told: None,
        });
        if now.since(knock.since) >= WINDOW || now < knock.since {
            (knock.since, knock.count) = (now, 0);
        }
        knock.count = knock.count.saturating_add(1);
        let is_quiet = knock.told.is_some_and(|told| now.since(told) < SILENCE);
        if knock.count < MANY || is_quiet {
            return None;
        }
        knock.told = Some(now);
        Some(knock.count)
    }
}

impl Knock {
    /// Whether nothing is lost when it is forgotten.
    fn is_over(&self, now: Timestamp) -> bool {
        let is_quiet = self.told.is_some_and(|told| now.since(told) < SILENCE);
        now.since(self.since) >= WINDOW && !is_quiet
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{NOW, node};

    #[test]
    fn tells_once_a_day_of_whoever_keeps_trying() {
        let mut knocks = Knocks::default();
        let mut told = Vec::new();
        for minute in 0..60 * 26 {
            let now = NOW.plus(Duration::from_mins(minute));
            told.extend(knocks.note(node(1), now).map(|count| (minute, count)));
        }

        assert_eq!(told, [(9, 10), (9 + 24 * 60, 10)]);
    }

    #[test]
    fn a_few_attempts_are_nobodys_concern() {
        let mut knocks = Knocks::default();

        let hourly = (0..100).map(|hour| NOW.plus(Duration::from_mins(10) * hour));
        let told = hourly.filter_map(|now| knocks.note(node(1), now));

        assert_eq!(told.count(), 0);
    }

    #[test]
    fn a_flood_of_nodes_neither_fills_memory_nor_hides_for_ever_who_comes_later() {
        let mut knocks = Knocks::default();
        for number in 0..2_000 {
            knocks.note(node(number), NOW);
        }
        assert!(knocks.0.len() <= MAX_NODES);

        let later = NOW.plus(WINDOW);
        let told: Vec<_> = (0..MANY)
            .filter_map(|_| knocks.note(node(5_000), later))
            .collect();
        assert_eq!(told, [MANY]);
    }
}
