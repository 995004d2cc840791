//! Reads and writes properties through their drivers.

use std::{future::Future, sync::Arc, time::Duration};

use serde_json::{Map, Value};
use streembit_things::{DriverError, Outcome, Problem, ProblemKind, Reading};

use super::{Host, lock, served::Served};
use crate::node::now;

/// How long a driver may take.
pub(super) const DRIVER: Duration = Duration::from_secs(20);

impl Host {
    /// Reads a property anew.
    pub(super) async fn read(&self, thing: &Served, name: &str) -> Result<Reading, Problem> {
        thing.description.readable(name)?;
        let value = in_time(thing.driver.read(name)).await?;
        self.reported(thing, name, value);
        let mut readings = lock(&thing.readings);
        let reading = readings.entry(name.to_owned()).or_default();
        reading.at = now();
        Ok(reading.clone())
    }

    /// Reads several properties; those that cannot be read are left out.
    pub(super) async fn read_many(
        &self,
        thing: &Served,
        names: impl IntoIterator<Item = String>,
    ) -> Outcome {
        let mut values = Map::new();
        for name in names {
            if let Ok(reading) = self.read(thing, &name).await {
                values.insert(name, state(&reading));
            }
        }
        Outcome {
            values: Some(values),
            ..Outcome::default()
        }
    }

    /// Asks a property to take a value; what it reports comes now or later.
    pub(super) async fn write(
        self: &Arc<Self>,
        thing: &Arc<Served>,
        name: &str,
        value: Value,
    ) -> Result<Reading, Problem> {
        thing.description.check_write(name, &value)?;
        let asked = {
            let mut readings = lock(&thing.readings);
            let reading = readings.entry(name.to_owned()).or_default();
            reading.ask(value.clone(), now());
            reading.clone()
        };
        self.tell_change(&thing.url, name, &asked);
        let reporter = self.reporter(thing, None);
        if let Err(problem) = in_time(thing.driver.write(name, value, &reporter)).await {
            self.settled(thing, name);
            return Err(problem);
        }
        Ok(thing.reading(name))
    }

    /// Writes several properties, all checked before the first is touched.
    pub(super) async fn write_many(
        self: &Arc<Self>,
        thing: &Arc<Served>,
        values: Map<String, Value>,
    ) -> Result<Outcome, Problem> {
        for (name, value) in &values {
            thing.description.check_write(name, value)?;
        }
        let mut written = Map::new();
        for (name, value) in values {
            let reading = self.write(thing, &name, value).await?;
            written.insert(name, state(&reading));
        }
        Ok(Outcome {
            values: Some(written),
            ..Outcome::default()
        })
    }
}

/// A property's state as part of a message.
fn state(reading: &Reading) -> Value {
    let state = streembit_things::message::PropertyState::from(reading);
    serde_json::to_value(state).unwrap_or_default()
}

/// Gives a driver its time and not more.
async fn in_time<T>(work: impl Future<Output = Result<T, DriverError>>) -> Result<T, Problem> {
    match tokio::time::timeout(DRIVER, work).await {
        Ok(outcome) => outcome.map_err(Problem::from),
        Err(_) => Err(Problem::new(ProblemKind::Timeout)),
    }
}
