//! The operations of one network, and what they amount to.
//!
//! A grow-only set: each operation names its predecessors, so a set is a graph with the genesis
//! at its root, and its meaning is a function of the set alone, whatever the order of arrival.

mod admissible;
mod author;
mod evaluate;
mod seal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use streembit_identity::{
    AccountId, AccountKey, Name, NetworkId, ParseError, SignatureError, Timestamp,
};
use streembit_identity::{Unverified, Verified, seal};
use thiserror::Error;

pub use self::admissible::InsertError;
pub(crate) use self::admissible::MAX_MEMBERS;
pub use self::author::AuthorError;
use crate::bits::Bits;
use crate::group::MAX_GROUP_MEMBERS;
use crate::{Action, Operation, OperationId, Roster};

/// Most operations of one network.
pub const MAX_OPERATIONS: usize = 16_384;

/// Most bytes of all operations of one network.
pub(crate) const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The part of both that is kept for cutting off and for recovery when all else is refused.
const RESERVED: usize = 8;

/// The operations of one network.
#[derive(Clone, Debug)]
pub struct Ledger {
    network: NetworkId,
    genesis: Arc<Verified<Operation>>,
    /// The state after the first entry: the genesis, or the seal that took its place.
    root: Arc<Roster>,
    entries: Vec<Arc<Entry>>,
    index: BTreeMap<OperationId, usize>,
    heads: BTreeSet<OperationId>,
    bytes: usize,
    roster: Arc<Roster>,
}

/// An operation in its place in the graph.
#[derive(Debug)]
pub(crate) struct Entry {
    id: OperationId,
    author: AccountId,
    operation: Verified<Operation>,
    /// All operations that this one builds on.
    past: Bits,
    /// Length of the longest way to the genesis.
    depth: u32,
}

/// Places operations that do not build on each other in one order, the same everywhere.
type Rank = (u32, OperationId);

impl Entry {
    /// Puts an operation at the beginning of a graph.
    fn root(operation: Verified<Operation>) -> Self {
        Self {
            id: OperationId::from(operation.digest()),
            author: operation.signer().into(),
            operation,
            past: Bits::default(),
            depth: 0,
        }
    }

    fn rank(&self) -> Rank {
        (self.depth, self.id)
    }

    /// Returns whether this binding, at place `at`, holds in spite of the removal.
    ///
    /// It must build on the removal: remove wins over a concurrent add. Only what the recovery key
    /// appoints yields to nothing but removals that build on the appointment.
    fn outlives(&self, at: usize, removal: &Self, removed_at: usize) -> bool {
        let is_appointment = matches!(self.operation.action, Action::Appoint { .. });
        self.past.contains(removed_at) || (is_appointment && !removal.past.contains(at))
    }
}

/// Whether an operation was new.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Inserted {
    /// It was, and counts from now on.
    New,
    /// It was there already.
    Known,
}

