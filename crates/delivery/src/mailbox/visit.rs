//! What a recipient has put off of what a mailbox keeps for it, and when it is looked at again.
//!
//! Each copy has a patience of its own, so that what cannot be taken for long is neither fetched again
//! and again nor in the way of anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use streembit_identity::Timestamp;

/// Pauses before a copy is fetched again, in seconds; the last one repeats.
const PAUSES: [u64; 7] = [2, 10, 60, 300, 600, 3_600, 21_600];

/// Copies that are remembered; one more takes the place of the one that is due first.
pub const MAX_PUT_OFF: usize = 4_096;

/// What was put off of one mailbox.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Visit {
    waiting: BTreeMap<u64, (usize, Timestamp)>,
}

impl Visit {
    /// The numbers that need not be sent: their time has not come.
    pub fn skipped(&self, now: Timestamp) -> Vec<u64> {
        let waiting = self.waiting.iter().filter(|(_, (_, due))| *due > now);
        waiting.map(|(number, _)| *number).collect()
    }

    /// A copy could not be taken now.
    pub fn put_off(&mut self, number: u64, now: Timestamp) {
        let tries = self.waiting.get(&number).map_or(0, |(tries, _)| tries + 1);
        let pause = PAUSES.get(tries).or(PAUSES.last()).copied();
        let due = now.plus(Duration::from_secs(pause.unwrap_or_default()));
        if self.waiting.len() >= MAX_PUT_OFF && !self.waiting.contains_key(&number) {
            let first = self.waiting.iter().min_by_key(|(_, (_, due))| *due);
            if let Some(first) = first.map(|(number, _)| *number) {
                self.waiting.remove(&first);
            }
        }
        self.waiting.insert(number, (tries, due));
    }

    /// A copy was taken, or is of no use.
    pub fn done(&mut self, number: u64) {
        self.waiting.remove(&number);
    }

    /// Everything that the mailbox has was gone through, but for what was `skipped`: what it no longer
    /// has is forgotten.
    pub fn passed(&mut self, seen: &BTreeSet<u64>, skipped: &[u64]) {
        let skipped: BTreeSet<u64> = skipped.iter().copied().collect();
        self.waiting
            .retain(|number, _| seen.contains(number) || skipped.contains(number));
    }

    /// Whether nothing was put off.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Something has changed by which what was put off may be taken now.
    pub fn look_again(&mut self) {
        for (_, due) in self.waiting.values_mut() {
            *due = Timestamp(0);
        }
    }

    /// When something is due next; none if nothing was put off.
    pub fn due(&self) -> Option<Timestamp> {
        self.waiting.values().map(|(_, due)| *due).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn later(seconds: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn what_cannot_be_taken_is_fetched_less_and_less_often() {
        let (mut visit, mut now, mut fetched) = (Visit::default(), NOW, 0);

        while now < later(24 * 3_600) {
            visit.put_off(7, now);
            fetched += 1;
            now = visit.due().unwrap();
        }

        assert!(fetched < 12, "{fetched} times in a day");
    }

    #[test]
    fn what_was_put_off_is_not_in_the_way_of_anything_else() {
        let mut visit = Visit::default();
        for _ in 0..5 {
            visit.put_off(7, NOW);
        }
        visit.put_off(8, NOW);

        assert_eq!(visit.skipped(NOW), [7, 8]);
        assert_eq!(visit.skipped(later(2)), [7]);
        assert_eq!(visit.due(), Some(later(2)));
        visit.done(8);
        assert_eq!(visit.due(), Some(later(600)));
        visit.look_again();
        assert_eq!(visit.skipped(NOW), [0; 0]);
    }

    #[test]
    fn what_the_mailbox_has_no_longer_is_waited_for_no_longer() {
        let mut visit = Visit::default();
        visit.put_off(7, NOW);
        visit.put_off(8, NOW);
        let skipped = visit.skipped(later(2));
        visit.put_off(8, later(2));

        visit.passed(&BTreeSet::from([8]), &skipped);

        assert_eq!(visit.due(), Some(later(12)), "only the one that is there");
    }

    #[test]
    fn only_so_much_is_remembered() {
        let mut visit = Visit::default();
        for number in 0..MAX_PUT_OFF as u64 + 10 {
            visit.put_off(number, NOW);
        }

        assert_eq!(visit.skipped(NOW).len(), MAX_PUT_OFF);
    }
}
