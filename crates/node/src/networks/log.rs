//! The membership operations of a private network, in order, for the timeline.

use streembit_gate::{Action, Binding, OperationId, Policy, Role};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};

use super::NetworkError;
use crate::node::Node;

/// Most entries of one page.
const MAX_PAGE: usize = 200;

/// One operation.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// When its author says it was made.
    pub at: Timestamp,
    /// Who made it.
    pub author: AccountId,
    /// What its author is called now or was when removed, where known.
    pub author_name: Option<String>,
    /// What changed.
    pub change: LogChange,
    /// The operations that its author knew.
    pub heads: Vec<OperationId>,
    /// Its id.
    pub id: OperationId,
}

/// What an operation changed.
#[derive(Clone, Debug)]
pub enum LogChange {
    /// A member came in.
    Added(Binding),
    /// The recovery key made an account an admin.
    Appointed(Binding),
    /// A member got another name or role.
    Changed(Binding),
    /// The whole state was restated.
    Checkpoint,
    /// The network began.
    Created {
        /// Its name.
        name: String,
    },
    /// A member went out by itself.
    Left {
        /// What it was called.
        name: Option<String>,
    },
    /// A node of a member was cut off.
    NodeRevoked(NodeId),
    /// The policy changed.
    Policy(Policy),
    /// The network got another name.
    Renamed {
        /// The new one.
        name: String,
    },
    /// The history before was put together.
    Sealed {
        /// How many members there were.
        members: usize,
    },
    /// A member went out.
    Removed {
        /// Its account.
        account: AccountId,
        /// What it was called.
        name: Option<String>,
    },
}

impl Node {
    /// Lists the operations of a network, newest first, those older than `before`.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub fn network_log(
        &self,
        id: NetworkId,
        before: Option<OperationId>,
        limit: usize,
    ) -> Result<Vec<LogEntry>, NetworkError> {
        let (_, ledger) = self.private(&id)?;
        let mut names: Vec<(AccountId, String)> = Vec::new();
        let mut entries = Vec::new();
        for (id, operation) in ledger.operations() {
            let author = AccountId::from(operation.signer());
            note_name(&mut names, author, &operation.action);
            entries.push(LogEntry {
                at: operation.at,
                author,
                author_name: name_in(&names, author),
                change: change(author, &operation.action, &names),
                heads: operation.heads.clone(),
                id,
            });
        }
        entries.reverse();
        let skip = match before {
            Some(before) => entries
                .iter()
                .position(|entry| entry.id == before)
                .map(|at| at + 1)
                .ok_or(NetworkError::NotFound("there is no such operation"))?,
            None => 0,
        };
        Ok(entries
            .into_iter()
            .skip(skip)
            .take(limit.min(MAX_PAGE))
            .collect())
    }
}

fn note_name(names: &mut Vec<(AccountId, String)>, author: AccountId, action: &Action) {
    let named = match action {
        Action::Genesis { admin_name, .. } => Some((author, admin_name.to_string())),
        Action::Add(binding) | Action::Change(binding) => {
            Some((binding.account, binding.name.to_string()))
        }
        Action::Appoint { account, name } => Some((*account, name.to_string())),
        Action::Remove { .. }
        | Action::RevokeNode { .. }
        | Action::SetPolicy(_)
        | Action::Rename(_)
        | Action::Checkpoint(_)
        | Action::Seal(_) => None,
    };
    names.extend(named);
}

fn name_in(names: &[(AccountId, String)], account: AccountId) -> Option<String> {
    names
        .iter()
        .rev()
        .find(|(known, _)| *known == account)
        .map(|(_, name)| name.clone())
}

fn change(author: AccountId, action: &Action, names: &[(AccountId, String)]) -> LogChange {
    match action {
        Action::Genesis { name, .. } => LogChange::Created {
            name: name.to_string(),
        },
        Action::Add(binding) => LogChange::Added(binding.clone()),
        Action::Remove { account } if *account == author => LogChange::Left {
            name: name_in(names, author),
        },
        Action::Remove { account } => LogChange::Removed {
            account: *account,
            name: name_in(names, *account),
        },
        Action::Change(binding) => LogChange::Changed(binding.clone()),
        Action::Appoint { account, name } => LogChange::Appointed(Binding {
            account: *account,
            name: name.clone(),
            role: Role::Admin,
        }),
        Action::RevokeNode { node } => LogChange::NodeRevoked(*node),
        Action::SetPolicy(policy) => LogChange::Policy(*policy),
        Action::Checkpoint(_) => LogChange::Checkpoint,
        Action::Rename(name) => LogChange::Renamed {
            name: name.to_string(),
        },
        Action::Seal(seal) => LogChange::Sealed {
            members: seal.members.len(),
        },
    }
}
