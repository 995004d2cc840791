//! Conversations and the messages in them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MessageKey, NetworkKey, Party, Peer, Time};

/// How far a message got.
///
/// Of one's own: what the recipient's signed receipts say. Of another's: `delivered` until it
/// was read here.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// The recipient's node has stored it.
    Delivered,
    /// It will not be sent.
    Failed,
    /// It is stored here and waits.
    Queued,
    /// The recipient has read it.
    Read,
    /// It was handed to a connection.
    Sent,
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Message {
    /// Its id, the same on both sides.
    pub id: MessageKey,
    /// The network of the conversation.
    pub network: NetworkKey,
    /// The other side of the conversation.
    pub peer: Party,
    /// Who wrote it.
    pub from: Peer,
    /// What it says; of one that offers a file, the file's name.
    pub text: String,
    /// Whether it offers a file, which `files_list` has under the same id.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub file: bool,
    /// When its author sent it.
    pub sent_at: Time,
    /// Its place in the conversation: messages are shown in this order.
    pub order: u64,
    /// How far it got.
    pub state: MessageState,
    /// When it was stored here, where another wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub received_at: Option<Time>,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub reply_to: Option<MessageKey>,
    /// Why it will not be sent, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub failure: Option<String>,
    /// Where it waits once it has left this machine and before its recipient has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub via: Option<Via>,
    /// Until when it waits there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub kept_until: Option<Time>,
    /// Who reacted to it, each with one emoji.
    pub reactions: Vec<Reaction>,
    /// When its author last changed its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub edited_at: Option<Time>,
    /// When its text was deleted; it says nothing since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub deleted_at: Option<Time>,
    /// Whether it was deleted in this profile only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub deleted_here: bool,
    /// How far one's own last edit, reaction or deletion got; left out once the other side has
    /// signed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub change: Option<ChangeState>,
    /// What its author's node sent before it and is not here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub gap: Option<Gap>,
    /// Of one's own in a group: how many it is for, and how many have it and have read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub reach: Option<Reach>,
    /// What change of its group it tells of; then it is no message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub note: Option<Note>,
    /// Whether it contradicts what its author's node said before, so that its line may be wrong.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub astray: bool,
}

/// How many of a group a message has come to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reach {
    /// How many it is for.
    pub recipients: u32,
    /// How many have it.
    pub delivered: u32,
    /// How many of those have read it.
    pub read: u32,
}

/// A change of a group, as its conversation tells it; who made it is who the line is from, and a
/// title is its text.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Note {
    /// What happened.
    pub what: NoteKind,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub peer: Option<Peer>,
}

/// What happened to a group.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Somebody was added.
    Added,
    /// Somebody became an admin.
    Admin,
    /// It was begun.
    Created,
    /// Somebody left.
    Left,
    /// Somebody is an admin no longer.
    NoAdmin,
    /// Somebody was removed.
    Removed,
    /// It has another title.
    Renamed,
}

/// Messages that are missing directly before one that is here.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Gap {
    /// How many.
    pub missing: u32,
    /// How far asking for them is.
    pub state: GapState,
}

/// How far asking for missing messages is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum GapState {
    /// Their author's node was asked for them.
    Asked,
    /// They cannot be got.
    Gone,
    /// They may only be late.
    Waiting,
}

/// Where a message waits for its recipient.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// A mailbox keeps a sealed copy of it.
    Mailbox,
}

/// A reaction to a message.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reaction {
    /// Whose it is.
    pub peer: Peer,
    /// The emoji.
    pub emoji: String,
}

/// How far a change to a message got that the other side has not signed for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// It will not be sent.
    Failed,
    /// It is stored here and waits, or is on its way.
    Queued,
}

/// A conversation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Conversation {
    /// Its network.
    pub network: NetworkKey,
    /// The other side.
    pub peer: Party,
    /// What it is shown by.
    pub title: String,
    /// Its newest message.
    pub last: Option<Message>,
    /// How many messages were not read.
    pub unread: u32,
    /// The first of those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub first_unread: Option<MessageKey>,
    /// What was begun to be written.
    pub draft: String,
    /// Until when it is quiet: no notification, and its unread messages do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub muted_until: Option<Time>,
    /// Whether it stands before the others.
    pub pinned: bool,
    /// Whether it was put away, until a message comes.
    pub archived: bool,
    /// Whether it counts as unread though it was read.
    pub marked_unread: bool,
}

