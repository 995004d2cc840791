//! What a profile remembers: an encrypted SQLite database behind an actor.
//!
//! One thread owns the database and groups what is queued into one durable transaction; a second
//! one answers reads. Callers hold a cloneable [`Store`] whose methods are named after what is
//! remembered. Rows are plain: what they mean, and whether a change is allowed, is decided above.

mod account;
mod actor;
mod acts;
mod addresses;
mod audit;
mod backup;
mod certificates;
mod chains;
mod changes;
mod choices;
mod claim;
mod columns;
mod computers;
mod confirmations;
mod contacts;
mod conversations;
mod error;
mod exchange;
mod files;
mod gaps;
mod grants;
mod groups;
mod history;
mod hosts;
mod invites;
mod key;
mod lock;
mod mail_terms;
mod mailbox;
mod messages;
mod migrations;
mod network_invites;
mod networks;
mod nodes;
mod open;
mod operations;
mod outbox;
mod page;
mod ratchets;
mod receipts;
mod records;
mod refusals;
mod requests;
mod sealing;
mod search;
mod seeds;
mod seen;
mod settings;
mod things;
mod threads;
mod values;
mod wire;

pub use account::OwnAccount;
pub use actor::Store;
pub use acts::{Act, Acted, Deed, MAX_EARLY};
pub use addresses::{CachedAddress, MAX_ADDRESSES, MAX_ADDRESSES_PER_NODE};
pub use audit::{AuditEntry, MAX_AUDIT};
pub use backup::{BACKUP_VERSION, Backup, ImportError, NetworkBackup, OperationBackup};
pub use certificates::{MAX_CERTIFICATES, MAX_CERTIFICATES_PER_ACCOUNT, StoredCertificate};
pub use chains::{Edited, Gap, GapState, Linked, StoredChain};
pub use changes::{Changes, Reaction};
pub use choices::{Choices, ChoicesChange, ChosenConversation, MAX_PINNED};
pub use claim::{ClaimCommit, ClaimOutcome, Claimed, PendingClaim};
pub use computers::{Computer, MAX_COMPUTERS};
pub use confirmations::StoredConfirmation;
pub use contacts::{Contact, Relation};
pub use conversations::Conversation;
pub use error::StoreError;
pub use exchange::{ContactChange, ContactOutcome, Expected};
pub use files::{FileChange, FileGroups, FileKey, FileState, MAX_OPEN_FILES, StoredFile};
pub use gaps::{AskedText, DueGap, GapStep, Whose};
pub use grants::{MAX_GRANTS, StoredGrant};
pub use groups::{
    GroupChange, GroupNote, GroupSeal, GroupSent, GroupSessionKey, GroupText, MAX_GROUP_SESSIONS,
    MAX_GROUPS, StoredGroup,
};
pub use history::{Place, Stretch};
pub use hosts::Host;
pub use invites::{Invite, InviteState, MAX_INVITES, SecretHash};
pub use key::DatabaseKey;
pub use mailbox::{Kept, KeptCopy};
pub use messages::{
    Arrived, Direction, IncomingMessage, Message, MessageState, OutgoingMessage, Reach, WriteBody,
};
pub use network_invites::{MAX_NETWORK_INVITES, NetworkInvite};
pub use networks::{Network, NetworkKind};
pub use nodes::{KnownNodes, MAX_OWN_NODES, MAX_REVOKED, OwnNode, RevokedNode};
pub use open::{OpenError, Options};
pub use operations::MAX_OPERATIONS;
pub use outbox::{MAX_OUTBOX, OutboxEntry, OutboxItem};
pub use page::{MAX_PAGE, Page};
pub use ratchets::{BeforeOpening, MAX_RATCHETS, Opening, RatchetKey, State, Step};
pub use records::MAX_RECORDS;
pub use refusals::{MAX_REFUSALS, Refusal, RefusedAttempt};
pub use requests::MAX_REQUESTS;
pub use sealing::{Encrypted, Sealing, Waiting};
pub use search::{FoundMessage, Sought};
pub use seeds::{MAX_SEEDS, Seed};
pub use seen::SEEN_FOR;
pub use things::{MAX_THINGS_PER_HOST, Thing, ThingDescription};
pub use threads::{Hook, WRITE_POINTS};
pub use values::PropertyValue;
