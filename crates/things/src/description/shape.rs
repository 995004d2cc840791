//! The shapes that the parts of a Thing Description must have, as tables.
//!
//! They say what the W3C schema for Thing Description 1.1 (12 March 2025) says; what that
//! schema cannot see is in `rules.rs`.

use serde_json::{Map, Value};

use crate::violation::Findings;

/// What one member must look like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Anything.
    Any,
    /// `true` or `false`.
    Flag,
    /// A whole number, not negative.
    Count,
    /// Any number.
    Number,
    /// A number above zero.
    Positive,
    /// Text.
    Text,
    /// One of these texts.
    Word(&'static [&'static str]),
    /// Text that is not the type of a Thing Model.
    TypeName,
    /// A list of at least so many.
    List(&'static Self, usize),
    /// One, or a list of at least so many.
    OneOrMany(&'static Self, usize),
    /// An object of at least so many named entries of one shape.
    Map(&'static Self, usize),
    /// An object with known members.
    Record(&'static Record),
    /// The schema of a value; a name of its own because schemas hold schemas.
    Schema,
    /// A list without two equal items, at least one.
    Distinct,
    /// A security scheme, told apart by its `scheme`.
    Security,
    /// A link, whose `sizes` depend on its `rel`.
    Link,
    /// The `@context` of a Thing Description.
    Context,
}

/// An object with known members; unknown ones are kept and not judged.
#[derive(Debug)]
pub(crate) struct Record {
    /// Members that must be there.
    pub(crate) required: &'static [&'static str],
    /// Members and their shapes.
    pub(crate) members: &'static [(&'static str, Shape)],
}

impl Shape {
    /// Notes in `found` how `value` departs from the shape.
    pub(crate) fn check(self, value: &Value, found: &mut Findings) {
        match self {
            Self::Any => {}
            Self::Flag => found.require(value.is_boolean(), "must be true or false"),
            Self::Count => found.require(is_count(value), "must be a whole number, 0 or more"),
            Self::Number => found.require(value.is_number(), "must be a number"),
            Self::Positive => {
                found.require(
                    value.as_f64().is_some_and(|n| n > 0.0),
                    "must be a number above 0",
                );
            }
            Self::Text => found.require(value.is_string(), "must be text"),
            Self::Word(words) => {
                let is_known = value.as_str().is_some_and(|word| words.contains(&word));
                found.require(is_known, format!("must be one of: {}", words.join(", ")));
            }
            Self::TypeName => {
                let is_fine = value.as_str().is_some_and(|name| name != "tm:ThingModel");
                found.require(is_fine, "must be a type name, not that of a Thing Model");
            }
            Self::List(item, min) => check_list(value, *item, min, found),
            Self::OneOrMany(item, min) if value.is_array() => check_list(value, *item, min, found),
            Self::OneOrMany(item, _) => item.check(value, found),
            Self::Map(entry, min) => check_map(value, *entry, min, found),
            Self::Record(record) => record.check(value, found),
            Self::Schema => super::vocabulary::PROPERTY_SCHEMA.check(value, found),
            Self::Distinct => check_distinct(value, found),
            Self::Security => super::security::check(value, found),
            Self::Link => super::link::check(value, found),
            Self::Context => super::context::check(value, found),
        }
    }
}

impl Record {
    /// Notes in `found` how `value` departs from the record.
    pub(crate) fn check(&self, value: &Value, found: &mut Findings) {
        let Some(object) = value.as_object() else {
            return found.add("must be an object");
        };
        for name in self.required {
            found.require(
                object.contains_key(*name),
                format!("needs the member {name:?}"),
            );
        }
        self.check_members(object, found);
    }

    fn check_members(&self, object: &Map<String, Value>, found: &mut Findings) {
        for (name, shape) in self.members {
            if let Some(member) = object.get(*name) {
                found.at(name, |found| shape.check(member, found));
            }
        }
    }
}

fn is_count(value: &Value) -> bool {
    value.is_u64() || value.as_f64().is_some_and(|n| n >= 0.0 && n.fract() == 0.0)
}

fn check_list(value: &Value, item: Shape, min: usize, found: &mut Findings) {
    let Some(list) = value.as_array() else {
        return found.add("must be a list");
    };
    found.require(
        list.len() >= min,
        format!("must have at least {min} entries"),
    );
    for (index, entry) in list.iter().enumerate() {
        found.at(index, |found| item.check(entry, found));
    }
}

fn check_map(value: &Value, entry: Shape, min: usize, found: &mut Findings) {
    let Some(object) = value.as_object() else {
        return found.add("must be an object");
    };
    found.require(
        object.len() >= min,
        format!("must have at least {min} members"),
    );
    for (name, member) in object {
        found.at(name, |found| entry.check(member, found));
    }
}

/// Largest list whose items are compared with each other.
const MAX_DISTINCT: usize = 1_000;

fn check_distinct(value: &Value, found: &mut Findings) {
    let Some(list) = value.as_array() else {
        return found.add("must be a list");
    };
    found.require(!list.is_empty(), "must have at least 1 entry");
    if list.len() > MAX_DISTINCT {
        return found.add(format!("must have at most {MAX_DISTINCT} entries"));
    }
    let has_twins = list.iter().enumerate().any(|(at, item)| {
        list.iter()
            .skip(at + 1)
            .any(|other| crate::schema::is_equal(item, other))
    });
    found.require(!has_twins, "must not name the same value twice");
}
