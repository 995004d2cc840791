//! Operations that this node's account makes.

use streembit_identity::{AccountId, AccountKey, Name, NodeId, SealError, Timestamp, seal};
use thiserror::Error;

use super::{InsertError, Ledger, MAX_OPERATIONS};
use crate::operation::MAX_HEADS;
use crate::{Action, Binding, Operation, Policy, Role};

/// Room that is kept for removals when everything else is refused.
const RESERVE: usize = MAX_OPERATIONS / 8;

/// Why an operation cannot be made.
#[derive(Debug, Error)]
pub enum AuthorError {
    /// A network cannot begin with these keys.
    #[error("the recovery key must differ from the admin's")]
    Genesis,
    /// The network would refuse it.
    #[error(transparent)]
    Refused(#[from] InsertError),
    /// It cannot be signed.
    #[error("the operation cannot be signed")]
    Seal(#[from] SealError),
}

impl Ledger {
    /// Signs the addition of an account. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what every other node would refuse.
    pub fn author_add(
        &self,
        admin: &AccountKey,
        account: AccountId,
        name: Name,
        role: Role,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.author(
            admin,
            Action::Add(Binding {
                account,
                name,
                role,
            }),
            now,
        )
    }

    /// Signs the removal of an account. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what every other node would refuse.
    pub fn author_remove(
        &self,
        admin: &AccountKey,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.author(admin, Action::Remove { account }, now)
    }

    /// Signs another role for a member. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what every other node would refuse.
    pub fn author_set_role(
        &self,
        admin: &AccountKey,
        account: AccountId,
        role: Role,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        let member = self.roster.member(account).ok_or(InsertError::NotMember)?;
        let binding = Binding {
            role,
            ..member.binding()
        };
        self.author(admin, Action::Change(binding), now)
    }

    /// Signs another name for a member. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what every other node would refuse.
    pub fn author_set_name(
        &self,
        admin: &AccountKey,
        account: AccountId,
        name: Name,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        let member = self.roster.member(account).ok_or(InsertError::NotMember)?;
        let binding = Binding {
            name,
            ..member.binding()
        };
        self.author(admin, Action::Change(binding), now)
    }

    /// Signs the end of one node of a member. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what every other node would refuse.
    pub fn author_revoke_node(
        &self,
        admin: &AccountKey,
        node: NodeId,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.author(admin, Action::RevokeNode { node }, now)
    }

    /// Signs another policy. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what every other node would refuse.
    pub fn author_set_policy(
        &self,
        admin: &AccountKey,
        policy: Policy,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.author(admin, Action::SetPolicy(policy), now)
    }

    /// Signs a statement of the whole state. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what every other node would refuse.
    pub fn author_checkpoint(
        &self,
        admin: &AccountKey,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.author(admin, Action::Checkpoint(self.roster.snapshot()), now)
    }

    /// Signs the appointment of an admin with the recovery key.
    ///
    /// # Errors
    ///
    /// Refuses any other key, and what every other node would refuse.
    pub fn author_appoint(
        &self,
        recovery: &AccountKey,
        account: AccountId,
        name: Name,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.author(recovery, Action::Appoint { account, name }, now)
    }

    fn author(
        &self,
        key: &AccountKey,
        action: Action,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        let room = if matches!(action, Action::Remove { .. }) {
            0
        } else {
            RESERVE
        };
        if self.entries.len() + room >= MAX_OPERATIONS {
            return Err(InsertError::Full.into());
        }
        let heads: Vec<_> = self.heads.iter().copied().take(MAX_HEADS).collect();
        let at = self
            .entries
            .iter()
            .map(|entry| entry.operation.at)
            .max()
            .map_or(now, |last| last.max(now));
        let bytes = seal(&Operation { heads, at, action }, &self.network, key)?;
        self.clone().insert(&bytes)?;
        Ok(bytes)
    }
}
