//! What happened, as hosts pass it on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    AccountStatus, ActionState, Contact, Conversation, Device, File, Group, Member, Message,
    Network, NetworkKey, Party, Peer, Presence, Refusal, ThingUrl, Time,
};

/// Something that changed.
///
/// Where an object is `null`, it is gone.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The profile's own account.
    Account {
        /// When.
        at: Time,
        /// The account now.
        account: Box<AccountStatus>,
    },
    /// An action of a thing.
    Action {
        /// When.
        at: Time,
        /// The thing.
        thing: ThingUrl,
        /// The action's name.
        action: String,
        /// The action's id.
        action_id: String,
        /// How far it got.
        state: ActionState,
        /// How much is done, from 0 to 100.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        progress: Option<u8>,
        /// What it gave.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "unknown"))]
        output: Option<Value>,
        /// Why it failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        error: Option<String>,
    },
    /// A contact.
    Contact {
        /// When.
        at: Time,
        /// Where it is known.
        network: NetworkKey,
        /// The account.
        peer: Peer,
        /// The contact now.
        contact: Option<Box<Contact>>,
    },
    /// What is chosen for a conversation: muted, pinned, archived, its draft.
    Conversation {
        /// When.
        at: Time,
        /// The conversation now.
        conversation: Box<Conversation>,
    },
    /// A thing and its device.
    Device {
        /// When.
        at: Time,
        /// The network of the device.
        network: NetworkKey,
        /// The host's account.
        peer: Peer,
        /// The thing now; `null` when the device is gone with all its things.
        device: Option<Box<Device>>,
    },
    /// An event that a thing sent.
    DeviceEvent {
        /// When.
        at: Time,
        /// The thing.
        thing: ThingUrl,
        /// The event's name.
        event: String,
        /// What it carried.
        #[cfg_attr(test, ts(type = "unknown"))]
        data: Value,
    },
    /// A file: progress is told a few times a second at most.
    File {
        /// When.
        at: Time,
        /// The file now.
        file: Box<File>,
    },
    /// The rights on a device; `device_grants` tells them.
    Grant {
        /// When.
        at: Time,
        /// The host's account.
        device: Peer,
    },
    /// The reader was too slow: reload.
    Lagged {
        /// When.
        at: Time,
        /// How many events were missed.
        missed: u64,
    },
    /// A link came from outside; inspect it first.
    Link {
        /// When.
        at: Time,
        /// The link.
        link: String,
    },
    /// A member of a private network.
    Member {
        /// When.
        at: Time,
        /// The network.
        network: NetworkKey,
        /// The account.
        peer: Peer,
        /// The member now.
        member: Option<Box<Member>>,
    },
    /// A group: its title or its members.
    Group {
        /// When.
        at: Time,
        /// The group now.
        group: Box<Group>,
    },
    /// A message, new or with another state.
    Message {
        /// When.
        at: Time,
        /// The message now.
        message: Box<Message>,
    },
    /// A network.
    Network {
        /// When.
        at: Time,
        /// The network's id.
        id: NetworkKey,
        /// The network now.
        network: Option<Box<Network>>,
    },
    /// Something that a person should know.
    Notice {
        /// When.
        at: Time,
        /// What a program decides by.
        code: String,
        /// What a person reads.
        text: String,
    },
    /// A conversation that a person wants to see: its notification was clicked.
    Open {
        /// When.
        at: Time,
        /// Its network.
        network: NetworkKey,
        /// The other side.
        peer: Party,
    },
    /// Where an account is.
    Presence {
        /// When.
        at: Time,
        /// The network.
        network: NetworkKey,
        /// The account.
        peer: Peer,
        /// What is known now.
        presence: Presence,
        /// When it was last connected.
        last_seen: Option<Time>,
    },
    /// A property of a thing.
    Property {
        /// When the device said so.
        at: Time,
        /// The thing.
        thing: ThingUrl,
        /// The property's name.
        property: String,
        /// What the device last said it is.
        #[cfg_attr(test, ts(type = "unknown"))]
        reported: Value,
        /// What it was asked to be, and is not yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "unknown"))]
        target: Option<Value>,
        /// Since when it was asked to be another.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        pending_since: Option<Time>,
    },
    /// A connection or request that the gate refused.
    Refused {
        /// When.
        at: Time,
        /// The refusal.
        refused: Box<Refusal>,
    },
    /// Somebody is writing, or has stopped to.
    Typing {
        /// When.
        at: Time,
        /// The network.
        network: NetworkKey,
        /// Who.
        peer: Peer,
        /// Until when that counts, unless it is said again.
        until: Time,
    },
}
