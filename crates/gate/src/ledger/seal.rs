//! Seals: a network begins anew with its whole state, and the operations before are forgotten.
//!
//! A seal is signed by the recovery key alone. An admin's would void its own removal, if that was
//! made elsewhere at the same time; the recovery key cannot be removed, and gains no right by it
//! that it does not have. Of all seals the one of the highest generation counts, then the one with
//! the lowest id. What does not build on it is void, except for removals and revocations that it
//! does not cover: these count as though they built on the seal, so that it brings nobody back.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use streembit_identity::{AccountId, AccountKey, Name, NetworkId, Timestamp, Unverified, Verified};

use super::{AuthorError, Entry, InsertError, Inserted, Ledger, MAX_BYTES, admissible, evaluate};
use crate::{Action, Former, Listed, Member, Operation, OperationId, Roster, Seal, SealRef};

/// Operations that are counted as building on a seal at most: they are taken unseen from admins
/// whom it lists, and must leave room for those that everybody else makes.
const MAX_ADOPTED: usize = 1_024;

impl Ledger {
    /// Returns how many times this network has begun anew.
    pub fn generation(&self) -> u32 {
        self.seal().map_or(0, |seal| seal.generation)
    }

    /// Signs a seal of the present state. It counts once [`Ledger::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses any key but the recovery key, and a state that is too large for one operation.
    pub fn author_seal(
        &self,
        recovery: &AccountKey,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        if recovery.id() != self.roster.recovery {
            return Err(InsertError::NotAdmin.into());
        }
        self.author(recovery, Action::Seal(self.sealed()), now)
    }

    /// Returns the present state as a seal states it.
    pub(super) fn sealed(&self) -> Seal {
        let roster = &self.roster;
        let places: Vec<_> = roster.members.keys().collect();
        let place = |account: &AccountId| u16::try_from(places.binary_search(&account).ok()?).ok();
        let removals = self.removals();
        let known = |account| removals.get(account).cloned().unwrap_or_default();
        let members = roster.members.values().map(|member: &Member| Listed {
            binding: member.binding(),
            since: member.added_at,
            by: place(&member.added_by),
            outlived: known(&member.account),
        });
        let removed = roster.removed.iter().map(|(account, removed)| Former {
            account: *account,
            at: removed.at,
            removals: known(account),
        });
        Seal {
            generation: self.generation().saturating_add(1),
            name: Some(&roster.name)
                .filter(|name| self.first_name() != Some(*name))
                .cloned(),
            members: members.collect(),
            removed: removed.collect(),
            revoked: roster.revoked.iter().copied().collect(),
            policy: roster.policy,
        }
    }

    /// Returns every removal of each account, whatever came of it, ascending.
    fn removals(&self) -> BTreeMap<AccountId, Vec<OperationId>> {
        let mut all: BTreeMap<AccountId, BTreeSet<OperationId>> = BTreeMap::new();
        for entry in &self.entries {
            match &entry.operation.action {
                Action::Remove { account } => {
                    all.entry(*account).or_default().insert(entry.id);
                }
                Action::Seal(seal) => {
                    for listed in &seal.members {
                        let known = all.entry(listed.binding.account).or_default();
                        known.extend(&listed.outlived);
                    }
                    for former in &seal.removed {
                        all.entry(former.account)
                            .or_default()
                            .extend(&former.removals);
                    }
                }
                Action::Genesis { .. }
                | Action::Add(_)
                | Action::Change(_)
                | Action::Appoint { .. }
                | Action::RevokeNode { .. }
                | Action::SetPolicy(_)
                | Action::Rename(_)
                | Action::Checkpoint(_) => {}
            }
        }
        let ascending = |(account, ids): (_, BTreeSet<_>)| (account, ids.into_iter().collect());
        all.into_iter().map(ascending).collect()
    }

    /// Returns the name in the genesis.
    fn first_name(&self) -> Option<&Name> {
        match &self.genesis.action {
            Action::Genesis { name, .. } => Some(name),
            Action::Add(_)
            | Action::Remove { .. }
            | Action::Change(_)
            | Action::Appoint { .. }
            | Action::RevokeNode { .. }
            | Action::SetPolicy(_)
            | Action::Rename(_)
            | Action::Checkpoint(_)
            | Action::Seal(_) => None,
        }
    }

    /// Returns the seal that this ledger begins with, if it does not begin with the genesis.
    pub(super) fn seal(&self) -> Option<&Seal> {
        if let Action::Seal(seal) = &self.entries.first()?.operation.action {
            Some(seal)
        } else {
            None
        }
    }

    /// Returns the operation that this ledger begins with: the genesis, or the newest seal.
    pub fn root_id(&self) -> OperationId {
        self.entries
            .first()
            .map_or_else(|| self.genesis_id(), |root| root.id)
    }

