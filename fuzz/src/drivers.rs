//! What `streembit-drivers` makes of what others ask of things.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde_json::Value;
use streembit_drivers::{Clock, virtuals::VirtualKind};
use streembit_identity::Timestamp;
use streembit_things::{DataSchema, Driver, Report, Reporter, Sink};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::signed::NOW;

/// How much faster than the world the things run.
const SPEED: f64 = 1_000_000.0;

/// How long an action is waited for.
const PATIENCE: Duration = Duration::from_millis(2);

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(
        || match Builder::new_current_thread().enable_time().build() {
            Ok(runtime) => runtime,
            Err(error) => panic!("{error}"),
        },
    );

/// The kind of a thing, then a JSON list of names, each with a value: whatever a property's or an
/// action's schema takes is asked for, and the thing stays within its own description.
pub fn device(data: &[u8]) {
    let Some((kind, list)) = data.split_first() else {
        return;
    };
    let kind = VirtualKind::ALL.into_iter().cycle().nth(usize::from(*kind));
    let Ok(wishes) = serde_json::from_slice::<Vec<(String, Value)>>(list) else {
        return;
    };
    RUNTIME.block_on(async {
        let clock = Clock::new(Timestamp(NOW.0), SPEED);
        let Some(thing) = kind.map(|kind| kind.build(None, clock)) else {
            return;
        };
        for (name, value) in wishes.into_iter().take(16) {
            ask(&*thing, &name, value).await;
            stays_itself(&*thing).await;
        }
    });
}

/// Asks for what the description allows.
async fn ask(thing: &dyn Driver, name: &str, value: Value) {
    let (description, reporter) = (thing.description(), Reporter::new(Arc::new(Nobody)));
    let takes = |schema: Option<&Value>| {
        let schema = DataSchema::parse(schema.unwrap_or(&Value::Bool(true)));
        schema.is_ok_and(|schema| schema.validate(&value).is_ok())
    };
    let of = |kind: &str| description.get(kind).and_then(|all| all.get(name));
    let (property, action) = (of("properties"), of("actions"));
    if property.is_some() && takes(property) {
        let _ = thing.write(name, value, &reporter).await;
    } else if action.is_some_and(|action| takes(action.get("input"))) {
        let _ = timeout(PATIENCE, thing.invoke(name, value, &reporter)).await;
    }
}

/// Every property reads as its schema says.
async fn stays_itself(thing: &dyn Driver) {
    let description = thing.description();
    let properties = description.get("properties").and_then(Value::as_object);
    for (name, schema) in properties.into_iter().flatten() {
        let schema = DataSchema::parse(schema);
        let value = thing.read(name).await;
        let (Ok(schema), Ok(value)) = (schema, value) else {
            panic!("{name} can be read");
        };
        assert!(schema.validate(&value).is_ok(), "{name} is {value}");
    }
}

/// Hears no report.
struct Nobody;

impl Sink for Nobody {
    fn report(&self, _: Report) {}
}
