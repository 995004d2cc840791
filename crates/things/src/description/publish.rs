//! Completes what a driver says of its device to a description that a host serves.

use serde_json::{Map, Value, json};

use super::{Description, DescriptionError};
use crate::url::ThingUrl;

/// The vocabulary of our own terms, such as the room of a thing.
const VOCABULARY: &str = "urn:streembit:td:";

/// The sub-protocol of every form: Web Thing Protocol members in signed envelopes.
const SUBPROTOCOL: &str = "sb:wtp1";

impl Description {
    /// Completes `draft` with context, identifier, base, security and forms for `url`.
    ///
    /// # Errors
    /// Lists what is wrong with the draft.
    pub fn publish(draft: Value, url: &ThingUrl) -> Result<Self, DescriptionError> {
        let mut document = head(url);
        if let Value::Object(members) = draft {
            document.extend(members);
        }
        add_forms(&mut document, "properties", property_ops);
        add_forms(&mut document, "actions", |_| {
            json!(["invokeaction", "queryaction", "cancelaction"])
        });
        add_forms(&mut document, "events", |_| {
            json!(["subscribeevent", "unsubscribeevent"])
        });
        document.insert("forms".to_owned(), root_forms());
        Self::from_document(Value::Object(document))
    }
}

fn head(url: &ThingUrl) -> Map<String, Value> {
    let members = [
        ("@context", json!([super::context::NEW, {"sb": VOCABULARY}])),
        ("id", json!(url.to_string())),
        ("title", json!(url.name.as_str())),
        ("base", json!(format!("{url}/"))),
        (
            "securityDefinitions",
            json!({"grant": {"scheme": "sb:grant"}}),
        ),
        ("security", json!("grant")),
    ];
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn add_forms(document: &mut Map<String, Value>, kind: &str, ops: impl Fn(&Value) -> Value) {
    let Some(Value::Object(affordances)) = document.get_mut(kind) else {
        return;
    };
    for (name, affordance) in affordances {
        let ops = ops(affordance);
        if let Value::Object(members) = affordance {
            members.insert(
                "forms".to_owned(),
                json!([form(&format!("{kind}/{name}"), ops)]),
            );
        }
    }
}

fn property_ops(property: &Value) -> Value {
    let is = |member: &str| {
        property
            .get(member)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    };
    let read = (!is("writeOnly")).then_some("readproperty");
    let write = (!is("readOnly")).then_some("writeproperty");
    let observe = is("observable").then_some(["observeproperty", "unobserveproperty"]);
    read.into_iter()
        .chain(write)
        .chain(observe.into_iter().flatten())
        .collect()
}

fn root_forms() -> Value {
    let ops = json!([
        "readallproperties",
        "readmultipleproperties",
        "writemultipleproperties",
        "observeallproperties",
        "unobserveallproperties",
        "subscribeallevents",
        "unsubscribeallevents",
        "queryallactions",
    ]);
    json!([form("", ops)])
}

fn form(href: &str, ops: Value) -> Value {
    json!({"href": href, "contentType": "application/json", "op": ops, "subprotocol": SUBPROTOCOL})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lamp_url;

    #[test]
    fn completes_a_draft() {
        let draft = json!({
            "title": "Lamp",
            "properties": {"on": {"type": "boolean", "observable": true}},
        });

        let lamp = Description::publish(draft, &lamp_url()).unwrap();

        assert_eq!(lamp.title(), "Lamp");
        assert_eq!(lamp.id(), Some(lamp_url().to_string().as_str()));
        assert!(lamp.property("on").unwrap().is_observable);
        assert!(Description::parse(lamp.document().to_string().as_bytes()).is_ok());
    }

    #[test]
    fn refuses_a_draft_that_is_wrong() {
        let draft = json!({"properties": {"on": {"type": "bool"}}});

        assert!(Description::publish(draft, &lamp_url()).is_err());
    }
}
