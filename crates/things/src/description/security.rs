//! Security schemes of a Thing Description.

use serde_json::Value;

use super::shape::{Record, Shape};
use crate::violation::Findings;

const PLACES: Shape = Shape::Word(&["header", "query", "body", "cookie", "auto"]);
const KEY_PLACES: Shape = Shape::Word(&["header", "query", "body", "cookie", "uri", "auto"]);

macro_rules! scheme {
    ($($member:expr),* $(,)?) => {
        Record {
            required: &["scheme"],
            members: &[
                ("@type", Shape::OneOrMany(&Shape::TypeName, 0)),
                ("description", Shape::Text),
                ("descriptions", Shape::Map(&Shape::Text, 0)),
                ("proxy", Shape::Text),
                $($member,)*
            ],
        }
    };
}

static PLAIN: Record = scheme!();
static BASIC: Record = scheme!(("in", PLACES), ("name", Shape::Text));
static DIGEST: Record = scheme!(
    ("in", PLACES),
    ("name", Shape::Text),
    ("qop", Shape::Word(&["auth", "auth-int"])),
);
static API_KEY: Record = scheme!(("in", KEY_PLACES), ("name", Shape::Text));
static BEARER: Record = scheme!(
    ("in", PLACES),
    ("name", Shape::Text),
    ("authorization", Shape::Text),
    ("alg", Shape::Text),
    ("format", Shape::Text),
);
static PSK: Record = scheme!(("identity", Shape::Text));
static OAUTH2: Record = scheme!(
    ("authorization", Shape::Text),
    ("token", Shape::Text),
    ("refresh", Shape::Text),
    ("scopes", Shape::OneOrMany(&Shape::Text, 0)),
    ("flow", Shape::Text),
);
static COMBO: Record = scheme!();
static COMBO_LIST: Shape = Shape::List(&Shape::Text, 2);

/// Notes how `value` departs from the scheme that it names.
pub(crate) fn check(value: &Value, found: &mut Findings) {
    let Some(scheme) = value.get("scheme").and_then(Value::as_str) else {
        return found.add("needs a \"scheme\"");
    };
    match scheme {
        "nosec" => PLAIN.check(value, found),
        "auto" => {
            PLAIN.check(value, found);
            found.require(value.get("name").is_none(), "must not have a \"name\"");
        }
        "basic" => BASIC.check(value, found),
        "digest" => DIGEST.check(value, found),
        "apikey" => API_KEY.check(value, found),
        "bearer" => BEARER.check(value, found),
        "psk" => PSK.check(value, found),
        "oauth2" => OAUTH2.check(value, found),
        "combo" => check_combo(value, found),
        // An extension names its vocabulary by a prefix.
        other => {
            found.require(
                other.find(':').is_some_and(|at| at > 0),
                "names an unknown scheme",
            );
            PLAIN.check(value, found);
        }
    }
}

/// A combination says either `oneOf` or `allOf`.
fn check_combo(value: &Value, found: &mut Findings) {
    COMBO.check(value, found);
    match (value.get("oneOf"), value.get("allOf")) {
        (Some(list), None) => found.at("oneOf", |found| COMBO_LIST.check(list, found)),
        (None, Some(list)) => found.at("allOf", |found| COMBO_LIST.check(list, found)),
        (Some(_), Some(_)) | (None, None) => found.add("needs either \"oneOf\" or \"allOf\""),
    }
}
