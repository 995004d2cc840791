//! What the admins of a private network did.

use streembit_gate::Binding;
use streembit_node::{LogChange, LogEntry};

use crate::types::{NetworkOperation, OperationKind};

impl From<LogEntry> for NetworkOperation {
    fn from(entry: LogEntry) -> Self {
        let about = |operation| Self {
            id: entry.id.to_string(),
            at: entry.at.0,
            author: entry.author.into(),
            author_name: entry.author_name.clone(),
            operation,
            peer: None,
            node: None,
            name: None,
            role: None,
            policy: None,
            heads: entry.heads.iter().map(ToString::to_string).collect(),
        };
        match entry.change.clone() {
            LogChange::Added(binding) => about(OperationKind::Add).bound(binding),
            LogChange::Changed(binding) => about(OperationKind::SetRole).bound(binding),
            LogChange::Appointed(binding) => about(OperationKind::Appoint).bound(binding),
            LogChange::Checkpoint => about(OperationKind::Checkpoint),
            LogChange::Left { name } => Self {
                peer: Some(entry.author.into()),
                name,
                ..about(OperationKind::Leave)
            },
            LogChange::Policy(policy) => Self {
                policy: Some(policy.into()),
                ..about(OperationKind::Policy)
            },
            LogChange::Created { name } => Self {
                name: Some(name),
                ..about(OperationKind::Genesis)
            },
            LogChange::NodeRevoked(node) => Self {
                node: Some(node.into()),
                ..about(OperationKind::RevokeNode)
            },
            LogChange::Renamed { name } => Self {
                name: Some(name),
                ..about(OperationKind::Rename)
            },
            LogChange::Sealed { members } => Self {
                name: Some(members.to_string()),
                ..about(OperationKind::Seal)
            },
            LogChange::Removed { account, name } => Self {
                peer: Some(account.into()),
                name,
                ..about(OperationKind::Remove)
            },
        }
    }
}

impl NetworkOperation {
    fn bound(self, binding: Binding) -> Self {
        Self {
            peer: Some(binding.account.into()),
            name: Some(binding.name.to_string()),
            role: Some(binding.role.into()),
            ..self
        }
    }
}
