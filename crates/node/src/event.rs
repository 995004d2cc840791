//! What the node tells whoever listens: that something changed, and which thing.
//!
//! Events carry ids and small values; the api adds the object as the list commands give it.

use streembit_gate::RefusalReason;
use streembit_identity::{AccountId, GroupId, MessageId, NetworkId, NodeId, Party, Timestamp};

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The own account changed: name, state, nodes.
    Account,
    /// An action of a thing made progress.
    Action {
        /// The action.
        action_id: String,
        /// The thing's URL.
        thing: String,
    },
    /// A contact changed.
    Contact {
        /// The contact's network.
        network: NetworkId,
        /// The contact.
        peer: AccountId,
    },
    /// What is chosen for a conversation changed.
    Conversation {
        /// Its network.
        network: NetworkId,
        /// The other side.
        peer: Party,
    },
    /// A host or its things changed: came, went, were described anew.
    Device {
        /// The host.
        host: AccountId,
        /// The network it was seen in.
        network: NetworkId,
    },
    /// A thing reported an event.
    DeviceEvent {
        /// What came with it, as JSON.
        data: serde_json::Value,
        /// The event's name.
        name: String,
        /// The thing's URL.
        thing: String,
    },
    /// A file made progress, began or ended.
    File {
        /// The message that offers it.
        id: MessageId,
        /// Its network.
        network: NetworkId,
        /// The other side of the conversation.
        peer: AccountId,
    },
    /// A group changed: its title or its members.
    Group {
        /// The group.
        group: GroupId,
        /// Its network.
        network: NetworkId,
    },
    /// Rights on a host changed.
    Grant {
        /// The host.
        host: AccountId,
    },
    /// The listener was too slow and missed this many events: it should reload.
    Lagged {
        /// How many were missed.
        missed: u64,
    },
    /// A member of a private network changed, came or went.
    Member {
        /// The network.
        network: NetworkId,
        /// The member.
        peer: AccountId,
    },
    /// A message came, or its state changed.
    Message {
        /// The message.
        id: MessageId,
        /// Its network.
        network: NetworkId,
        /// The other side of the conversation.
        peer: Party,
    },
    /// A network changed: state, peers, addresses.
    Network {
        /// The network.
        network: NetworkId,
    },
    /// Something the person should know.
    Notice {
        /// A stable code.
        code: &'static str,
        /// Plain words.
        text: String,
    },
    /// Someone's presence changed.
    Presence {
        /// The network.
        network: NetworkId,
        /// The account.
        peer: AccountId,
    },
    /// A property of a thing changed: reported, or asked for.
    Property {
        /// The property.
        name: String,
        /// The thing's URL.
        thing: String,
    },
    /// Somebody writes, or has stopped to.
    Typing {
        /// The network.
        network: NetworkId,
        /// Who.
        peer: AccountId,
        /// Until when that counts, unless it is said again.
        until: Timestamp,
    },
    /// The gate refused somebody.
    Refused {
        /// Its place in the log; none where it could not be written down.
        id: Option<u64>,
        /// Who, from where and why.
        refused: Refused,
    },
}

/// One refused attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused {
    /// The remote end.
    pub address: String,
    /// When.
    pub at: Timestamp,
    /// Whether the peer dialled us.
    pub inbound: bool,
    /// The network.
    pub network: NetworkId,
    /// The node, as the transport proved it.
    pub node: Option<NodeId>,
    /// The account that it claimed by a valid certificate.
    pub peer: Option<AccountId>,
    /// Why.
    pub reason: RefusalReason,
}
