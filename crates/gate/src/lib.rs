//! Who may connect and who may do what: membership, contact rules, device grants.
//!
//! Pure: no I/O, no clock, no randomness. Every decision is total and denies by default: empty,
//! unreadable or unverifiable rules mean nobody. The node feeds bytes in and obeys.

mod ban;
mod bits;
mod bundle;
mod bytes;
mod certificates;
mod clock;
mod contact;
pub mod exchange;
#[cfg(test)]
mod fixture;
mod freshness;
mod grant;
mod group;
mod invite;
mod knocks;
mod ledger;
pub mod list;
mod mark;
mod operation;
mod refusal;
mod refusal_log;
mod roster;
mod rules;

pub use ban::Bans;
pub use bundle::{Bundle, BundleError, MAX_BUNDLE_BYTES, Unbundled};
pub use certificates::{CertificateRefusal, Certificates};
pub use clock::Clock;
pub use contact::{ContactError, ContactEvent, ContactState};
pub use freshness::{ConfirmError, Freshness, Statement};
pub use grant::{Access, Denied, Grant, GrantError, Grants, Level, LevelError};
pub use group::{Group, MAX_GROUP_MEMBERS, MAX_GROUP_OPERATIONS};
pub use invite::{Invite, InviteError, InviteState, Invites, MAX_OPEN_INVITES, Used};
pub use knocks::Knocks;
pub use ledger::{AuthorError, InsertError, Inserted, Ledger, LoadError, MAX_OPERATIONS};
pub use mark::{Mark, MarkError};
pub use operation::{
    Action, Binding, Former, Listed, Operation, OperationId, Policy, Role, RoleError, Seal,
    SealRef, Snapshot,
};
pub use refusal::RefusalReason;
pub use refusal_log::{Attempt, Direction, RefusalLog};
pub use roster::{Member, Removed, Roster};
pub use rules::{Admission, Rules};
