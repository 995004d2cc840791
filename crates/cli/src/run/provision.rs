//! Brings a node into the private networks that its configuration names.

use std::{
    fs::OpenOptions,
    io::{self, IsTerminal as _, Write as _},
    path::Path,
};

use serde_json::{Value, json};
use streembit_api::{Code, Host, table};
use streembit_gate::Ledger;
use streembit_identity::{Name, NetworkId, link::Link};

use super::config::NetworkPlan;
use crate::{failure::Failure, output};

/// Does what is planned; networks that the node is in already stay as they are.
pub(super) async fn provide(host: &Host, networks: &[NetworkPlan]) -> Result<(), Failure> {
    for plan in networks {
        let network = enter(host, plan).await?;
        if let Some(list) = &plan.list {
            let arguments = json!({ "network": network, "path": list });
            table::dispatch(host, "network_import", arguments).await?;
        }
    }
    Ok(())
}

/// Joins or begins one network, and returns its id.
async fn enter(host: &Host, plan: &NetworkPlan) -> Result<Value, Failure> {
    match (&plan.name, &plan.bundle, &plan.link) {
        (Some(name), None, None) => begin(host, name, plan.recovery_file.as_deref()).await,
        (None, None, Some(link)) => join(host, link).await,
        (None, Some(bundle), link) => {
            let expected = link.as_deref().map(named).transpose()?;
            let provided = host.node()?.network_provide(bundle, expected).await;
            let provided = provided.map_err(streembit_api::Error::from)?;
            match link {
                Some(link) => join(host, link).await,
                None => Ok(json!(provided.network.to_string())),
            }
        }
        (Some(_), _, _) | (None, None, None) => Err(invalid(
            "a [[network]] has a link, a bundle or both, or else a name",
        )),
    }
}

async fn join(host: &Host, link: &str) -> Result<Value, Failure> {
    let joined = table::dispatch(host, "network_join", json!({ "link": link })).await?;
    Ok(joined.get("network").cloned().unwrap_or_default())
}

/// Begins a network of that name, unless this account has done so before.
async fn begin(host: &Host, name: &str, words: Option<&Path>) -> Result<Value, Failure> {
    let name: Name = name
        .parse()
        .map_err(|error| invalid(&format!("the network's name: {error}")))?;
    let node = host.node()?;
    if let Some(known) = node.network_founded(&name) {
        return Ok(json!(known.to_string()));
    }
    if words.is_none() && !io::stderr().is_terminal() {
        return Err(invalid(
            "a network that begins has recovery words: name a recovery_file for them",
        ));
    }
    let draft = node
        .network_draft(name)
        .map_err(streembit_api::Error::from)?;
    let recovery = draft.recovery();
    if let Some(path) = words {
        write(path, &recovery)?;
    }
    let created = match node.network_found(draft, &[]).await {
        Ok(created) => created,
        Err(error) => {
            // Words of a network that does not exist would only mislead.
            if let Some(path) = words {
                let _ = std::fs::remove_file(path);
            }
            return Err(streembit_api::Error::from(error).into());
        }
    };
    if words.is_none() {
        output::say(
            "\nThese words make an admin when the network has none left. Write them down:\n",
        );
        output::say(&recovery);
    }
    Ok(json!(created.network.to_string()))
}

/// Writes words where nothing lies yet, for nobody but the owner.
fn write(path: &Path, words: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(path).and_then(|mut file| {
        writeln!(file, "{words}")?;
        file.sync_all()
    });
    written.map_err(|error| {
        Failure::new(
            Code::Storage,
            format!("the recovery file {}: {error}", path.display()),
        )
    })
}

/// Returns the network that a link names.
fn named(link: &str) -> Result<NetworkId, Failure> {
    let link = Link::parse(link).map_err(|error| invalid(&error.to_string()))?;
    let genesis = match &link {
        Link::Network(link) => &link.genesis,
        Link::Join(link) => &link.genesis,
        Link::Claim(_) | Link::Invite(_) | Link::Node(_) | Link::Seed(_) => {
            return Err(invalid("a network's link leads to a network"));
        }
    };
    let ledger = Ledger::from_genesis(genesis).map_err(|error| invalid(&error.to_string()))?;
    Ok(ledger.network())
}

fn invalid(message: &str) -> Failure {
    Failure::new(Code::InvalidArguments, message)
}
