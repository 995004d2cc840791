//! The running peer: one libp2p swarm for each network, and what happens over it.
//!
//! Protocol logic lives in the pure crates (`gate`, `delivery`, `things`); here it meets time,
//! randomness, the store and the network. Every inbound connection and request passes the gate.

mod ask;
mod chat;
mod claim;
mod config;
mod contacts;
mod devices;
mod dht;
mod dispatch;
mod event;
mod files;
#[doc(hidden)]
pub mod fuzzing;
mod groups;
mod hooks;
mod mailbox;
mod net;
mod networks;
mod node;
mod own;
pub mod profile;
mod reach;
mod sealed;
#[cfg(test)]
mod testing;
mod wire;

pub use ask::AskError;
pub use chat::{
    ChangeState, ChatError, ConversationView, MAX_TEXT, MessageRef, MessageView, ReactionView,
};
pub use claim::ClaimOffer;
pub use config::{Config, DhtMode, ThingConfig};
pub use contacts::{ContactError, ContactView, FoundPeer, InviteView, SafetyNumber};
pub use devices::{AuditView, DeviceError, DeviceState, DeviceView, GrantView, GrantWish};
pub use event::{Event, Refused};
pub use files::{FileError, FileProgress, FileView, Preview};
pub use groups::{GroupError, GroupMemberView, GroupView, NoteView};
pub use hooks::{FirstFrame, FrameTap, Hooks, Observer, WritePoint};
pub use libp2p::Multiaddr;
pub use streembit_delivery::mailbox::{Keeper, Terms};

pub use mailbox::{AgreementView, KeeperView, KeptView, MailboxError, MailboxesView};
pub use net::{DialError, Net, NetError, PeerLink, PutError, RequestError, TransportError};
pub use networks::{
    CreatedNetwork, Inbound, JoinedNetwork, ListChange, LogChange, LogEntry, MemberView, Network,
    NetworkDraft, NetworkError, NetworkState, NetworkView, NewInvite, PeerView, RemovedMember,
};
pub use node::{LocalIdentity, Node, StartError};
pub use own::{
    Installation, RevokeError,
    link::{LinkError, LinkOffer, LinkProgress, LinkStage},
};
pub use reach::{Presence, ReachError, full_addresses, split_address};
