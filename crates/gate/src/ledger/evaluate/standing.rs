//! Which operations stand when admins remove admins.
//!
//! A removal or demotion of an admin, a *cut*, voids what its target did without the cut building
//! on it, and whatever rests on that alone. Cuts that void each other in a circle all stand: only
//! the recovery key decides then. The circle is found on the whole set, before any cut is judged.

use std::collections::BTreeMap;
use std::sync::Arc;

use streembit_identity::AccountId;

use super::super::Entry;
use crate::bits::Bits;
use crate::{Action, Role};

/// The operations of a set that stand.
pub(super) struct Standing {
    holds: Bits,
    cuts: Bits,
}

impl Standing {
    /// Judges every operation in `within`.
    pub(super) fn of(entries: &[Arc<Entry>], within: &Bits, recovery: AccountId) -> Self {
        let graph = Graph::of(entries, within, recovery);
        if graph.cuts.is_empty() {
            return Self {
                holds: within.clone(),
                cuts: Bits::default(),
            };
        }
        let applied = graph.applied();
        let valid = graph.valid_grants(&applied);
        let stands = |at: &usize| {
            if graph.is_cut(*at) {
                applied.contains(*at)
            } else {
                graph.is_farewell(*at) || graph.is_supported(*at, &valid, &applied)
            }
        };
        let holds = within.iter().filter(stands).collect();
        Self {
            holds,
            cuts: applied,
        }
    }

    /// Returns whether the operation stands.
    pub(super) fn holds(&self, at: usize) -> bool {
        self.holds.contains(at)
    }

    /// Returns whether the operation takes away an admin's rights, and stands.
    pub(super) fn is_cut(&self, at: usize) -> bool {
        self.cuts.contains(at)
    }
}

