//! Keys, certificates, signed envelopes, public records, links, recovery phrase and sealed backups.
//!
//! Pure: no I/O, no clock; randomness is an argument (only sealing a backup draws its own salt).
//! Everything that comes from outside is checked here once, and leaves as a type that says so.

pub mod backup;
mod bytes;
mod certificate;
mod digest;
mod envelope;
mod fingerprint;
mod group;
mod id;
mod key;
pub mod link;
mod message_id;
mod name;
mod network;
mod party;
mod passphrase;
mod phrase;
mod proof;
pub mod record;
mod redemption;
mod secret;
pub mod sign1;
mod time;

pub use certificate::{
    Certificate, CertificateError, IssueError, NodeCertificate, NodeRevocation, Purpose, Tombstone,
};
pub use digest::Digest;
pub use envelope::{AcceptError, Accepted, Envelope, Kind};
pub use fingerprint::{fingerprint, safety_number};
pub use group::GroupId;
pub use id::{AccountId, IdError, InviteId, NodeId};
pub use key::{KeyError, PublicKey};
pub use message_id::{MessageId, MessageIdError};
pub use name::{Name, NameError, PeerKind, PeerKindError, is_hidden};
pub use network::NetworkId;
pub use party::Party;
pub use passphrase::Passphrase;
pub use phrase::{PhraseError, RecoveryPhrase};
pub use proof::{LinkSecret, is_proof, prove};
pub use record::{
    AddressRecord, DeviceKeys, Handle, Mailbox, PeerRecord, PublicRecord, RecordError,
};
pub use redemption::Redemption;
pub use secret::{AccountKey, InviteKey, NodeKey, Signer};
pub use sign1::{ParseError, Payload, SealError, SignatureError, Unverified, Verified, seal};
pub use time::Timestamp;
