//! The schema of one value, as a Thing Description gives it.
//!
//! Small on purpose: it knows the vocabulary of TD 1.1 §5.3.2 and nothing that reaches outside.

mod check;
mod value;

use regex::Regex;
use serde_json::Value;

pub(crate) use self::value::is_equal;
use crate::violation::{Findings, Violation};

/// The type that a schema asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ValueKind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// Named members.
    Object,
    /// A list.
    Array,
    /// Nothing.
    Null,
}

/// The schema of the items of a list.
#[derive(Clone, Debug, Default)]
pub(crate) enum Items {
    /// Not judged.
    #[default]
    Any,
    /// All alike.
    All(Box<DataSchema>),
    /// One after the other.
    Each(Vec<DataSchema>),
}

/// What a value must be like.
#[derive(Clone, Debug, Default)]
pub struct DataSchema {
    /// The type, when the schema names one.
    pub kind: Option<ValueKind>,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Whether it can only be read.
    pub read_only: bool,
    /// Whether it can only be written.
    pub write_only: bool,
    pub(crate) constant: Option<Value>,
    pub(crate) choices: Option<Vec<Value>>,
    pub(crate) one_of: Vec<Self>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) above: Option<f64>,
    pub(crate) below: Option<f64>,
    pub(crate) step: Option<f64>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) pattern: Option<Regex>,
    pub(crate) items: Items,
    pub(crate) min_items: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) members: Vec<(String, Self)>,
    pub(crate) required: Vec<String>,
}

impl DataSchema {
    /// Reads a schema that stands by itself.
    ///
    /// # Errors
    /// Lists what is wrong in it.
    pub fn parse(value: &Value) -> Result<Self, Vec<Violation>> {
        let mut found = Findings::default();
        super::description::vocabulary::PROPERTY_SCHEMA.check(value, &mut found);
        let schema = Self::view(value, &mut found);
        if found.is_empty() {
            Ok(schema)
        } else {
            Err(found.into_violations())
        }
    }

    /// Checks `value` before it leaves or before it is obeyed.
    ///
    /// # Errors
    /// Lists where and how the value departs from the schema.
    pub fn validate(&self, value: &Value) -> Result<(), Vec<Violation>> {
        let mut found = Findings::default();
        check::check(self, value, &mut found);
        if found.is_empty() {
            Ok(())
        } else {
            Err(found.into_violations())
        }
    }
}