/// Who was ever made an admin, and what was done against those.
struct Graph<'a> {
    entries: &'a [Arc<Entry>],
    recovery: AccountId,
    /// The operations that made an account an admin, ascending.
    grants: BTreeMap<AccountId, Vec<usize>>,
    /// The operations that would end that, ascending.
    cuts: BTreeMap<AccountId, Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn of(entries: &'a [Arc<Entry>], within: &Bits, recovery: AccountId) -> Self {
        let mut graph = Self {
            entries,
            recovery,
            grants: BTreeMap::new(),
            cuts: BTreeMap::new(),
        };
        for (at, entry) in within.iter().filter_map(|at| Some((at, entries.get(at)?))) {
            for binding in entry.operation.action.bindings(entry.author) {
                if binding.role == Role::Admin {
                    graph.grants.entry(binding.account).or_default().push(at);
                }
            }
        }
        for at in within.iter() {
            if let Some(target) = graph.target(at) {
                graph.cuts.entry(target).or_default().push(at);
            }
        }
        graph
    }

    /// Returns whose rights as an admin the operation takes away.
    fn target(&self, at: usize) -> Option<AccountId> {
        let entry = self.entries.get(at)?;
        match &entry.operation.action {
            Action::Remove { account } => {
                let was_admin = self.grants.contains_key(account) && !self.is_farewell(at);
                was_admin.then_some(*account)
            }
            Action::Change(binding) if binding.role != Role::Admin => {
                let grants = self.grants.get(&binding.account)?;
                grants
                    .iter()
                    .any(|grant| entry.past.contains(*grant))
                    .then_some(binding.account)
            }
            Action::Genesis { .. }
            | Action::Add(_)
            | Action::Change(_)
            | Action::Appoint { .. }
            | Action::RevokeNode { .. }
            | Action::SetPolicy(_)
            | Action::Rename(_)
            | Action::Checkpoint(_)
            | Action::Seal(_) => None,
        }
    }

    /// Returns whether somebody leaves who was no admin then: it takes nothing from anybody else.
    fn is_farewell(&self, at: usize) -> bool {
        let Some(entry) = self.entries.get(at) else {
            return false;
        };
        let Action::Remove { account } = &entry.operation.action else {
            return false;
        };
        let is_ended = |grant: usize| {
            let mut before = entry.past.iter();
            before.any(|earlier| self.demotes(earlier, *account) && self.ends(earlier, grant))
        };
        *account == entry.author && self.grants_behind(at).all(is_ended)
    }

    /// Returns whether the operation leaves the account without an admin's rights.
    fn demotes(&self, at: usize, target: AccountId) -> bool {
        let entry = self.entries.get(at);
        entry.is_some_and(|entry| match &entry.operation.action {
            Action::Remove { account } => *account == target,
            Action::Change(binding) => binding.account == target && binding.role != Role::Admin,
            Action::Genesis { .. }
            | Action::Add(_)
            | Action::Appoint { .. }
            | Action::RevokeNode { .. }
            | Action::SetPolicy(_)
            | Action::Rename(_)
            | Action::Checkpoint(_)
            | Action::Seal(_) => false,
        })
    }

    fn is_cut(&self, at: usize) -> bool {
        self.cuts
            .values()
            .any(|cuts| cuts.binary_search(&at).is_ok())
    }

    fn is_after(&self, later: usize, earlier: usize) -> bool {
        self.entries
            .get(later)
            .is_some_and(|entry| entry.past.contains(earlier))
    }

    fn author(&self, at: usize) -> Option<AccountId> {
        self.entries.get(at).map(|entry| entry.author)
    }

    /// Returns the grants that the operation's author had when making it.
    fn grants_behind(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let grants = self.author(at).and_then(|author| self.grants.get(&author));
        grants
            .into_iter()
            .flatten()
            .copied()
            .filter(move |grant| self.is_after(at, *grant))
    }

    /// Returns the cuts against the operation's author that would void it if it rested on `grant`.
    fn cuts_between(&self, grant: usize, at: usize) -> impl Iterator<Item = usize> + '_ {
        let cuts = self.author(at).and_then(|author| self.cuts.get(&author));
        cuts.into_iter()
            .flatten()
            .copied()
            .filter(move |cut| *cut != at && self.ends(*cut, grant) && !self.is_after(*cut, at))
    }

    /// Returns whether the cut, if it stands, takes away what the grant gave.
    fn ends(&self, cut: usize, grant: usize) -> bool {
        let entries = (self.entries.get(cut), self.entries.get(grant));
        let (Some(removal), Some(binding)) = entries else {
            return true;
        };
        !binding.outlives(grant, removal, cut)
    }

    /// The genesis and what the recovery key signed rest on nothing that could be cut.
    fn is_rooted(&self, at: usize) -> bool {
        at == 0
            || self
                .entries
                .get(at)
                .is_some_and(|entry| entry.author == self.recovery)
    }

    /// Returns whether the operation's author had rights that no applied cut takes away.
    fn is_supported(&self, at: usize, valid: &Bits, applied: &Bits) -> bool {
        self.is_rooted(at)
            || self.grants_behind(at).any(|grant| {
                valid.contains(grant)
                    && !self
                        .cuts_between(grant, at)
                        .any(|cut| applied.contains(cut))
            })
    }

    /// Returns the grants that stand when exactly the cuts in `applied` do.
    fn valid_grants(&self, applied: &Bits) -> Bits {
        let all: Bits = self.grants.values().flatten().copied().collect();
        let mut valid = Bits::default();
        for grant in all.iter() {
            if self.is_supported(grant, &valid, applied) {
                valid.insert(grant);
            }
        }
        valid
    }

    /// Returns the cuts that stand, judging each after those that could void it.
    fn applied(&self) -> Bits {
        let upstream = self.upstream();
        let is_above = |cut: usize, other: usize| {
            upstream
                .get(&cut)
                .is_some_and(|above| above.contains(other))
        };
        let strictly_above = |cut: usize| -> Bits {
            let above = upstream.get(&cut).into_iter().flat_map(Bits::iter);
            above.filter(|other| !is_above(*other, cut)).collect()
        };
        let mut order: Vec<_> = upstream
            .keys()
            .map(|cut| (strictly_above(*cut), *cut))
            .collect();
        order.sort_by_key(|(above, cut)| (above.len(), *cut));

        let mut applied = Bits::default();
        for (above, cut) in order {
            let judged: Bits = above
                .iter()
                .filter(|other| applied.contains(*other))
                .collect();
            if self.is_supported(cut, &self.valid_grants(&judged), &judged) {
                applied.insert(cut);
            }
        }
        applied
    }

    /// Returns for each cut the cuts that may void it, directly or through others.
    fn upstream(&self) -> BTreeMap<usize, Bits> {
        let cuts: Bits = self.cuts.values().flatten().copied().collect();
        let mut touched: BTreeMap<usize, Bits> = BTreeMap::new();
        let relevant: Bits = self
            .grants
            .values()
            .chain(self.cuts.values())
            .flatten()
            .copied()
            .collect();
        for at in relevant.iter() {
            let by = self.touching(at, &touched);
            touched.insert(at, by);
        }
        touched.retain(|at, _| cuts.contains(*at));
        for through in cuts.iter() {
            let Some(more) = touched.get(&through).cloned() else {
                continue;
            };
            touched
                .values_mut()
                .filter(|above| above.contains(through))
                .for_each(|above| above.extend(&more));
        }
        touched
    }

    /// Returns the cuts that could void the operation or something that it rests on.
    fn touching(&self, at: usize, touched: &BTreeMap<usize, Bits>) -> Bits {
        let mut by = Bits::default();
        if self.is_rooted(at) {
            return by;
        }
        for grant in self.grants_behind(at) {
            self.cuts_between(grant, at).for_each(|cut| by.insert(cut));
            let inherited = touched.get(&grant).into_iter().flat_map(Bits::iter);
            inherited
                .filter(|cut| *cut != at && !self.is_after(*cut, at))
                .for_each(|cut| by.insert(cut));
        }
        by
    }
}
