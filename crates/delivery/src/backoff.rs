//! How long to wait before the next try.

use std::time::Duration;

/// A random number from the caller, which spreads the tries of many peers.
pub type Jitter = u32;

/// Waits after the first failures, in seconds: a peer that just left often comes back.
const SHORT: [u64; 7] = [2, 4, 8, 16, 32, 64, 120];

/// Waits after that, in seconds; the last one repeats.
const LONG: [u64; 5] = [300, 600, 1_200, 2_400, 3_600];

/// Steps in which `Jitter` is spread.
const SPREAD: u32 = 1_024;

/// Returns the wait after `attempt` failed tries in a row (0 = the first).
///
/// The jitter moves it by up to a quarter in either direction.
pub fn delay(attempt: u32, jitter: Jitter) -> Duration {
    let attempt = usize::try_from(attempt).unwrap_or(usize::MAX);
    let listed = SHORT.iter().chain(&LONG).nth(attempt).or(LONG.last());
    spread(
        Duration::from_secs(listed.copied().unwrap_or_default()),
        jitter,
    )
}

/// Moves a wait by up to a quarter in either direction.
pub(crate) fn spread(base: Duration, jitter: Jitter) -> Duration {
    base * 3 / 4 + base / 2 * (jitter % SPREAD) / SPREAD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_from_two_seconds_to_an_hour() {
        let waits: Vec<_> = (0..14)
            .map(|attempt| delay(attempt, SPREAD / 2).as_secs())
            .collect();

        assert_eq!(waits.first(), Some(&2));
        assert!(waits.is_sorted(), "{waits:?}");
        assert_eq!(waits.last(), Some(&3_600));
        assert_eq!(delay(u32::MAX, SPREAD / 2).as_secs(), 3_600);
    }

    #[test]
    fn jitter_moves_it_by_a_quarter_at_most() {
        for jitter in (0..u32::MAX).step_by(7_654_321) {
            for attempt in 0..13 {
                let middle = delay(attempt, SPREAD / 2);
                let wait = delay(attempt, jitter);
                assert!((middle * 3 / 4..=middle * 5 / 4).contains(&wait));
            }
        }
    }
}
