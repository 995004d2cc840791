//! Checks that the W3C schema cannot express.

use serde_json::{Map, Value};

use super::MAX_AFFORDANCES;
use crate::violation::Findings;

/// Notes what is wrong across the parts of `document`.
pub(crate) fn check(document: &Value, found: &mut Findings) {
    check_count(document, found);
    check_names(document, found);
    check_type_links(document, found);
    check_security(document, found);
}

const KINDS: [&str; 3] = ["properties", "actions", "events"];

fn entries<'a>(document: &'a Value, kind: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    document
        .get(kind)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn check_count(document: &Value, found: &mut Findings) {
    let count: usize = KINDS
        .iter()
        .map(|kind| entries(document, kind).count())
        .sum();
    found.require(
        count <= MAX_AFFORDANCES,
        format!("has {count} properties, actions and events, and {MAX_AFFORDANCES} are allowed"),
    );
}

/// Names go into messages, logs and the window: no control or direction characters.
fn check_names(document: &Value, found: &mut Findings) {
    for kind in KINDS {
        for (name, _) in entries(document, kind) {
            let is_fine = !name.is_empty() && !name.chars().any(is_hidden);
            found.at(kind, |found| {
                found.require(is_fine, format!("has an unusable name {name:?}"));
            });
        }
    }
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// TD 1.1 §5.3.4.1: a Thing is of one Thing Model.
fn check_type_links(document: &Value, found: &mut Findings) {
    let links = document.get("links").and_then(Value::as_array);
    let is_type = |link: &&Value| link.get("rel").and_then(Value::as_str) == Some("type");
    let count = links.into_iter().flatten().filter(is_type).count();
    found.at("links", |found| {
        found.require(count <= 1, "has more than one link of rel \"type\"");
    });
}

/// TD 1.1 §5.3.3: every name in `security` is defined, here and in every form.
fn check_security(document: &Value, found: &mut Findings) {
    let none = Map::new();
    let defined = document
        .get("securityDefinitions")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    check_defined(document, defined, found);
    check_combinations(defined, found);
    check_forms(document, defined, found);
    for kind in KINDS {
        found.at(kind, |found| {
            for (name, affordance) in entries(document, kind) {
                found.at(name, |found| check_forms(affordance, defined, found));
            }
        });
    }
}

fn check_forms(holder: &Value, defined: &Map<String, Value>, found: &mut Findings) {
    let forms = holder
        .get("forms")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    found.at("forms", |found| {
        for (index, form) in forms.enumerate() {
            found.at(index, |found| check_defined(form, defined, found));
        }
    });
}

fn check_defined(holder: &Value, defined: &Map<String, Value>, found: &mut Findings) {
    let names: Vec<&str> = match holder.get("security") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => vec![],
    };
    found.at("security", |found| {
        check_names_defined(&names, defined, found);
    });
}

fn check_names_defined(names: &[&str], defined: &Map<String, Value>, found: &mut Findings) {
    for name in names {
        let is_defined = defined.contains_key(*name);
        found.require(
            is_defined,
            format!("names {name:?}, which securityDefinitions lacks"),
        );
    }
}

fn check_combinations(defined: &Map<String, Value>, found: &mut Findings) {
    let combos = defined
        .iter()
        .filter(|(_, scheme)| scheme.get("scheme").and_then(Value::as_str) == Some("combo"));
    for (name, scheme) in combos {
        let parts = ["oneOf", "allOf"]
            .into_iter()
            .filter_map(|list| scheme.get(list)?.as_array());
        let names: Vec<&str> = parts.flatten().filter_map(Value::as_str).collect();
        let check = |found: &mut Findings| {
            found.at(name, |found| check_names_defined(&names, defined, found));
        };
        found.at("securityDefinitions", check);
    }
}
