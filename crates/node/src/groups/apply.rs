//! Taking operations into a group: all of what follows from them is stored in one step.

use std::{collections::BTreeSet, sync::Arc};

use streembit_gate::{Group, InsertError, Inserted, LoadError, Role, Roster};
use streembit_identity::{AccountId, GroupId, MessageId, NetworkId, Timestamp};
use streembit_store::{GroupChange, GroupNote, OutboxItem, Store, StoreError};
use thiserror::Error;

use super::rows::Note;
use crate::{event::Event, mailbox, node::Node};

/// How far a clock may be ahead of ours.
const AHEAD: std::time::Duration = std::time::Duration::from_mins(10);
/// Groups begun by one person that are taken from others: nobody uses up everybody's room.
const MAX_OF_ONE: usize = 16;

/// Operations were not taken because …
#[derive(Debug, Error)]
pub(super) enum NotTaken {
    /// one of them does not hold.
    #[error("an operation does not hold: {0}")]
    Invalid(#[from] InsertError),
    /// they are no group of this network.
    #[error("they are no group: {0}")]
    NoGroup(#[from] LoadError),
    /// whoever began it has begun enough.
    #[error("whoever began it has begun too many")]
    TooMany,
    /// they come from nobody of the group, or concern nobody here.
    #[error("they are no business of the sender's, or of this account")]
    NotTheirs,
    /// the store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A group with operations that are not stored yet.
#[derive(Debug)]
pub(super) struct Step {
    before: Option<Arc<Group>>,
    after: Group,
    operations: Vec<([u8; 32], Vec<u8>)>,
    notes: Vec<GroupNote>,
}

impl Step {
    /// Begins with a group as it is.
    pub(super) fn from(group: Arc<Group>) -> Self {
        Self {
            after: (*group).clone(),
            before: Some(group),
            operations: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Begins with a group that nobody here knows yet.
    pub(super) fn begin(group: Group) -> Self {
        let mut step = Self {
            before: None,
            after: group,
            operations: Vec::new(),
            notes: Vec::new(),
        };
        let genesis = step.after.operations().next().map(<[u8]>::to_vec);
        if let Some(genesis) = genesis {
            step.note(genesis, None);
        }
        step
    }

    /// The group as it will be.
    pub(super) fn group(&self) -> &Group {
        &self.after
    }

    /// Whether anything changes.
    pub(super) fn is_news(&self) -> bool {
        !self.operations.is_empty()
    }

    /// Adds an operation; what is known already changes nothing.
    pub(super) fn add(&mut self, bytes: Vec<u8>, now: Timestamp) -> Result<(), InsertError> {
        let before = self.after.roster().clone();
        if self.after.insert(&bytes, now.plus(AHEAD))? == Inserted::New {
            self.note(bytes, Some(&before));
        }
        Ok(())
    }

    /// Notes the operation that came last, and what it changed.
    fn note(&mut self, bytes: Vec<u8>, before: Option<&Roster>) {
        let Some((id, by, at)) = self.after.last() else {
            return;
        };
        let told = changes(before, self.after.roster(), by);
        for (number, note) in (0_u8..).zip(told) {
            let (kind, text) = note.stored();
            let id = note_id(*id.as_bytes(), at, number);
            let note = GroupNote {
                id,
                by,
                at,
                kind,
                text,
            };
            self.notes.push(note);
        }
        self.operations.push((*id.as_bytes(), bytes));
    }

    /// Everybody who is in the group before or after.
    pub(super) fn everybody(&self) -> BTreeSet<AccountId> {
        let before = self.before.iter();
        let before = before.flat_map(|group| group.roster().members.keys().copied());
        before
            .chain(self.after.roster().members.keys().copied())
            .collect()
    }

    /// What somebody lacks: all of it, where it was not in the group before.
    pub(super) fn for_account(&self, account: AccountId) -> Vec<Vec<u8>> {
        let was = self.before.as_ref();
        if was.is_some_and(|group| group.is_member(account)) {
            let new = self.operations.iter();
            return new.map(|(_, bytes)| bytes.clone()).collect();
        }
        self.after.operations().map(<[u8]>::to_vec).collect()
    }

    /// Those who are in it no longer.
    fn gone(&self) -> Vec<AccountId> {
        let all = self.everybody().into_iter();
        all.filter(|account| !self.after.is_member(*account))
            .collect()
    }

    /// Whether somebody is, or has just been, in the group.
    fn concerns(&self, account: AccountId) -> bool {
        let was = self.before.as_ref();
        was.is_some_and(|group| group.is_member(account)) || self.after.is_member(account)
    }

    /// Stores it, together with what tells the others, and tells the listeners.
    pub(super) async fn store(
        self,
        node: &Node,
        store: &Store,
        items: Vec<OutboxItem>,
        cause: Option<(AccountId, MessageId)>,
    ) -> Result<Arc<Group>, StoreError> {
        let (network, group) = (self.after.within(), self.after.id());
        let change = GroupChange {
            network,
            group,
            gone: self.gone(),
            operations: self.operations,
            notes: self.notes,
            items,
            cause,
            now: node.now(),
        };
        let changed = store.change_group(change).await?;
        let after = Arc::new(self.after);
        if !after.is_member(node.me().account) {
            store.forget_group_sessions(network, group).await?;
        }
        node.0.groups.put(after.clone());
        mailbox::look_again(node, network);
        node.emit(Event::Group { network, group });
        for message in changed {
            node.emit(Event::Message {
                network,
                peer: group.into(),
                id: message.id,
            });
        }
        Ok(after)
    }
}

/// Takes operations that `from` handed over.
pub(super) async fn take(
    node: &Node,
    network: NetworkId,
    group: GroupId,
    operations: Vec<Vec<u8>>,
    from: AccountId,
    way: (&Store, Option<MessageId>),
) -> Result<(), NotTaken> {
    let _changing = node.0.groups.changing.lock().await;
    let mut operations = operations.into_iter();
    let mut step = match node.0.groups.find(network, group) {
        Some(known) => Step::from(known),
        None => {
            let genesis = operations.next().ok_or(NotTaken::NotTheirs)?;
            let begun = Group::load(network, [genesis])?;
            if begun.id() != group {
                return Err(NotTaken::NotTheirs);
            }
            let creator = begun.creator();
            if creator != node.me().account
                && node.0.groups.begun_by(network, creator) >= MAX_OF_ONE
            {
                return Err(NotTaken::TooMany);
            }
            Step::begin(begun)
        }
    };
    let now = node.now();
    for operation in operations {
        step.add(operation, now)?;
    }
    if !step.concerns(from) || !step.concerns(node.me().account) {
        return Err(NotTaken::NotTheirs);
    }
    let (store, cause) = way;
    if step.is_news() {
        let cause = cause.map(|id| (from, id));
        step.store(node, store, Vec::new(), cause).await?;
    }
    Ok(())
}

/// What an operation of `by` changed.
fn changes(before: Option<&Roster>, after: &Roster, by: AccountId) -> Vec<Note> {
    let Some(before) = before else {
        return vec![Note::Created(after.name.to_string())];
    };
    let mut told = Vec::new();
    if before.name != after.name {
        told.push(Note::Renamed(after.name.to_string()));
    }
    for (account, member) in &after.members {
        match before.members.get(account) {
            None => told.push(Note::Added(*account)),
            Some(was) if was.role != member.role => told.push(match member.role {
                Role::Admin => Note::Admin(*account),
                Role::Member | Role::Hub | Role::Device => Note::NoAdmin(*account),
            }),
            Some(_) => {}
        }
    }
    for account in before.members.keys() {
        if !after.members.contains_key(account) {
            told.push(match *account == by {
                true => Note::Left,
                false => Note::Removed(*account),
            });
        }
    }
    told
}

/// The id of a line about an operation: the same at everybody.
fn note_id(operation: [u8; 32], at: Timestamp, number: u8) -> MessageId {
    let [start @ .., _, _] = operation.first_chunk::<12>().copied().unwrap_or_default();
    let mut random: [u8; 10] = start;
    random[9] = random[9].wrapping_add(number);
    MessageId::new(at, random)
}