    /// Begins a ledger with nothing but its first operation.
    pub(super) fn rooted(
        network: NetworkId,
        genesis: Arc<Verified<Operation>>,
        root: Entry,
        roster: Roster,
    ) -> Self {
        let mut bytes = genesis.bytes().len();
        if !matches!(root.operation.action, Action::Genesis { .. }) {
            bytes += root.operation.bytes().len();
        }
        let (id, roster) = (root.id, Arc::new(roster));
        Self {
            network,
            genesis,
            root: Arc::clone(&roster),
            entries: vec![Arc::new(root)],
            index: [(id, 0)].into(),
            heads: [id].into(),
            bytes,
            roster,
        }
    }

    /// Takes a seal that wins over the one that is here, and forgets what it makes void.
    pub(super) fn take_seal(
        &mut self,
        seal: Unverified<Operation>,
    ) -> Result<Inserted, InsertError> {
        if AccountId::from(seal.signer()) != self.roster.recovery {
            return Err(InsertError::NotAdmin);
        }
        let Action::Seal(stated) = &seal.peek().action else {
            return Err(InsertError::Sealed);
        };
        if stated.generation < self.generation() {
            return Err(InsertError::Sealed);
        }
        let generation = stated.generation;
        let seal = seal.verify(&self.network)?;
        let Action::Seal(stated) = &seal.action else {
            return Err(InsertError::Sealed);
        };
        let id = OperationId::from(seal.digest());
        if id == self.root_id() {
            return Ok(Inserted::Known);
        }
        if Some(SealRef { generation, id }) < self.beginning() {
            return Err(InsertError::Sealed);
        }
        admissible::check_seal(stated, &self.root)?;
        let first_name = self.first_name().unwrap_or(&self.root.name);
        let roster = evaluate::reopen(&self.root, first_name, stated);
        let genesis = Arc::clone(&self.genesis);
        let mut next = Self::rooted(self.network, genesis, Entry::root(seal), roster);
        for entry in self.entries.iter().skip(1) {
            let operation = &entry.operation;
            if next.check_place(operation, entry.author).is_ok() {
                // What was right before may be void now; then it is left out, as everywhere else.
                let _ = next.put(entry.id, operation.clone());
            }
        }
        if next.bytes > MAX_BYTES {
            return Err(InsertError::Full);
        }
        *self = next;
        Ok(Inserted::New)
    }

    /// Refuses what has no place in this graph, before anything is verified.
    pub(super) fn check_place(
        &self,
        operation: &Operation,
        author: AccountId,
    ) -> Result<(), InsertError> {
        match operation.seal.cmp(&self.beginning()) {
            Ordering::Less if self.may_adopt(operation, author) => Ok(()),
            Ordering::Less => Err(InsertError::Sealed),
            Ordering::Equal if self.covers(&operation.heads) => Ok(()),
            Ordering::Equal | Ordering::Greater => Err(InsertError::UnknownHeads),
        }
    }

    /// Returns whether the operation was made by somebody who knew the same beginning.
    pub(super) fn is_native(&self, operation: &Operation) -> bool {
        operation.seal == self.beginning()
    }

    /// Names the seal that this ledger begins with, if it does not begin with the genesis.
    pub(super) fn beginning(&self) -> Option<SealRef> {
        let generation = self.seal()?.generation;
        let id = self.root_id();
        Some(SealRef { generation, id })
    }

    /// Returns whether an operation that does not build on the seal may count in spite of that: it
    /// cuts somebody off, by the word of an admin, the recovery key, or whoever leaves.
    fn may_adopt(&self, operation: &Operation, author: AccountId) -> bool {
        let is_listed = |account| self.root.member(account).is_some();
        let has_right = self.root.is_admin(author) || author == self.root.recovery;
        if let Action::Remove { account } = &operation.action {
            has_right || (*account == author && is_listed(author))
        } else if let Action::RevokeNode { node } = &operation.action {
            has_right && !self.root.revoked.contains(node)
        } else {
            false
        }
    }

    /// Places an operation that does not build on the seal as though it built on it alone.
    ///
    /// What else it builds on does not count: it is not the same everywhere.
    pub(super) fn adopt(
        &self,
        id: OperationId,
        operation: Verified<Operation>,
    ) -> Result<Entry, InsertError> {
        let native = |entry: &&Arc<Entry>| self.is_native(&entry.operation);
        // The seal itself is not native: it names no seal.
        if self.entries.len() - self.entries.iter().filter(native).count() > MAX_ADOPTED {
            return Err(InsertError::Full);
        }
        if let Action::Remove { account } = &operation.action {
            let known = self
                .seal()
                .map_or(&[][..], |seal| seal.removals_of(*account));
            if known.binary_search(&id).is_ok() {
                return Err(InsertError::Sealed);
            }
        }
        Ok(Entry {
            id,
            author: operation.signer().into(),
            operation,
            past: [0].into_iter().collect(),
            depth: 1,
        })
    }
}
