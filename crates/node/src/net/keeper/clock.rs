//! The time by which the gate judges; see [`streembit_gate::Clock`].

use std::{sync::PoisonError, time::Duration};

use streembit_gate::Clock;
use streembit_identity::Timestamp;

use super::Keeper;
use crate::node::now;

impl Keeper {
    /// Goes on where the network's clock ended in the last run.
    pub(crate) fn wind(&self, persisted: Timestamp) {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Clock::from(persisted);
    }

    /// Returns the network's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock().now(self.system(), self.running())
    }

    /// Returns the latest time that a statement may bear.
    pub(crate) fn latest(&self) -> Timestamp {
        self.clock().latest(self.system(), self.running())
    }

    /// Returns the least that the time can be.
    pub(crate) fn clock_floor(&self) -> Timestamp {
        self.clock().floor(self.running())
    }

    /// Takes note of a signed time that counts and returns the least that the time can be now.
    pub(crate) fn raise_clock(&self, signed: Timestamp) -> Timestamp {
        let running = self.running();
        let mut clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        clock.raise(signed, running);
        clock.floor(running)
    }

    fn clock(&self) -> Clock {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> Duration {
        self.started.elapsed()
    }

    fn system(&self) -> Timestamp {
        let (now, shift) = (now(), self.hooks.clock);
        if shift.is_negative() {
            now.minus(Duration::from_millis(shift.unsigned_abs()))
        } else {
            now.plus(Duration::from_millis(shift.unsigned_abs()))
        }
    }
}