/// Why stored operations are no network.
#[derive(Debug, Error)]
pub enum LoadError {
    /// There is no operation at all.
    #[error("there are no operations")]
    Empty,
    /// The first operation is not one that begins a network.
    #[error("the first operation begins no network")]
    Genesis,
    /// An operation cannot follow the ones before it.
    #[error("operation {position} does not hold")]
    Operation {
        /// Its place, from 0.
        position: usize,
        /// What is wrong with it.
        #[source]
        source: InsertError,
    },
    /// The genesis is not a signed operation.
    #[error("the genesis cannot be read")]
    Parse(#[from] ParseError),
    /// The genesis is not signed by whom it names.
    #[error("the genesis is not signed by its author")]
    Signature(#[from] SignatureError),
}

impl Ledger {
    /// Begins a network with the key's account as its first admin.
    ///
    /// # Errors
    ///
    /// Fails only if the recovery key is the admin's own.
    pub fn create(
        name: Name,
        admin_name: Name,
        admin: &AccountKey,
        recovery: AccountId,
        nonce: [u8; 16],
        now: Timestamp,
    ) -> Result<Self, AuthorError> {
        let action = Action::Genesis {
            name,
            admin_name,
            recovery,
            nonce: nonce.to_vec(),
            within: None,
        };
        Self::begin(action, admin, now)
    }

    /// Signs and takes a genesis.
    pub(crate) fn begin(
        action: Action,
        admin: &AccountKey,
        now: Timestamp,
    ) -> Result<Self, AuthorError> {
        let operation = Operation {
            heads: Vec::new(),
            at: now,
            action,
            seal: None,
        };
        let bytes = seal(&operation, &NetworkId::NONE, admin)?;
        Self::read_genesis(&bytes)
            .map(|(ledger, _)| ledger)
            .map_err(|_| AuthorError::Genesis)
    }

    /// Takes the first operation of a network, which says everything about whom to trust.
    ///
    /// # Errors
    ///
    /// Refuses anything but a well-formed, signed genesis.
    pub fn from_genesis(bytes: &[u8]) -> Result<Self, LoadError> {
        match Self::read_genesis(bytes)? {
            (ledger, None) => Ok(ledger),
            (_, Some(_)) => Err(LoadError::Genesis), // a group is no network
        }
    }

    /// Takes what begins a network, or a group within one.
    pub(crate) fn read_genesis(bytes: &[u8]) -> Result<(Self, Option<NetworkId>), LoadError> {
        let genesis = Unverified::<Operation>::parse(bytes)?.verify(&NetworkId::NONE)?;
        let author = AccountId::from(genesis.signer());
        let Some(roster) = evaluate::begin(&genesis, author) else {
            return Err(LoadError::Genesis);
        };
        let id = OperationId::from(genesis.digest());
        let network = NetworkId::from_bytes(*id.as_bytes());
        let within = if let Action::Genesis { within, .. } = genesis.action {
            within
        } else {
            None
        };
        let origin = Arc::new(genesis.clone());
        let ledger = Self::rooted(network, origin, Entry::root(genesis), roster);
        Ok((ledger, within))
    }

    /// Reads operations as [`Ledger::operations`] gave them out, the genesis first.
    ///
    /// # Errors
    ///
    /// Refuses the whole if one of them does not hold: a damaged set means nobody.
    pub fn load<B: AsRef<[u8]>>(
        operations: impl IntoIterator<Item = B>,
    ) -> Result<Self, LoadError> {
        let mut operations = operations.into_iter();
        let ledger = Self::from_genesis(operations.next().ok_or(LoadError::Empty)?.as_ref())?;
        ledger.loaded(operations)
    }

    /// Takes the operations that follow the genesis as they were given out.
    pub(crate) fn loaded<B: AsRef<[u8]>>(
        mut self,
        operations: impl Iterator<Item = B>,
    ) -> Result<Self, LoadError> {
        for (position, bytes) in operations.enumerate() {
            // What was taken once is never left out again.
            let inserted = self.take(bytes.as_ref(), |_| 0);
            inserted.map_err(|source| LoadError::Operation {
                position: position + 1,
                source,
            })?;
        }
        Ok(self)
    }

    /// Returns the network's id: the hash of its genesis.
    pub fn network(&self) -> NetworkId {
        self.network
    }

    /// Returns the state that the operations amount to.
    pub fn roster(&self) -> &Arc<Roster> {
        &self.roster
    }

    /// Returns the operations that no other one builds on.
    pub fn heads(&self) -> Vec<OperationId> {
        self.heads.iter().copied().collect()
    }

    /// Returns whether all of these operations are here: what was persisted may never be missing.
    pub fn covers(&self, heads: &[OperationId]) -> bool {
        heads.iter().all(|id| self.index.contains_key(id))
    }

    /// Returns whether an operation is here whose id begins like this.
    pub(crate) fn holds(&self, short: &[u8; 16]) -> bool {
        let mut first = [0; 32];
        first
            .iter_mut()
            .zip(short)
            .for_each(|(to, from)| *to = *from);
        let mut from = self.index.range(OperationId::from_bytes(first)..);
        from.next()
            .is_some_and(|(id, _)| id.as_bytes().starts_with(short))
    }

    /// Returns the operations, each after those that it builds on, the genesis first.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = (OperationId, &Verified<Operation>)> {
        let genesis = (self.genesis_id(), &*self.genesis);
        let genesis = self.seal().map(|_| genesis).into_iter();
        let entries = self.entries.iter();
        let all: Vec<_> = genesis
            .chain(entries.map(|entry| (entry.id, &entry.operation)))
            .collect();
        all.into_iter()
    }

    /// Returns how many operations count towards the most that a network may have.
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Returns the bytes of the genesis.
    pub fn genesis(&self) -> &[u8] {
        self.genesis.bytes()
    }

    /// Returns who signed the genesis.
    pub(crate) fn creator(&self) -> AccountId {
        self.genesis.signer().into()
    }

    fn genesis_id(&self) -> OperationId {
        OperationId::from_bytes(*self.network.as_bytes())
    }

    /// Returns the last operation by which the recovery key made the account an admin.
    pub fn appointment_of(&self, account: AccountId) -> Option<&[u8]> {
        let mut newest_first = self.entries.iter().rev();
        let appointment = newest_first.find(|entry| match &entry.operation.action {
            Action::Appoint {
                account: appointed, ..
            } => *appointed == account,
            Action::Genesis { .. }
            | Action::Add(_)
            | Action::Remove { .. }
            | Action::Change(_)
            | Action::RevokeNode { .. }
            | Action::SetPolicy(_)
            | Action::Rename(_)
            | Action::Checkpoint(_)
            | Action::Seal(_) => false,
        })?;
        Some(appointment.operation.bytes())
    }

    /// Returns a few operations, closer together towards the newest, by which somebody who lacks
    /// the heads can tell where the two sets part.
    pub fn landmarks(&self) -> Vec<OperationId> {
        let newest_first = self.entries.iter().rev().enumerate().skip(1);
        let landmarks = newest_first.filter(|(back, _)| back.is_power_of_two());
        let seal = self.seal().map(|_| self.root_id());
        let mut landmarks: Vec<_> = landmarks.map(|(_, entry)| entry.id).collect();
        landmarks.extend(seal.filter(|seal| !landmarks.contains(seal)));
        landmarks
    }

    /// Returns what another node of this network lacks that has these operations, in order.
    ///
    /// Operations that are unknown here are ignored; the genesis everybody has. Whoever does not
    /// name the seal may have operations that are counted as building on it, and yet not the seal.
    pub fn missing_for(&self, has: &[OperationId]) -> Vec<Vec<u8>> {
        let is_sealed = self.seal().is_some();
        let mut known = Bits::default();
        if is_sealed && !has.contains(&self.root_id()) {
            return self.bytes_of(|_| true);
        }
        known.insert(0);
        for at in has.iter().filter_map(|id| self.index.get(id)) {
            known.insert(*at);
            if let Some(entry) = self.entries.get(*at) {
                known.extend(&entry.past);
            }
        }
        self.bytes_of(|at| !known.contains(at))
    }

    fn bytes_of(&self, wanted: impl Fn(usize) -> bool) -> Vec<Vec<u8>> {
        let entries = self.entries.iter().enumerate();
        entries
            .filter(|(at, _)| wanted(*at))
            .map(|(_, entry)| entry.operation.bytes().to_vec())
            .collect()
    }

    /// Adds an operation that came from anywhere.
    ///
    /// # Errors
    ///
    /// Refuses what is malformed, forged, not allowed by what it builds on, or too much: into the
    /// last eighth goes only what cuts somebody off, and recovery. The ledger is then unchanged.
    pub fn insert(&mut self, bytes: &[u8]) -> Result<Inserted, InsertError> {
        self.take(bytes, reserve)
    }

    /// Adds an operation like [`Ledger::insert`], unless it is dated after `latest`.
    ///
    /// A date in the future would be that of everything that builds on it. It may come again when
    /// its time has come.
    ///
    /// # Errors
    ///
    /// Refuses what [`Ledger::insert`] refuses, and dates after `latest`.
    pub fn insert_dated(
        &mut self,
        bytes: &[u8],
        latest: Timestamp,
    ) -> Result<Inserted, InsertError> {
        if Unverified::<Operation>::parse(bytes)?.peek().at > latest {
            return Err(InsertError::Ahead);
        }
        self.insert(bytes)
    }

    /// Adds an operation by which the recovery key makes `account` an admin, and no other.
    ///
    /// # Errors
    ///
    /// Refuses like [`Ledger::insert`]; whatever is not such an operation without looking closer.
    pub fn insert_appointment(
        &mut self,
        bytes: &[u8],
        account: AccountId,
    ) -> Result<Inserted, InsertError> {
        let claimed = Unverified::<Operation>::parse(bytes)?;
        let is_appointment = matches!(
            &claimed.peek().action,
            Action::Appoint { account: appointed, .. } if *appointed == account
        );
        if is_appointment && AccountId::from(claimed.signer()) == self.roster.recovery {
            self.insert(bytes)
        } else {
            Err(InsertError::NotAdmin)
        }
    }

    /// Adds an operation that leaves, in every limit, the part that `reserve` says.
    fn take(
        &mut self,
        bytes: &[u8],
        reserve: fn(&Action) -> usize,
    ) -> Result<Inserted, InsertError> {
        if bytes == self.genesis() {
            return Ok(Inserted::Known);
        }
        let operation = Unverified::<Operation>::parse(bytes)?;
        if matches!(operation.peek().action, Action::Seal(_)) {
            return self.take_seal(operation);
        }
        // What has no place here is not worth the price of a signature.
        self.check_place(operation.peek(), operation.signer().into())?;
        let operation = operation.verify(&self.network)?;
        let id = OperationId::from(operation.digest());
        if self.index.contains_key(&id) {
            return Ok(Inserted::Known);
        }
        let kept = reserve(&operation.action);
        let below = |limit: usize| limit - limit / RESERVED * kept;
        if self.entries.len() >= below(MAX_OPERATIONS)
            || self.bytes + bytes.len() > below(MAX_BYTES)
        {
            return Err(InsertError::Full);
        }
        self.put(id, operation)?;
        Ok(Inserted::New)
    }

    /// Puts a verified operation in its place, if what it builds on allows it.
    fn put(&mut self, id: OperationId, operation: Verified<Operation>) -> Result<(), InsertError> {
        if !self.is_native(&operation) {
            // Whose word it is has been looked at; it may concern nobody whom the seal lists.
            let entry = self.adopt(id, operation)?;
            self.push(entry, false);
            return Ok(());
        }
        let entry = self.place(id, operation)?;
        let mut heads = self.heads.iter();
        let is_newest = heads.all(|head| entry.operation.heads.contains(head));
        self.admit(&entry, is_newest)?;
        self.push(entry, is_newest);
        Ok(())
    }

    /// Finds the operation's place in the graph.
    fn place(&self, id: OperationId, operation: Verified<Operation>) -> Result<Entry, InsertError> {
        let mut past = Bits::default();
        let mut depth = 0;
        let mut parents = Vec::with_capacity(operation.heads.len());
        for head in &operation.heads {
            let at = *self.index.get(head).ok_or(InsertError::UnknownHeads)?;
            let parent = self.entries.get(at).ok_or(InsertError::UnknownHeads)?;
            if parent.operation.at > operation.at {
                return Err(InsertError::Backdated);
            }
            past.extend(&parent.past);
            depth = depth.max(parent.depth + 1);
            parents.push(at);
        }
        if parents.is_empty() {
            return Err(InsertError::SecondGenesis);
        }
        // What was adopted is counted as building on the seal, and does not name it.
        let is_seal = |at: usize| at == 0 && self.seal().is_some();
        if parents.iter().any(|at| past.contains(*at) && !is_seal(*at)) {
            return Err(InsertError::RedundantHeads);
        }
        parents.into_iter().for_each(|at| past.insert(at));
        Ok(Entry {
            id,
            author: operation.signer().into(),
            operation,
            past,
            depth,
        })
    }

    fn admit(&self, entry: &Entry, is_newest: bool) -> Result<(), InsertError> {
        let (author, action) = (entry.author, &entry.operation.action);
        if is_newest {
            return admissible::check(author, action, &self.roster, self.most());
        }
        let before = evaluate::evaluate(&self.root, &self.entries, &entry.past);
        admissible::check(author, action, &before, self.most())
    }

    /// The most members that an addition may lead to.
    fn most(&self) -> usize {
        if let Action::Genesis {
            within: Some(_), ..
        } = self.genesis.action
        {
            MAX_GROUP_MEMBERS
        } else {
            MAX_MEMBERS
        }
    }

    /// Whether exactly these bytes are here.
    pub(crate) fn has(&self, bytes: &[u8]) -> bool {
        let mut all = self.operations();
        all.any(|(_, operation)| operation.bytes() == bytes)
    }

    fn push(&mut self, entry: Entry, is_newest: bool) {
        let at = self.entries.len();
        self.index.insert(entry.id, at);
        if self.is_native(&entry.operation) {
            entry.operation.heads.iter().for_each(|head| {
                self.heads.remove(head);
            });
        }
        self.heads.insert(entry.id);
        self.bytes += entry.operation.bytes().len();
        let entry = Arc::new(entry);
        self.entries.push(Arc::clone(&entry));
        if is_newest && !self.roster.has_twins() {
            evaluate::apply(Arc::make_mut(&mut self.roster), &entry);
        } else {
            let all = Bits::below(at + 1);
            self.roster = Arc::new(evaluate::evaluate(&self.root, &self.entries, &all));
        }
    }
}

/// How many reserved parts an action must leave free.
fn reserve(action: &Action) -> usize {
    match action {
        Action::Remove { .. } | Action::RevokeNode { .. } | Action::Appoint { .. } => 0,
        Action::Genesis { .. }
        | Action::Add(_)
        | Action::Change(_)
        | Action::SetPolicy(_)
        | Action::Rename(_)
        | Action::Checkpoint(_)
        | Action::Seal(_) => 1,
    }
}

#[cfg(test)]
mod tests;
