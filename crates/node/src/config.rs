//! How a node is to run: where it listens, whom it starts from, what it hosts.

use std::path::PathBuf;

use libp2p::Multiaddr;
use serde::Deserialize;
use streembit_delivery::mailbox::Quota;
use streembit_vault::Marks;

use crate::hooks::Hooks;

/// Settings of one run; what outlives a run is in the store.
#[derive(Clone, Debug)]
pub struct Config {
    /// Peers of the public network to start from, besides the stored seeds; each ends in `/p2p/…`.
    pub bootstrap: Vec<Multiaddr>,
    /// Whether this node holds DHT records for others.
    pub dht: DhtMode,
    /// Where files go that no other folder is named for; the system's folder for downloads where
    /// this is none.
    pub downloads: Option<PathBuf>,
    /// For tests.
    pub hooks: Hooks,
    /// Where it is kept how far the private networks have got, apart from the database.
    pub marks: Option<Marks>,
    /// Where the public network listens; empty means the ports of the last run, or any.
    ///
    /// Private networks listen at the same interfaces, at ports of their own.
    pub listen: Vec<Multiaddr>,
    /// Whether this node keeps messages in the public network for whoever asks.
    pub mailbox_for_all: bool,
    /// How much is kept for others in each network where this node is a mailbox.
    pub mailbox_bytes: u64,
    /// Whether this node takes part in the public network, if its kind does at all.
    pub public: bool,
    /// Whether this node is a seed: always reachable, always serving.
    pub seed: bool,
    /// The things that this node hosts.
    pub things: Vec<ThingConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bootstrap: Vec::new(),
            dht: DhtMode::Auto,
            downloads: None,
            hooks: Hooks::default(),
            listen: Vec::new(),
            mailbox_bytes: Quota::DEFAULT.total.bytes,
            mailbox_for_all: false,
            marks: None,
            public: true,
            seed: false,
            things: Vec::new(),
        }
    }
}

/// Whether a node holds DHT records for others in the public network.
///
/// In private networks and on seeds it always does.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum DhtMode {
    /// As soon as somebody has reached this node from outside.
    #[default]
    Auto,
    /// Never.
    Client,
    /// From the start.
    Server,
}

/// One thing that a host serves.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ThingConfig {
    /// The driver: `virtual`.
    #[serde(default = "virtual_driver")]
    pub driver: String,
    /// The driver's word for what it is: `lamp`, `thermostat`, `sensor`, `lock`.
    pub kind: String,
    /// The last part of the thing's URL.
    pub name: String,
    /// What people call it.
    #[serde(default)]
    pub title: Option<String>,
}

fn virtual_driver() -> String {
    "virtual".to_owned()
}