/// Changes what is chosen for a conversation; what is left out stays.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ConversationSet {
    /// The network; may be left out where the peer is known in one only.
    pub network: Option<NetworkKey>,
    /// The other side.
    #[cfg_attr(not(test), serde(alias = "group"))]
    pub peer: Party,
    /// What was begun to be written, at most 64 KiB; empty when nothing is.
    pub draft: Option<String>,
    /// Until when it is quiet; 0 to be told again, 253402300799000 for ever.
    pub muted_until: Option<Time>,
    /// Whether it stands before the others; 20 may.
    pub pinned: Option<bool>,
    /// Whether it is put away, until a message comes while it is not muted.
    pub archived: Option<bool>,
    /// Whether it counts as unread though it was read.
    pub marked_unread: Option<bool>,
}

/// Says that something is being written in a conversation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ConversationTyping {
    /// The network; may be left out where the peer is known in one only.
    pub network: Option<NetworkKey>,
    /// The other side.
    #[cfg_attr(not(test), serde(alias = "group"))]
    pub peer: Party,
    /// Whether it is, which is meant where it is left out; false when the person has stopped.
    pub typing: Option<bool>,
}

/// Asks to send a text.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct MessageSend {
    /// The network; may be left out where the peer is known in one only.
    pub network: Option<NetworkKey>,
    /// To whom.
    #[cfg_attr(not(test), serde(alias = "group"))]
    pub peer: Party,
    /// What it says.
    pub text: String,
    /// The message it answers.
    pub reply_to: Option<MessageKey>,
}

/// A message that is stored and will be sent.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageAccepted {
    /// Its id.
    pub id: MessageKey,
    /// How far it got.
    pub state: MessageState,
}

/// Reacts to a message.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct MessageReact {
    /// The message.
    pub id: MessageKey,
    /// One emoji, in the place of an earlier one; empty to take the reaction back.
    pub emoji: String,
    /// Its network; only needed where the same id is in several.
    pub network: Option<NetworkKey>,
    /// The other side of its conversation; only needed where the same id is in several.
    #[cfg_attr(not(test), serde(alias = "group"))]
    pub peer: Option<Party>,
}

/// Gives a message another text.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct MessageEdit {
    /// The message, which this account wrote.
    pub id: MessageKey,
    /// What it says now.
    pub text: String,
    /// Its network; only needed where the same id is in several.
    pub network: Option<NetworkKey>,
    /// The other side of its conversation; only needed where the same id is in several.
    #[cfg_attr(not(test), serde(alias = "group"))]
    pub peer: Option<Party>,
}

/// Deletes a message.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct MessageDelete {
    /// The message: one's own is deleted for everyone, another's in this profile only.
    pub id: MessageKey,
    /// Whether one's own is to be deleted in this profile only, too.
    pub here: Option<bool>,
    /// Its network; only needed where the same id is in several.
    pub network: Option<NetworkKey>,
    /// The other side of its conversation; only needed where the same id is in several.
    #[cfg_attr(not(test), serde(alias = "group"))]
    pub peer: Option<Party>,
}

/// Reads a part of a conversation: the newest, or the one that `before`, `after`, `around` or `at`
/// names; at most one of these.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct MessagesPage {
    /// The network; may be left out where the peer is known in one only.
    pub network: Option<NetworkKey>,
    /// The other side.
    #[cfg_attr(not(test), serde(alias = "group"))]
    pub peer: Party,
    /// Only what is older than this message.
    pub before: Option<MessageKey>,
    /// Only what is newer than this message.
    pub after: Option<MessageKey>,
    /// This message, half of the rest from before it and half from since.
    pub around: Option<MessageKey>,
    /// The same around the first message since then, or the last one where there is none.
    pub at: Option<Time>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// Looks for words in all conversations, or in one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct MessagesSearch {
    /// The words to look for; every message found has all of them, the last one may go on.
    pub text: String,
    /// One network; all of them where left out.
    pub network: Option<NetworkKey>,
    /// One conversation; all of them where left out.
    #[cfg_attr(not(test), serde(alias = "group"))]
    pub peer: Option<Party>,
    /// How many at most.
    pub limit: Option<u32>,
}

/// A message that a search found.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MessageFound {
    /// Its id.
    pub id: MessageKey,
    /// Its network.
    pub network: NetworkKey,
    /// The other side of the conversation.
    pub peer: Party,
    /// Who wrote it.
    pub from: Peer,
    /// The words around what was found.
    pub snippet: String,
    /// Where in the snippet the words stand: each from, and up to, so many characters.
    pub marks: Vec<(u32, u32)>,
    /// When its author sent it.
    pub sent_at: Time,
}

/// Tells how far a conversation was read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct ConversationRead {
    /// The network; may be left out where the peer is known in one only.
    pub network: Option<NetworkKey>,
    /// The other side.
    #[cfg_attr(not(test), serde(alias = "group"))]
    pub peer: Party,
    /// The last message that was seen; everything where left out.
    pub through: Option<MessageKey>,
}
