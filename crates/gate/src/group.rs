//! A group within a network: who belongs to a conversation of several.
//!
//! Its membership is a ledger of its own, with the same signed operations and the same meaning of a
//! set of them as a network's: whatever two admins do at the same time, everybody comes to the same
//! members. It lets nobody into the network.

use std::sync::Arc;

use streembit_identity::{AccountId, AccountKey, GroupId, Name, NetworkId, Timestamp, Unverified};

use crate::{
    Action, AuthorError, InsertError, Inserted, Ledger, LoadError, Operation, OperationId, Role,
    Roster,
};

/// Most members of a group that somebody can be added to, as whoever adds them sees it: that is judged
/// on what the addition builds on, so that every order of arrival ends the same. Those who are added at
/// the same time may exceed it.
pub const MAX_GROUP_MEMBERS: usize = 50;

/// Most operations of a group; in the last eighth only removals are taken.
pub const MAX_GROUP_OPERATIONS: usize = 2_048;

/// The signed membership of one group.
#[derive(Clone, Debug)]
pub struct Group {
    ledger: Ledger,
    within: NetworkId,
}

impl Group {
    /// Begins a group with the key's account as its first admin.
    ///
    /// `nobody` is an account whose secret key was never kept: a group that has lost its admins is
    /// begun anew, not recovered.
    ///
    /// # Errors
    ///
    /// Fails only if `nobody` is the admin's own account.
    pub fn create(
        within: NetworkId,
        title: Name,
        admin: (&AccountKey, Name),
        nobody: AccountId,
        nonce: [u8; 16],
        now: Timestamp,
    ) -> Result<Self, AuthorError> {
        let (key, admin_name) = admin;
        let action = Action::Genesis {
            name: title,
            admin_name,
            recovery: nobody,
            nonce: nonce.to_vec(),
            within: Some(within),
        };
        let ledger = Ledger::begin(action, key, now)?;
        Ok(Self { ledger, within })
    }

    /// Reads operations as [`Group::operations`] gave them out, the genesis first.
    ///
    /// # Errors
    ///
    /// Refuses the whole if one of them does not hold, or if it is no group of this network.
    pub fn load<B: AsRef<[u8]>>(
        within: NetworkId,
        operations: impl IntoIterator<Item = B>,
    ) -> Result<Self, LoadError> {
        let mut operations = operations.into_iter();
        let genesis = operations.next().ok_or(LoadError::Empty)?;
        let (ledger, claimed) = Ledger::read_genesis(genesis.as_ref())?;
        if claimed != Some(within) {
            return Err(LoadError::Genesis);
        }
        let ledger = ledger.loaded(operations)?;
        Ok(Self { ledger, within })
    }

    /// Returns the group's id: the hash of its genesis.
    pub fn id(&self) -> GroupId {
        GroupId::from_bytes(*self.ledger.network().as_bytes())
    }

    /// Who has begun it.
    pub fn creator(&self) -> AccountId {
        self.ledger.creator()
    }

    /// Returns the network that it belongs to.
    pub fn within(&self) -> NetworkId {
        self.within
    }

    /// Returns its title, members and admins.
    pub fn roster(&self) -> &Arc<Roster> {
        self.ledger.roster()
    }

    /// Returns whether the account reads and writes here.
    pub fn is_member(&self, account: AccountId) -> bool {
        self.roster().member(account).is_some()
    }

    /// Returns the operations that no other one builds on.
    pub fn heads(&self) -> Vec<OperationId> {
        self.ledger.heads()
    }

    /// Returns whether all of these operations are known here.
    pub fn covers(&self, heads: &[OperationId]) -> bool {
        self.ledger.covers(heads)
    }

    /// Returns the operation that came last: its id, who signed it, and when that one says.
    pub fn last(&self) -> Option<(OperationId, AccountId, Timestamp)> {
        let (id, operation) = self.ledger.operations().last()?;
        Some((id, operation.signer().into(), operation.at))
    }

