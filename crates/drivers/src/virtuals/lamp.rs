//! A dimmable colour lamp that can fade.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use streembit_things::{Driver, DriverError, Reporter};

use super::lock;
use crate::Clock;

/// How often a fading lamp takes a step.
const STEP: Duration = Duration::from_millis(100);

#[derive(Clone, Debug)]
struct State {
    is_on: bool,
    level: u8,
    colour: String,
    /// Counts who set the level, so that a fade notices when somebody else did.
    hand: u64,
}

/// A virtual lamp.
#[derive(Debug)]
pub struct Lamp {
    title: String,
    clock: Clock,
    state: Mutex<State>,
}

impl Lamp {
    /// A lamp that is off, set to full and warm white.
    pub fn new(title: &str, clock: Clock) -> Self {
        let state = State {
            is_on: false,
            level: 100,
            colour: "#ffd6a5".to_owned(),
            hand: 0,
        };
        Self {
            title: title.to_owned(),
            clock,
            state: Mutex::new(state),
        }
    }

    fn set_level(&self, level: u8) -> u64 {
        let mut state = lock(&self.state);
        state.level = level;
        state.hand += 1;
        state.hand
    }

    /// Moves to `level` in even steps, unless somebody else sets the level meanwhile.
    async fn fade(
        &self,
        level: u8,
        seconds: f64,
        reporter: &Reporter,
    ) -> Result<Value, DriverError> {
        let start = lock(&self.state).level;
        if level > 0 {
            self.switch(true, reporter);
        }
        let mut hand = self.set_level(start);
        let steps = (seconds / STEP.as_secs_f64()).ceil().max(1.0);
        let mut step = 0.0;
        while step < steps {
            self.clock.sleep(STEP).await;
            if lock(&self.state).hand != hand {
                return Err(DriverError::Conflict(
                    "the level was set by hand meanwhile".to_owned(),
                ));
            }
            step += 1.0;
            let part = step / steps;
            let now = between(start, level, part);
            hand = self.set_level(now);
            reporter.property("level", now);
            reporter.progress(percent(part));
        }
        reporter.event("faded", level);
        Ok(json!({"level": level}))
    }

    fn switch(&self, is_on: bool, reporter: &Reporter) {
        lock(&self.state).is_on = is_on;
        reporter.property("on", is_on);
    }
}

#[async_trait]
impl Driver for Lamp {
    fn description(&self) -> Value {
        json!({
            "@type": ["Light", "OnOffSwitch"],
            "title": self.title,
            "description": "A dimmable colour lamp",
            "properties": {
                "on": {
                    "@type": "OnOffProperty",
                    "title": "On",
                    "type": "boolean",
                    "observable": true,
                },
                "level": {
                    "@type": "BrightnessProperty",
                    "title": "Brightness",
                    "type": "integer",
                    "minimum": 0,
                    "maximum": 100,
                    "unit": "percent",
                    "observable": true,
                },
                "colour": {
                    "@type": "ColorProperty",
                    "title": "Colour",
                    "type": "string",
                    "format": "color",
                    "pattern": "^#[0-9a-fA-F]{6}$",
                    "observable": true,
                },
            },
            "actions": {"fade": fade_action()},
            "events": {
                "faded": {
                    "title": "Fade ended",
                    "data": {"title": "Brightness", "type": "integer", "unit": "percent"},
                },
            },
        })
    }

    async fn read(&self, property: &str) -> Result<Value, DriverError> {
        let state = lock(&self.state);
        match property {
            "on" => Ok(json!(state.is_on)),
            "level" => Ok(json!(state.level)),
            "colour" => Ok(json!(state.colour)),
            other => Err(DriverError::Unsupported(other.to_owned())),
        }
    }

