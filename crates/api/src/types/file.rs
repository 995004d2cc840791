//! Files that were offered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MessageKey, NetworkKey, Peer, Time};

/// How far a file is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// One side stopped it.
    Cancelled,
    /// The recipient does not want it.
    Declined,
    /// All of it is there.
    Done,
    /// It will not come any more.
    Failed,
    /// It cannot be written now, as when the disk is full; it is tried again.
    Held,
    /// It is offered, and not accepted as far as is known.
    Offered,
    /// It is read before it is offered.
    Preparing,
    /// Its bytes move.
    Running,
    /// It is accepted, and waits for the other side or for its turn.
    Waiting,
}

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct File {
    /// Its id: that of the message that offers it.
    pub id: MessageKey,
    /// The network of the conversation.
    pub network: NetworkKey,
    /// The other side of the conversation.
    pub peer: Peer,
    /// Whether this account offers it.
    pub own: bool,
    /// What it is called.
    pub name: String,
    /// What its sender takes it for, as a media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub media: Option<String>,
    /// Its size, in bytes.
    pub bytes: u64,
    /// How many of them are there, verified.
    pub done: u64,
    /// Bytes a second.
    pub rate: u64,
    /// How far it is.
    pub state: FileState,
    /// Why it failed or waits: `changed`, `gone`, `wrong` or `unreadable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub failure: Option<String>,
    /// Where it lies: of one's own the source, of another's where it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub path: Option<String>,
    /// When it was offered.
    pub offered_at: Time,
}

/// Offers a file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct FileSend {
    /// The network; may be left out where the peer is known in one only.
    pub network: Option<NetworkKey>,
    /// To whom.
    pub peer: Peer,
    /// Where it lies, absolute; it has to stay there until it is sent.
    pub path: String,
}

/// Accepts a file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct FileAccept {
    /// The file.
    pub id: MessageKey,
    /// The folder that it goes to, or the file that it becomes, absolute; the downloads where left
    /// out. Nothing that is there is overwritten.
    pub path: Option<String>,
    /// Its network; only needed where the same id is in several.
    pub network: Option<NetworkKey>,
    /// The other side of its conversation; only needed where the same id is in several.
    pub peer: Option<Peer>,
}

/// Names a file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    /// The file.
    pub id: MessageKey,
    /// Its network; only needed where the same id is in several.
    pub network: Option<NetworkKey>,
    /// The other side of its conversation; only needed where the same id is in several.
    pub peer: Option<Peer>,
}

/// What a file that is here looks like: one of the two.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FilePreview {
    /// A picture, as a `data:` address; of kinds that hold no script, and of a bounded size.
    pub picture: Option<String>,
    /// The beginning of a text.
    pub text: Option<String>,
    /// Whether there is more of the text.
    pub is_cut: bool,
}
