//! What the profile remembers of its practice network, in its sealed database.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use streembit_identity::{Name, NetworkId};
use streembit_node::{Node, profile::GuestSeed};
use tracing::warn;

use crate::{Code, Error, types::NetworkKey};

/// The setting that it lies under.
const SETTING: &str = "practice";

/// What is remembered from before the first step until after the last.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Kept {
    /// Whether it was made to its end and is to come back.
    pub(super) is_ready: bool,
    /// The network.
    pub(super) network: NetworkKey,
    /// What the keys of the neighbours are drawn from, as text.
    seed: String,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept")
            .field("is_ready", &self.is_ready)
            .field("network", &self.network)
            .finish_non_exhaustive()
    }
}

impl Kept {
    /// Begins a practice network that nothing is known of yet.
    pub(super) fn new(network: NetworkId) -> Result<Self, Error> {
        Ok(Self {
            is_ready: false,
            network: network.into(),
            seed: GuestSeed::draw()?.reveal().to_string(),
        })
    }

    /// Returns what the keys are drawn from.
    pub(super) fn seed(&self) -> Result<GuestSeed, Error> {
        GuestSeed::parse(&self.seed)
            .ok_or_else(|| Error::new(Code::Storage, "the practice network's keys are unreadable"))
    }

    /// Reads it; what makes no sense counts as nothing.
    pub(super) async fn load(node: &Node) -> Result<Option<Self>, Error> {
        let stored = node.settings().await?.remove(SETTING);
        let read = stored.map(serde_json::from_value).transpose();
        Ok(read.unwrap_or_else(|error| {
            warn!(
                line = error.line(),
                "The note of the practice network is unreadable"
            );
            None
        }))
    }

    /// Writes it down.
    pub(super) async fn save(&self, node: &Node) -> Result<(), Error> {
        let value = serde_json::to_value(self)
            .map_err(|error| Error::new(Code::Internal, error.to_string()))?;
        Ok(node
            .set_settings([(SETTING.to_owned(), value)].into())
            .await?)
    }

    /// Forgets it.
    pub(super) async fn remove(node: &Node) -> Result<(), Error> {
        let nothing = [(SETTING.to_owned(), Value::Null)].into();
        Ok(node.set_settings(nothing).await?)
    }
}

/// Reads a name that is written in this program.
pub(super) fn name(text: &str) -> Result<Name, Error> {
    text.parse()
        .map_err(|error| Error::new(Code::Internal, format!("{text}: {error}")))
}
