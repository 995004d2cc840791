//! The members of a network: what a set of operations amounts to.

use std::collections::{BTreeMap, BTreeSet};

use streembit_identity::{AccountId, Name, NodeId, Timestamp};

use crate::{Binding, Policy, Role, Snapshot};

/// Who is in a network and who was.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Roster {
    /// The network's name.
    pub name: Name,
    /// The key that appoints an admin when none can.
    pub recovery: AccountId,
    /// The policy in force.
    pub policy: Policy,
    /// The members.
    pub members: BTreeMap<AccountId, Member>,
    /// Whoever was removed and not added again.
    pub removed: BTreeMap<AccountId, Removed>,
    /// Single nodes that were cut off.
    pub revoked: BTreeSet<NodeId>,
    /// Whether concurrent additions gave several members one name, so that names were told apart.
    pub(crate) has_twins: bool,
}

/// A member of a network.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Member {
    /// Its account.
    pub account: AccountId,
    /// Its name, unique in the network.
    pub name: Name,
    /// What it is here.
    pub role: Role,
    /// When it was added.
    pub added_at: Timestamp,
    /// Who added it.
    pub added_by: AccountId,
}

/// A former member of a network.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Removed {
    /// When it was removed.
    pub at: Timestamp,
    /// Who removed it.
    pub by: AccountId,
}

impl Roster {
    /// Returns the member with that account.
    pub fn member(&self, account: AccountId) -> Option<&Member> {
        self.members.get(&account)
    }

    /// Returns the member that goes by that name, whatever the case of its letters.
    pub fn named(&self, name: &Name) -> Option<&Member> {
        let key = name_key(name);
        self.members
            .values()
            .find(|member| name_key(&member.name) == key)
    }

    /// Returns the name itself if it is free, else the first free one with a number behind it.
    pub fn free_name(&self, name: &Name) -> Name {
        let taken: BTreeSet<String> = self
            .members
            .values()
            .map(|member| name_key(&member.name))
            .collect();
        let numbered = (2..).map(|number| with_number(name, number));
        std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| !taken.contains(&name_key(name)))
            .unwrap_or_else(|| name.clone())
    }

    /// Returns whether the account may change the network.
    pub fn is_admin(&self, account: AccountId) -> bool {
        self.member(account)
            .is_some_and(|member| member.role == Role::Admin)
    }

    /// Returns whether the account may confirm the members: an admin, or a hub that one appointed.
    pub fn may_confirm(&self, account: AccountId) -> bool {
        self.member(account)
            .is_some_and(|member| matches!(member.role, Role::Admin | Role::Hub))
    }

    /// Returns the accounts that may change the network.
    pub fn admins(&self) -> impl Iterator<Item = AccountId> + '_ {
        self.members
            .values()
            .filter(|member| member.role == Role::Admin)
            .map(|member| member.account)
    }

    /// Returns whether names had to be told apart.
    pub(crate) fn has_twins(&self) -> bool {
        self.has_twins
    }

    /// Returns whether the account is the only one that may change the network.
    pub fn is_last_admin(&self, account: AccountId) -> bool {
        self.is_admin(account) && self.admins().nth(1).is_none()
    }

    /// Returns the state in the form that a checkpoint carries.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            members: self.members.values().map(Member::binding).collect(),
            removed: self.removed.keys().copied().collect(),
            revoked: self.revoked.iter().copied().collect(),
            policy: self.policy,
        }
    }

    /// Lists an account; whoever is listed already keeps the date.
    pub(crate) fn bind(&mut self, binding: Binding, at: Timestamp, by: AccountId) {
        self.removed.remove(&binding.account);
        let Binding {
            account,
            name,
            role,
        } = binding;
        let member = self.members.entry(account).or_insert_with(|| Member {
            account,
            name: name.clone(),
            role,
            added_at: at,
            added_by: by,
        });
        member.name = name;
        member.role = role;
    }

    /// Removes an account.
    pub(crate) fn unbind(&mut self, account: AccountId, at: Timestamp, by: AccountId) {
        self.members.remove(&account);
        self.removed.insert(account, Removed { at, by });
    }
}

impl Member {
    /// Returns what lists this member.
    pub fn binding(&self) -> Binding {
        Binding {
            account: self.account,
            name: self.name.clone(),
            role: self.role,
        }
    }
}

/// Appends a number to a name, and shortens it where it would grow too long.
fn with_number(name: &Name, number: u32) -> Name {
    let characters: Vec<char> = name.as_str().chars().collect();
    let lengths = (1..=characters.len()).rev();
    let shortened = lengths.filter_map(|length| {
        let text: String = characters.iter().take(length).collect();
        format!("{} {number}", text.trim_end()).parse().ok()
    });
    shortened.into_iter().next().unwrap_or_else(|| name.clone())
}

/// What two names have in common that count as the same.
pub(crate) fn name_key(name: &Name) -> String {
    name.as_str().to_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::Role;
    use crate::fixture::{add, name, network};

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut ledger = network();
        add(&mut ledger, 1, 2, Role::Member);
        let free = |text: &str| ledger.roster().free_name(&text.parse().unwrap());

        assert_eq!(free("Zoë").as_str(), "Zoë");
        assert_eq!(free(name(2).as_str()).as_str(), "Person 2 2");
        assert_eq!(free("PERSON 2").as_str(), "PERSON 2 2", "whatever the case");
    }

    #[test]
    fn a_long_name_makes_room_for_its_number() {
        let long = "é".repeat(64).parse().unwrap();

        let numbered = super::with_number(&long, 12);

        assert_eq!(numbered.as_str(), format!("{} 12", "é".repeat(61)));
    }
}
