//! What one can read, write, invoke and hear of a thing.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schema::DataSchema;
use crate::violation::Findings;

/// A property.
#[derive(Clone, Debug)]
pub struct PropertyAffordance {
    /// What its value must be like.
    pub schema: DataSchema,
    /// Whether the thing tells when it changes.
    pub is_observable: bool,
}

/// An action.
#[derive(Clone, Debug)]
pub struct ActionAffordance {
    /// What must be handed in, if anything.
    pub input: Option<DataSchema>,
    /// What comes back, if anything.
    pub output: Option<DataSchema>,
    /// Whether it changes nothing.
    pub is_safe: bool,
}

/// An event.
#[derive(Clone, Debug)]
pub struct EventAffordance {
    /// What it tells, if anything.
    pub data: Option<DataSchema>,
}

/// All affordances of a thing, by name.
#[derive(Clone, Debug, Default)]
pub struct Affordances {
    /// What can be read, written and observed.
    pub properties: BTreeMap<String, PropertyAffordance>,
    /// What can be done.
    pub actions: BTreeMap<String, ActionAffordance>,
    /// What can be heard.
    pub events: BTreeMap<String, EventAffordance>,
}

impl Affordances {
    /// Reads them from a document; faults are noted.
    pub(crate) fn view(document: &Value, found: &mut Findings) -> Self {
        Self {
            properties: each(document, "properties", found, property),
            actions: each(document, "actions", found, action),
            events: each(document, "events", found, event),
        }
    }
}

fn each<T>(
    document: &Value,
    member: &str,
    found: &mut Findings,
    view: impl Fn(&Value, &mut Findings) -> T,
) -> BTreeMap<String, T> {
    let Some(object) = document.get(member).and_then(Value::as_object) else {
        return BTreeMap::new();
    };
    found.at(member, |found| {
        let entries = object.iter();
        entries
            .map(|(name, value)| (name.clone(), found.at(name, |found| view(value, found))))
            .collect()
    })
}

fn property(value: &Value, found: &mut Findings) -> PropertyAffordance {
    super::vocabulary::PROPERTY_SCHEMA.check(value, found);
    let is_observable = flag(value, "observable");
    PropertyAffordance {
        schema: DataSchema::view(value, found),
        is_observable,
    }
}

fn action(value: &Value, found: &mut Findings) -> ActionAffordance {
    ActionAffordance {
        input: schema(value, "input", found),
        output: schema(value, "output", found),
        is_safe: flag(value, "safe"),
    }
}

fn event(value: &Value, found: &mut Findings) -> EventAffordance {
    EventAffordance {
        data: schema(value, "data", found),
    }
}

fn schema(value: &Value, member: &str, found: &mut Findings) -> Option<DataSchema> {
    let schema = value.get(member)?;
    Some(found.at(member, |found| DataSchema::view(schema, found)))
}

fn flag(value: &Value, member: &str) -> bool {
    value.get(member).and_then(Value::as_bool).unwrap_or(false)
}
