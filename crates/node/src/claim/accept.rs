//! What the host does with a commit: checks it whole, keeps it in one transaction, then lives by it.

use std::time::Duration;

use minicbor::bytes::ByteVec;
use streembit_gate::{Certificates, Inserted, Ledger, Role};
use streembit_identity::{AccountId, Certificate, Name, NetworkId, NodeId};
use streembit_store::{
    CachedAddress, ClaimCommit as StoredCommit, ClaimOutcome, Claimed, Contact, ContactChange,
    Expected, Network, NetworkKind, Relation, StoreError, StoredCertificate, StoredGrant,
};
use streembit_things::claim::{ClaimCommit, ClaimDone, ClaimRefusal, Destination};
use tokio::sync::{broadcast::error::RecvError, oneshot};
use tracing::{error, info, warn};

use crate::{
    event::Event,
    networks::{hue, public_row},
    node::{Node, StartError},
    reach::{full_addresses, split_address},
};

/// How long the host may take to live in its network before the claimer is answered.
const SETTLE: Duration = Duration::from_secs(4);

/// Addresses that the answer carries.
const MAX_ADDRESSES: usize = 8;

/// Keeps a commit, or nothing of it; returns where the host can be reached from then on.
pub(super) async fn persist(
    node: &Node,
    owner: AccountId,
    commit: ClaimCommit,
) -> Result<Vec<String>, ClaimRefusal> {
    let certificate = Certificate::parse(&commit.certificate)
        .ok()
        .filter(|certificate| certificate.account() == owner)
        .ok_or(ClaimRefusal::Invalid)?;
    let row = to_row(node, owner, &certificate, &commit).await?;
    let id = row.network.network;
    match node.store().commit_claim(row).await {
        Ok(ClaimOutcome::Done) => {}
        Ok(ClaimOutcome::Taken(_)) => return Err(ClaimRefusal::Claimed),
        Err(error) => {
            error!(%error, "Could not keep the claim");
            return Err(ClaimRefusal::Failed);
        }
    }
    info!(%owner, network = %id.short(), "Claimed");
    let (this, name, addresses) = (node.clone(), commit.name, commit.addresses);
    let (ready, settled) = oneshot::channel();
    // The claim holds from here on, whatever happens to the rest: a restart does it again.
    node.spawn(async move {
        if let Err(error) = take_effect(&this, id, owner, &name, &certificate, &addresses).await {
            error!(%error, "The claim takes effect only after a restart");
        }
        drop(ready);
    });
    let _: Result<Result<(), _>, _> = tokio::time::timeout(SETTLE, settled).await;
    Ok(reachable(node, id).await)
}

/// Where this host can be reached in a network; waits a moment for the first address.
async fn reachable(node: &Node, id: NetworkId) -> Vec<String> {
    let mut events = node.subscribe();
    let listening = async {
        loop {
            let addresses = node.network(&id).map(|network| network.net().addresses());
            if let Some(addresses) = addresses.filter(|addresses| !addresses.is_empty()) {
                return addresses;
            }
            // Whatever happened, or was missed: look again.
            if let Err(RecvError::Closed) = events.recv().await {
                return Vec::new();
            }
        }
    };
    let addresses = tokio::time::timeout(SETTLE, listening)
        .await
        .unwrap_or_default();
    let mut addresses = full_addresses(&node.me().node, &addresses);
    addresses.truncate(MAX_ADDRESSES);
    addresses
}

/// Answers a commit that was kept before, if it is the one that was kept.
pub(super) async fn confirm(node: &Node, owner: AccountId, commit: &ClaimCommit) -> ClaimDone {
    let wanted = match &commit.destination {
        Destination::Private { network, .. } => *network,
        Destination::Public => NetworkId::PUBLIC,
    };
    match node.store().claimed().await {
        Ok(Some(claimed)) if claimed.owner == owner && claimed.network == wanted => {
            ClaimDone::Done(commit.attempt, reachable(node, wanted).await)
        }
        Ok(Some(_) | None) | Err(_) => ClaimDone::Refused(ClaimRefusal::Claimed),
    }
}

async fn to_row(
    node: &Node,
    owner: AccountId,
    certificate: &Certificate,
    commit: &ClaimCommit,
) -> Result<StoredCommit, ClaimRefusal> {
    let now = node.now();
    let (network, operations, certificates) = match &commit.destination {
        Destination::Private {
            network,
            name,
            operations,
            certificates,
        } => {
            let ledger = checked_ledger(node, owner, *network, operations)?;
            let row = private_row(node, &ledger, name, &commit.addresses);
            let rows = ledger
                .operations()
                .map(|(id, operation)| (*id.as_bytes(), operation.bytes().to_vec()))
                .collect();
            (row, rows, checked_certificates(node, &ledger, certificates))
        }
        Destination::Public => {
            let stored = node.store().network(NetworkId::PUBLIC).await;
            let stored = stored.map_err(|_| ClaimRefusal::Failed)?;
            (
                stored.unwrap_or_else(|| public_row(now)),
                Vec::new(),
                vec![stored_one(certificate)],
            )
        }
    };
    let grant = StoredGrant {
        peer: owner,
        level: "owner".to_owned(),
        expires_at: None,
        issued_by: owner,
        issued_at: now,
        thing: None,
        affordances: Vec::new(),
    };
    let claimed = Claimed {
        owner,
        network: network.network,
        at: now,
    };
    Ok(StoredCommit {
        claimed,
        grant,
        network,
        operations,
        certificates,
    })
}

