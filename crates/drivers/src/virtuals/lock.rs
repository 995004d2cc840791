//! A door lock whose bolt takes its time, and jams when it is turned back on its way.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use streembit_things::{Driver, DriverError, Reporter};

use super::lock;
use crate::Clock;

/// How long the bolt is on its way.
const TRAVEL: Duration = Duration::from_millis(800);

#[derive(Clone, Copy, Debug)]
struct State {
    is_locked: bool,
    is_jammed: bool,
    /// Where the bolt is heading, while it moves.
    heading: Option<bool>,
}

/// A virtual door lock.
#[derive(Debug)]
pub struct Lock {
    title: String,
    clock: Clock,
    state: Mutex<State>,
}

/// The bolt stands still again, however the way ended.
struct Moving<'a>(&'a Mutex<State>);

impl Drop for Moving<'_> {
    fn drop(&mut self) {
        lock(self.0).heading = None;
    }
}

impl Lock {
    /// A locked door.
    pub fn new(title: &str, clock: Clock) -> Self {
        let state = State {
            is_locked: true,
            is_jammed: false,
            heading: None,
        };
        Self {
            title: title.to_owned(),
            clock,
            state: Mutex::new(state),
        }
    }

    async fn turn(&self, to_locked: bool, reporter: &Reporter) -> Result<Value, DriverError> {
        let _moving = self.start(to_locked, reporter)?;
        self.clock.sleep(TRAVEL).await;
        let state = {
            let mut state = lock(&self.state);
            if !state.is_jammed {
                state.is_locked = to_locked;
            }
            *state
        };
        if state.is_jammed {
            return Err(jam());
        }
        reporter.property("locked", state.is_locked);
        reporter.property("jammed", false);
        Ok(json!({"locked": state.is_locked}))
    }

    /// Sets the bolt in motion; against a motion under way it jams instead.
    fn start(&self, to_locked: bool, reporter: &Reporter) -> Result<Moving<'_>, DriverError> {
        let heading = {
            let mut state = lock(&self.state);
            let heading = state.heading;
            state.is_jammed = heading.is_some_and(|heading| heading != to_locked);
            if heading.is_none() {
                state.heading = Some(to_locked);
            }
            heading
        };
        match heading {
            None => Ok(Moving(&self.state)),
            Some(same) if same == to_locked => Err(DriverError::Conflict(
                "the bolt is moving already".to_owned(),
            )),
            Some(_) => {
                reporter.property("jammed", true);
                reporter.event("jammed", Value::Null);
                Err(jam())
            }
        }
    }
}

fn jam() -> DriverError {
    DriverError::Conflict("the bolt is jammed: try again".to_owned())
}

#[async_trait]
impl Driver for Lock {
    fn description(&self) -> Value {
        json!({
            "@type": "Lock",
            "title": self.title,
            "description": "A door lock with a motor",
            "properties": {
                "locked": {
                    "@type": "LockedProperty",
                    "title": "Locked",
                    "type": "boolean",
                    "readOnly": true,
                    "observable": true,
                },
                "jammed": {
                    "@type": "AlarmProperty",
                    "title": "Jammed",
                    "type": "boolean",
                    "readOnly": true,
                    "observable": true,
                },
            },
            "actions": {
                "lock": {
                    "@type": "LockAction",
                    "title": "Lock",
                    "output": {"type": "object", "properties": {"locked": {"type": "boolean"}}},
                },
                "unlock": {
                    "@type": "UnlockAction",
                    "title": "Unlock",
                    "output": {"type": "object", "properties": {"locked": {"type": "boolean"}}},
                },
            },
            "events": {
                "jammed": {"@type": "AlarmEvent", "title": "Jammed"},
            },
        })
    }

    async fn read(&self, property: &str) -> Result<Value, DriverError> {
        let state = *lock(&self.state);
        match property {
            "locked" => Ok(json!(state.is_locked)),
            "jammed" => Ok(json!(state.is_jammed)),
            other => Err(DriverError::Unsupported(other.to_owned())),
        }
    }

    async fn write(&self, property: &str, _: Value, _: &Reporter) -> Result<(), DriverError> {
        Err(DriverError::Unsupported(property.to_owned()))
    }

    async fn invoke(
        &self,
        action: &str,
        _: Value,
        reporter: &Reporter,
    ) -> Result<Value, DriverError> {
        match action {
            "lock" => self.turn(true, reporter).await,
            "unlock" => self.turn(false, reporter).await,
            other => Err(DriverError::Unsupported(other.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtuals::testing::{Heard, clock, publish};

    #[tokio::test(start_paused = true)]
    async fn opens_after_a_while() {
        let (door, heard) = (Lock::new("Door", clock()), Heard::default());

        let output = door.invoke("unlock", Value::Null, &heard.reporter()).await;

        assert_eq!(output, Ok(json!({"locked": false})));
        assert_eq!(heard.last("locked"), Some(json!(false)));
        publish(&door).await;
    }

    #[tokio::test(start_paused = true)]
    async fn jams_when_turned_back_and_recovers() {
        let (door, heard) = (Lock::new("Door", clock()), Heard::default());
        let reporter = heard.reporter();

        let (there, back) = tokio::join!(
            door.invoke("unlock", Value::Null, &reporter),
            door.invoke("lock", Value::Null, &reporter),
        );
        assert!(there.is_err() && back.is_err());
        assert_eq!(heard.events(), vec![("jammed".to_owned(), Value::Null)]);
        assert_eq!(
            door.read("locked").await,
            Ok(json!(true)),
            "the bolt never got there"
        );

        door.invoke("unlock", Value::Null, &reporter).await.unwrap();
        assert_eq!(door.read("jammed").await, Ok(json!(false)));
    }

    #[tokio::test(start_paused = true)]
    async fn cancelling_leaves_the_bolt_free() {
        let (door, heard) = (Lock::new("Door", clock()), Heard::default());
        let reporter = heard.reporter();

        let begun = door.invoke("unlock", Value::Null, &reporter);
        assert!(
            tokio::time::timeout(Duration::from_millis(100), begun)
                .await
                .is_err()
        );

        assert_eq!(door.read("locked").await, Ok(json!(true)));
        assert!(door.invoke("unlock", Value::Null, &reporter).await.is_ok());
    }
}
