//! The time by which a network judges: a system clock that was set back does not bring it back.
//!
//! Pure: the system's time and how long the network has been running come in as arguments.

use std::time::Duration;

use streembit_identity::Timestamp;

/// How far a signed time may be ahead of a clock that goes right.
const TOLERANCE: Duration = Duration::from_mins(10);

/// By how much a system clock may lag behind what is known to be past before it is plainly wrong.
const PLAUSIBLE: Duration = Duration::from_hours(24);

/// The least that the time can be.
///
/// It grows by signed times and by the time that the network runs, never by what the system clock
/// says: a clock that was a year ahead for a minute locks nobody out for a year.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// What the time was, at least, when the network began to run.
    start: Timestamp,
}

impl Clock {
    /// Goes on where the last run ended.
    pub const fn from(persisted: Timestamp) -> Self {
        Self { start: persisted }
    }

    /// Returns the least that the time can be after the network ran for so long.
    pub fn floor(&self, running: Duration) -> Timestamp {
        self.start.plus(running)
    }

    /// Returns the time: the system's, unless that is known to be past.
    pub fn now(&self, system: Timestamp, running: Duration) -> Timestamp {
        system.max(self.floor(running))
    }

    /// Returns the latest time that somebody may have signed by now.
    ///
    /// Where the system clock is plainly wrong, as on a board without a battery, what admins and
    /// hubs sign is the better one.
    pub fn latest(&self, system: Timestamp, running: Duration) -> Timestamp {
        if system.plus(PLAUSIBLE) < self.floor(running) {
            Timestamp(u64::MAX)
        } else {
            // Never above the floor alone: step by step it could be dragged anywhere.
            system.plus(TOLERANCE).max(self.floor(running))
        }
    }

    /// Takes note of a signed time that counts.
    pub fn raise(&mut self, signed: Timestamp, running: Duration) {
        self.start = self.start.max(signed.minus(running));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const YEAR: Duration = Duration::from_hours(24 * 365);
    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn a_clock_that_is_set_back_changes_nothing_while_the_network_runs() {
        let clock = Clock::from(NOW);

        let times = [1, 2, 3].map(|hours| clock.now(NOW.minus(YEAR), HOUR * hours));

        assert_eq!(times, [1, 2, 3].map(|hours| NOW.plus(HOUR * hours)));
    }

    #[test]
    fn a_clock_that_was_ahead_is_forgotten_once_it_is_right() {
        let clock = Clock::from(NOW);

        assert_eq!(clock.now(NOW.plus(YEAR), HOUR), NOW.plus(YEAR));
        assert_eq!(clock.now(NOW.plus(HOUR), HOUR), NOW.plus(HOUR));
    }

    #[test]
    fn signed_times_cannot_drag_a_right_clock_ahead() {
        let mut clock = Clock::from(NOW);

        for _ in 0..1_000 {
            let latest = clock.latest(NOW, Duration::ZERO);
            clock.raise(latest, Duration::ZERO);
        }

        assert_eq!(clock.floor(Duration::ZERO), NOW.plus(TOLERANCE));
    }

    #[test]
    fn a_board_without_a_battery_goes_by_what_is_signed() {
        let mut clock = Clock::from(NOW);
        let (boot, signed) = (Timestamp::ZERO, NOW.plus(YEAR));

        assert!(signed <= clock.latest(boot, Duration::ZERO));
        clock.raise(signed, Duration::ZERO);

        assert_eq!(clock.now(boot, HOUR), signed.plus(HOUR));
    }
}
