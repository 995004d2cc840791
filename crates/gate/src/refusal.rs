//! Why the gate turns somebody away.

use std::fmt;

use minicbor::{Decode, Encode};

/// Why a connection or message was refused.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum RefusalReason {
    /// No certificate, or not one for this node.
    #[n(0)]
    BadCertificate,
    /// Something that is no part of the exchange.
    #[n(1)]
    BadFrame,
    /// The owner of this node blocked the account.
    #[n(2)]
    Blocked,
    /// The certificate is over, or not yet valid.
    #[n(3)]
    Expired,
    /// The network does not list the account.
    #[n(4)]
    NotListed,
    /// The network removed the account or revoked the node.
    #[n(5)]
    Removed,
    /// This node cannot read its rules, so nobody may connect.
    #[n(6)]
    RulesUnreadable,
    /// The exchange took too long.
    #[n(7)]
    Timeout,
    /// Nothing of this kind is accepted from that account here.
    #[n(8)]
    Unwanted,
    /// Another version of the exchange.
    #[n(9)]
    Version,
    /// Another network.
    #[n(10)]
    WrongNetwork,
    /// Nobody has confirmed the members for too long.
    #[n(11)]
    Stale,
    /// The invite was used by somebody else.
    #[n(12)]
    InviteUsed,
    /// The time of the invite is over.
    #[n(13)]
    InviteExpired,
    /// The invite was taken back, or whoever made it may not let anybody in any more.
    #[n(14)]
    InviteRevoked,
    /// The node sent too much that could not be verified.
    #[n(15)]
    Banned,
}

impl RefusalReason {
    /// Returns the code that logs and programs go by.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadCertificate => "bad_certificate",
            Self::Banned => "banned",
            Self::BadFrame => "bad_frame",
            Self::Blocked => "blocked",
            Self::Expired => "expired",
            Self::NotListed => "not_listed",
            Self::Removed => "removed",
            Self::RulesUnreadable => "rules_unreadable",
            Self::Stale => "stale",
            Self::Timeout => "timeout",
            Self::Unwanted => "unwanted",
            Self::Version => "version",
            Self::WrongNetwork => "wrong_network",
            Self::InviteUsed => "invite_used",
            Self::InviteExpired => "invite_expired",
            Self::InviteRevoked => "invite_revoked",
        }
    }

    /// Returns what the refused side is told: nothing about blocks or about this node's troubles.
    pub(crate) const fn told(self) -> Self {
        match self {
            Self::Banned | Self::Blocked | Self::RulesUnreadable | Self::Unwanted => {
                Self::NotListed
            }
            Self::BadCertificate
            | Self::BadFrame
            | Self::Expired
            | Self::NotListed
            | Self::Removed
            | Self::Stale
            | Self::Timeout
            | Self::Version
            | Self::WrongNetwork
            | Self::InviteUsed
            | Self::InviteExpired
            | Self::InviteRevoked => self,
        }
    }

    /// Returns whether whoever presents an invite and is told this need not try again.
    pub const fn ends_invite(self) -> bool {
        match self {
            Self::Removed | Self::InviteUsed | Self::InviteExpired | Self::InviteRevoked => true,
            Self::BadCertificate
            | Self::Banned
            | Self::BadFrame
            | Self::Blocked
            | Self::Expired
            | Self::NotListed
            | Self::RulesUnreadable
            | Self::Stale
            | Self::Timeout
            | Self::Unwanted
            | Self::Version
            | Self::WrongNetwork => false,
        }
    }
}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for RefusalReason {}
