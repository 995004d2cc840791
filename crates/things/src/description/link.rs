//! Links of a Thing Description.

use serde_json::Value;

use super::shape::{Record, Shape};
use crate::violation::Findings;

static LINK: Record = Record {
    required: &["href"],
    members: &[
        ("href", Shape::Text),
        ("type", Shape::Text),
        ("rel", Shape::Text),
        ("anchor", Shape::Text),
        ("hreflang", Shape::OneOrMany(&Shape::Text, 0)),
    ],
};

/// Notes how `value` departs from a link, or from the link to an icon.
pub(crate) fn check(value: &Value, found: &mut Findings) {
    LINK.check(value, found);
    let sizes = value.get("sizes");
    match (value.get("rel").and_then(Value::as_str), sizes) {
        (Some("icon"), Some(sizes)) => {
            found.require(
                sizes.as_str().is_some_and(is_size),
                "must have sizes like 16x16",
            );
        }
        (Some("tm:extends"), _) => found.add("links to what a Thing Model extends"),
        (_, Some(_)) => found.add("has sizes, which only icons have"),
        (_, None) => {}
    }
}

/// Says whether `text` holds a size such as `16x16`.
fn is_size(text: &str) -> bool {
    text.split_once('x')
        .is_some_and(|(_, height)| height.starts_with(|c: char| c.is_ascii_digit()))
}
