//! What would change if a network followed a list.

use streembit_identity::AccountId;

use super::List;
use crate::{Action, Binding, Role, Roster};

/// The changes that make a network follow a list, in the order in which they have to be made.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Plan {
    /// Members whom the list leaves out.
    pub remove: Vec<Binding>,
    /// Members whose name or role differs: before and after.
    pub change: Vec<(Binding, Binding)>,
    /// Accounts that are not members.
    pub add: Vec<Binding>,
}

impl Plan {
    /// Returns whether the network follows the list already.
    pub fn is_empty(&self) -> bool {
        self.remove.is_empty() && self.change.is_empty() && self.add.is_empty()
    }

    /// Returns the changes as operations do them.
    pub(crate) fn actions(&self) -> Vec<Action> {
        let removals = self.remove.iter().map(|binding| Action::Remove {
            account: binding.account,
        });
        let changes = self
            .change
            .iter()
            .map(|(_, wanted)| Action::Change(wanted.clone()));
        let additions = self.add.iter().cloned().map(Action::Add);
        removals.chain(changes).chain(additions).collect()
    }
}

impl List {
    /// Compares the list with the members of a network.
    ///
    /// The admin who imports stays an admin even if the list does not say so: nobody locks
    /// themselves out with a file.
    pub fn plan(&self, roster: &Roster, importer: AccountId) -> Plan {
        let is_left_out = |account| account != importer && self.role_of(account).is_none();
        let removed = roster
            .members
            .values()
            .filter(|member| is_left_out(member.account));
        let mut plan = Plan {
            remove: removed.map(crate::Member::binding).collect(),
            ..Plan::default()
        };
        for listed in &self.members {
            let mut wanted = listed.clone();
            if wanted.account == importer {
                wanted.role = Role::Admin;
            }
            match roster.member(wanted.account).map(crate::Member::binding) {
                Some(known) if known == wanted => {}
                Some(known) => plan.change.push((known, wanted)),
                None => plan.add.push(wanted),
            }
        }
        plan
    }
}
