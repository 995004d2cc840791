//! What is shown of devices, their things and their rights.

use std::collections::BTreeMap;

use serde_json::Value;
use streembit_gate::Level;
use streembit_identity::{AccountId, NetworkId, Timestamp};
use streembit_things::{Reading, ThingUrl};

/// Whether a thing's host answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DeviceState {
    /// It is not connected.
    Offline,
    /// It is connected now.
    Online,
    /// It is this node, and nobody owns it yet.
    Unclaimed,
}

/// A thing and its host.
#[derive(Clone, Debug)]
pub struct DeviceView {
    /// The host.
    pub device: AccountId,
    /// How much this account may do, as the host last told.
    pub level: Option<Level>,
    /// When the host was last heard of.
    pub last_seen: Option<Timestamp>,
    /// The network it is reached in.
    pub network: NetworkId,
    /// Why it does not answer, in words.
    pub reason: Option<String>,
    /// The room that it was put in.
    pub room: Option<String>,
    /// Whether it answers.
    pub state: DeviceState,
    /// The thing.
    pub thing: ThingUrl,
    /// What it is called here.
    pub title: String,
    /// Its semantic types.
    pub types: Vec<String>,
    /// The last known values.
    pub values: BTreeMap<String, Reading>,
}

/// A right on a host.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GrantView {
    /// With which affordances; with all if empty.
    pub affordances: Vec<String>,
    /// Until when, if not for good.
    pub expires_at: Option<Timestamp>,
    /// When it was given.
    pub issued_at: Timestamp,
    /// Who gave it.
    pub issued_by: AccountId,
    /// How much.
    pub level: Level,
    /// What the account is called here.
    pub name: Option<String>,
    /// Who has it.
    pub peer: AccountId,
    /// With which thing; with all of the host's if none.
    pub thing: Option<ThingUrl>,
}

/// Something that was done with a host's things, or tried.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditView {
    /// The property, action or event.
    pub affordance: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Its place: higher is later.
    pub id: u64,
    /// What.
    pub operation: String,
    /// How it ended.
    pub outcome: String,
    /// By whom.
    pub peer: AccountId,
    /// With which thing.
    pub thing: String,
}

/// The types that a description names.
pub(crate) fn types(document: &Value) -> Vec<String> {
    match document.get("@type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
            Vec::new()
        }
    }
}
