//! Writing to a group: Megolm sessions, one for each node that writes.
//!
//! ([Specification](https://gitlab.matrix.org/matrix-org/olm/-/blob/master/docs/megolm.md).) Whoever
//! writes draws a session and gives its key, through the pairwise sessions, to every node that is to
//! read it. The key says nothing about what was written before. It is replaced whenever somebody who
//! has it may read no longer.

mod inbound;
mod outbound;
mod sealed;

pub use inbound::{HeardError, Inbound, KEPT_BEHIND};
pub use outbound::{MAX_READERS, Outbound, ROTATION_MESSAGES, ROTATION_TIME};
pub use sealed::{GroupAstray, GroupInside, GroupKey, GroupRoute, GroupSealed, GroupSessionId};
