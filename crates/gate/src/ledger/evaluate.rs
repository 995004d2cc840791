//! What a set of operations amounts to: a function of the set, never of the order of arrival.
//!
//! A binding lists its account unless a removal stands that the binding does not build on: remove
//! wins over a concurrent add, and adding again must follow the removal. Whether an operation
//! stands, given that admins may remove each other at the same time, is decided in `standing`.

mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use streembit_identity::{AccountId, Name};

use self::standing::Standing;
use super::{Entry, Rank};
use crate::bits::Bits;
use crate::roster::name_key;
use crate::{Action, Binding, Listed, Member, Operation, Policy, Removed, Role, Roster, Seal};

/// Returns the state after the genesis alone, unless it begins no network.
pub(crate) fn begin(genesis: &Operation, author: AccountId) -> Option<Roster> {
    match &genesis.action {
        Action::Genesis { name, recovery, .. } if *recovery != author => {
            let mut roster = Roster {
                name: name.clone(),
                recovery: *recovery,
                policy: Policy::default(),
                members: BTreeMap::new(),
                removed: BTreeMap::new(),
                revoked: BTreeSet::new(),
                has_twins: false,
            };
            let binding = genesis.action.binding(author)?;
            roster.bind(binding, genesis.at, author);
            Some(roster)
        }
        Action::Genesis { .. }
        | Action::Add(_)
        | Action::Remove { .. }
        | Action::Change(_)
        | Action::Appoint { .. }
        | Action::RevokeNode { .. }
        | Action::SetPolicy(_)
        | Action::Checkpoint(_)
        | Action::Seal(_)
        | Action::Rename(_) => None,
    }
}

/// Returns the state after a seal alone, in the network that `origin` is a state of and that the
/// genesis called `first_name`.
pub(crate) fn reopen(origin: &Roster, first_name: &Name, seal: &Seal) -> Roster {
    let by = origin.recovery;
    let adder = |listed: &Listed| Some(seal.members.get(usize::from(listed.by?))?.binding.account);
    let members = seal.members.iter().map(|listed| {
        let Binding {
            account,
            name,
            role,
        } = listed.binding.clone();
        let member = Member {
            account,
            name,
            role,
            added_at: listed.since,
            added_by: adder(listed).unwrap_or(by),
        };
        (account, member)
    });
    let removed = seal.removed.iter();
    Roster {
        name: seal.name.as_ref().unwrap_or(first_name).clone(),
        recovery: by,
        policy: seal.policy,
        members: members.collect(),
        removed: removed
            .map(|former| (former.account, Removed { at: former.at, by }))
            .collect(),
        revoked: seal.revoked.iter().copied().collect(),
        has_twins: false,
    }
}

/// Adds the effect of an operation that builds on all others and is allowed by them.
///
/// Gives what [`evaluate`] gives for the whole set, without going through it again.
pub(crate) fn apply(roster: &mut Roster, entry: &Entry) {
    let (at, by) = (entry.operation.at, entry.author);
    match &entry.operation.action {
        Action::Remove { account } => roster.unbind(*account, at, by),
        Action::RevokeNode { node } => {
            roster.revoked.insert(*node);
        }
        Action::SetPolicy(policy) => roster.policy = *policy,
        Action::Rename(name) => roster.name = name.clone(),
        Action::Genesis { .. } | Action::Checkpoint(_) | Action::Seal(_) => {}
        action @ (Action::Add(_) | Action::Change(_) | Action::Appoint { .. }) => {
            if let Some(binding) = action.binding(by) {
                roster.bind(binding, at, by);
            }
        }
    }
}

/// Returns what the operations in `within` amount to, which must hold all that they build on.
///
/// `root` is the state after the first of them.
pub(crate) fn evaluate(root: &Roster, entries: &[Arc<Entry>], within: &Bits) -> Roster {
    let mut roster = root.clone();
    roster.members.clear();

    let standing = Standing::of(entries, within, roster.recovery);
    let mut accounts: BTreeMap<AccountId, Account<'_>> = BTreeMap::new();
    let (mut policies, mut names) = (BTreeMap::new(), BTreeMap::new());
    for (at, entry) in entries
        .iter()
        .enumerate()
        .filter(|(at, _)| standing.holds(*at))
    {
        match &entry.operation.action {
            Action::Remove { account } => accounts
                .entry(*account)
                .or_default()
                .removals
                .push((at, entry)),
            Action::RevokeNode { node } => {
                roster.revoked.insert(*node);
            }
            Action::SetPolicy(policy) => {
                policies.insert(entry.rank(), *policy);
            }
            Action::Rename(name) => {
                names.insert(entry.rank(), name);
            }
            Action::Checkpoint(_) => {}
            action @ (Action::Genesis { .. }
            | Action::Add(_)
            | Action::Change(_)
            | Action::Appoint { .. }
            | Action::Seal(_)) => {
                for binding in action.bindings(entry.author) {
                    accounts
                        .entry(binding.account)
                        .or_default()
                        .bindings
                        .push((at, entry));
                }
            }
        }
    }
    roster.policy = policies
        .last_key_value()
        .map_or(roster.policy, |(_, policy)| *policy);
    if let Some((_, name)) = names.last_key_value() {
        roster.name = (*name).clone();
    }
    let mut named = BTreeSet::new();
    for (account, history) in accounts {
        if let Some((rank, member)) = history.member(account, root, &standing) {
            named.insert((rank, account));
            roster.removed.remove(&account);
            roster.members.insert(account, member);
        } else if let Some(removed) = history.removed() {
            roster.removed.insert(account, removed);
        }
    }
    tell_apart(&mut roster, &named);
    roster
}

