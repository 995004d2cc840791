//! The climate of a room: how it drifts by itself and how heating warms it.

use std::f64::consts::TAU;
use std::time::Duration;

use streembit_identity::Timestamp;

const DAY: f64 = 86_400.0;

/// What the outside is like: a day's curve and weather that wanders.
pub(super) fn outside(at: Timestamp) -> f64 {
    let t = seconds(at);
    8.0 + 5.0 * wave(t, DAY, 0.33) + 1.5 * wave(t, 7_700.0, 0.1)
}

/// The temperature of a lived-in room, in °C.
pub(super) fn room(at: Timestamp) -> f64 {
    let t = seconds(at);
    21.0 + 1.2 * wave(t, DAY, 0.4) + 0.4 * wave(t, 1_730.0, 0.0) + 0.1 * wave(t, 97.0, 0.6)
}

/// The relative humidity of a lived-in room, in percent.
pub(super) fn humidity(at: Timestamp) -> f64 {
    let t = seconds(at);
    46.0 - 4.0 * wave(t, DAY, 0.4) + 2.5 * wave(t, 2_310.0, 0.2) + 0.5 * wave(t, 131.0, 0.9)
}

fn wave(t: f64, period: f64, shift: f64) -> f64 {
    (TAU * (t / period - shift)).sin()
}

fn seconds(at: Timestamp) -> f64 {
    Duration::from_millis(at.as_millis()).as_secs_f64()
}

/// Rounds to a tenth, as such sensors show it.
pub(super) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// How fast a room takes on the temperature outside.
const LEAK: Duration = Duration::from_secs(4 * 3_600);

/// How much warmer than outside the heating can keep a room.
const POWER: f64 = 25.0;

/// How far the room may cool below the target before heating starts.
const SLACK: f64 = 0.3;

/// Most steps in which a long silence is caught up.
const MAX_STEPS: u32 = 2_000;

/// A heated room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Temperature in °C.
    pub(super) temperature: f64,
    /// Whether the valve is open.
    pub(super) is_heating: bool,
    /// The state is that of this moment.
    at: Timestamp,
}

impl Room {
    /// A room that was heated lately.
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            temperature: 19.2,
            is_heating: false,
            at,
        }
    }

    /// Lets time pass until `now`, with a target if the heating is on.
    pub(super) fn advance(&mut self, now: Timestamp, target: Option<f64>) {
        let passed = now.since(self.at);
        let step = (passed / MAX_STEPS).max(Duration::from_secs(10));
        let mut left = passed;
        while left > Duration::ZERO {
            let part = left.min(step);
            self.regulate(target);
            self.pass(part, now);
            left -= part;
        }
        self.regulate(target);
        self.at = now;
    }

    fn regulate(&mut self, target: Option<f64>) {
        self.is_heating = target.is_some_and(|target| {
            let limit = if self.is_heating {
                target
            } else {
                target - SLACK
            };
            self.temperature < limit
        });
    }

    /// Newton's law: the room approaches what it would settle at.
    fn pass(&mut self, time: Duration, now: Timestamp) {
        let rest = outside(now) + if self.is_heating { POWER } else { 0.0 };
        let share = (-time.as_secs_f64() / LEAK.as_secs_f64()).exp();
        self.temperature = rest + (self.temperature - rest) * share;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_790_000_000_000);

    fn after(hours: u64, target: Option<f64>) -> Room {
        let mut room = Room::new(START);
        for minute in 0..=hours * 60 {
            room.advance(START.plus(Duration::from_secs(minute * 60)), target);
        }
        room
    }

    #[test]
    fn heating_holds_the_target() {
        let room = after(12, Some(22.0));

        assert!((21.5..=22.5).contains(&room.temperature), "{room:?}");
    }

    #[test]
    fn unheated_room_cools() {
        assert!(after(12, None).temperature < 16.0);
    }

    #[test]
    fn long_silence_is_caught_up() {
        let mut room = Room::new(START);

        room.advance(START.plus(Duration::from_secs(365 * 86_400)), Some(20.0));

        assert!((5.0..=30.0).contains(&room.temperature), "{room:?}");
    }

    #[test]
    fn climate_stays_believable() {
        for hour in 0..10_000 {
            let at = START.plus(Duration::from_secs(hour * 3_600));
            assert!((15.0..=27.0).contains(&room(at)));
            assert!((30.0..=65.0).contains(&humidity(at)));
        }
    }
}
