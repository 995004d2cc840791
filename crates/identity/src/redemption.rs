//! What somebody signs to use a one-time invite.

use minicbor::{Decode, Encode};

use crate::{AccountId, InviteId, Name, NodeId, Payload};

/// Who uses an invite, and where.
///
/// It counts only when signed twice: by the invite's key, which shows that the link was held, and
/// by the account, which shows who wants to come in. It carries no time: whoever presents it must
/// be the node that it names, which the transport proves on the same connection.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Redemption {
    /// The invite.
    #[n(1)]
    pub invite: InviteId,
    /// Who wants to come in.
    #[n(2)]
    pub account: AccountId,
    /// Its node, which presents this.
    #[n(3)]
    pub node: NodeId,
    /// What it calls itself.
    #[n(4)]
    pub name: Name,
}

impl Payload for Redemption {
    const DOMAIN: &'static str = "redemption";
    const MAX_BYTES: usize = 512;
}
