//! Reads a schema from JSON and notes where it contradicts itself.

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::check::{is_kind, name};
use super::{DataSchema, Items, ValueKind};
use crate::violation::Findings;

/// Memory that one compiled pattern may take, in bytes.
const PATTERN_BYTES: usize = 256 * 1024;

impl DataSchema {
    /// Reads what `value` says; faults are noted and read as "not said".
    pub(crate) fn view(value: &Value, found: &mut Findings) -> Self {
        let schema = Self {
            kind: value.get("type").and_then(Value::as_str).and_then(kind),
            unit: value.get("unit").and_then(Value::as_str).map(str::to_owned),
            read_only: flag(value, "readOnly"),
            write_only: flag(value, "writeOnly"),
            constant: value.get("const").cloned(),
            choices: value.get("enum").and_then(Value::as_array).cloned(),
            one_of: list(value, "oneOf", found),
            minimum: number(value, "minimum"),
            maximum: number(value, "maximum"),
            above: number(value, "exclusiveMinimum"),
            below: number(value, "exclusiveMaximum"),
            step: number(value, "multipleOf").filter(|step| *step > 0.0),
            min_length: count(value, "minLength"),
            max_length: count(value, "maxLength"),
            pattern: pattern(value, found),
            items: items(value, found),
            min_items: count(value, "minItems"),
            max_items: count(value, "maxItems"),
            members: members(value, found),
            required: texts(value, "required"),
        };
        schema.note_contradictions(found);
        schema
    }

    /// Bounds that no value can meet are a fault of the description, not of each value.
    fn note_contradictions(&self, found: &mut Findings) {
        let is_ordered = |low: Option<f64>, high: Option<f64>| match (low, high) {
            (Some(low), Some(high)) => low <= high,
            (None, _) | (_, None) => true,
        };
        found.require(
            is_ordered(self.minimum, self.maximum),
            "minimum is above maximum",
        );
        found.require(
            is_ordered(self.above, self.below),
            "minimum is above maximum",
        );
        let is_counted =
            |low: Option<u64>, high: Option<u64>| low.zip(high).is_none_or(|(a, b)| a <= b);
        found.require(
            is_counted(self.min_length, self.max_length),
            "minLength is above maxLength",
        );
        found.require(
            is_counted(self.min_items, self.max_items),
            "minItems is above maxItems",
        );
        found.require(
            !(self.read_only && self.write_only),
            "cannot be read-only and write-only",
        );
        self.note_unreachable(found);
        if !self.members.is_empty() {
            for name in &self.required {
                let is_known = self.members.iter().any(|(member, _)| member == name);
                found.require(
                    is_known,
                    format!("requires {name:?}, which it does not describe"),
                );
            }
        }
    }

    /// A choice of another type than the schema's can never be met.
    fn note_unreachable(&self, found: &mut Findings) {
        let Some(kind) = self.kind else { return };
        let choices = self.choices.iter().flatten().chain(&self.constant);
        for choice in choices.filter(|choice| !is_kind(choice, kind)) {
            found.add(format!("allows {choice}, which is not {}", name(kind)));
        }
    }
}

/// Says whether two values are the same; 1 and 1.0 are.
pub(crate) fn is_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| is_equal(a, b))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, a)| right.get(name).is_some_and(|b| is_equal(a, b)))
        }
        (left, right) => left == right,
    }
}

fn kind(name: &str) -> Option<ValueKind> {
    Some(match name {
        "boolean" => ValueKind::Boolean,
        "integer" => ValueKind::Integer,
        "number" => ValueKind::Number,
        "string" => ValueKind::String,
        "object" => ValueKind::Object,
        "array" => ValueKind::Array,
        "null" => ValueKind::Null,
        _ => return None,
    })
}

fn flag(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn number(value: &Value, name: &str) -> Option<f64> {
    value.get(name).and_then(Value::as_f64)
}

fn count(value: &Value, name: &str) -> Option<u64> {
    value.get(name).and_then(Value::as_u64)
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    let list = value.get(name).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn list(value: &Value, name: &str, found: &mut Findings) -> Vec<DataSchema> {
    let entries = value.get(name).and_then(Value::as_array);
    let view = |found: &mut Findings| {
        let entries = entries.into_iter().flatten().enumerate();
        entries
            .map(|(at, entry)| found.at(at, |found| DataSchema::view(entry, found)))
            .collect()
    };
    found.at(name, view)
}

fn items(value: &Value, found: &mut Findings) -> Items {
    match value.get("items") {
        None => Items::Any,
        Some(Value::Array(_)) => Items::Each(list(value, "items", found)),
        Some(all) => Items::All(Box::new(
            found.at("items", |found| DataSchema::view(all, found)),
        )),
    }
}

fn members(value: &Value, found: &mut Findings) -> Vec<(String, DataSchema)> {
    let Some(object) = value.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    found.at("properties", |found| {
        let view = |(name, member): (&String, &Value)| {
            (
                name.clone(),
                found.at(name, |found| DataSchema::view(member, found)),
            )
        };
        object.iter().map(view).collect()
    })
}

/// Patterns run on an engine whose time is linear in the text, whatever they say.
fn pattern(value: &Value, found: &mut Findings) -> Option<Regex> {
    let text = value.get("pattern")?.as_str()?;
    match RegexBuilder::new(text).size_limit(PATTERN_BYTES).build() {
        Ok(pattern) => Some(pattern),
        Err(_) => {
            found.at("pattern", |found| {
                found.add("is not a pattern that can be checked");
            });
            None
        }
    }
}
