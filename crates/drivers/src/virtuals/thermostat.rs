//! A heating thermostat in a room that cools and warms.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use streembit_things::{Driver, DriverError, Reporter};

use super::lock;
use super::model::{Room, tenth};
use crate::Clock;

/// How often it looks at the room while somebody looks at it.
const PERIOD: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug)]
struct State {
    is_on: bool,
    target: f64,
    room: Room,
}

impl State {
    fn mode(&self) -> &'static str {
        if self.is_on { "heat" } else { "off" }
    }
}

/// A virtual thermostat.
#[derive(Debug)]
pub struct Thermostat {
    title: String,
    clock: Clock,
    state: Mutex<State>,
}

impl Thermostat {
    /// A thermostat that heats to 21 °C.
    pub fn new(title: &str, clock: Clock) -> Self {
        let state = State {
            is_on: true,
            target: 21.0,
            room: Room::new(clock.now()),
        };
        Self {
            title: title.to_owned(),
            clock,
            state: Mutex::new(state),
        }
    }

    /// The state as of now; the room is computed only when somebody asks.
    fn now(&self, change: impl FnOnce(&mut State)) -> State {
        let now = self.clock.now();
        let mut state = lock(&self.state);
        let before = state.is_on.then_some(state.target);
        state.room.advance(now, before);
        change(&mut state);
        let after = state.is_on.then_some(state.target);
        state.room.advance(now, after);
        *state
    }

    fn report(state: &State, reporter: &Reporter) {
        reporter.property("temperature", tenth(state.room.temperature));
        reporter.property("heating", state.room.is_heating);
    }
}

#[async_trait]
impl Driver for Thermostat {
    fn description(&self) -> Value {
        json!({
            "@type": ["Thermostat", "TemperatureSensor"],
            "title": self.title,
            "description": "Keeps a room at a temperature",
            "properties": {
                "temperature": {
                    "@type": "TemperatureProperty",
                    "title": "Temperature",
                    "type": "number",
                    "unit": "degree celsius",
                    "multipleOf": 0.1,
                    "readOnly": true,
                    "observable": true,
                },
                "target": {
                    "@type": "TargetTemperatureProperty",
                    "title": "Target",
                    "type": "number",
                    "unit": "degree celsius",
                    "minimum": 5,
                    "maximum": 30,
                    "multipleOf": 0.5,
                    "observable": true,
                },
                "mode": {
                    "@type": "ThermostatModeProperty",
                    "title": "Mode",
                    "type": "string",
                    "enum": ["off", "heat"],
                    "observable": true,
                },
                "heating": {
                    "@type": "HeatingCoolingProperty",
                    "title": "Heating now",
                    "type": "boolean",
                    "readOnly": true,
                    "observable": true,
                },
            },
        })
    }

    async fn read(&self, property: &str) -> Result<Value, DriverError> {
        let state = self.now(|_| {});
        match property {
            "temperature" => Ok(json!(tenth(state.room.temperature))),
            "target" => Ok(json!(state.target)),
            "mode" => Ok(json!(state.mode())),
            "heating" => Ok(json!(state.room.is_heating)),
            other => Err(DriverError::Unsupported(other.to_owned())),
        }
    }

    async fn write(
        &self,
        property: &str,
        value: Value,
        reporter: &Reporter,
    ) -> Result<(), DriverError> {
        let state = match (property, &value) {
            ("target", Value::Number(_)) => {
                let target = value.as_f64().unwrap_or(21.0);
                let state = self.now(|state| state.target = target);
                reporter.property("target", state.target);
                state
            }
            ("mode", Value::String(mode)) => {
                let state = self.now(|state| state.is_on = mode == "heat");
                reporter.property("mode", state.mode());
                state
            }
            (other, _) => return Err(DriverError::Unsupported(other.to_owned())),
        };
        Self::report(&state, reporter);
        Ok(())
    }

    async fn invoke(&self, action: &str, _: Value, _: &Reporter) -> Result<Value, DriverError> {
        Err(DriverError::Unsupported(action.to_owned()))
    }

    async fn watch(&self, reporter: &Reporter) {
        loop {
            Self::report(&self.now(|_| {}), reporter);
            self.clock.sleep(PERIOD).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtuals::testing::{Heard, clock, publish, watch};

    #[tokio::test(start_paused = true)]
    async fn warms_the_room_towards_the_target() {
        let (thermostat, heard) = (Thermostat::new("Heating", clock()), Heard::default());
        thermostat
            .write("target", json!(24), &heard.reporter())
            .await
            .unwrap();
        let before = thermostat
            .read("temperature")
            .await
            .unwrap()
            .as_f64()
            .unwrap();

        watch(&thermostat, &heard, Duration::from_secs(4 * 3_600)).await;

        let after = thermostat
            .read("temperature")
            .await
            .unwrap()
            .as_f64()
            .unwrap();
        assert!(
            before < 20.0 && (23.5..=24.5).contains(&after),
            "{before} to {after}"
        );
        assert_eq!(heard.values("heating").first(), Some(&json!(true)));
        publish(&thermostat).await;
    }

    #[tokio::test(start_paused = true)]
    async fn stops_heating_when_switched_off() {
        let (thermostat, heard) = (Thermostat::new("Heating", clock()), Heard::default());

        thermostat
            .write("mode", json!("off"), &heard.reporter())
            .await
            .unwrap();

        assert_eq!(heard.last("heating"), Some(json!(false)));
        assert_eq!(heard.last("mode"), Some(json!("off")));
    }
}
