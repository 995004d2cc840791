//! What each fuzz target does with its bytes, and what must hold afterwards.

#![expect(
    clippy::panic,
    reason = "it is how a target says that a promise is broken"
)]

pub mod drivers;
pub mod files;
pub mod gate;
pub mod identity;
pub mod ratchet;
pub mod signed;
pub mod store;
pub mod things;

use streembit_api::fuzzing as api;
use streembit_cli::fuzzing as cli;
use streembit_node::fuzzing as node;
use streembit_vault::fuzzing as vault;

/// A decoder, under the name of its corpus.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it is called.
    pub name: &'static str,
    /// Takes any bytes, and panics only if a promise is broken.
    pub run: fn(&[u8]),
}

/// Every decoder that takes bytes from outside.
pub const TARGETS: [Target; 37] = [
    target("address", node::address),
    target("arguments", cli::arguments),
    target("backup", identity::backup),
    target("backup_content", node::backup_content),
    target("body", node::body),
    target("bundle", gate::bundle),
    target("certificate", identity::certificate),
    target("claim", things::claim),
    target("command", api::command),
    target("config", cli::config),
    target("control", api::control),
    target("database", store::database),
    target("description", things::description),
    target("device", drivers::device),
    target("envelope", identity::envelope),
    target("exchange", gate::exchange),
    target("frame", node::frame),
    target("id", identity::id),
    target("ledger", gate::ledger),
    target("link", identity::link),
    target("list", gate::list),
    target("marks", node::marks),
    target("message", things::message),
    target("operation", gate::operation),
    target("phrase", identity::phrase),
    target("preview", node::preview),
    target("profile", vault::profile),
    target("ratchet", ratchet::state),
    target("record", identity::record),
    target("roster", node::roster),
    target("rows", store::rows),
    target("sealed", ratchet::sealed),
    target("secrets", vault::secrets),
    target("statement", gate::statement),
    target("transfer", files::transfer),
    target("url", things::url),
    target("value", things::value),
];

const fn target(name: &'static str, run: fn(&[u8])) -> Target {
    Target { name, run }
}

/// The target of that name.
#[must_use]
pub fn find(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}