    async fn write(
        &self,
        property: &str,
        value: Value,
        reporter: &Reporter,
    ) -> Result<(), DriverError> {
        match (property, &value) {
            ("on", Value::Bool(is_on)) => self.switch(*is_on, reporter),
            ("level", Value::Number(_)) => {
                let level = percent(value.as_f64().unwrap_or_default() / 100.0);
                self.set_level(level);
                reporter.property("level", level);
            }
            ("colour", Value::String(colour)) => {
                lock(&self.state).colour.clone_from(colour);
                reporter.property("colour", colour.as_str());
            }
            (other, _) => return Err(DriverError::Unsupported(other.to_owned())),
        }
        Ok(())
    }

    async fn invoke(
        &self,
        action: &str,
        input: Value,
        reporter: &Reporter,
    ) -> Result<Value, DriverError> {
        let number = |name: &str| input.get(name).and_then(Value::as_f64).unwrap_or_default();
        match action {
            "fade" => {
                self.fade(
                    percent(number("level") / 100.0),
                    number("seconds"),
                    reporter,
                )
                .await
            }
            other => Err(DriverError::Unsupported(other.to_owned())),
        }
    }
}

fn fade_action() -> Value {
    json!({
        "@type": "FadeAction",
        "title": "Fade",
        "description": "Moves the brightness evenly",
        "input": {
            "type": "object",
            "required": ["level", "seconds"],
            "properties": {
                "level": {
                    "title": "Brightness",
                    "type": "integer",
                    "minimum": 0,
                    "maximum": 100,
                    "unit": "percent",
                },
                "seconds": {
                    "title": "Duration",
                    "type": "number",
                    "minimum": 0,
                    "maximum": 600,
                    "unit": "second",
                },
            },
        },
        "output": {"type": "object", "properties": {"level": {"type": "integer"}}},
    })
}

/// The level so much of the way from one to the other.
fn between(from: u8, to: u8, part: f64) -> u8 {
    let (from, to) = (f64::from(from), f64::from(to));
    percent((from + (to - from) * part) / 100.0)
}

/// A part of one as whole percent.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held between 0 and 100"
)]
fn percent(part: f64) -> u8 {
    (part * 100.0).round().clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtuals::testing::{Heard, clock, publish};

    #[tokio::test(start_paused = true)]
    async fn says_what_it_was_told() {
        let (lamp, heard) = (Lamp::new("Lamp", clock()), Heard::default());

        lamp.write("on", json!(true), &heard.reporter())
            .await
            .unwrap();
        lamp.write("level", json!(40.0), &heard.reporter())
            .await
            .unwrap();

        assert_eq!(lamp.read("on").await, Ok(json!(true)));
        assert_eq!(heard.last("level"), Some(json!(40)));
        publish(&lamp).await;
    }

    #[tokio::test(start_paused = true)]
    async fn fades_with_progress() {
        let (lamp, heard) = (Lamp::new("Lamp", clock()), Heard::default());

        let output = lamp
            .invoke("fade", json!({"level": 0, "seconds": 2}), &heard.reporter())
            .await;

        assert_eq!(output, Ok(json!({"level": 0})));
        assert_eq!(
            heard.progress(),
            (1..=20).map(|step| step * 5).collect::<Vec<u8>>()
        );
        assert_eq!(heard.events(), vec![("faded".to_owned(), json!(0))]);
    }

    #[tokio::test(start_paused = true)]
    async fn fade_yields_to_a_hand() {
        let (lamp, heard) = (Lamp::new("Lamp", clock()), Heard::default());
        let reporter = heard.reporter();
        let fade = lamp.invoke("fade", json!({"level": 0, "seconds": 2}), &reporter);
        let hand = async {
            clock().sleep(Duration::from_millis(950)).await;
            lamp.write("level", json!(70), &reporter).await
        };

        let (fade, hand) = tokio::join!(fade, hand);

        assert!(matches!(fade, Err(DriverError::Conflict(_))));
        assert!(hand.is_ok());
        assert_eq!(lamp.read("level").await, Ok(json!(70)), "the hand wins");
    }
}
