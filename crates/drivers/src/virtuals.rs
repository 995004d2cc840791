//! Devices that exist only as believable behaviour, for trying things out and for tests.

mod lamp;
mod lock;
mod model;
mod sensor;
mod thermostat;

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use streembit_things::Driver;

pub use self::lamp::Lamp;
pub use self::lock::Lock;
pub use self::sensor::ClimateSensor;
pub use self::thermostat::Thermostat;
use crate::Clock;

/// The kinds of virtual things.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum VirtualKind {
    /// A dimmable colour lamp.
    Lamp,
    /// A door lock.
    Lock,
    /// A sensor of temperature and humidity.
    Sensor,
    /// A heating thermostat.
    Thermostat,
}

/// Text that names no kind of virtual thing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct VirtualKindError;

impl fmt::Display for VirtualKindError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = VirtualKind::ALL.iter().map(|kind| kind.name()).collect();
        write!(out, "a virtual thing is one of: {}", names.join(", "))
    }
}

impl std::error::Error for VirtualKindError {}

impl VirtualKind {
    /// All kinds, in the order in which a new host serves them.
    pub const ALL: [Self; 4] = [Self::Lamp, Self::Thermostat, Self::Sensor, Self::Lock];

    /// The kind's name in a configuration, and that of a thing of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lamp => "lamp",
            Self::Lock => "lock",
            Self::Sensor => "sensor",
            Self::Thermostat => "thermostat",
        }
    }

    /// Makes a thing of the kind, with a title of its own if it is to have one.
    pub fn build(self, title: Option<&str>, clock: Clock) -> Arc<dyn Driver> {
        match self {
            Self::Lamp => Arc::new(Lamp::new(title.unwrap_or("Lamp"), clock)),
            Self::Lock => Arc::new(Lock::new(title.unwrap_or("Front door"), clock)),
            Self::Sensor => Arc::new(ClimateSensor::new(title.unwrap_or("Climate sensor"), clock)),
            Self::Thermostat => Arc::new(Thermostat::new(title.unwrap_or("Thermostat"), clock)),
        }
    }
}

impl FromStr for VirtualKind {
    type Err = VirtualKindError;

    fn from_str(text: &str) -> Result<Self, VirtualKindError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or(VirtualKindError)
    }
}

/// Locks a device's state; a panic elsewhere leaves it as it was.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod testing;
