//! How an action stands.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::problem::Problem;

/// The states of an action, in the order in which they come.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActionState {
    /// Accepted, not begun.
    Pending,
    /// Under way.
    Running,
    /// Done.
    Completed,
    /// Given up by the thing.
    Failed,
    /// Stopped by somebody.
    Cancelled,
}

impl ActionState {
    /// Says whether nothing more will happen.
    pub fn is_over(self) -> bool {
        match self {
            Self::Pending | Self::Running => false,
            Self::Completed | Self::Failed | Self::Cancelled => true,
        }
    }
}

/// How one invocation stands, with the members of the Web Thing Protocol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionStatus {
    /// Identifies the invocation on its host.
    #[serde(rename = "actionID")]
    pub id: String,
    /// The action's name.
    pub action: String,
    /// Where it stands.
    pub state: ActionState,
    /// How much is done, in percent, if the thing can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<u8>,
    /// What came out, once completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Problem>,
    /// When it was asked for, in Unix milliseconds.
    #[serde(rename = "timeRequested")]
    pub requested_at: u64,
    /// When it was over, in Unix milliseconds.
    #[serde(default, rename = "timeEnded", skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<u64>,
}
