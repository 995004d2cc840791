//! Devices, their things, values, actions, rights and audit.

use serde_json::Value;
use streembit_identity::AccountId;
use streembit_node::{AuditView, DeviceView, GrantView};
use streembit_things::Reading;

use crate::types::{
    ActionState, ActionStatus, AuditEntry, Device, DeviceState, Grant, Level, PropertyState,
};

impl From<DeviceView> for Device {
    fn from(view: DeviceView) -> Self {
        Self {
            device: view.device.into(),
            thing: view.thing.into(),
            title: view.title,
            network: view.network.into(),
            state: view.state.into(),
            reason: view.reason,
            last_seen: view.last_seen.map(|at| at.0),
            level: view.level.map(Level::from),
            room: view.room,
            types: view.types,
            values: view
                .values
                .into_iter()
                .map(|(name, it)| (name, it.into()))
                .collect(),
        }
    }
}

impl From<streembit_node::DeviceState> for DeviceState {
    fn from(state: streembit_node::DeviceState) -> Self {
        match state {
            streembit_node::DeviceState::Offline => Self::Offline,
            streembit_node::DeviceState::Online => Self::Online,
            streembit_node::DeviceState::Unclaimed => Self::Unclaimed,
        }
    }
}

impl From<Reading> for PropertyState {
    fn from(reading: Reading) -> Self {
        Self {
            reported: reading.reported.unwrap_or(Value::Null),
            target: reading.target,
            pending_since: reading.pending_since.map(|at| at.0),
            at: reading.at.0,
        }
    }
}

impl From<streembit_things::ActionStatus> for ActionStatus {
    fn from(status: streembit_things::ActionStatus) -> Self {
        Self {
            action_id: status.id,
            state: status.state.into(),
            progress: status.progress,
            output: status.output,
            error: status
                .error
                .map(|problem| problem.detail.unwrap_or(problem.title)),
        }
    }
}

impl From<streembit_things::ActionState> for ActionState {
    fn from(state: streembit_things::ActionState) -> Self {
        match state {
            streembit_things::ActionState::Cancelled => Self::Cancelled,
            streembit_things::ActionState::Completed => Self::Completed,
            streembit_things::ActionState::Failed => Self::Failed,
            streembit_things::ActionState::Pending => Self::Pending,
            streembit_things::ActionState::Running => Self::Running,
        }
    }
}

impl From<streembit_gate::Level> for Level {
    fn from(level: streembit_gate::Level) -> Self {
        match level {
            streembit_gate::Level::Admin => Self::Admin,
            streembit_gate::Level::Manage => Self::Manage,
            streembit_gate::Level::Operate => Self::Operate,
            streembit_gate::Level::Owner => Self::Owner,
            streembit_gate::Level::View => Self::View,
        }
    }
}

impl From<Level> for streembit_gate::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Admin => Self::Admin,
            Level::Manage => Self::Manage,
            Level::Operate => Self::Operate,
            Level::Owner => Self::Owner,
            Level::View => Self::View,
        }
    }
}

impl From<GrantView> for Grant {
    fn from(view: GrantView) -> Self {
        Self {
            peer: view.peer.into(),
            name: view.name,
            level: view.level.into(),
            expires_at: view.expires_at.map(|at| at.0),
            issued_by: view.issued_by.into(),
            issued_at: view.issued_at.0,
            thing: view.thing.map(Into::into),
            affordances: view.affordances,
        }
    }
}

/// Describes what was done with a thing of `host`.
pub(crate) fn audit(host: AccountId, view: AuditView) -> AuditEntry {
    let thing = if view.thing.is_empty() {
        None
    } else {
        view.thing
            .parse()
            .ok()
            .or_else(|| format!("streembit://{host}/{}", view.thing).parse().ok())
    };
    AuditEntry {
        id: view.id.to_string(),
        at: view.at.0,
        peer: view.peer.into(),
        thing,
        operation: view.operation,
        affordance: view.affordance,
        outcome: view.outcome,
    }
}
