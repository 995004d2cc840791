//! Compares a value with its schema.

use serde_json::{Map, Number, Value};

use super::value::is_equal;
use super::{DataSchema, Items, ValueKind};
use crate::violation::Findings;

/// Slack when a number is compared with its step: floats such as 0.3 are not exact.
const STEP_SLACK: f64 = 1e-9;

/// Notes in `found` where `value` departs from `schema`.
pub(super) fn check(schema: &DataSchema, value: &Value, found: &mut Findings) {
    if let Some(kind) = schema.kind
        && !is_kind(value, kind)
    {
        return found.add(format!("must be {}", name(kind)));
    }
    check_choices(schema, value, found);
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => check_number(schema, number, found),
        Value::String(text) => check_text(schema, text, found),
        Value::Array(list) => check_list(schema, list, found),
        Value::Object(object) => check_object(schema, object, found),
    }
}

pub(super) fn is_kind(value: &Value, kind: ValueKind) -> bool {
    match kind {
        ValueKind::Boolean => value.is_boolean(),
        // JSON Schema: 5.0 is an integer.
        ValueKind::Integer => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0)
        }
        ValueKind::Number => value.is_number(),
        ValueKind::String => value.is_string(),
        ValueKind::Object => value.is_object(),
        ValueKind::Array => value.is_array(),
        ValueKind::Null => value.is_null(),
    }
}

pub(super) fn name(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Boolean => "true or false",
        ValueKind::Integer => "a whole number",
        ValueKind::Number => "a number",
        ValueKind::String => "text",
        ValueKind::Object => "an object",
        ValueKind::Array => "a list",
        ValueKind::Null => "null",
    }
}

fn check_choices(schema: &DataSchema, value: &Value, found: &mut Findings) {
    if let Some(constant) = &schema.constant {
        found.require(is_equal(constant, value), format!("must be {constant}"));
    }
    if let Some(choices) = &schema.choices
        && !choices.iter().any(|choice| is_equal(choice, value))
    {
        let names: Vec<_> = choices.iter().take(16).map(Value::to_string).collect();
        found.add(format!("must be one of: {}", names.join(", ")));
    }
    if !schema.one_of.is_empty() {
        let fitting = schema
            .one_of
            .iter()
            .filter(|other| other.validate(value).is_ok())
            .count();
        found.require(fitting == 1, "must fit exactly one of the alternatives");
    }
}

fn check_number(schema: &DataSchema, number: &Number, found: &mut Findings) {
    let Some(n) = number.as_f64() else {
        return found.add("must be a number within range");
    };
    if let Some(low) = schema.minimum {
        found.require(n >= low, format!("must be at least {low}"));
    }
    if let Some(high) = schema.maximum {
        found.require(n <= high, format!("must be at most {high}"));
    }
    if let Some(low) = schema.above {
        found.require(n > low, format!("must be above {low}"));
    }
    if let Some(high) = schema.below {
        found.require(n < high, format!("must be below {high}"));
    }
    if let Some(step) = schema.step {
        let steps = n / step;
        let is_multiple = (steps - steps.round()).abs() <= STEP_SLACK * steps.abs().max(1.0);
        found.require(is_multiple, format!("must be a multiple of {step}"));
    }
}

fn check_text(schema: &DataSchema, text: &str, found: &mut Findings) {
    let length = text.chars().count() as u64;
    if let Some(min) = schema.min_length {
        found.require(
            length >= min,
            format!("must have at least {min} characters"),
        );
    }
    if let Some(max) = schema.max_length {
        found.require(length <= max, format!("must have at most {max} characters"));
    }
    if let Some(pattern) = &schema.pattern {
        found.require(pattern.is_match(text), format!("must match {pattern}"));
    }
}

