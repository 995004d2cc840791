//! A sensor of temperature and humidity.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use streembit_things::{Driver, DriverError, Reporter};

use super::model;
use crate::Clock;

/// How often it measures while somebody looks; otherwise it measures only when asked.
const PERIOD: Duration = Duration::from_secs(2);

/// A virtual climate sensor.
#[derive(Debug)]
pub struct ClimateSensor {
    title: String,
    clock: Clock,
}

impl ClimateSensor {
    /// A sensor in a lived-in room.
    pub fn new(title: &str, clock: Clock) -> Self {
        Self {
            title: title.to_owned(),
            clock,
        }
    }

    fn measure(&self) -> (f64, f64) {
        let now = self.clock.now();
        (
            model::tenth(model::room(now)),
            model::tenth(model::humidity(now)),
        )
    }
}

#[async_trait]
impl Driver for ClimateSensor {
    fn description(&self) -> Value {
        json!({
            "@type": ["TemperatureSensor", "HumiditySensor"],
            "title": self.title,
            "description": "Measures temperature and relative humidity",
            "properties": {
                "temperature": {
                    "@type": "TemperatureProperty",
                    "title": "Temperature",
                    "type": "number",
                    "unit": "degree celsius",
                    "minimum": -40,
                    "maximum": 80,
                    "multipleOf": 0.1,
                    "readOnly": true,
                    "observable": true,
                },
                "humidity": {
                    "@type": "HumidityProperty",
                    "title": "Humidity",
                    "type": "number",
                    "unit": "percent",
                    "minimum": 0,
                    "maximum": 100,
                    "multipleOf": 0.1,
                    "readOnly": true,
                    "observable": true,
                },
            },
        })
    }

    async fn read(&self, property: &str) -> Result<Value, DriverError> {
        let (temperature, humidity) = self.measure();
        match property {
            "temperature" => Ok(json!(temperature)),
            "humidity" => Ok(json!(humidity)),
            other => Err(DriverError::Unsupported(other.to_owned())),
        }
    }

    async fn write(&self, property: &str, _: Value, _: &Reporter) -> Result<(), DriverError> {
        Err(DriverError::Unsupported(property.to_owned()))
    }

    async fn invoke(&self, action: &str, _: Value, _: &Reporter) -> Result<Value, DriverError> {
        Err(DriverError::Unsupported(action.to_owned()))
    }

    async fn watch(&self, reporter: &Reporter) {
        loop {
            let (temperature, humidity) = self.measure();
            reporter.property("temperature", temperature);
            reporter.property("humidity", humidity);
            self.clock.sleep(PERIOD).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtuals::testing::{Heard, clock, publish, watch};

    #[tokio::test(start_paused = true)]
    async fn measures_while_somebody_looks() {
        let (sensor, heard) = (ClimateSensor::new("Climate", clock()), Heard::default());

        watch(&sensor, &heard, Duration::from_secs(600)).await;

        assert_eq!(heard.values("temperature").len(), 300);
        let first = heard.values("temperature").first().cloned();
        assert!(
            heard
                .values("temperature")
                .iter()
                .any(|value| Some(value) != first.as_ref())
        );
        publish(&sensor).await;
    }
}
