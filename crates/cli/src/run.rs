//! `run`: runs the node of a data folder until it is told to stop.

pub(crate) mod config;
mod provision;

use std::{process::ExitCode, time::Duration};

use serde_json::{Value, json};
use streembit_api::{Code, Host, control::Control};
use streembit_identity::Passphrase;
use streembit_node::{Hooks, Node};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::broadcast::error::RecvError,
};
use tracing::info;

use crate::{arguments::Run, failure::Failure, output, passphrase};

/// How long the node may take until it has an address.
const LISTEN_DEADLINE: Duration = Duration::from_secs(10);

/// Runs the node; ends well on SIGTERM and SIGINT.
pub(crate) async fn run(run: Run, hooks: Hooks) -> Result<ExitCode, Failure> {
    // Before anything else, so that a signal during the start is not lost.
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    let plan = config::plan(&run, hooks)?;
    let passphrase = run
        .passphrase_file
        .as_deref()
        .map(passphrase::read)
        .transpose()?
        .map(Passphrase::new);
    let host = Host::open(&run.folder.path()?, plan.node)?;
    let started = tokio::select! {
        started = start(&host, passphrase, &plan.networks, run.seed) => started,
        _ = terminate.recv() => Err(interrupted()),
        _ = interrupt.recv() => Err(interrupted()),
    };
    if let Err(failure) = started {
        host.stop().await;
        return Err(failure);
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    info!("Stopping");
    tokio::select! {
        () = host.stop() => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn interrupted() -> Failure {
    Failure::new(Code::NotRunning, "stopped while starting")
}

/// Starts the node and its socket, and says so on standard output.
async fn start(
    host: &Host,
    passphrase: Option<Passphrase>,
    networks: &[config::NetworkPlan],
    is_seed: bool,
) -> Result<(), Failure> {
    let node = host.start(passphrase).await?;
    let control = Control::bind(&host.folder())?;
    tokio::spawn(control.run(host.clone(), host.stop_token()));
    provision::provide(host, networks).await?;
    let addresses = addresses(&node).await;
    let mut ready = json!({
        "type": "ready",
        "peer": node.me().account.to_string(),
        "node": node.me().node.to_string(),
        "addresses": addresses,
    });
    if is_seed && let Some(fields) = ready.as_object_mut() {
        let link = node.seed_link().map_or(Value::Null, Value::String);
        fields.insert("seed".to_owned(), link);
    }
    output::print(&ready)
}

/// Waits until the node listens, and returns its addresses: the public network's where it is in it.
///
/// A device that waits to be claimed is in no network and has none.
async fn addresses(node: &Node) -> Vec<String> {
    let mut events = node.subscribe();
    let listening = async {
        loop {
            let networks = node.networks_list();
            let first = networks.into_iter().next().map(|network| network.addresses);
            match first {
                None => return Vec::new(),
                Some(addresses) if !addresses.is_empty() => return addresses,
                Some(_) => {}
            }
            // Whatever happened, or was missed: look again.
            if let Err(RecvError::Closed) = events.recv().await {
                return Vec::new();
            }
        }
    };
    tokio::time::timeout(LISTEN_DEADLINE, listening)
        .await
        .unwrap_or_default()
}
