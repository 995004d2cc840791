//! The list of things that somebody may see, in pages that fit into a message.

use serde_json::{Value, json};
use streembit_gate::Access;
use streembit_identity::AccountId;
use streembit_things::{Outcome, Request};

use super::Host;
use crate::node::now;

/// Largest page, in bytes of descriptions; one description alone may be larger.
const PAGE: usize = 192 * 1024;

impl Host {
    /// Lists the things that `peer` may see, each with its description and level.
    ///
    /// Whoever has no right sees an empty list, as on a host without things.
    pub(super) fn list(&self, peer: AccountId, request: &Request) -> Outcome {
        let after = request
            .value
            .as_ref()
            .and_then(|value| value.get("after")?.as_str());
        let (mut things, mut bytes, mut more) = (Vec::new(), 0, Value::Null);
        for (name, thing) in &self.served {
            let is_past = after.is_none_or(|after| name.as_str() > after);
            let may = self.may(peer, Some(name), Access::View, None, now());
            let (true, Ok(_)) = (is_past, may) else {
                continue;
            };
            let size = thing.description.document().to_string().len();
            if bytes + size > PAGE && !things.is_empty() {
                more = last_name(&things);
                break;
            }
            bytes += size;
            let level = self.level(peer, name.as_str());
            things.push(json!({
                "name": name.as_str(),
                "td": thing.description.document(),
                "level": level.map(|level| level.to_string()),
            }));
        }
        Outcome {
            output: Some(json!({"things": things, "more": more})),
            ..Outcome::default()
        }
    }

    fn level(&self, peer: AccountId, thing: &str) -> Option<streembit_gate::Level> {
        if peer == self.account {
            return Some(streembit_gate::Level::Owner);
        }
        self.grants().level(peer, Some(thing), now())
    }
}

fn last_name(things: &[Value]) -> Value {
    things
        .last()
        .and_then(|thing| thing.get("name"))
        .cloned()
        .unwrap_or_default()
}
