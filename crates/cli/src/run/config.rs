//! The TOML file of a node: what it hosts, where it listens, which networks it joins.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use streembit_api::Code;
use streembit_node::{Config, DhtMode, Hooks, Multiaddr, ThingConfig};

use crate::{arguments::Run, failure::Failure, file::read_text};

/// The longest file, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// What a file may say; arguments of the program come on top.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Contents {
    /// Nodes of the public network to start from.
    bootstrap: Vec<Multiaddr>,
    /// Whether this node keeps records for others.
    dht: DhtMode,
    /// Addresses of the public network to listen on.
    listen: Vec<Multiaddr>,
    /// Whether this node keeps sealed messages in the public network for whoever asks: for seeds.
    mailbox: bool,
    /// How much is kept in each network for others while they are away, in MiB.
    mailbox_mib: Option<u32>,
    /// Private networks to join.
    network: Vec<NetworkPlan>,
    /// Whether this node is a seed.
    seed: bool,
    /// Things to host.
    thing: Vec<ThingConfig>,
}

/// A private network to be in from the start: one to join, or one to begin.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NetworkPlan {
    /// The network in a file: as much as is known of it before anybody is met.
    pub bundle: Option<PathBuf>,
    /// The network's link, secret-free or an invite.
    pub link: Option<String>,
    /// A plain list that its members are to be, where this account is an admin.
    pub list: Option<PathBuf>,
    /// The name of a network that this node begins, once.
    pub name: Option<String>,
    /// Where the recovery words of a network that begins are written to.
    pub recovery_file: Option<PathBuf>,
}

/// How the node is to run.
#[derive(Debug)]
pub(super) struct Plan {
    /// The node's own configuration.
    pub node: Config,
    /// The networks to join.
    pub networks: Vec<NetworkPlan>,
}

/// Puts file and arguments together.
pub(super) fn plan(run: &Run, hooks: Hooks) -> Result<Plan, Failure> {
    let contents = run
        .config
        .as_deref()
        .map(read)
        .transpose()?
        .unwrap_or_default();
    let defaults = Config::default();
    let mailbox_bytes = contents.mailbox_mib.map(|mib| u64::from(mib) * 1024 * 1024);
    let node = Config {
        bootstrap: [contents.bootstrap, run.bootstrap.clone()].concat(),
        dht: contents.dht,
        hooks,
        listen: [contents.listen, run.listen.clone()].concat(),
        mailbox_for_all: contents.mailbox || run.mailbox,
        mailbox_bytes: mailbox_bytes.unwrap_or(defaults.mailbox_bytes),
        public: true,
        seed: contents.seed || run.seed,
        things: contents.thing,
        ..defaults
    };
    Ok(Plan {
        node,
        networks: contents.network,
    })
}

/// Reads a file; paths in it are relative to it.
fn read(path: &Path) -> Result<Contents, Failure> {
    let text = read_text(path, MAX_BYTES)?;
    let mut contents = parse(&text).map_err(|error| {
        Failure::new(
            Code::InvalidArguments,
            format!("{}: {error}", path.display()),
        )
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for plan in &mut contents.network {
        for file in [&mut plan.bundle, &mut plan.list, &mut plan.recovery_file] {
            *file = file.take().map(|file| folder.join(file));
        }
    }
    Ok(contents)
}

/// Reads what a file says.
pub(crate) fn parse(text: &str) -> Result<Contents, toml::de::Error> {
    toml::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_device_hosts() {
        let contents = parse(
            r#"
            listen = ["/ip4/127.0.0.1/tcp/0"]

            [[thing]]
            kind = "lamp"
            name = "lamp"
            title = "Desk lamp"
            "#,
        )
        .unwrap();

        assert_eq!(contents.thing.len(), 1);
        assert_eq!(contents.thing[0].driver, "virtual");
        assert_eq!(contents.listen.len(), 1);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let error = parse("listne = []").unwrap_err();

        assert!(error.to_string().contains("listne"), "{error}");
    }
}
