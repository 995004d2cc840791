//! How fast a file comes, and how much of it may be on its way at once.
//!
//! What is on its way stands in front of messages on the same connection, so it is held to what
//! the connection carries in the time of its round trip and a fifth of a second.

use std::time::Duration;

use streembit_identity::Timestamp;

/// What may wait on the way on top of what is in transit.
const QUEUE: Duration = Duration::from_millis(200);
/// How often the rate is measured.
const INTERVAL: Duration = Duration::from_millis(100);
/// The least and the most that may be on the way, in bytes; two groups always may.
const LEAST: u64 = 512 * 1024;
const MOST: u64 = 8 * 1024 * 1024;
/// The way back that is believed at most.
const LONGEST_WAY: Duration = Duration::from_secs(2);
/// After this long without a byte the rate is zero.
const SILENCE: Duration = Duration::from_secs(3);

/// The rate of one file.
#[derive(Clone, Debug)]
pub struct Rate {
    bytes: u64,
    group: u64,
    last: Timestamp,
    per_second: u64,
    round_trip: Duration,
    since: Timestamp,
    window: u64,
}

impl Rate {
    /// Begins at `now`, for groups of so many bytes.
    pub fn new(group: u64, now: Timestamp) -> Self {
        Self {
            bytes: 0,
            group,
            last: now,
            per_second: 0,
            round_trip: LONGEST_WAY,
            since: now,
            window: bounded(2 * LEAST, group),
        }
    }

    /// Notes a group that came, and when it had been asked for.
    pub fn arrived(&mut self, bytes: u64, asked_at: Timestamp, now: Timestamp) {
        let way = now.since(asked_at).max(Duration::from_millis(1));
        self.round_trip = self.round_trip.min(way);
        self.count(bytes, now);
    }

    /// Notes bytes that nobody had to ask for, as of a file that is read.
    pub fn count(&mut self, bytes: u64, now: Timestamp) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.last = now;
        let elapsed = now.since(self.since);
        if elapsed >= INTERVAL.max(self.round_trip.min(QUEUE)) {
            self.measure(elapsed);
            self.bytes = 0;
            self.since = now;
        }
    }

    /// Bytes a second, as of late; zero when nothing has come for a while.
    pub fn per_second(&self, now: Timestamp) -> u64 {
        if now.since(self.last) > SILENCE {
            0
        } else {
            self.per_second
        }
    }

    /// How many bytes may be on the way.
    pub const fn window(&self) -> u64 {
        self.window
    }

    fn measure(&mut self, elapsed: Duration) {
        let measured = per(self.bytes, elapsed);
        self.per_second = match self.per_second {
            0 => measured,
            before => (before.saturating_mul(3).saturating_add(measured)) / 4,
        };
        let wanted = carried(measured, self.round_trip + QUEUE);
        // Never more than twice or less than half of what it was: one odd measurement says little.
        let wanted = wanted.clamp(self.window / 2, self.window.saturating_mul(2));
        self.window = bounded(wanted, self.group);
    }
}

fn per(bytes: u64, elapsed: Duration) -> u64 {
    let millis = elapsed.as_millis().max(1);
    u64::try_from(u128::from(bytes) * 1_000 / millis).unwrap_or(u64::MAX)
}

fn carried(per_second: u64, during: Duration) -> u64 {
    let bytes = u128::from(per_second) * during.as_millis() / 1_000;
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn bounded(bytes: u64, group: u64) -> u64 {
    bytes.clamp(LEAST, MOST).max(group.saturating_mul(2))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    const GROUP: u64 = 1 << 18;

    /// A link of `speed` bytes a second and a round trip of `way`, for `seconds`.
    fn run(speed: u64, way: u64, seconds: u64) -> Rate {
        let mut now = Timestamp(1_000_000);
        let end = now.0 + seconds * 1_000;
        let mut rate = Rate::new(GROUP, now);
        let mut asked = VecDeque::new();
        let mut link_is_free = 0;
        while now.0 < end {
            while (asked.len() as u64 + 1) * GROUP <= rate.window() {
                asked.push_back(now);
            }
            let at = asked.pop_front().unwrap();
            let comes = (at.0 + way).max(link_is_free) * 1_000 + GROUP * 1_000_000 / speed;
            link_is_free = comes.div_ceil(1_000);
            now = Timestamp(link_is_free.max(now.0));
            rate.arrived(GROUP, at, now);
        }
        rate
    }

    #[test]
    fn a_slow_link_holds_little_and_a_fast_one_much() {
        let slow = run(1_000_000, 50, 20);
        let fast = run(1_000_000_000, 10, 20);

        assert!(slow.window() < 800_000, "{}: below a second", slow.window());
        assert!(fast.window() > MOST / 2, "{}", fast.window());
    }

    #[test]
    fn a_long_way_does_not_make_it_slow() {
        let far = run(20_000_000, 300, 30);

        assert!(far.window() > 20_000_000 / 1_000 * 250, "{}", far.window());
    }

    #[test]
    fn silence_is_no_speed() {
        let rate = run(1_000_000, 50, 5);
        let last = rate.last;

        assert!(rate.per_second(last) > 500_000);
        assert_eq!(rate.per_second(Timestamp(last.0 + 4_000)), 0);
    }
}