/// The membership must hold by itself, list this host as a thing's host, added by the claimer.
fn checked_ledger(
    node: &Node,
    owner: AccountId,
    network: NetworkId,
    operations: &[ByteVec],
) -> Result<Ledger, ClaimRefusal> {
    let operations: Vec<&[u8]> = operations.iter().map(|bytes| bytes.as_slice()).collect();
    let ledger = Ledger::load(&operations).map_err(|error| {
        warn!(%error, "The claimer handed over a broken network");
        ClaimRefusal::Invalid
    })?;
    let roster = ledger.roster();
    let is_me = roster
        .member(node.me().account)
        .is_some_and(|me| matches!(me.role, Role::Device | Role::Hub) && me.added_by == owner);
    let is_admin = roster
        .member(owner)
        .is_some_and(|member| member.role == Role::Admin);
    if ledger.network() == network && is_me && is_admin {
        Ok(ledger)
    } else {
        Err(ClaimRefusal::Invalid)
    }
}

fn checked_certificates(node: &Node, ledger: &Ledger, given: &[ByteVec]) -> Vec<StoredCertificate> {
    let own = node.me().certificate.bytes();
    let mut known = Certificates::default();
    let mut rows = Vec::new();
    for bytes in given.iter().map(|bytes| bytes.as_slice()).chain([own]) {
        let taken = known.insert(bytes, ledger.roster(), node.now());
        if let (Ok(Inserted::New), Ok(certificate)) = (taken, Certificate::parse(bytes)) {
            rows.push(stored_one(&certificate));
        }
    }
    rows
}

fn stored_one(certificate: &Certificate) -> StoredCertificate {
    StoredCertificate {
        account: certificate.account(),
        node: certificate.node(),
        bytes: certificate.bytes().to_vec(),
    }
}

fn private_row(node: &Node, ledger: &Ledger, name: &Name, addresses: &[String]) -> Network {
    Network {
        network: ledger.network(),
        name: name.to_string(),
        kind: NetworkKind::Private,
        genesis: Some(ledger.genesis().to_vec()),
        listen: Vec::new(),
        bootstrap: addresses.to_vec(),
        joined_at: node.now(),
        is_waiting: false,
        waiting_for: None,
        hue: Some(hue(&ledger.network())),
    }
}

/// Starts to live in the chosen network, under the new owner.
async fn take_effect(
    node: &Node,
    id: NetworkId,
    owner: AccountId,
    name: &Name,
    certificate: &Certificate,
    addresses: &[String],
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    if let Some(host) = node.0.devices.host() {
        host.reload(node).await?;
    }
    if id == NetworkId::PUBLIC {
        befriend(node, owner, name.as_str(), "human", certificate).await?;
    }
    remember(node, id, (owner, certificate.node()), addresses).await?;
    if node.network(&id).is_none() {
        start(node, id).await?;
    } else if let Some(network) = node.network(&id) {
        network.wake();
    }
    node.emit(Event::Network { network: id });
    node.emit(Event::Device {
        host: node.me().account,
        network: id,
    });
    Ok(())
}

async fn start(node: &Node, id: NetworkId) -> Result<(), StartError> {
    if id == NetworkId::PUBLIC {
        node.start_public().await?;
    } else if let Some(row) = node.store().network(id).await? {
        node.start_stored(&row).await?;
    }
    Ok(())
}

/// Makes an account a contact in the public network, as both sides agreed by the claim.
pub(super) async fn befriend(
    node: &Node,
    account: AccountId,
    name: &str,
    kind: &str,
    certificate: &Certificate,
) -> Result<(), StoreError> {
    let now = node.now();
    let contact = Contact {
        network: NetworkId::PUBLIC,
        account,
        name: name.to_owned(),
        kind: kind.to_owned(),
        alias: None,
        relation: Relation::Accepted,
        since: now,
        is_verified: false,
        last_seen: None,
        tombstone: None,
    };
    let change = ContactChange {
        contact,
        expected: Expected::Anything,
        cause: None,
        invite: None,
        certificates: vec![stored_one(certificate)],
        outgoing: Vec::new(),
        at: now,
    };
    node.store().change_contact(change).await?;
    node.emit(Event::Contact {
        network: NetworkId::PUBLIC,
        peer: account,
    });
    Ok(())
}

/// Keeps where a node of an account was said to be.
pub(super) async fn remember(
    node: &Node,
    network: NetworkId,
    (account, own): (AccountId, NodeId),
    addresses: &[String],
) -> Result<(), StoreError> {
    for (at, address) in addresses
        .iter()
        .filter_map(|address| split_address(address))
    {
        if at != own {
            continue;
        }
        let cached = CachedAddress {
            node: at,
            account: Some(account),
            address: address.to_string(),
            last_ok: node.now(),
        };
        node.store().put_address(network, cached).await?;
    }
    Ok(())
}
