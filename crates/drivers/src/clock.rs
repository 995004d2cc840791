//! The one clock of all devices on a host, which tests and demonstrations may let run faster.

use std::time::Duration;

use streembit_identity::Timestamp;
use tokio::time::{Instant, sleep};

/// Tells device time: from a beginning, at a speed.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    began: Timestamp,
    started: Instant,
    speed: f64,
}

impl Clock {
    /// A clock that shows `now` now and runs `speed` times as fast as the world.
    pub fn new(now: Timestamp, speed: f64) -> Self {
        let speed = if speed.is_finite() {
            speed.clamp(0.001, 1_000_000.0)
        } else {
            1.0
        };
        Self {
            began: now,
            started: Instant::now(),
            speed,
        }
    }

    /// The time of the devices.
    pub fn now(&self) -> Timestamp {
        self.began.plus(self.started.elapsed().mul_f64(self.speed))
    }

    /// Waits for a time of the devices.
    pub async fn sleep(&self, time: Duration) {
        sleep(time.div_f64(self.speed)).await;
    }
}