    /// Returns the operations' bytes, each after those that it builds on, the genesis first.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let all: Vec<_> = self.ledger.operations().collect();
        all.into_iter().map(|(_, operation)| operation.bytes())
    }

    /// Returns what somebody lacks who has these operations, in order; the genesis they must have.
    pub fn missing_for(&self, has: &[OperationId]) -> Vec<Vec<u8>> {
        self.ledger.missing_for(has)
    }

    /// Adds an operation that came from anywhere, unless it is dated after `latest`.
    ///
    /// # Errors
    ///
    /// Refuses what is malformed, forged, not allowed by what it builds on, too much, or no matter
    /// of a group: hubs, devices, nodes, policies, checkpoints and seals. The group is then unchanged.
    pub fn insert(&mut self, bytes: &[u8], latest: Timestamp) -> Result<Inserted, InsertError> {
        let claimed = Unverified::<Operation>::parse(bytes)?;
        match self.check(&claimed.peek().action) {
            // What is here takes no room.
            Err(InsertError::Full) if self.ledger.has(bytes) => return Ok(Inserted::Known),
            checked => checked?,
        }
        self.ledger.insert_dated(bytes, latest)
    }

    fn check(&self, action: &Action) -> Result<(), InsertError> {
        let count = self.ledger.count();
        let is_full = match action {
            Action::Remove { .. } => count >= MAX_GROUP_OPERATIONS,
            Action::Add(binding) | Action::Change(binding) => {
                if !matches!(binding.role, Role::Member | Role::Admin) {
                    return Err(InsertError::NotOfGroup);
                }
                count >= MAX_GROUP_OPERATIONS - MAX_GROUP_OPERATIONS / 8
            }
            Action::Rename(_) => count >= MAX_GROUP_OPERATIONS - MAX_GROUP_OPERATIONS / 8,
            Action::Genesis { .. } => return Ok(()), // the one that is known, or refused below
            Action::Appoint { .. }
            | Action::RevokeNode { .. }
            | Action::SetPolicy(_)
            | Action::Checkpoint(_)
            | Action::Seal(_) => return Err(InsertError::NotOfGroup),
        };
        if is_full {
            return Err(InsertError::Full);
        }
        Ok(())
    }

    /// Signs the addition of an account. It counts once [`Group::insert`] took it.
    ///
    /// # Errors
    ///
    /// Refuses what everybody else would refuse.
    pub fn author_add(
        &self,
        admin: &AccountKey,
        account: AccountId,
        name: Name,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        let name = self.roster().free_name(&name);
        if self.roster().members.len() >= MAX_GROUP_MEMBERS {
            return Err(InsertError::Full.into());
        }
        self.ledger
            .author_add(admin, account, name, Role::Member, now)
    }

    /// Signs the removal of an account, or that the key's own account leaves.
    ///
    /// # Errors
    ///
    /// Refuses what everybody else would refuse: the only admin cannot leave.
    pub fn author_remove(
        &self,
        key: &AccountKey,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.ledger.author_remove(key, account, now)
    }

    /// Signs that a member becomes an admin, or is one no longer.
    ///
    /// # Errors
    ///
    /// Refuses what everybody else would refuse.
    pub fn author_set_admin(
        &self,
        admin: &AccountKey,
        account: AccountId,
        is_admin: bool,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        let role = if is_admin { Role::Admin } else { Role::Member };
        self.ledger.author_set_role(admin, account, role, now)
    }

    /// Signs another title.
    ///
    /// # Errors
    ///
    /// Refuses what everybody else would refuse.
    pub fn author_rename(
        &self,
        admin: &AccountKey,
        title: Name,
        now: Timestamp,
    ) -> Result<Vec<u8>, AuthorError> {
        self.ledger.author_rename(admin, title, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;
    use crate::fixture::{NOW, account, key, name, network};

    const HOME: NetworkId = NetworkId::from_bytes([9; 32]);

    fn group() -> Group {
        let title = "Garden".parse().unwrap();
        Group::create(HOME, title, (&key(1), name(1)), account(0), [3; 16], NOW).unwrap()
    }

    fn with(members: std::ops::RangeInclusive<u64>) -> Group {
        let mut group = group();
        for number in members {
            let added = group.author_add(&key(1), account(number), name(number), NOW);
            group.insert(&added.unwrap(), NOW).unwrap();
        }
        group
    }

    fn members(group: &Group) -> Vec<AccountId> {
        group.roster().members.keys().copied().collect()
    }

    #[test]
    fn a_group_is_no_network_and_belongs_to_one_only() {
        let group = group();
        let genesis: Vec<_> = group.operations().map(<[u8]>::to_vec).collect();

        assert!(Ledger::load(&genesis).is_err());
        assert!(Group::load(NetworkId::PUBLIC, &genesis).is_err());
        assert_eq!(Group::load(HOME, &genesis).unwrap().id(), group.id());
        let home = network();
        let of_network: Vec<_> = home
            .operations()
            .map(|(_, it)| it.bytes().to_vec())
            .collect();
        assert!(Group::load(home.network(), of_network).is_err());
    }

    #[test]
    fn only_admins_add_remove_and_rename_and_anybody_leaves() {
        let mut group = with(2..=4);
        let title: Name = "Allotment".parse().unwrap();

        assert!(group.author_add(&key(2), account(5), name(5), NOW).is_err());
        assert!(group.author_remove(&key(2), account(3), NOW).is_err());
        assert!(group.author_rename(&key(2), title.clone(), NOW).is_err());
        let named = group
            .author_set_admin(&key(1), account(2), true, NOW)
            .unwrap();
        group.insert(&named, NOW).unwrap();
        let renamed = group.author_rename(&key(2), title.clone(), NOW).unwrap();
        group.insert(&renamed, NOW).unwrap();
        let left = group.author_remove(&key(3), account(3), NOW).unwrap();
        group.insert(&left, NOW).unwrap();

        assert_eq!(group.roster().name, title);
        assert_eq!(members(&group).len(), 3);
        assert!(!group.is_member(account(3)));
    }

    #[test]
    fn fifty_belong_to_it_and_no_more() {
        let group = with(2..=50);

        let more = group.author_add(&key(1), account(51), name(51), NOW);
        assert!(matches!(more, Err(AuthorError::Refused(InsertError::Full))));
        let forced = group
            .ledger
            .author_add(&key(1), account(51), name(51), Role::Member, NOW);
        assert!(matches!(
            forced,
            Err(AuthorError::Refused(InsertError::Full))
        ));
    }

    #[test]
    fn two_who_are_added_last_at_the_same_time_are_in_it_for_all() {
        let base = with(2..=49);
        let [one, other] = [50, 51].map(|number| {
            let added = base.author_add(&key(1), account(number), name(number), NOW);
            added.unwrap()
        });
        let removed = |group: &Group| group.author_remove(&key(1), account(7), NOW).unwrap();
        let mut views = [base.clone(), base];

        let orders = [[&one, &other], [&other, &one]];
        for (view, order) in views.iter_mut().zip(orders) {
            for operation in order {
                view.insert(operation, NOW).unwrap();
            }
        }

        let [a, b] = &mut views;
        assert_eq!(members(a), members(b));
        let last = removed(a);
        b.insert(&last, NOW)
            .expect("what builds on both is known to both");
        let again = b.insert(&one, NOW);
        assert!(matches!(again, Ok(Inserted::Known)), "{again:?}");
    }

    #[test]
    fn what_is_no_matter_of_a_group_is_refused() {
        let mut group = with(2..=2);
        let policy = Policy {
            stale_after_days: 3,
            cuts_off: false,
        };
        let operations = [
            group
                .ledger
                .author_set_policy(&key(1), policy, NOW)
                .unwrap(),
            group.ledger.author_checkpoint(&key(1), NOW).unwrap(),
            group.ledger.author_seal(&key(0), NOW).unwrap(),
            group
                .ledger
                .author_appoint(&key(0), account(7), name(7), NOW)
                .unwrap(),
            group
                .ledger
                .author_add(&key(1), account(8), name(8), Role::Device, NOW)
                .unwrap(),
        ];

        for operation in operations {
            let taken = group.insert(&operation, NOW);
            assert!(matches!(taken, Err(InsertError::NotOfGroup)), "{taken:?}");
        }
        assert_eq!(members(&group).len(), 2);
    }

    #[test]
    fn two_admins_who_act_at_the_same_time_come_to_the_same_members_and_title() {
        let mut start = with(2..=4);
        let named = start
            .author_set_admin(&key(1), account(2), true, NOW)
            .unwrap();
        start.insert(&named, NOW).unwrap();
        let title = |text: &str| text.parse::<Name>().unwrap();
        let of_one = [
            start.author_remove(&key(1), account(3), NOW).unwrap(),
            start.author_rename(&key(1), title("One"), NOW).unwrap(),
        ];
        let of_two = [
            start.author_add(&key(2), account(6), name(6), NOW).unwrap(),
            start.author_rename(&key(2), title("Two"), NOW).unwrap(),
        ];

        let after = |operations: [&[Vec<u8>; 2]; 2]| {
            let mut group = start.clone();
            for operation in operations.into_iter().flatten() {
                group.insert(operation, NOW).unwrap();
            }
            (members(&group), group.roster().name.clone())
        };
        assert_eq!(after([&of_one, &of_two]), after([&of_two, &of_one]));
        assert_eq!(after([&of_one, &of_two]).0.len(), 4);
    }

    #[test]
    fn what_a_removed_admin_does_behind_the_others_backs_counts_for_nothing() {
        let mut group = with(2..=3);
        let named = group
            .author_set_admin(&key(1), account(2), true, NOW)
            .unwrap();
        group.insert(&named, NOW).unwrap();
        let behind = group
            .author_rename(&key(2), "Mine".parse().unwrap(), NOW)
            .unwrap();
        let guest = group.author_add(&key(2), account(9), name(9), NOW).unwrap();
        let removed = group.author_remove(&key(1), account(2), NOW).unwrap();

        group.insert(&removed, NOW).unwrap();
        group.insert(&behind, NOW).unwrap();
        group.insert(&guest, NOW).unwrap();

        assert_eq!(group.roster().name.as_str(), "Garden");
        assert!(!group.is_member(account(9)) && !group.is_member(account(2)));
    }

    #[test]
    fn what_is_stored_reads_back() {
        let group = with(2..=5);
        let stored: Vec<_> = group.operations().map(<[u8]>::to_vec).collect();

        let read = Group::load(HOME, stored).unwrap();

        assert_eq!(read.roster(), group.roster());
        assert_eq!(read.heads(), group.heads());
    }
}
