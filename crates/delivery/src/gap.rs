//! Texts that are missing: when they are asked for, how many at once, and when that is given up.

use std::time::Duration;

use streembit_identity::Timestamp;

use crate::backoff::{Jitter, spread};

/// Ranges of numbers in one question or answer.
pub const MAX_RANGES: usize = 16;

/// Texts that are asked for at once.
pub const MAX_ASKED: u32 = 256;

/// A question from one node is answered this long after the one before it, at the earliest.
pub const ASK_PAUSE: Duration = Duration::from_secs(5);

/// What is missing is often only late: waits before the first question, and after each.
const WAITS: [Duration; 7] = [
    Duration::from_secs(10),
    Duration::from_secs(60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
    Duration::from_secs(24 * 60 * 60),
    Duration::from_secs(3 * 24 * 60 * 60),
];

/// Numbers of a chain, both ends included.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Range {
    /// The lowest.
    pub first: u32,
    /// The highest.
    pub last: u32,
}

impl Range {
    /// Returns how many numbers it has; none if it is no range.
    #[must_use]
    pub const fn count(&self) -> Option<u32> {
        if self.first == 0 {
            return None;
        }
        match self.last.checked_sub(self.first) {
            Some(more) => more.checked_add(1),
            None => None,
        }
    }

    /// Tells whether it holds all of `other`.
    #[must_use]
    pub const fn covers(&self, other: &Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// The range before the number `sequence` in which `missing` are missing; none if none is.
    #[must_use]
    pub fn before(sequence: u32, missing: u32) -> Option<Self> {
        let last = sequence.checked_sub(1)?;
        let first = sequence.checked_sub(missing)?;
        (missing > 0 && first > 0).then_some(Self { first, last })
    }
}

/// Tells whether a question or an answer is one that may be made: so many texts at most, in order,
/// none twice.
#[must_use]
pub fn is_fair(ranges: &[Range]) -> bool {
    let mut asked = 0_u32;
    let mut after = 0;
    for range in ranges {
        let Some(len) = range.count() else {
            return false;
        };
        if range.first <= after {
            return false;
        }
        after = range.last;
        asked = asked.saturating_add(len);
    }
    !ranges.is_empty() && ranges.len() <= MAX_RANGES && asked <= MAX_ASKED
}

/// Takes as much of what is missing as one question may ask for, the latest first.
#[must_use]
pub fn question(missing: impl IntoIterator<Item = Range>) -> Vec<Range> {
    let mut missing: Vec<Range> = missing.into_iter().collect();
    missing.sort_unstable_by_key(|range| std::cmp::Reverse(range.last));
    let mut left = MAX_ASKED;
    let mut question = Vec::new();
    for range in missing.into_iter().take(MAX_RANGES) {
        let Some(len) = range.count().filter(|_| left > 0) else {
            continue;
        };
        let taken = len.min(left);
        left -= taken;
        question.push(Range {
            first: range.last - (taken - 1),
            last: range.last,
        });
    }
    question.reverse();
    question
}

/// When to ask for what is missing after so many questions; none when it is given up.
#[must_use]
pub fn due(asked: u32, now: Timestamp, jitter: Jitter) -> Option<Timestamp> {
    let wait = WAITS.get(usize::try_from(asked).ok()?)?;
    Some(now.plus(spread(*wait, jitter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn range(first: u32, last: u32) -> Range {
        Range { first, last }
    }

    #[test]
    fn a_question_has_bounds() {
        assert!(is_fair(&[range(1, 1)]));
        assert!(is_fair(&[range(1, 128), range(130, 257)]));
        assert!(!is_fair(&[]), "nothing is asked");
        assert!(!is_fair(&[range(1, 257)]), "too many");
        assert!(!is_fair(&[range(0, 3)]), "numbers begin with 1");
        assert!(!is_fair(&[range(3, 2)]));
        assert!(!is_fair(&[range(1, 3), range(3, 4)]), "one is named twice");
        assert!(!is_fair(&[range(5, 6), range(1, 2)]), "out of order");
        assert!(!is_fair(&[range(1, u32::MAX), range(1, u32::MAX)]));
        let many: Vec<Range> = (1..=17).map(|n| range(2 * n, 2 * n)).collect();
        assert!(!is_fair(&many));
    }

    #[test]
    fn every_question_is_fair_and_asks_for_the_latest_first() {
        for gaps in [
            vec![range(1, 5_000)],
            (1..100).map(|n| range(10 * n, 10 * n + 3)).collect(),
            vec![range(1, 200), range(300, 500), range(600, 600)],
        ] {
            let latest = gaps.iter().map(|gap| gap.last).max();
            let question = question(gaps);

            assert!(is_fair(&question), "{question:?}");
            assert_eq!(question.last().map(|range| range.last), latest);
        }
        assert_eq!(question([]), []);
    }

    #[test]
    fn it_is_asked_seven_times_ever_more_rarely() {
        let waits: Vec<u64> = (0..)
            .map_while(|asked| due(asked, NOW, 512))
            .map(|at| at.since(NOW).as_secs())
            .collect();

        assert_eq!(waits.len(), WAITS.len());
        assert!(waits.is_sorted(), "{waits:?}");
        assert_eq!(waits.first(), Some(&10));
        assert_eq!(due(u32::MAX, NOW, 512), None);
    }

    #[test]
    fn a_gap_lies_before_the_text_that_showed_it() {
        assert_eq!(Range::before(7, 3), Some(range(4, 6)));
        assert_eq!(Range::before(4, 3), Some(range(1, 3)));
        assert_eq!(Range::before(3, 3), None, "there is no number 0");
        assert_eq!(Range::before(7, 0), None);
        assert_eq!(Range::before(0, 1), None);
    }
}
