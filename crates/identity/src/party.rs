//! The other side of a conversation: one account, or a group.

use std::fmt;
use std::str::FromStr;

use crate::{AccountId, GroupId, IdError};

/// What a group is written with before its id, so that it is never taken for an account.
const GROUP: &str = "group:";

/// The other side of a conversation.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Party {
    /// One account.
    Account(AccountId),
    /// A group.
    Group(GroupId),
}

impl Party {
    /// Returns the account, if it is one.
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(account) => Some(account),
            Self::Group(_) => None,
        }
    }

    /// Returns the group, if it is one.
    pub const fn group(self) -> Option<GroupId> {
        match self {
            Self::Account(_) => None,
            Self::Group(group) => Some(group),
        }
    }

    /// Returns the bytes of the id, whichever it is.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        match self {
            Self::Account(account) => account.as_bytes(),
            Self::Group(group) => group.as_bytes(),
        }
    }
}

impl From<AccountId> for Party {
    fn from(account: AccountId) -> Self {
        Self::Account(account)
    }
}

impl From<GroupId> for Party {
    fn from(group: GroupId) -> Self {
        Self::Group(group)
    }
}

impl PartialEq<AccountId> for Party {
    fn eq(&self, other: &AccountId) -> bool {
        self.account() == Some(*other)
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => account.fmt(f),
            Self::Group(group) => write!(f, "{GROUP}{group}"),
        }
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => fmt::Debug::fmt(account, f),
            Self::Group(group) => fmt::Debug::fmt(group, f),
        }
    }
}

impl FromStr for Party {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.strip_prefix(GROUP) {
            Some(group) => group.parse().map(Self::Group),
            None => text.parse().map(Self::Account),
        }
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::AccountKey;

    #[test]
    fn each_reads_back_as_what_it_was() {
        let account = AccountKey::from_seed(&Zeroizing::new([7; 32])).id();
        let group = GroupId::from_bytes(*account.as_bytes());

        for party in [Party::Account(account), Party::Group(group)] {
            assert_eq!(party.to_string().parse(), Ok(party));
        }
        assert_ne!(Party::Account(account), Party::Group(group));
        assert!("group:short".parse::<Party>().is_err());
    }
}