fn check_list(schema: &DataSchema, list: &[Value], found: &mut Findings) {
    let length = list.len() as u64;
    if let Some(min) = schema.min_items {
        found.require(length >= min, format!("must have at least {min} items"));
    }
    if let Some(max) = schema.max_items {
        found.require(length <= max, format!("must have at most {max} items"));
    }
    let pairs: Vec<(&DataSchema, &Value)> = match &schema.items {
        Items::Any => Vec::new(),
        Items::All(each) => list.iter().map(|item| (&**each, item)).collect(),
        Items::Each(schemas) => schemas.iter().zip(list).collect(),
    };
    for (at, (schema, item)) in pairs.into_iter().enumerate() {
        found.at(at, |found| check(schema, item, found));
    }
}

fn check_object(schema: &DataSchema, object: &Map<String, Value>, found: &mut Findings) {
    for name in &schema.required {
        found.require(
            object.contains_key(name),
            format!("needs the member {name:?}"),
        );
    }
    for (name, member) in &schema.members {
        if let Some(value) = object.get(name) {
            found.at(name, |found| check(member, value, found));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(value: Value) -> DataSchema {
        DataSchema::parse(&value).unwrap()
    }

    #[test]
    fn holds_numbers_to_range_and_step() {
        let level = schema(json!({"type": "integer", "minimum": 0, "maximum": 100}));
        let warmth = schema(json!({"type": "number", "multipleOf": 0.1, "exclusiveMaximum": 30}));

        assert!(level.validate(&json!(100)).is_ok());
        assert!(level.validate(&json!(5.0)).is_ok(), "5.0 is a whole number");
        for bad in [
            json!(101),
            json!(-1),
            json!(5.5),
            json!("5"),
            json!(null),
            json!(true),
        ] {
            assert!(level.validate(&bad).is_err(), "{bad}");
        }
        assert!(warmth.validate(&json!(21.3)).is_ok());
        assert!(warmth.validate(&json!(21.35)).is_err());
        assert!(warmth.validate(&json!(30)).is_err());
    }

    #[test]
    fn holds_texts_to_length_pattern_and_choice() {
        let colour = schema(json!({"type": "string", "pattern": "^#[0-9a-f]{6}$", "maxLength": 7}));
        let mode = schema(json!({"enum": ["off", "heat", 1]}));

        assert!(colour.validate(&json!("#ffaa00")).is_ok());
        assert!(colour.validate(&json!("#ffaa0g")).is_err());
        assert!(mode.validate(&json!("heat")).is_ok());
        assert!(
            mode.validate(&json!(1.0)).is_ok(),
            "1 and 1.0 are one value"
        );
        assert!(mode.validate(&json!("cool")).is_err());
    }

    #[test]
    fn walks_into_objects_and_lists() {
        let nested = schema(json!({
            "type": "object",
            "required": ["steps"],
            "properties": {"steps": {"type": "array", "maxItems": 2, "items": {"type": "integer"}}},
        }));

        assert!(nested.validate(&json!({"steps": [1, 2]})).is_ok());
        assert!(nested.validate(&json!({})).is_err());
        assert!(nested.validate(&json!({"steps": [1, 2, 3]})).is_err());
        let faults = nested.validate(&json!({"steps": [1, "x"]})).unwrap_err();
        assert_eq!(faults.first().unwrap().path, "/steps/1");
    }

    #[test]
    fn refuses_schemas_that_contradict_themselves() {
        for bad in [
            json!({"type": "integer", "minimum": 5, "maximum": 1}),
            json!({"type": "text"}),
            json!({"pattern": "("}),
            json!({"enum": []}),
            json!({"readOnly": true, "writeOnly": true}),
            json!({"properties": {"a": {}}, "required": ["b"]}),
        ] {
            assert!(DataSchema::parse(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn hostile_pattern_stays_cheap() {
        let schema = schema(json!({"type": "string", "pattern": "^(a+)+$"}));
        let long = "a".repeat(50_000) + "b";

        assert!(schema.validate(&json!(long)).is_err());
        assert!(DataSchema::parse(&json!({"pattern": "(a{1000}){1000}"})).is_err());
    }
}
