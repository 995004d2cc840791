//! Operations that this node's account makes.

use streembit_identity::{AccountId, AccountKey, Name, NodeId, SealError, Timestamp, seal};
use thiserror::Error;

use super::{InsertError, Ledger};
use crate::list::Plan;
use crate::operation::MAX_HEADS;
use crate::{Action, Binding, Operation, OperationId, Policy, Role};

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

    /// Signs that the key's own account leaves. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what every other node would refuse: the only admin cannot leave.
    pub fn author_leave(&self, own: &AccountKey, now: Timestamp) -> Result<Vec<u8>, AuthorError> {
        let account = own.id();
        self.author(own, Action::Remove { account }, now)
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

    /// Signs another name for the network. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what every other node would refuse.
    pub fn author_rename(
        &self,
        admin: &AccountKey,
        name: Name,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.author(admin, Action::Rename(name), now)
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

    /// Signs everything that a list changes, in an order in which it can be taken.
    ///
    /// # Errors
    ///
    /// Refuses the whole if every other node would refuse a part.
    pub fn author_plan(
        &self,
        admin: &AccountKey,
        plan: &Plan,
        now: Timestamp,
    ) -> Result<Vec<Vec<u8>>, AuthorError> {
        let mut scratch = self.clone();
        let mut waiting = plan.actions();
        let mut made = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut refused = None;
            // What has to wait for a name or an admin is tried again after the others.
            let mut later = Vec::new();
            for action in waiting {
                match scratch.author_and_insert(admin, &action, now) {
                    Ok(bytes) => made.push(bytes),
                    Err(error) => {
                        refused = refused.or(Some(error));
                        later.push(action);
                    }
                }
            }
            waiting = later;
            match refused {
                Some(error) if waiting.len() == before => return Err(error),
                Some(_) | None => {}
            }
        }
        Ok(made)
    }

    /// Returns the heads that a new operation names, those that build on the seal first.
    fn heads_to_name(&self) -> Vec<OperationId> {
        let is_native = |id: &OperationId| {
            let entry = self.index.get(id).and_then(|at| self.entries.get(*at));
            *id == self.root_id() || entry.is_some_and(|entry| self.is_native(&entry.operation))
        };
        let (native, adopted): (Vec<_>, Vec<_>) = self.heads.iter().copied().partition(is_native);
        let mut heads = [native, adopted].concat();
        heads.truncate(MAX_HEADS);
        heads.sort_unstable();
        heads
    }

    pub(super) fn author(
        &self,
        key: &AccountKey,
        action: Action,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.clone().author_and_insert(key, &action, now)
    }

    fn author_and_insert(
        &mut self,
        key: &AccountKey,
        action: &Action,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        let heads = self.heads_to_name();
        let latest = heads
            .iter()
            .filter_map(|head| self.entries.get(*self.index.get(head)?));
        let at = latest
            .map(|entry| entry.operation.at)
            .fold(now, Timestamp::max);
        let operation = Operation {
            heads,
            at,
            action: action.clone(),
            seal: self
                .beginning()
                .filter(|_| !matches!(action, Action::Seal(_))),
        };
        let bytes = seal(&operation, &self.network, key)?;
        self.insert(&bytes)?;
        Ok(bytes)
    }
}
