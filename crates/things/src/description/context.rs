//! The `@context` of a Thing Description.

use serde_json::Value;

use crate::violation::Findings;

/// The context of Thing Description 1.0.
const OLD: &str = "https://www.w3.org/2019/wot/td/v1";
/// The context of Thing Description 1.1.
pub(crate) const NEW: &str = "https://www.w3.org/2022/wot/td/v1.1";

/// Notes how `value` departs from what TD 1.1 §5.3.1.1 allows.
pub(crate) fn check(value: &Value, found: &mut Findings) {
    match value {
        Value::String(only) => found.require(is_known(only), "must be the W3C's context"),
        Value::Array(list) => check_list(list, found),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            found.add("must be text or a list");
        }
    }
}

fn is_known(uri: &str) -> bool {
    uri == OLD || uri == NEW
}

fn check_list(list: &[Value], found: &mut Findings) {
    let first = list.first().and_then(Value::as_str);
    if !first.is_some_and(is_known) {
        return found.add("must begin with the W3C's context");
    }
    for (index, entry) in list.iter().enumerate().skip(1) {
        let is_fine = match entry {
            // The old context may only stand before the new one.
            Value::String(uri) => first == Some(OLD) || uri != OLD,
            Value::Object(prefixes) => prefixes.values().all(Value::is_string),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
        };
        found.at(index, |found| {
            found.require(is_fine, "must be a URI, or an object of prefixes");
        });
    }
}