/// What was done about one account, by operations that stand.
#[derive(Default)]
struct Account<'a> {
    bindings: Vec<(usize, &'a Entry)>,
    removals: Vec<(usize, &'a Entry)>,
}

impl Account<'_> {
    /// Returns the member that the account is, if it is one, and the rank of its name.
    fn member(
        &self,
        account: AccountId,
        root: &Roster,
        standing: &Standing,
    ) -> Option<(Rank, Member)> {
        let live = || {
            self.bindings
                .iter()
                .filter(|binding| outlives(binding, &self.removals))
        };
        let first = live()
            .map(|(_, entry)| *entry)
            .min_by_key(|entry| entry.rank())?;
        let last = live()
            .map(|(_, entry)| *entry)
            .max_by_key(|entry| entry.rank())?;
        let role = self.role(account, live().copied(), standing);
        let sealed = matches!(first.operation.action, Action::Seal(_));
        let sealed = root.member(account).filter(|_| sealed);
        let member = Member {
            account,
            name: name_in(last, account)?,
            role,
            added_at: sealed.map_or(first.operation.at, |member| member.added_at),
            added_by: sealed.map_or(first.author, |member| member.added_by),
        };
        Some((last.rank(), member))
    }

    /// An admin is whoever was made one after every demotion; other roles go by the last word.
    fn role<'a>(
        &self,
        account: AccountId,
        live: impl Iterator<Item = (usize, &'a Entry)>,
        standing: &Standing,
    ) -> Role {
        let demotions: Vec<_> = self
            .bindings
            .iter()
            .copied()
            .filter(|(at, _)| standing.is_cut(*at))
            .collect();
        let (mut admin, mut other) = (false, None);
        for binding in live {
            let (_, entry) = binding;
            let binding_here = entry.operation.action.binding_of(account, entry.author);
            match binding_here.map(|binding| binding.role) {
                Some(Role::Admin) => admin |= outlives(&binding, &demotions),
                Some(role @ (Role::Member | Role::Hub | Role::Device)) => {
                    other = other.max(Some((entry.rank(), role)));
                }
                None => {}
            }
        }
        match other {
            _ if admin => Role::Admin,
            Some((_, role)) => role,
            None => Role::Member,
        }
    }

    fn removed(&self) -> Option<Removed> {
        let (_, last) = self.removals.iter().max_by_key(|(_, entry)| entry.rank())?;
        Some(Removed {
            at: last.operation.at,
            by: last.author,
        })
    }
}

/// Returns whether the binding holds in spite of all of the removals.
fn outlives((at, binding): &(usize, &Entry), removals: &[(usize, &Entry)]) -> bool {
    removals
        .iter()
        .all(|(removed_at, removal)| binding.outlives(*at, removal, *removed_at))
}

fn name_in(entry: &Entry, account: AccountId) -> Option<Name> {
    let binding = entry.operation.action.binding_of(account, entry.author)?;
    Some(binding.name)
}

/// Makes names unique: whoever was named first keeps the name, others carry a piece of their key.
fn tell_apart(roster: &mut Roster, named: &BTreeSet<(Rank, AccountId)>) {
    let mut taken = BTreeSet::new();
    for (_, account) in named {
        let Some(member) = roster.members.get_mut(account) else {
            continue;
        };
        if taken.insert(name_key(&member.name)) {
            continue;
        }
        roster.has_twins = true;
        let id = account.to_string();
        let candidates = [4, 8, 16, 52]
            .into_iter()
            .filter_map(|len| with_mark(&member.name, id.get(..len)?));
        let name = candidates
            .into_iter()
            .find(|name| taken.insert(name_key(name)));
        member.name = name.unwrap_or_else(|| member.name.clone());
    }
}

/// Appends `mark` to a name, which gives way if both are too long.
fn with_mark(name: &Name, mark: &str) -> Option<Name> {
    let room = 64_usize.checked_sub(mark.len() + 3)?;
    let start: String = name.as_str().chars().take(room).collect();
    format!("{} ({mark})", start.trim_end()).parse().ok()
}
